"""From what a scanner sends, piece by piece, to whole codes. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import Enum, StrEnum

from drivers.scanner.text import MAX_BYTES
from kiosk.model import ScanFault

STX, ETX = b"\x02", b"\x03"


class Framing(StrEnum):
    """What tells where a code ends."""

    LINE = "line"  # CR, LF or both; from a keyboard: Enter
    STX_ETX = "stx_etx"  # STX before it, ETX behind it: line ends inside belong to the code
    SILENCE = "silence"  # nothing but a pause


class Mark(Enum):
    BEGIN = "begin"
    END = "end"
    LOST = "lost"  # something was lost on the way: what has begun can't be whole


Piece = bytes | Mark

_SPLITTERS = {Framing.LINE: rb"([\r\n]+)", Framing.STX_ETX: rb"([\x02\x03])"}


def pieces(chunk: bytes, framing: Framing) -> Iterator[Piece]:
    """Bytes of a serial line, cut at the framing's marks."""
    splitter = _SPLITTERS.get(framing)
    for part in re.split(splitter, chunk) if splitter else [chunk]:
        if part == STX and framing is Framing.STX_ETX:
            yield Mark.BEGIN
        elif splitter and re.fullmatch(splitter, part):
            yield Mark.END
        elif part:
            yield part


class Assembler:
    """Codes from pieces; holds at most `MAX_BYTES` of one that is not yet whole."""

    def __init__(self, framing: Framing) -> None:
        self._framing = framing
        self._data = bytearray()
        self._fault: ScanFault | None = None
        self._void = False
        self._inside = framing is not Framing.STX_ETX

    @property
    def begun(self) -> bool:
        """Part of a code came, and more must come."""
        return bool(self._data) or self._void or self._fault is not None

    def feed(self, come: Iterable[Piece]) -> list[bytes | ScanFault]:
        """The codes that these pieces complete."""
        return [done for piece in come if (done := self._take(piece)) is not None]

    def silence(self) -> list[bytes | ScanFault]:
        """A pause has come that is longer than any within a code."""
        if self._framing is not Framing.SILENCE and self.begun:
            self._fault = self._fault or ScanFault.NOT_READABLE  # cut off: its end is missing
        return self.feed([Mark.END])

    def void(self) -> None:
        """Forget what has begun, and let the rest of it come to nothing."""
        self._void = self.begun
        self._data.clear()

    def _take(self, piece: Piece) -> bytes | ScanFault | None:
        if piece is Mark.END:
            done = None if self._void else self._fault or bytes(self._data) or None
            self._clear()
            return done
        if piece is Mark.BEGIN:
            self._clear()
            self._inside = True
        elif piece is Mark.LOST:
            self._fault = ScanFault.NOT_READABLE
        elif isinstance(piece, bytes) and self._inside and not self._void:
            room = MAX_BYTES - len(self._data)
            self._data += piece[:room]
            if len(piece) > room:
                self._fault = self._fault or ScanFault.TOO_LONG
        return None

    def _clear(self) -> None:
        self._data.clear()
        self._fault = None
        self._void = False
        self._inside = self._framing is not Framing.STX_ETX
