"""The inside of the simulated printer: a buffer of commands, a motor, a knife, a strip of paper."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from drivers.receipt import operations as ops
from drivers.receipt.bits import automatic_status, offline
from drivers.receipt.decode import Decoder
from drivers.receipt.escpos import TEAR_DOTS
from drivers.receipt.operations import Decoded, paper_dots
from drivers.receipt.render import render
from drivers.tray import next_name

_LATE = 0.05  # seconds that the motor may catch up on
_NOT_ON_PAPER = (ops.AskBuffered, ops.AskId, ops.AskNow, ops.ClearBuffers)
_TYPE = b"\x02"  # GS I 2: has a knife


class PowerFailedError(Exception):
    """`die_after` bytes have been worked off."""


class Mechanism:
    """Works off its buffer at the speed of the motor; a cut slip goes into `folder`."""

    def __init__(
        self, folder: Path, dots_per_second: float, width_dots: int = 576, *, pictures: bool = True
    ) -> None:
        self._folder = folder
        self._speed = dots_per_second
        self._width_dots = width_dots
        self._pictures = pictures
        self._free_at = 0.0
        self._worked = 0  # bytes since `die_after` was set
        self.clear()

    def clear(self) -> None:
        """Forget everything that is not cut yet; what hangs out of the slot is torn off."""
        self._decoder = Decoder()
        self._buffer: deque[Decoded] = deque()
        self._slip: list[Decoded] = []
        self.held = 0  # bytes that wait

    def take(self, data: bytes) -> None:
        self._buffer.extend(self._decoder.feed(data))
        self.held += len(data)

    def advance(self, state: Mapping[str, Any], now: float) -> bytes:
        """Do what is due; returns the answers to buffered questions. Offline: nothing is due."""
        answers = b""
        while self._buffer and not offline(state) and now >= self._free_at:
            done = self._buffer[0]
            self._spend(state, done)
            self._buffer.popleft()
            self.held -= len(done.raw)
            self._free_at = max(self._free_at, now - _LATE) + paper_dots(done.op) / self._speed
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
        match done.op:
            case ops.Cut():
                self._keep()
            case ops.Feed(dots) if dots >= TEAR_DOTS:
                self._keep()  # someone tears it off
            case ops.AskBuffered() if "GS r" not in state["unknown"]:
                return b"\x03" if state["paper"] == "low" else b"\x00"
            case ops.AskId() if "GS I" not in state["unknown"]:
                return _TYPE
            case ops.AutomaticStatus(what) if what and "GS a" not in state["unknown"]:
                return automatic_status(state)
        return b""

    def _keep(self) -> None:
        """Write the slip beside its elders; numbers go on after a restart."""
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"{next_name(self._folder, '.escpos')}.escpos"
        slip, self._slip = self._slip, []
        if self._pictures:
            picture = render([done.op for done in slip], self._width_dots)
            _write(path.with_suffix(".png"), picture)
        _write(path, b"".join(done.raw for done in slip))


def _write(path: Path, data: bytes) -> None:
    temporary = path.with_name(f".{path.name}.tmp")
    temporary.write_bytes(data)
    temporary.replace(path)
