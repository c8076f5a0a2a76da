"""Answers about several people: a list, each with the answers to the field's own questions.

Kept as JSON with sorted keys, so that the same answers are the same string.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from kiosk.services.asked import asked_of
from kiosk.services.fields import FormField

NOBODY = "[]"
_LONGEST = 20_000  # characters; a list of people is never longer


def read(value: str) -> list[dict[str, str]] | None:
    """None: no such list."""
    if len(value) > _LONGEST:
        return None
    try:
        return msgspec.json.decode(value, type=list[dict[str, str]])
    except (msgspec.DecodeError, UnicodeError):  # msgspec's errors of types are among the first
        return None


def write(rows: list[dict[str, str]]) -> str:
    return msgspec.json.encode(rows, order="deterministic").decode()


def asked(field: FormField, row: Mapping[str, str]) -> tuple[FormField, ...]:
    """The questions about one of them."""
    return asked_of(field.fields, row)
