"""What a real reader would answer, given a card, a fault and what went before. No port is here."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType

import msgspec

from drivers.idcard.blocks import join_blocks
from drivers.idcard.frames import Command, Status, reply
from drivers.idcard.rates import RATES
from drivers.idcard.samples import FINGERS, SAMPLES, SamplePerson, sample_wlt
from drivers.idcard.text import encode, encode_address
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
_RUBBISH = bytes(range(0, 160, 4))
DEFAULT_BAUD = 115200


class SimFault(StrEnum):
    """Of one card's read, and below of the reader, whatever it is asked."""

    CHECKSUM = "checksum"
    CUT_SHORT = "cut_short"
    WRONG_CARD = "wrong_card"
    LIFTED = "lifted"
    REFUSED = "refused"

    SILENT = "silent"
    GARBLED = "garbled"
    LINE_DISTURBED = "line_disturbed"
    SELF_TEST_FAILED = "self_test_failed"
    SAM_NOT_AUTHORISED = "sam_not_authorised"
    SAM_ERROR = "sam_error"


class SimState(msgspec.Struct, frozen=True):
    """`idcard.json`. `card` is a name in `samples.SAMPLES`; `baud` the rate after power on.

    `person`: whose card lies there instead of `card`; `portrait`: path of a picture of whoever it
    is, for `sample_decoder`.
    """

    card: str | None = None
    person: SamplePerson | None = None
    portrait: str | None = None
    fault: SimFault | None = None
    plugged: bool = True
    baud: int = DEFAULT_BAUD


class EmulatedReader:
    """Each new state counts as a card put down anew.

    A card that has been read, or that was lifted, is not found again until then.
    """

    def __init__(self) -> None:
        self.baud = DEFAULT_BAUD  # at which it listens; a request may change it
        self._state = SimState()
        self._key = ""
        self._card: IdCard | None = None
        self._selected = False
        self._spent = False

    def change(self, state: SimState, key: str = "") -> None:
        """`key`: of the portrait on the chip; empty: there is only noise."""
        if state.card and state.card not in SAMPLES:
            _log.warning("idcard.json names a sample card that does not exist")
        if state.baud not in RATES:
            _log.warning("idcard.json names a rate that readers do not have")
        elif state.baud != self._state.baud or not self._state.plugged:
            self.baud = state.baud
        self._state, self._key = state, key
        self._card = state.person.card if state.person else SAMPLES.get(state.card or "")
        self._selected = False
        self._spent = False

    def answer(self, content: bytes) -> bytes:
        """The frame that answers a request's `content`; empty: the reader says nothing."""
        ill = _ILLNESSES.get(self._state.fault) if self._state.fault else None
        if ill is not None:
            return ill
        act = _ACTS.get(content)
        if act:
            answer = act(self)
        else:
            answer = reply(Status.BAD_COMMAND if content else Status.CHECKSUM_ERROR)
        return _disturb(answer) if self._state.fault is SimFault.LINE_DISTURBED else answer

    def _tell_status(self) -> bytes:
        return reply(Status.OK)

    def _reset(self) -> bytes:
        """The field goes off and on: a card that lies there has just come."""
        self._selected = self._spent = False
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
        if self._state.fault is SimFault.REFUSED:
            return reply(Status.CARD_REJECTS_READER)
        self._selected = True
        return reply(Status.OK, bytes(8))

    def _read(self) -> bytes:
        return self._tell_card()

    def _read_fingers(self) -> bytes:
        return self._tell_card(b"".join(FINGERS.get(self._name, ())))

    @property
    def _name(self) -> str:
        """Of the sample card; empty for somebody's own."""
        return "" if self._state.person else self._state.card or ""

    def _tell_card(self, *more: bytes) -> bytes:
        if self._state.fault is SimFault.LIFTED:
            self._card, self._spent = None, True
        if self._card is None or not self._selected:
            return reply(Status.READ_FAILED)
        self._spent = True
        text = bytearray(encode(self._card))
        if self._state.fault is SimFault.WRONG_CARD:
            text[_MARK] = _UNKNOWN_MARK
        blocks = join_blocks(bytes(text), sample_wlt(self._name, self._key), *more)
        damage = _DAMAGES.get(self._state.fault) if self._state.fault else None
        whole = reply(Status.OK, blocks)
        return damage(whole) if damage else whole

    def _read_address(self) -> bytes:
        if self._card is None or not self._selected:
            return reply(Status.READ_FAILED)
        if not self._card.new_address:
            return reply(Status.NO_CONTENT)
        return reply(Status.OK, encode_address(self._card.new_address))


def _disturb(whole: bytes) -> bytes:
    damaged = bytearray(whole)
    damaged[min(_DISTURBED_BYTE, len(whole) - 1)] ^= 0x10
    return bytes(damaged)


def _cut(whole: bytes) -> bytes:
    return whole[:_BYTES_BEFORE_CUT]


def _retune(baud: int) -> Callable[[EmulatedReader], bytes]:
    """The answer still goes out at the old rate."""

    def act(reader: EmulatedReader) -> bytes:
        reader.baud = baud
        return reply(Status.OK)

    return act


_ILLNESSES: Mapping[SimFault, bytes] = MappingProxyType(
    {  # what is answered to everything
        SimFault.SILENT: b"",
        SimFault.GARBLED: _RUBBISH,
        SimFault.SELF_TEST_FAILED: reply(Status.SELF_TEST_FAILED),
        SimFault.SAM_NOT_AUTHORISED: reply(Status.SAM_NOT_AUTHORISED),
        SimFault.SAM_ERROR: reply(Status.UNKNOWN_ERROR),
    }
)
_DAMAGES: Mapping[SimFault, Callable[[bytes], bytes]] = MappingProxyType(
    {SimFault.CHECKSUM: _disturb, SimFault.CUT_SHORT: _cut}
)
_ACTS: Mapping[bytes, Callable[[EmulatedReader], bytes]] = MappingProxyType(
    {
        Command.RESET.value: EmulatedReader._reset,
        Command.SAM_STATUS.value: EmulatedReader._tell_status,
        Command.SAM_ID.value: EmulatedReader._tell_id,
        Command.FIND.value: EmulatedReader._find,
        Command.SELECT.value: EmulatedReader._select,
        Command.READ.value: EmulatedReader._read,
        Command.READ_FINGERS.value: EmulatedReader._read_fingers,
        Command.READ_ADDRESS.value: EmulatedReader._read_address,
        **{command.value: _retune(baud) for baud, command in RATES.items()},
    }
)
