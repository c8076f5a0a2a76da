"""Which questions are asked, given the answers so far; and those of several items as one form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kiosk.services.fields import FormField, When
from kiosk.services.item import Item


def asked_of(fields: Iterable[FormField], answers: Mapping[str, str]) -> tuple[FormField, ...]:
    """In their order. What depends on a question that is not asked is not asked either."""
    found: dict[str, FormField] = {}
    for field in fields:
        if field.when is None or (field.when.field in found and holds(field.when, answers)):
            found[field.name] = field
    return tuple(found.values())


def holds(when: When, answers: Mapping[str, str]) -> bool:
    """One of the wanted answers was given; of several choices, at least one of them."""
    return bool(set(when.answers) & set(answers.get(when.field, "").split(",")))


def kept(fields: Iterable[FormField], answers: Mapping[str, str]) -> dict[str, str]:
    """The answers to what is asked: an answer changed later may have made others needless."""
    return {one.name: answers[one.name] for one in asked_of(fields, answers) if one.name in answers}


def concept(field: FormField) -> str:
    return field.concept or field.name


def merged(bundle: Item, parts: Iterable[Item]) -> tuple[FormField, ...]:
    """The form of a bundle: every concept once, where it comes first; the bundle's own first.

    A name is the concept's, so that answers of one part serve the others.
    """
    found: dict[str, FormField] = {}
    for item in (bundle, *parts):
        names = {field.name: concept(field) for field in item.fields}
        for field in item.fields:
            found.setdefault(concept(field), _named(field, names))
    return tuple(found.values())


def answers_of(part: Item, answers: Mapping[str, str]) -> dict[str, str]:
    """What a part is told of the answers to the merged form, under its own names."""
    own = {
        field.name: answers[concept(field)] for field in part.fields if concept(field) in answers
    }
    return kept(part.fields, own)


def applying(bundle: Item, parts: Iterable[Item], answers: Mapping[str, str]) -> tuple[Item, ...]:
    """The parts that are applied for: those with a condition only on an answer that it names."""
    when, own = bundle.part_when, answers_of(bundle, answers)
    return tuple(
        part for part in parts if part.task_code not in when or holds(when[part.task_code], own)
    )


def _named(field: FormField, names: Mapping[str, str]) -> FormField:
    when = field.when and When(names.get(field.when.field, field.when.field), field.when.answers)
    values = {name: getattr(field, name) for name in field.__struct_fields__}
    return FormField(**{**values, "name": concept(field), "when": when})
