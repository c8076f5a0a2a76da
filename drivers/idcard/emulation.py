"""What a real reader would answer, given a card, a fault and what went before. No port is here."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType

import msgspec

from drivers.idcard.frames import Command, Status, read_reply, reply
from drivers.idcard.samples import SAMPLES
from drivers.idcard.text import encode
from kiosk.model import IdCard

_log = logging.getLogger(__name__)

# 05.01-20260101-0000000007-0000000042, as readers print it
_SAM_ID = b"".join(
    number.to_bytes(size, "little")
    for number, size in ((5, 2), (1, 2), (20260101, 4), (7, 4), (42, 4))
)
_UNKNOWN_MARK = "Q".encode("utf-16-le")
_MARK = slice(248, 250)
_BYTES_BEFORE_CUT = 700
_DISTURBED_BYTE = 600


class SimFault(StrEnum):
    CHECKSUM = "checksum"
    CUT_SHORT = "cut_short"
    WRONG_CARD = "wrong_card"
    LIFTED = "lifted"
    REFUSED = "refused"
    SILENT = "silent"


class SimState(msgspec.Struct, frozen=True):
    """`idcard.json`. `card` is a name in `samples.SAMPLES`."""

    card: str | None = None
    fault: SimFault | None = None
    plugged: bool = True


class EmulatedReader:
    """Each new state counts as a card put down anew.

    A card that has been read, or that was lifted, is not found again until then.
    """

    def __init__(self) -> None:
        self._fault: SimFault | None = None
        self._card: IdCard | None = None
        self._selected = False
        self._spent = False

    def change(self, state: SimState) -> None:
        if state.card and state.card not in SAMPLES:
            _log.warning("idcard.json names a sample card that does not exist")
        self._fault = state.fault
        self._card = SAMPLES.get(state.card or "")
        self._selected = False
        self._spent = False

    def answer(self, content: bytes) -> bytes:
        """The frame that answers a request's `content`; empty: the reader says nothing."""
        if self._fault is SimFault.SILENT:
            return b""
        if not content:
            return reply(Status.CHECKSUM_ERROR)
        act = _ACTS.get(content)
        return act(self) if act else reply(Status.BAD_COMMAND)

    def _tell_status(self) -> bytes:
        return reply(Status.OK)

    def _tell_id(self) -> bytes:
        return reply(Status.OK, _SAM_ID)

    def _find(self) -> bytes:
        if self._card is None or self._spent:
            return reply(Status.NOT_FOUND)
        return reply(Status.FOUND, bytes(4))

    def _select(self) -> bytes:
        if self._card is None or self._spent:
            return reply(Status.SELECT_FAILED)
        if self._fault is SimFault.REFUSED:
            return reply(Status.CARD_REJECTS_READER)
        self._selected = True
        return reply(Status.OK, bytes(8))

    def _read(self) -> bytes:
        if self._fault is SimFault.LIFTED:
            self._card, self._spent = None, True
        if self._card is None or not self._selected:
            return reply(Status.READ_FAILED)
        self._spent = True
        damage = _DAMAGES.get(self._fault) if self._fault else None
        text = bytearray(encode(self._card))
        if self._fault is SimFault.WRONG_CARD:
            text[_MARK] = _UNKNOWN_MARK
        whole = read_reply(bytes(text), self._card.photo)
        return damage(whole) if damage else whole


def _disturb(whole: bytes) -> bytes:
    damaged = bytearray(whole)
    damaged[_DISTURBED_BYTE] ^= 0x10
    return bytes(damaged)


def _cut(whole: bytes) -> bytes:
    return whole[:_BYTES_BEFORE_CUT]


_DAMAGES: Mapping[SimFault, Callable[[bytes], bytes]] = MappingProxyType(
    {SimFault.CHECKSUM: _disturb, SimFault.CUT_SHORT: _cut}
)
_ACTS: Mapping[bytes, Callable[[EmulatedReader], bytes]] = MappingProxyType(
    {
        Command.SAM_STATUS.value: EmulatedReader._tell_status,
        Command.SAM_ID.value: EmulatedReader._tell_id,
        Command.FIND.value: EmulatedReader._find,
        Command.SELECT.value: EmulatedReader._select,
        Command.READ.value: EmulatedReader._read,
    }
)
