"""A simulated SDT reader on a pty, driven by `idcard.json`; see Simulators in the architecture."""

from __future__ import annotations

import logging
import threading
from functools import partial
from pathlib import Path

import msgspec

from drivers.idcard.emulation import EmulatedReader, SimState
from drivers.idcard.frames import take_request
from drivers.idcard.portraits import Portraits
from drivers.idcard.wire import Wire
from drivers.statefile import StateFile

STATE_FILE = "idcard.json"
LINK = "idcard.tty"
PORTRAITS = "portraits"

_log = logging.getLogger(__name__)
_TICK = 0.02  # seconds between looks at the state file
_STOP_SECONDS = 5.0


class SdtSimulator:
    """Serves `<folder>/idcard.tty` from a daemon thread, at the pace of the reader's rate.

    Portraits lie in `<folder>/portraits`, which `sample_decoder` must be given.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._link = folder / LINK
        self._file = StateFile(folder / STATE_FILE, msgspec.to_builtins(SimState()))
        self._reader = EmulatedReader()
        self._portraits = Portraits(folder / PORTRAITS)
        self._seen: tuple[int, int, int] | None = None
        self._wire: Wire | None = None
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """When it returns the reader can be opened, unless `idcard.json` has it unplugged."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._link.unlink(missing_ok=True)  # of a simulator that was killed
        self._stopping.clear()
        self._seen = None
        self._apply(SimState())
        self._follow()
        self._thread = threading.Thread(target=self._run, name="idcard-simulator", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread:
            self._thread.join(_STOP_SECONDS)
        self._unplug()

    def _run(self) -> None:
        buffer = b""
        while not self._stopping.is_set():
            self._follow()
            wire = self._wire
            if wire is None:
                buffer = b""
                self._stopping.wait(_TICK)
                continue
            if not wire.sounds(_TICK) or not self._still(wire):
                continue
            buffer += wire.hear(self._reader.baud)
            content, buffer = take_request(buffer)
            while content is not None and self._still(wire):
                baud = self._reader.baud
                wire.say(self._reader.answer(content), baud, partial(self._still, wire))
                content, buffer = take_request(buffer)

    def _still(self, wire: Wire) -> bool:
        """Is it still plugged in, on that wire?"""
        self._follow()
        return self._wire is wire and not self._stopping.is_set()

    def _follow(self) -> None:
        """Take over `idcard.json` if it was written since the last look, even with equal words."""
        written = _written(self._file.path)
        if written == self._seen:
            return
        try:
            state = msgspec.convert(self._file.get(), SimState)
        except msgspec.ValidationError as error:
            _log.warning("idcard.json is wrong, the state before it stays: %s", error)
            self._seen = written
            return
        key = self._portraits.key(state.portrait) if state.portrait else ""
        if key is not None:  # else: at the next look
            self._seen = written
            self._apply(state, key)

    def _apply(self, state: SimState, key: str = "") -> None:
        self._reader.change(state, key)
        if not state.plugged:
            self._unplug()
        elif self._wire is None:
            self._wire = Wire(self._link)

    def _unplug(self) -> None:
        wire, self._wire = self._wire, None
        if wire:
            wire.unplug()


def _written(path: Path) -> tuple[int, int, int] | None:
    """Grows or changes with each writing of the file; None when there is no file."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
