"""A simulated PC/SC reader with cards, driven by `chipcard.json`: a real pcscd, real APDUs.

Keys: `card`: null, or a name in `samples.SAMPLES`; `fault`: null, or a word of `faults.SimFault`;
`plugged`: true, false; `service`: on, off, hung. Each writing counts as a card put in anew.
pcscd's socket is `<folder>/pcscd/pcscd.comm`; the sample state's certificate is in
`<folder>/issuers`.
"""

from __future__ import annotations

import contextlib
import logging
import os
import select
import subprocess
import sys
import time
from enum import StrEnum
from pathlib import Path

import msgspec

from drivers.chipcard.faults import Authorities, Card, SimFault, make
from drivers.chipcard.pcscd import SOCKET, Pcscd, missing, namespaces, settle_in
from drivers.chipcard.vpcd import PORT, Slot
from drivers.statefile import StateFile

STATE_FILE = "chipcard.json"
_READY = b"ready\n"
_TICK = 0.05  # seconds between looks at the state file
# no hand swaps cards faster; pcscd looks every 0.4 s, and would take the new card for the old one
_SWAP_SECONDS = 0.5
_START_SECONDS, _STOP_SECONDS = 20.0, 10.0

_log = logging.getLogger(__name__)


class Service(StrEnum):
    ON = "on"
    OFF = "off"
    HUNG = "hung"


class SimState(msgspec.Struct, frozen=True):
    card: str | None = None
    fault: SimFault | None = None
    plugged: bool = True
    service: Service = Service.ON


class ChipcardSimulator:
    """Everything runs in a process with namespaces of its own, which ends when this one does."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.absolute()
        self.socket = self._folder / "pcscd" / SOCKET
        self.issuers = self._folder / "issuers"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """pcscd answers when this returns. `RuntimeError` says what this machine lacks."""
        lacking = missing()
        if lacking:
            raise RuntimeError(lacking)
        self._folder.mkdir(parents=True, exist_ok=True)
        self._process = subprocess.Popen(
            [*namespaces(), sys.executable, "-P", "-m", __name__, str(self._folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path))},
            start_new_session=True,  # an interrupt at a keyboard is the parent's
        )
        assert self._process.stdout is not None
        ready, _, _ = select.select([self._process.stdout], [], [], _START_SECONDS)
        if not ready or self._process.stdout.readline() != _READY:
            self.stop()
            raise RuntimeError("the simulated chip card reader does not start")

    def stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.close()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(_STOP_SECONDS)
        process.stdout.close()
        self.socket.unlink(missing_ok=True)


class Room:
    """Within the namespaces: pcscd, and the card in its reader."""

    def __init__(self, folder: Path) -> None:
        self._file = StateFile(folder / STATE_FILE, msgspec.to_builtins(SimState()))
        self._pcscd = Pcscd(folder / "pcscd", PORT)
        self._authorities = Authorities()
        self._state = SimState(service=Service.OFF)
        self._seen: tuple[int, int] | None = (0, 0)
        self._card: Card | None = None  # on its way into the reader
        self._slot: Slot | None = None
        self._free_from = 0.0
        settle_in(folder / "pcscd")
        issuers = folder / "issuers"
        issuers.mkdir(exist_ok=True)
        (issuers / "sample.pem").write_bytes(self._authorities.known.pem)

    def run(self, lifeline: int) -> None:
        """Until the other end of `lifeline` closes."""
        self._follow()
        sys.stdout.buffer.write(_READY)
        sys.stdout.buffer.flush()
        while True:
            slot = self._slot
            ready, _, _ = select.select(
                [lifeline, *([slot.fileno()] if slot else [])], [], [], _TICK
            )
            if lifeline in ready:
                break
            if slot and slot.fileno() in ready and not slot.serve():
                self._pull()
            self._follow()
        self._pull()
        self._pcscd.stop()

    def _follow(self) -> None:
        """Take over the state file if it was written since the last look, even with equal words."""
        written = _written(self._file.path)
        if written != self._seen:
            self._seen = written
            try:
                self._change(msgspec.convert(self._file.get(), SimState))
            except msgspec.ValidationError as error:
                _log.warning("chipcard.json is wrong, the state before it stays: %s", error)
        if self._pcscd.ended:
            _log.warning("pcscd has ended by itself, and is started again")
            state, self._state = self._state, SimState(service=Service.OFF)
            self._change(state)
        if self._card and self._slot is None and time.monotonic() >= self._free_from:
            with contextlib.suppress(OSError):  # the reader is not there yet: at the next look
                self._slot, self._card = Slot(self._card), None

    def _change(self, state: SimState) -> None:
        self._pull()
        before, self._state = self._state, state
        if before.service is Service.HUNG:
            self._pcscd.hang(hung=False)
        runs, shall = (one.service is not Service.OFF for one in (before, state))
        other = before.plugged is not state.plugged  # vpcd cannot come and go while pcscd runs
        if runs and (other or not shall):
            self._pcscd.stop()
        if shall and (other or not runs):
            self._pcscd.start(plugged=state.plugged)
        if state.service is Service.HUNG:
            self._pcscd.hang(hung=True)
        elif state.service is Service.ON and state.plugged and state.card:
            self._card = make(state.card, state.fault, self._authorities)

    def _pull(self) -> None:
        self._card = None
        if self._slot:
            self._slot.close()
            self._slot = None
            self._free_from = time.monotonic() + _SWAP_SECONDS


def _written(path: Path) -> tuple[int, int] | None:
    """Changes with each writing of the file; None when there is no file."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns


if __name__ == "__main__":
    Room(Path(sys.argv[1])).run(sys.stdin.fileno())
