"""What a card answers: APDUs in, answers out. No line is here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple, Protocol

from drivers.chipcard.samples import OtherCard

OK = b"\x90\x00"
NOT_FOUND = b"\x6a\x82"
NO_RECORD = b"\x6a\x83"
NOT_ALLOWED = b"\x69\x86"
DENIED = b"\x69\x82"
BAD_INSTRUCTION = b"\x6d\x00"
BAD_LENGTH = b"\x67\x00"
DEAD = b"\x6f\x00"
CONTACTLESS_ATR = bytes.fromhex("3B80800101")
_UID = bytes.fromhex("FFCA0000")
_GET_RESPONSE = 0xC0


class Command(NamedTuple):
    """`expected` 0: nothing was asked for."""

    head: bytes
    data: bytes
    expected: int


class EmulatedCard(Protocol):
    @property
    def atr(self) -> bytes: ...

    def reset(self) -> None:
        """Power was cut or given: nothing is selected, no session is open."""

    def answer(self, command: bytes) -> bytes: ...


Answer = Callable[[Command], bytes]


def parse(apdu: bytes) -> Command | None:
    """A short APDU; None when its length is not what it says."""
    if len(apdu) < 4:
        return None
    head, rest = apdu[:4], apdu[4:]
    if len(rest) <= 1:
        return Command(head, b"", (rest[0] or 256) if rest else 0)
    size, data, end = rest[0], rest[1 : 1 + rest[0]], rest[1 + rest[0] :]
    if not size or len(data) < size or len(end) > 1:
        return None
    return Command(head, data, (end[0] or 256) if end else 0)


class T0:
    """T=0 around a card that answers whole: data waits for GET RESPONSE, a wrong Le is mended."""

    def __init__(self, card: EmulatedCard) -> None:
        self.atr = card.atr
        self._card = card
        self._waiting = b""

    def reset(self) -> None:
        self._waiting = b""
        self._card.reset()

    def answer(self, command: bytes) -> bytes:
        parsed = parse(command)
        if parsed is None or (parsed.data and parsed.expected):
            return BAD_LENGTH
        if parsed.head[1] == _GET_RESPONSE:
            return self._fetch(parsed.expected)
        whole = self._card.answer(command)
        data, status = whole[:-2], whole[-2:]
        if not data:
            return status
        if parsed.data:
            self._waiting = data
            return bytes([0x61, len(data) & 0xFF])
        return whole if parsed.expected == len(data) else bytes([0x6C, len(data) & 0xFF])

    def _fetch(self, expected: int) -> bytes:
        if not self._waiting:
            return NOT_ALLOWED
        if expected > len(self._waiting):
            return bytes([0x6C, len(self._waiting)])
        part, self._waiting = self._waiting[:expected], self._waiting[expected:]
        return part + (bytes([0x61, len(self._waiting) & 0xFF]) if self._waiting else OK)


class Contactless:
    """A reader's part around a card with a radio: it tells the UID itself."""

    def __init__(self, card: EmulatedCard, uid: bytes) -> None:
        self.atr = card.atr
        self._card = card
        self._uid = uid

    def reset(self) -> None:
        self._card.reset()

    def answer(self, command: bytes) -> bytes:
        return self._uid + OK if command[:4] == _UID else self._card.answer(command)


class Foreign:
    """A card of somebody else's: a bank's, or a ticket. It knows its own applications only."""

    def __init__(self, sample: OtherCard) -> None:
        self.atr = bytes.fromhex(sample.atr)
        self._applications = [bytes.fromhex(one) for one in sample.applications]
        self._acts: Mapping[int, Answer] = {0xA4: self._select}

    def reset(self) -> None:
        """It remembers nothing anyway."""

    def answer(self, command: bytes) -> bytes:
        parsed = parse(command)
        if parsed is None:
            return BAD_LENGTH
        act = self._acts.get(parsed.head[1])
        return act(parsed) if act else BAD_INSTRUCTION

    def _select(self, command: Command) -> bytes:
        return OK if command.data in self._applications else NOT_FOUND
