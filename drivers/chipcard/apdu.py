"""Commands to a card and what comes back (ISO 7816-4), over T=0 and T=1."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from kiosk.model import CardFault

OK = 0x9000
_MORE = 0x61  # SW1: so many bytes wait for GET RESPONSE
_WRONG_EXPECTED = 0x6C  # SW1: ask again with this Le
_GET_RESPONSE = bytes.fromhex("00C00000")
_MAX_ROUNDS = 300  # of GET RESPONSE for one command: 75 kB


class LinkFault(StrEnum):
    """Why no answer came from a card."""

    GONE = "gone"  # the card was taken out
    MUTE = "mute"  # it lies there, but its chip says nothing
    BROKEN = "broken"  # the exchange broke off; whether by a hand or a fault is not known
    IN_USE = "in_use"  # another program holds the reader for itself
    NO_READER = "no_reader"  # the reader, or the service that speaks for it, is away
    GIVEN_UP = "given_up"  # the terminal waits no longer


class Link(Protocol):
    """A powered card."""

    @property
    def atr(self) -> bytes: ...

    @property
    def t0(self) -> bool:
        """The protocol that the reader has agreed on with it is T=0."""

    def transmit(self, command: bytes) -> bytes | LinkFault:
        """The bytes that the card answers, status word included."""


class CardStopError(Exception):
    """Ends a read within this package; never leaves the driver."""

    def __init__(self, fault: CardFault | LinkFault) -> None:
        super().__init__(str(fault))
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Response:
    data: bytes = field(repr=False)
    status: int


def command(header: bytes, data: bytes = b"", expected: int | None = None) -> bytes:
    """A short APDU. `expected` 256 asks for all that there is."""
    body = bytes([len(data)]) + data if data else b""
    return header + body + (b"" if expected is None else bytes([expected & 0xFF]))


class Channel:
    """Exchanges with one card. Raises `CardStopError` when the link fails."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def send(self, header: bytes, data: bytes = b"", expected: int | None = None) -> Response:
        """T=0 cannot ask in the command that carries data: what waits is fetched afterwards."""
        asks = None if self._link.t0 and data else expected
        answer = self._exchange(command(header, data, asks))
        if answer.status >> 8 == _WRONG_EXPECTED:
            answer = self._exchange(command(header, data, answer.status & 0xFF or 256))
        gathered = answer.data
        for _ in range(_MAX_ROUNDS):
            if answer.status >> 8 != _MORE:
                break
            answer = self._exchange(command(_GET_RESPONSE, b"", answer.status & 0xFF or 256))
            if answer.status >> 8 == _WRONG_EXPECTED:
                size = answer.status & 0xFF or 256
                answer = self._exchange(command(_GET_RESPONSE, b"", size))
            gathered += answer.data
        return Response(gathered, answer.status)

    def _exchange(self, apdu: bytes) -> Response:
        answer = self._link.transmit(apdu)
        if isinstance(answer, LinkFault):
            raise CardStopError(answer)
        if len(answer) < 2:
            raise CardStopError(LinkFault.BROKEN)
        return Response(answer[:-2], int.from_bytes(answer[-2:], "big"))
