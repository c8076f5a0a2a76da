"""Which contact is on which input, as the settings say it."""

from __future__ import annotations

import re
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, BeforeValidator

from drivers.sensors.readings import Contact

_WIRE = re.compile(r"\s*(!?)\s*(\d{1,5})\s*")


class Wire(NamedTuple):
    """An input counted from 0. Inverted: a current means that the contact is off."""

    number: int
    inverted: bool = False


def _wire(said: object) -> object:
    """Of `3`, `"3"` or `"!3"`; anything else is left to the validation."""
    found = _WIRE.fullmatch(said) if isinstance(said, str) else None
    if found:
        return Wire(int(found[2]), bool(found[1]))
    if isinstance(said, int) and said >= 0:
        return Wire(said)
    raise ValueError('a number from 0, or one after "!" for an inverted contact')


def _sensible(wires: dict[Contact, Wire]) -> dict[Contact, Wire]:
    numbers = [wire.number for wire in wires.values()]
    if len(set(numbers)) < len(numbers):
        raise ValueError("two contacts are on one input")
    if Contact.TAMPERED in wires and Contact.DOOR_CLOSED not in wires:
        raise ValueError("tampered needs door_closed")
    if Contact.UPS_LOW in wires and Contact.UPS_ENGAGED not in wires:
        raise ValueError("ups_low needs ups_engaged")
    return wires


Wiring = Annotated[
    dict[Contact, Annotated[Wire, BeforeValidator(_wire)]], AfterValidator(_sensible)
]
EXPLAINED = 'Contact -> number of its input, from 0; "!3": inverted. Contacts: ' + ", ".join(
    Contact
)
