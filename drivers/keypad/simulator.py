"""A simulated keypad: the bytes of a Linux input device, through the FIFO `keypad.events`.

A FIFO, because a machine without /dev/uinput can make no input device; the bytes are the same.
Driven by `keypad.json`: `key` null, or a key's name (`1`, `enter`, `help`, ...), pressed and
released each time that the file is written; `plugged` true, false; `stuck` false, true: the key
is not released until `stuck` is false again.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from drivers.evdev import DOWN, EV_KEY, EV_SYN, REPEAT, SYN_REPORT, UP, InputEvent, pack
from drivers.keypad.keys import KEYS
from drivers.statefile import StateFile

STATE_FILE = "keypad.json"
EVENTS = "keypad.events"
DEFAULTS: Mapping[str, Any] = MappingProxyType({"key": None, "plugged": True, "stuck": False})

_TICK = 0.02  # seconds between looks at the state file
_STOP_SECONDS = 5.0
_CODES = {key.value: code for code, key in reversed(tuple(KEYS.items()))}


class KeypadSimulator:
    """Types into `<folder>/keypad.events` from a daemon thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / EVENTS
        self._file = StateFile(folder / STATE_FILE, DEFAULTS)
        self.followed = 0  # writings of the file that have been acted upon
        self._end: int | None = None
        self._stuck: int | None = None  # the code of the key that stays down
        self._seen: tuple[int, int] | None = None
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """When it returns the keypad can be opened; what `keypad.json` said before is not typed."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._path.unlink(missing_ok=True)  # of a simulator that was killed
        self._stopping.clear()
        self._seen = _written(self._file.path)
        self._plug(self._file.get()["plugged"])
        self._thread = threading.Thread(target=self._run, name="keypad-simulator", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread:
            self._thread.join(_STOP_SECONDS)
        self._plug(False)

    def _run(self) -> None:
        while not self._stopping.wait(_TICK):
            written = _written(self._file.path)
            if written != self._seen:
                self._seen = written
                self._follow(self._file.get())
                self.followed += 1
            elif self._stuck is not None:
                self._send((self._stuck, REPEAT))

    def _follow(self, state: Mapping[str, Any]) -> None:
        self._plug(state["plugged"])
        code = _CODES.get(state["key"])
        if self._stuck is not None and not (state["stuck"] and code == self._stuck):
            self._send((self._stuck, UP))
            self._stuck = None
        if code is None or self._stuck is not None:
            return
        self._send((code, DOWN))
        if state["stuck"]:
            self._stuck = code
        else:
            self._send((code, UP))

    def _send(self, *strokes: tuple[int, int]) -> None:
        if self._end is not None:
            with contextlib.suppress(BlockingIOError):
                os.write(self._end, pack(_reports(strokes)))

    def _plug(self, plugged: bool) -> None:
        if plugged and self._end is None:
            os.mkfifo(self._path)
            # for reading too: otherwise it could not be opened before there is a reader
            self._end = os.open(self._path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
        elif not plugged and self._end is not None:
            self._path.unlink(missing_ok=True)
            os.close(self._end)
            self._end = self._stuck = None


def _reports(strokes: Iterable[tuple[int, int]]) -> list[InputEvent]:
    report = InputEvent(EV_SYN, SYN_REPORT, 0)
    return [one for code, value in strokes for one in (InputEvent(EV_KEY, code, value), report)]


def _written(path: Path) -> tuple[int, int] | None:
    """Another one after each writing of the file, even of equal words."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns
