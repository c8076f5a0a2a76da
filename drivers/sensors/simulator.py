"""Simulated sensors: a Modbus RTU input module on `sensors.tty`, a UPS on `ups.tty`.

Driven by `sensors.json`: `door` closed, open, tampered; `ups` good, engaged, low, powering,
failed, battery_low, shutting_down; `proximity` and `headphones` not_present, present;
`operator_switch` run, maintenance, supervisor; `plugged` true, false; `fault` null or one of
`emulation.FAULTS`.
"""

from __future__ import annotations

import select
import threading
from pathlib import Path

from drivers.sensors.emulation import DEFAULTS, module, ups
from drivers.sensors.pty import Pty
from drivers.statefile import StateFile

STATE_FILE = "sensors.json"
MODULE_LINK = "sensors.tty"
UPS_LINK = "ups.tty"

_TICK = 0.02  # seconds between looks at the state file
_STOP_SECONDS = 5.0
_KEPT = 256  # bytes of a question that is not whole


class SensorsSimulator:
    """Serves both lines from a daemon thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = StateFile(folder / STATE_FILE, DEFAULTS)
        self._devices = ((Pty(folder / MODULE_LINK), module), (Pty(folder / UPS_LINK), ups))
        self._buffers = [b"" for _ in self._devices]
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """When it returns the lines can be opened, unless `sensors.json` has them unplugged."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._stopping.clear()
        self._follow()
        self._thread = threading.Thread(target=self._run, name="sensors-simulator", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread:
            self._thread.join(_STOP_SECONDS)
        for pty, _ in self._devices:
            pty.unplug()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._follow()
            open_ends = [pty.device for pty, _ in self._devices if pty.device is not None]
            if not open_ends:
                self._buffers = [b"" for _ in self._devices]
                self._stopping.wait(_TICK)
            elif select.select(open_ends, [], [], _TICK)[0]:
                self._serve()

    def _serve(self) -> None:
        state = self._follow()
        for number, (pty, answer) in enumerate(self._devices):
            buffer = self._buffers[number] + pty.read()
            reply, rest = answer(buffer, state)
            self._buffers[number] = rest[-_KEPT:]
            if reply:
                pty.write(reply)

    def _follow(self) -> dict[str, object]:
        state = self._file.get()
        for pty, _ in self._devices:
            if state["plugged"]:
                pty.plug()
            else:
                pty.unplug()
        return state
