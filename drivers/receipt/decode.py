"""ESC/POS bytes -> typed operations; for the simulator and for tests.

Strict: what is not in the table, or has a parameter out of range, is an `Unknown` that names its
offset; decoding goes on at the next byte.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from drivers.receipt import operations as ops
from drivers.receipt.operations import Decoded, Op


@dataclass(frozen=True, slots=True)
class _Command:
    """`length`: parameters after the prefix; `more`: how many follow these."""

    length: int
    build: Callable[[bytes], Op | None]
    more: Callable[[bytes], int] = lambda _: 0


def _raster(p: bytes) -> Op | None:
    width, height = p[1] | p[2] << 8, p[3] | p[4] << 8
    return ops.Raster(width, height, p[5:]) if p[0] == 0 and width and height else None


def _raster_size(p: bytes) -> int:
    return (p[1] | p[2] << 8) * (p[3] | p[4] << 8)


_QR_SETTINGS = {
    65: ("model", range(49, 51)),
    67: ("size", range(1, 17)),
    69: ("level", range(48, 52)),
}
_QR_LENGTHS = {65: 4, 67: 3, 69: 3}


def _qr(p: bytes) -> Op | None:
    """cn fn parameters, after the two bytes of their length."""
    body = p[2:]
    if len(body) < 3 or body[0] != 49:
        return None
    function, value = body[1], body[2]
    if function in _QR_SETTINGS and len(body) == _QR_LENGTHS[function]:
        name, allowed = _QR_SETTINGS[function]
        return ops.QrSetting(name, value) if value in allowed else None
    if function == 80 and value == 48 and len(body) > 3:
        return ops.QrStore(body[3:])
    return ops.QrPrint() if function == 81 and value == 48 and len(body) == 3 else None


_COMMANDS: dict[bytes, _Command] = {
    b"\n": _Command(0, lambda _: ops.LineFeed()),
    b"\x1b@": _Command(0, lambda _: ops.Initialise()),
    b"\x1c&": _Command(0, lambda _: ops.Chinese(True)),
    b"\x1c.": _Command(0, lambda _: ops.Chinese(False)),
    b"\x1ba": _Command(1, lambda p: ops.SetAlign(p[0]) if p[0] <= 2 else None),
    b"\x1bE": _Command(1, lambda p: ops.Bold(bool(p[0] & 1))),
    b"\x1d!": _Command(
        1, lambda p: ops.Size((p[0] >> 4) + 1, (p[0] & 15) + 1) if not p[0] & 0x88 else None
    ),
    b"\x1b3": _Command(1, lambda p: ops.Pitch(p[0])),
    b"\x1bJ": _Command(1, lambda p: ops.Feed(p[0])),
    b"\x1dv0": _Command(5, _raster, _raster_size),
    b"\x1d(k": _Command(2, _qr, lambda p: p[0] | p[1] << 8),
    b"\x1dVA": _Command(1, lambda p: ops.Cut(p[0])),
    b"\x1dVB": _Command(1, lambda p: ops.Cut(p[0])),
    b"\x1dr": _Command(1, lambda p: ops.AskBuffered(p[0]) if p[0] in (1, 2, 49, 50) else None),
    b"\x1dI": _Command(1, lambda p: ops.AskId(p[0]) if p[0] in (1, 2, 3, 49, 50, 51) else None),
    b"\x1da": _Command(1, lambda p: ops.AutomaticStatus(p[0])),
    b"\x10\x04": _Command(1, lambda p: ops.AskNow(p[0]) if 1 <= p[0] <= 4 else None),
    b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08": _Command(0, lambda _: ops.ClearBuffers()),
}
_LONGEST_PREFIX = max(map(len, _COMMANDS))


def decode(data: bytes) -> list[Decoded]:
    """A whole stream; a command that is cut short at its end is `Unknown` too."""
    decoder = Decoder()
    return decoder.feed(data) + decoder.rest()


class Decoder:
    """Takes a stream in any pieces; keeps what is incomplete."""

    def __init__(self) -> None:
        self._held = b""
        self._at = 0  # where in `_held` the next operation begins
        self._before = 0  # bytes of the stream that came before `_held`
        self._chinese = False

    def feed(self, data: bytes) -> list[Decoded]:
        self._held += data
        found = []
        while self._at < len(self._held) and (step := self._next()) is not None:
            length, op = step
            if isinstance(op, ops.Chinese | ops.Initialise):
                self._chinese = isinstance(op, ops.Chinese) and op.on
            found.append(Decoded(self._offset, self._held[self._at : self._at + length], op))
            self._at += length
        self._before, self._held, self._at = self._offset, self._held[self._at :], 0
        return found

    def rest(self) -> list[Decoded]:
        """What has not become a whole command."""
        held, self._held = self._held, b""
        reason = ops.Unknown(self._offset, "cut short")
        return [Decoded(self._offset, held, reason)] if held else []

    @property
    def _offset(self) -> int:
        return self._before + self._at

    def _next(self) -> tuple[int, Op] | None:
        for prefix, command in _COMMANDS.items():
            if self._held.startswith(prefix, self._at):
                return self._command(len(prefix), command)
        begun = self._held[self._at : self._at + _LONGEST_PREFIX]
        if any(prefix.startswith(begun) for prefix in _COMMANDS):
            return None
        if begun[0] >= 0x20:
            return self._text()
        return 1, ops.Unknown(self._offset, f"no such command: {begun[:3].hex(' ')}")

    def _command(self, prefix: int, command: _Command) -> tuple[int, Op] | None:
        start = self._at + prefix
        end = start + command.length
        if len(self._held) < end:
            return None
        end += command.more(self._held[start:end])
        if len(self._held) < end:
            return None
        op = command.build(self._held[start:end])
        if op is None:
            raw = self._held[self._at : self._at + 6]
            return 1, ops.Unknown(self._offset, f"bad parameter: {raw.hex(' ')}")
        return end - self._at, op

    def _text(self) -> tuple[int, Op] | None:
        end, text = self._at, ""
        while end < len(self._held) and self._held[end] >= 0x20:
            length = self._char_length(end)
            raw = self._held[end : end + length]
            if len(raw) < length:
                break
            char = _char(raw)
            if char is None or (length > 1 and not self._chinese):
                break
            end, text = end + length, text + char
        if end > self._at:
            return end - self._at, ops.Text(text)
        if len(self._held) < self._at + self._char_length(self._at):
            return None
        raw = self._held[self._at : self._at + 4]
        return 1, ops.Unknown(self._offset, f"no such character: {raw.hex(' ')}")

    def _char_length(self, at: int) -> int:
        """GB18030: one, two or four bytes."""
        if self._held[at] < 0x80:
            return 1
        second = self._held[at + 1 : at + 2]
        return 4 if second and 0x30 <= second[0] <= 0x39 else 2


def _char(raw: bytes) -> str | None:
    try:
        char = raw.decode("gb18030")
    except UnicodeDecodeError:
        return None
    return char if char.isprintable() or ord(char) > 0x9F else None
