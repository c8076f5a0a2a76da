"""Conditions (`when`): they ask for an answer that can have been given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kiosk.services.fields import FieldType, FormField, When
from kiosk.services.lint_rules import Finding, Place

_CHOSEN = {FieldType.CHOICE, FieldType.CHOICES}


def conditions(
    place: Place, when: When | None, known: Mapping[str, FormField], whose: str
) -> Iterator[Finding]:
    """`known`: the fields that may be named; `whose`: what they are, in words."""
    if when is None:
        return
    field = known.get(when.field)
    if field is None:
        yield (*place, "field"), f"'{when.field}' is no {whose}"
        return
    if field.type not in _CHOSEN:
        yield (*place, "field"), f"'{when.field}' is a {field.type}; only choices have codes"
        return
    codes = {choice.code for choice in field.choices}
    for answer in when.answers:
        if answer not in codes:
            yield (*place, "answers"), f"'{answer}' is no choice of '{when.field}'"
    if not when.answers:
        yield (*place, "answers"), "is empty: it would never be asked"
    elif field.type is FieldType.CHOICE and not codes - set(when.answers):
        yield (*place, "answers"), f"names every choice of '{when.field}': leave `when` out"
