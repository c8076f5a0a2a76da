"""A pty that is like a serial line: only who runs at the same rate understands, and only so fast.

A pty moves bytes at once and at any rate. But both its ends know the rate that the host has set,
so the reader's end can tell when the two differ, and let each hear what such a line would carry.
"""

from __future__ import annotations

import contextlib
import os
import select
import termios
import time
import tty
from collections.abc import Callable
from pathlib import Path

from drivers.idcard.line import BITS_PER_BYTE
from drivers.idcard.rates import RATES

_CHUNK = 64  # bytes; within a chunk nothing is told apart
_SPEEDS = {baud: getattr(termios, f"B{baud}") for baud in RATES}
_OUTPUT_SPEED = 5  # in what `tcgetattr` gives


class Wire:
    """The host opens `link`, as it would open `/dev/ttyUSB0`; `unplug` takes it away."""

    def __init__(self, link: Path) -> None:
        self._link = link
        # The terminal's end stays open here too: its rate can be asked while no host is there.
        self._device, self._terminal = os.openpty()
        tty.setraw(self._terminal)
        os.set_blocking(self._device, False)
        fresh = link.with_name(link.name + ".new")
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(os.ttyname(self._terminal))
        fresh.replace(link)

    def unplug(self) -> None:
        # the name first: the pty's number may be given to another program at once
        self._link.unlink(missing_ok=True)
        os.close(self._terminal)
        os.close(self._device)

    def sounds(self, seconds: float) -> bool:
        """Does anything arrive within `seconds`?"""
        return bool(select.select([self._device], [], [], seconds)[0])

    def hear(self, baud: int) -> bytes:
        """What has arrived, in the time that it takes; nothing to one who listens at a wrong rate.

        Only after `sounds`.
        """
        said = os.read(self._device, _CHUNK)
        time.sleep(len(said) * BITS_PER_BYTE / baud)
        return said if self._host_runs_at(baud) else b""

    def say(self, answer: bytes, baud: int, goes_on: Callable[[], bool]) -> None:
        """As slow as the wire, as long as `goes_on`. A host at another rate hears rubbish."""
        begun = time.monotonic()
        for start in range(0, len(answer), _CHUNK):
            part = answer[start : start + _CHUNK]
            due = begun + (start + len(part)) * BITS_PER_BYTE / baud
            time.sleep(max(0.0, due - time.monotonic()))
            if not goes_on():
                return
            if not self._host_runs_at(baud):
                part = bytes(byte ^ 0xFF for byte in part)
            with contextlib.suppress(BlockingIOError):  # nobody reads: the line loses it
                os.write(self._device, part)

    def _host_runs_at(self, baud: int) -> bool:
        return bool(termios.tcgetattr(self._device)[_OUTPUT_SPEED] == _SPEEDS[baud])
