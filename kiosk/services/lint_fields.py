"""Rules of the form's questions: each can be asked, answered and checked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from kiosk.services.fields import FieldType, FormField
from kiosk.services.fields import Rule as FieldRule
from kiosk.services.item import Item
from kiosk.services.lint_patterns import pattern_fault
from kiosk.services.lint_rules import Finding, Place, Rule, both, both_or_none
from kiosk.services.lint_when import conditions

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_T = FieldType
# What the card says, and the types of field that can take it.
PREFILLS = {
    "address": (_T.TEXT, _T.ADDRESS),
    "name": (_T.TEXT,),
    "number": (_T.TEXT,),
    "birth": (_T.DATE,),
}
_RULED = {  # a check digit may be X
    FieldRule.RESIDENT_NUMBER: (_T.TEXT,),
    FieldRule.CREDIT_CODE: (_T.TEXT,),
    FieldRule.BANK_CARD: (_T.TEXT, _T.NUMBER),
    FieldRule.MOBILE: (_T.TEXT, _T.NUMBER),
}
_TYPED = (_T.TEXT, _T.NUMBER, _T.ADDRESS)  # with letters or digits
_COUNTED = (_T.CHOICES, _T.PEOPLE)
_ENUMERATED = (_T.CHOICE, _T.CHOICES)
FieldCheck = Callable[[FormField], Iterator[tuple[str, str]]]


def every_field(one: Item) -> Iterator[tuple[Place, FormField]]:
    """Also those that are asked about each person of a list."""
    for index, field in enumerate(one.fields):
        yield ("fields", index), field
        for inner, part in enumerate(field.fields):
            yield ("fields", index, "fields", inner), part


def _each(check: FieldCheck) -> Callable[[Item], Iterator[Finding]]:
    def rule(one: Item) -> Iterator[Finding]:
        for place, field in every_field(one):
            for name, what in check(field):
                yield (*place, name), f"{what} (field '{field.name}')"

    return rule


def _names(one: Item) -> Iterator[Finding]:
    yield from _unique(("fields",), one.fields)
    for index, field in enumerate(one.fields):
        yield from _unique(("fields", index, "fields"), field.fields)


def _unique(place: Place, fields: Sequence[FormField]) -> Iterator[Finding]:
    names = Counter(field.name for field in fields)
    concepts = Counter(field.concept or field.name for field in fields)
    for index, field in enumerate(fields):
        if not _NAME.fullmatch(field.name):
            yield (*place, index, "name"), "must be lower-case letters, digits and '_'"
        elif names[field.name] > 1:
            yield (*place, index, "name"), f"'{field.name}' is used {names[field.name]} times"
        elif concepts[field.concept or field.name] > 1:
            yield (*place, index, "concept"), f"'{field.concept or field.name}' is asked twice"


def _texts(one: Item) -> Iterator[Finding]:
    for place, field in every_field(one):
        yield from both((*place, "label"), field.label)
        for name in ("hint", "unit", "short"):
            yield from both_or_none((*place, name), getattr(field, name))
        for index, choice in enumerate(field.choices):
            yield from both((*place, "choices", index, "label"), choice.label)


def _choices(field: FormField) -> Iterator[tuple[str, str]]:
    if field.type not in _ENUMERATED:
        if field.choices:
            yield "choices", f"a field of type '{field.type}' has none"
        return
    if len(field.choices) < 2:
        yield "choices", "a choice needs at least two"
    for code, count in Counter(choice.code for choice in field.choices).items():
        if count > 1 or not code:
            yield "choices", f"the code '{code}' is empty or used {count} times"
        elif "," in code or code != code.strip():
            yield "choices", f"the code '{code}' must have no comma and no space around it"


def _counts(field: FormField) -> Iterator[tuple[str, str]]:
    if field.type not in _COUNTED:
        for name in ("least", "most"):
            if getattr(field, name):
                yield name, f"is for choices and people, not for '{field.type}'"
        return
    if field.least < 0 or field.most < 0:
        yield "least", "cannot be negative"
    elif field.most and field.least > field.most:
        yield "least", f"{field.least} is more than most, {field.most}"
    if field.type is _T.CHOICES and max(field.least, field.most) > len(field.choices):
        yield "most", f"there are only {len(field.choices)} choices"
    if field.type is _T.PEOPLE and field.most < 1:
        yield "most", "says how many people there can be: at least 1"
    if field.optional and field.least > 0:
        yield "optional", f"contradicts least = {field.least}"


def _people(field: FormField) -> Iterator[tuple[str, str]]:
    if field.type is not _T.PEOPLE:
        if field.fields:
            yield "fields", f"are for people, not for '{field.type}'"
        return
    if not field.fields:
        yield "fields", "is empty: what is asked about each person?"
    for part in field.fields:
        if part.type is _T.PEOPLE:
            yield "fields", f"'{part.name}' is a list of people inside a list of people"
        if part.prefill:
            yield "fields", f"'{part.name}': the card is the applicant's, not each person's"


def _prefill(field: FormField) -> Iterator[tuple[str, str]]:
    if not field.prefill:
        return
    if field.prefill not in PREFILLS:
        yield "prefill", f"must be one of {', '.join(PREFILLS)}"
    elif field.type not in PREFILLS[field.prefill]:
        yield "prefill", f"'{field.prefill}' cannot fill a field of type '{field.type}'"


def _pattern(field: FormField) -> Iterator[tuple[str, str]]:
    if not field.pattern:
        return
    if field.type not in _TYPED:
        yield "pattern", f"is for what is typed, not for '{field.type}'"
    if wrong := pattern_fault(field.pattern):
        yield "pattern", wrong


def _rule(field: FormField) -> Iterator[tuple[str, str]]:
    if field.rule is not FieldRule.NONE and field.type not in _RULED[field.rule]:
        types = " or ".join(_RULED[field.rule])
        yield "rule", f"'{field.rule}' needs a field of type {types}"


def _when(one: Item) -> Iterator[Finding]:
    """A condition looks back: what comes later has not been answered yet."""
    yield from _look_back(("fields",), one.fields)
    for index, field in enumerate(one.fields):
        yield from _look_back(("fields", index, "fields"), field.fields)


def _look_back(place: Place, fields: Sequence[FormField]) -> Iterator[Finding]:
    earlier: dict[str, FormField] = {}
    for index, field in enumerate(fields):
        yield from conditions((*place, index, "when"), field.when, earlier, "earlier field")
        earlier[field.name] = field


RULES = (
    Rule("field-name", "Every field has a name and a concept of its own.", _names),
    Rule("field-text", "Questions and choices are in both languages.", _texts, 2),
    Rule(
        "field-choices", "A choice has at least two, each with a code of its own.", _each(_choices)
    ),
    Rule("field-count", "Numbers of people or choices are possible.", _each(_counts)),
    Rule("field-people", "A list of people says what is asked about each.", _each(_people)),
    Rule("field-prefill", "What the card says fits into the field.", _each(_prefill), 27),
    Rule("field-pattern", "A pattern can be read, and is checked quickly.", _each(_pattern)),
    Rule("field-rule", "A check digit is looked for where it can be typed.", _each(_rule), 26),
    Rule("field-when", "A question depends only on an earlier choice.", _when),
)
