"""What a visit is practised with: a data file beside this one, which no catalogue holds."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec

from kiosk.services.fields import FormField, Words

PRACTICE = Path(__file__).with_name("practice.toml")


class Exercise(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An invented service. `declaration`: what the check page says of it."""

    name: Words
    declaration: Words
    fields: tuple[FormField, ...]


@cache
def exercise() -> Exercise:
    return msgspec.toml.decode(PRACTICE.read_text(encoding="utf-8"), type=Exercise)
