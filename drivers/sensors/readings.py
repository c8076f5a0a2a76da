"""From contacts to readings in XFS4IoT's words. Pure.

A reading that nothing can tell is `unknown`, and never the harmless word.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType

UNKNOWN = "unknown"


class Contact(StrEnum):
    """Named after what is true while the contact is on."""

    DOOR_CLOSED = "door_closed"  # so that a cut wire reads as an open door
    TAMPERED = "tampered"
    PERSON_PRESENT = "person_present"
    HEADPHONES = "headphones"
    MAINTENANCE = "maintenance"
    SUPERVISOR = "supervisor"
    UPS_ENGAGED = "ups_engaged"
    UPS_LOW = "ups_low"


Row = tuple[Mapping[Contact, bool], str]

# reading -> (contacts that must all say so, the word for it); the first row that holds is it
RULES: Mapping[str, tuple[Row, ...]] = MappingProxyType(
    {
        "door": (
            ({Contact.TAMPERED: True}, "tampered"),
            ({Contact.DOOR_CLOSED: False}, "open"),
            ({Contact.DOOR_CLOSED: True}, "closed"),
        ),
        "proximity": (
            ({Contact.PERSON_PRESENT: True}, "present"),
            ({Contact.PERSON_PRESENT: False}, "not_present"),
        ),
        "headphones": (
            ({Contact.HEADPHONES: True}, "present"),
            ({Contact.HEADPHONES: False}, "not_present"),
        ),
        "operator_switch": (
            ({Contact.MAINTENANCE: True, Contact.SUPERVISOR: True}, UNKNOWN),  # no switch can
            ({Contact.SUPERVISOR: True}, "supervisor"),
            ({Contact.MAINTENANCE: True}, "maintenance"),
            ({Contact.SUPERVISOR: False}, "run"),
            ({Contact.MAINTENANCE: False}, "run"),
        ),
        "ups": (
            ({Contact.UPS_LOW: True}, "low"),
            ({Contact.UPS_ENGAGED: True}, "engaged"),
            ({Contact.UPS_ENGAGED: False}, "good"),
        ),
    }
)


def served(contacts: Iterable[Contact]) -> frozenset[str]:
    """The readings that these contacts tell about."""
    fitted = set(contacts)
    return frozenset(
        reading for reading, rows in RULES.items() if any(fitted & row.keys() for row, _ in rows)
    )


def read(contacts: Mapping[Contact, bool]) -> dict[str, str]:
    """One word for each reading that is `served`."""
    return {reading: _word(RULES[reading], contacts) for reading in sorted(served(contacts))}


def _word(rows: Iterable[Row], contacts: Mapping[Contact, bool]) -> str:
    for row, word in rows:
        if all(contacts.get(contact) is value for contact, value in row.items()):
            return word
    return UNKNOWN
