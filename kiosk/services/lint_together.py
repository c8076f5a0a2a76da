"""Rules of all items together: codes, departments, and bundles (一件事, requirement 17)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from kiosk.services.fields import FieldType, FormField, Words
from kiosk.services.item import Assurance, Item
from kiosk.services.lint_rules import Place, SetRule

_Found = Iterator[tuple[int, Place, str]]
_ASSURANCE = tuple(Assurance)  # the least first
_ENUMERATED = (FieldType.CHOICE, FieldType.CHOICES)


def _codes(items: Sequence[Item]) -> _Found:
    counts = Counter(one.task_code for one in items)
    for index, one in enumerate(items):
        if counts[one.task_code] > 1:
            what = f"{one.task_code} is used by {counts[one.task_code]} items"
            yield index, ("task_code",), what


def _named(one: Item) -> Iterator[tuple[Place, str, Words]]:
    yield ("dept_name",), one.dept_code, one.dept_name
    for number, step in enumerate(one.steps):
        if step.dept_code:
            yield ("steps", number, "dept_name"), step.dept_code, step.dept_name


def _departments(items: Sequence[Item]) -> _Found:
    """One code, one name; also in steps."""
    names: dict[str, tuple[str, str]] = {}
    for index, one in enumerate(items):
        for place, code, words in _named(one):
            name = (words.zh, words.en)
            first = names.setdefault(code, name)
            if first != name:
                yield index, place, f"{code} is called '{first[0]}' ({first[1]}) elsewhere"


def _parts(items: Sequence[Item]) -> _Found:
    known = {one.task_code: one for one in items}
    for index, one in enumerate(items):
        if not one.parts:
            continue
        if len(one.parts) < 2 or len(set(one.parts)) != len(one.parts):
            yield index, ("parts",), "a bundle has at least two parts, each once"
        for number, code in enumerate(one.parts):
            place: Place = ("parts", number)
            if code == one.task_code:
                yield index, place, "is this bundle itself"
            elif code not in known:
                yield index, place, f"there is no item {code}"
            elif known[code].parts:
                yield index, place, f"{known[code].task_name.zh} is a bundle too: name its parts"


def _promises(items: Sequence[Item]) -> _Found:
    """What is promised for all holds for each, and who is enough for all is enough for each."""
    known = {one.task_code: one for one in items}
    for index, one in enumerate(items):
        for number, code in enumerate(one.parts):
            part = known.get(code)
            if part is None:
                continue
            place: Place = ("parts", number)
            if part.promise_day > one.promise_day:
                days = f"{part.promise_day} working days, more than the bundle's {one.promise_day}"
                yield index, place, f"{part.task_name.zh} is promised in {days}"
            if _ASSURANCE.index(part.assurance) > _ASSURANCE.index(one.assurance):
                needs = f"'{part.assurance}', more than the bundle's '{one.assurance}'"
                yield index, place, f"{part.task_name.zh} needs assurance {needs}"


def _merged(items: Sequence[Item]) -> _Found:
    """Fields with one concept become one question: same type, same choices, same rules."""
    known = {one.task_code: one for one in items}
    for index, one in enumerate(items):
        asked: dict[str, tuple[str, FormField]] = {}
        for source in (one, *(known[code] for code in one.parts if code in known)):
            if not one.parts:
                break
            for field in source.fields:
                concept = field.concept or field.name
                first, other = asked.setdefault(concept, (source.task_name.zh, field))
                if what := _differs(other, field):
                    whose = f"{first} and {source.task_name.zh}"
                    yield index, ("parts",), f"'{concept}' is asked by {whose} with {what}"


def _conditions(items: Sequence[Item]) -> _Found:
    """A part is left out only by an answer to the bundle's own question, and never all of them."""
    for index, one in enumerate(items):
        choices = {field.name: field for field in one.fields if field.type in _ENUMERATED}
        place: Place = ("part_when",)
        for code, when in one.part_when.items():
            if code not in one.parts:
                yield index, place, f"{code} is none of the parts"
            elif when.field not in choices:
                yield index, place, f"'{when.field}' is no choice that this bundle asks for"
            elif odd := set(when.answers) - _codes_of(choices[when.field]):
                yield index, place, f"'{when.field}' has no choice {', '.join(sorted(odd))}"
        sure = set(one.parts) - set(one.part_when) or any(
            _always(field, one) for field in choices.values()
        )
        if one.parts and not sure:
            yield index, place, "there are answers by which no part is applied for"


def _always(field: FormField, bundle: Item) -> bool:
    """Does every answer to this question apply for some part?"""
    named = {
        code
        for when in bundle.part_when.values()
        if when.field == field.name
        for code in when.answers
    }
    return not field.optional and field.when is None and _codes_of(field) <= named


def _differs(one: FormField, other: FormField) -> str:
    """How two fields cannot be one question; ''."""
    if one.type is not other.type:
        return f"different types: {one.type} and {other.type}"
    if one.type in _ENUMERATED and (odd := _codes_of(one) ^ _codes_of(other)):
        return f"different choices: {', '.join(sorted(odd))}"
    if one.rule is not other.rule or (
        one.pattern != other.pattern and one.pattern and other.pattern
    ):
        return "different patterns or rules"
    mine, theirs = ({part.name: part for part in field.fields} for field in (one, other))
    if set(mine) != set(theirs):
        return f"different questions: {', '.join(sorted(set(mine) ^ set(theirs)))}"
    inner = (_differs(part, theirs[name]) for name, part in mine.items())
    return next(filter(None, inner), "")


def _codes_of(field: FormField) -> set[str]:
    return {choice.code for choice in field.choices}


SET_RULES = (
    SetRule("task-code-unique", "No two items have the same task code.", _codes),
    SetRule("department-name", "A department has one name everywhere.", _departments, 4),
    SetRule("bundle-parts", "A bundle's parts are items, and no bundles.", _parts, 17),
    SetRule("bundle-promise", "A bundle promises no more than its parts.", _promises, 17),
    SetRule("bundle-conditions", "A bundle's answers always apply for a part.", _conditions, 17),
    SetRule("bundle-fields", "What a bundle asks once means the same in each part.", _merged, 17),
)
