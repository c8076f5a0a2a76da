"""A simulated SDT reader on a pty, driven by `idcard.json`; see Simulators in the architecture."""

from __future__ import annotations

import contextlib
import logging
import os
import select
import threading
import time
import tty
from pathlib import Path

import msgspec

from drivers.idcard.emulation import EmulatedReader, SimState
from drivers.idcard.frames import take_request
from drivers.statefile import StateFile

STATE_FILE = "idcard.json"
LINK = "idcard.tty"

_log = logging.getLogger(__name__)
_TICK = 0.02  # seconds between looks at the state file
_SECONDS_PER_BYTE = 10 / 115200
_CHUNK = 64
_STOP_SECONDS = 5.0


class SdtSimulator:
    """Serves `<folder>/idcard.tty` from a daemon thread, at the pace of 115200 baud."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._link = folder / LINK
        self._file = StateFile(folder / STATE_FILE, msgspec.to_builtins(SimState()))
        self._reader = EmulatedReader()
        self._seen: tuple[int, int, int] | None = None
        self._pty: tuple[int, int] | None = None  # the reader's side, the terminal's side
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
            if self._pty is None:
                buffer = b""
                self._stopping.wait(_TICK)
                continue
            if not select.select([self._pty[0]], [], [], _TICK)[0]:
                continue
            buffer += os.read(self._pty[0], 4096)
            content, buffer = take_request(buffer)
            while content is not None:
                self._follow()
                self._send(self._reader.answer(content))
                content, buffer = take_request(buffer)

    def _send(self, answer: bytes) -> None:
        """Byte by byte as slow as the wire; ends early when the reader is unplugged."""
        pty = self._pty
        begun = time.monotonic()
        for start in range(0, len(answer), _CHUNK):
            part = answer[start : start + _CHUNK]
            due = begun + (start + len(part)) * _SECONDS_PER_BYTE
            self._stopping.wait(max(0.0, due - time.monotonic()))
            self._follow()
            if pty is None or self._pty is not pty:
                return
            with contextlib.suppress(BlockingIOError):  # nobody reads: the line loses it
                os.write(pty[0], part)

    def _follow(self) -> None:
        """Take over `idcard.json` if it was written since the last look, even with equal words."""
        written = _written(self._file.path)
        if written == self._seen:
            return
        self._seen = written
        try:
            self._apply(msgspec.convert(self._file.get(), SimState))
        except msgspec.ValidationError as error:
            _log.warning("idcard.json is wrong, the state before it stays: %s", error)

    def _apply(self, state: SimState) -> None:
        self._reader.change(state)
        if not state.plugged:
            self._unplug()
        elif self._pty is None:
            self._plug()

    def _plug(self) -> None:
        device, terminal = os.openpty()
        tty.setraw(terminal)
        os.set_blocking(device, False)
        fresh = self._link.with_name(LINK + ".new")
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(os.ttyname(terminal))
        fresh.replace(self._link)
        self._pty = device, terminal

    def _unplug(self) -> None:
        # the name first: the pty's number may be given to another program at once
        self._link.unlink(missing_ok=True)
        ends, self._pty = self._pty, None
        for end in ends or ():
            os.close(end)


def _written(path: Path) -> tuple[int, int, int] | None:
    """Grows or changes with each writing of the file; None when there is no file."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
