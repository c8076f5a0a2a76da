"""The inside of the simulated printer: a buffer of commands, a motor, a knife, a strip of paper."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from drivers.receipt import operations as ops
from drivers.receipt.decode import Decoder
from drivers.receipt.operations import Decoded
from drivers.receipt.render import render
from drivers.tray import next_name

DEFAULTS: Mapping[str, Any] = {
    "paper": "full",
    "cover": "closed",
    "cutter": "ok",
    "power": "on",
    "die_after": None,
    "silent": False,
}
_FIXED = 0x12  # bits 1 and 4 of every real-time reply
_ROW = 36  # dots of a row of text, for the motor's time
_QR = 300
_LATE = 0.05  # seconds that the motor may catch up on
_NOT_ON_PAPER = (ops.AskBuffered, ops.AskNow, ops.ClearBuffers)


class PowerFailedError(Exception):
    """`die_after` bytes have been worked off."""


def offline(state: Mapping[str, Any]) -> bool:
    return bool(state["paper"] == "out" or state["cover"] == "open" or state["cutter"] == "error")


def real_time_reply(n: int, state: Mapping[str, Any]) -> bytes:
    """The answer to DLE EOT `n`; bits as in Epson's reference."""
    out, low = state["paper"] == "out", state["paper"] == "low"
    cutter = state["cutter"] == "error"
    bits = {
        1: offline(state) * 0x08,
        2: (state["cover"] == "open") * 0x04 | out * 0x20 | cutter * 0x40,
        3: cutter * 0x08,
        4: (low or out) * 0x0C | out * 0x60,
    }
    return bytes([_FIXED | bits[n]])


class Mechanism:
    """Works off its buffer at the speed of the motor; a cut slip goes into `folder`."""

    def __init__(self, folder: Path, dots_per_second: float) -> None:
        self._folder = folder
        self._speed = dots_per_second
        self._free_at = 0.0
        self._worked = 0  # bytes since `die_after` was set
        self.clear()

    def clear(self) -> None:
        """Forget everything that is not cut yet; what hangs out of the slot is torn off."""
        self._decoder = Decoder()
        self._buffer: deque[Decoded] = deque()
        self._slip: list[Decoded] = []

    def take(self, data: bytes) -> None:
        self._buffer.extend(self._decoder.feed(data))

    def advance(self, state: Mapping[str, Any], now: float) -> bytes:
        """Do what is due; returns the answers to buffered questions. Offline: nothing is due."""
        answers = b""
        while self._buffer and not offline(state) and now >= self._free_at:
            done = self._buffer[0]
            self._spend(state, done)
            self._buffer.popleft()
            self._free_at = max(self._free_at, now - _LATE) + _dots(done.op) / self._speed
            answers += self._do(done, state)
        return answers

    def _spend(self, state: Mapping[str, Any], done: Decoded) -> None:
        """Count what goes on paper; questions count nothing, but come too late when it is over."""
        limit = state["die_after"]
        if limit is None:
            self._worked = 0
            return
        count = 0 if isinstance(done.op, _NOT_ON_PAPER) else len(done.raw)
        if self._worked + count > limit or (not count and 0 < limit <= self._worked):
            self._worked = 0
            raise PowerFailedError
        self._worked += count

    def _do(self, done: Decoded, state: Mapping[str, Any]) -> bytes:
        if not isinstance(done.op, _NOT_ON_PAPER):
            self._slip.append(done)
        if isinstance(done.op, ops.Cut):
            self._keep()
        if isinstance(done.op, ops.AskBuffered):
            return b"\x03" if state["paper"] == "low" else b"\x00"
        return b""

    def _keep(self) -> None:
        """Write the slip beside its elders; numbers go on after a restart."""
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"{next_name(self._folder, '.escpos')}.escpos"
        slip, self._slip = self._slip, []
        _write(path.with_suffix(".png"), render([done.op for done in slip]))
        _write(path, b"".join(done.raw for done in slip))


def _write(path: Path, data: bytes) -> None:
    temporary = path.with_name(f".{path.name}.tmp")
    temporary.write_bytes(data)
    temporary.replace(path)


def _dots(op: ops.Op) -> int:
    """How far the paper moves."""
    match op:
        case ops.LineFeed():
            return _ROW
        case ops.Feed(dots) | ops.Cut(dots):
            return dots
        case ops.Raster():
            return op.height
        case ops.QrPrint():
            return _QR
        case _:
            return 0
