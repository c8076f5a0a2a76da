"""The simulated printer without its plug: bytes in, bytes out, driven by `receipt.json`.

It has faults where real ones have them: real-time questions are answered when they arrive, even
amid a job; commands wait in a buffer, which outlives the connection but not the power.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from drivers.receipt.bits import automatic_status, real_time_reply
from drivers.receipt.mechanism import Mechanism
from drivers.statefile import StateFile, write_state

DEFAULTS: Mapping[str, Any] = {
    "paper": "full",
    "cover": "closed",
    "cutter": "ok",
    "error": None,
    "feed_button": False,
    "power": "on",
    "die_after": None,
    "plugged": True,
    "pull_after": None,
    "silent": False,
    "delay": 0.0,
    "noise": None,
    "unknown": [],
}
_REAL_TIME = re.compile(rb"\x10\x04([\x01-\x04])|\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08")
_CLEARED = b"\x37\x25\x00"
_TAIL = 9  # the longest part of a real-time command that is not yet one

_NOISES: Mapping[str, Callable[[bytes, bytes], bytes]] = {
    "garbage": lambda answer, _: b"\xff" * len(answer),
    "flow": lambda answer, _: b"\x13".join(bytes([byte]) for byte in answer) + b"\x13\x11",
    "automatic": lambda answer, status: status + answer + status,
}


class Engine:
    """For one thread. `buffer_bytes`: what it takes before the motor has worked any of it off."""

    def __init__(self, folder: Path, mechanism: Mechanism, buffer_bytes: int) -> None:
        self._state_path = folder / "receipt.json"
        self._state = StateFile(self._state_path, DEFAULTS)
        self._mechanism = mechanism
        self._buffer_bytes = buffer_bytes
        self._tail = b""
        self._taken = 0  # bytes since `pull_after` was set
        self._answers: deque[tuple[float, bytes]] = deque()

    @property
    def held(self) -> int:
        """Bytes that wait in the buffer."""
        return self._mechanism.held

    def state(self) -> dict[str, Any]:
        return self._state.get()

    def change(self, **state: object) -> None:
        write_state(self._state_path, **state)

    @property
    def room(self) -> int:
        return max(0, self._buffer_bytes - self._mechanism.held)

    @property
    def busy(self) -> bool:
        return bool(self._mechanism.held or self._answers)

    def take(self, data: bytes, now: float) -> None:
        """What came over the line."""
        state = self.state()
        data = self._before_the_pull(data, state)
        seen, self._tail = self._tail + data, b""
        fresh = len(seen) - len(data)  # where the bytes begin that the buffer does not have yet
        end = 0
        for found in _REAL_TIME.finditer(seen):
            end = found.end()
            if found[1]:
                self._answer(real_time_reply(found[1][0], state), now)
            elif "DLE DC4" not in state["unknown"]:
                self._mechanism.clear()
                fresh = end
                self._answer(_CLEARED, now)
        self._mechanism.take(seen[fresh:])
        self._tail = seen[end:][-_TAIL:]

    def advance(self, now: float) -> None:
        """What the motor has done meanwhile. `PowerFailedError` when `die_after` says so."""
        self._answer(self._mechanism.advance(self.state(), now), now)

    def due(self, now: float) -> bytes:
        """The answers that go out now."""
        found = b""
        while self._answers and self._answers[0][0] <= now:
            found += self._answers.popleft()[1]
        return b"" if self.state()["silent"] else found

    def hang_up(self) -> None:
        """The line is gone; the buffer is not."""
        self._tail = b""
        self._answers.clear()

    def power_off(self) -> None:
        self.hang_up()
        self._mechanism.clear()

    def _answer(self, data: bytes, now: float) -> None:
        if data:
            state = self.state()
            noise = _NOISES.get(state["noise"])
            data = noise(data, automatic_status(state)) if noise else data
            self._answers.append((now + state["delay"], data))

    def _before_the_pull(self, data: bytes, state: Mapping[str, Any]) -> bytes:
        limit = state["pull_after"]
        if limit is None:
            self._taken = 0
            return data
        left = max(0, limit - self._taken)
        self._taken += len(data)
        if len(data) > left:
            self.change(plugged=False, pull_after=None)
        return data[:left]
