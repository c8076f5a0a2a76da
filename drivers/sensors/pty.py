"""Serial ports of simulators: each a pty under a name, which can be unplugged."""

from __future__ import annotations

import contextlib
import os
import tty
from pathlib import Path


class Pty:
    """The symlink `link` is there while it is plugged in."""

    def __init__(self, link: Path) -> None:
        self._link = link
        self._ends: tuple[int, int] | None = None  # the device's, the terminal's

    @property
    def device(self) -> int | None:
        """The end at which the simulator reads; None: unplugged."""
        return self._ends[0] if self._ends else None

    def plug(self) -> None:
        if self._ends is not None:
            return
        device, terminal = os.openpty()
        tty.setraw(terminal)
        os.set_blocking(device, False)
        fresh = self._link.with_name(self._link.name + ".new")
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(os.ttyname(terminal))
        fresh.replace(self._link)
        self._ends = device, terminal

    def unplug(self) -> None:
        # the name first: the pty's number may be given to another program at once
        self._link.unlink(missing_ok=True)
        ends, self._ends = self._ends, None
        for end in ends or ():
            os.close(end)

    def read(self) -> bytes:
        with contextlib.suppress(OSError):
            if self._ends is not None:
                return os.read(self._ends[0], 4096)
        return b""

    def write(self, data: bytes) -> None:
        with contextlib.suppress(OSError):  # nobody reads: the line loses it
            if self._ends is not None:
                os.write(self._ends[0], data)
