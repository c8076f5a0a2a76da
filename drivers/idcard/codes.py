"""Statuses as faults; a SAM's number."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from types import MappingProxyType

from drivers.idcard.frames import Status
from kiosk.model import CardFault

CARD_FAULTS: Mapping[int, CardFault] = MappingProxyType(
    {  # what a status means to the person whose card it is
        Status.CHECKSUM_ERROR: CardFault.CHECKSUM,  # of the request: the line is disturbed
        Status.LENGTH_ERROR: CardFault.CHECKSUM,
        Status.BAD_COMMAND: CardFault.NO_READER,
        Status.UNKNOWN_ERROR: CardFault.REFUSED,
        Status.CARD_REJECTS_READER: CardFault.REFUSED,
        Status.READER_REJECTS_CARD: CardFault.REFUSED,
        Status.NOT_VERIFIED: CardFault.REFUSED,
        Status.WRONG_CARD: CardFault.WRONG_CARD,
        Status.READ_FAILED: CardFault.LIFTED,
        Status.RANDOM_FAILED: CardFault.LIFTED,
        Status.SELF_TEST_FAILED: CardFault.NO_READER,
        Status.SAM_NOT_AUTHORISED: CardFault.NO_READER,
        Status.NOT_FOUND: CardFault.LIFTED,
        Status.SELECT_FAILED: CardFault.LIFTED,
        Status.NO_CONTENT: CardFault.WRONG_CARD,
    }
)


def card_fault(status: int) -> CardFault:
    """The fault that a failed reply stands for; an undocumented status is a refusal."""
    return CARD_FAULTS.get(status, CardFault.REFUSED)


def sam_number(data: bytes) -> str:
    """As it is printed on readers, `05.01-20260101-0000000007-0000000042`; empty if not 16 bytes.

    Little-endian numbers of 2, 2, 4, 4 and 4 bytes.
    """
    if len(data) != 16:
        return ""
    return "{:02d}.{:02d}-{:08d}-{:010d}-{:010d}".format(*struct.unpack("<HHIII", data))
