"""The face's process as its parent sees it: one pack, one person, never used again.

It may hang or crash over any picture: every answer has its time, and at the end the process is
killed and what it shared is overwritten.
"""

from __future__ import annotations

import os
import select
import socket
import time
from pathlib import Path

from drivers.camera.ring import SLOTS, Picture, Ring
from drivers.camera.wire import Mode
from drivers.face import wire
from drivers.process import MAX_MESSAGE, Process
from kiosk.model import FaceDecision, FaceFault, FaceHint

ENTRY = "drivers.face.child:serve"
LOAD_SECONDS = 20.0  # until a process that is only starting has loaded its pack
ANSWER_SECONDS = 6.0  # for one picture; usually it takes a twentieth of one
CRASHED = wire.Loaded(fault="crashed")


class Matcher:
    """Used by one thread at a time. `OSError` when no process can be started."""

    def __init__(self, folder: Path, *, entry: str = ENTRY) -> None:
        self._process = Process(entry)
        self._ring: Ring | None = None
        self._portrait: tuple[int, int] | None = None  # descriptor, bytes
        self._number = 0
        self._loaded: wire.Loaded | None = None
        self._waits_until: float | None = time.monotonic() + LOAD_SECONDS
        self._send(wire.Load(str(folder.absolute())))

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.alive

    @property
    def idle(self) -> bool:
        """Has answered everything, so that the next picture may be offered."""
        return self._waits_until is None

    def loaded(self, seconds: float = 0) -> wire.Loaded | None:
        """What became of the pack; None: not within that time."""
        if self._loaded is None:
            said = self._hear(seconds)
            if said is not None:
                self._loaded = said if isinstance(said, wire.Loaded) else CRASHED
        return self._loaded

    def begin(self, portrait: bytes, mode: Mode, challenges: int, seconds: float) -> None:
        """`portrait`: a picture file. Decides by itself when the seconds are over."""
        view = mode.view[0] * mode.view[1]
        self._ring = Ring.create(mode.largest, view)
        sheet = os.memfd_create("kiosk-portrait", os.MFD_CLOEXEC)
        self._portrait = sheet, len(portrait)
        os.write(sheet, portrait)
        order = wire.Begin(len(portrait), mode.largest, view, challenges, seconds)
        self._send(order, self._ring.handle, sheet)
        self._waits_until = None

    def offer(self, view: Picture, still: Picture) -> None:
        """The next picture, small and in full; they may be overwritten afterwards."""
        if self._ring is None:
            return
        self._number += 1
        slot = self._number % SLOTS
        self._ring.write(slot, self._number, still, view)
        shapes = still.shape[:2], view.shape[:2]
        self._waits_until = time.monotonic() + ANSWER_SECONDS
        self._send(wire.Frame(slot, self._number, *shapes))

    def answer(self) -> FaceHint | FaceDecision | None:
        """What it says of the last picture; None: nothing yet."""
        said = self._hear(0)
        if isinstance(said, wire.Hinted):
            self._waits_until = None
            return said.hint
        if isinstance(said, wire.Decided):
            return said.decision
        return None if said is None else failed(self._loaded)

    def end(self) -> bool:
        """Kill it, overwrite what it shared. False: it hangs in the kernel."""
        gone = self._process.end(0)
        if self._ring is not None:
            self._ring.wipe()
            self._ring.close()
            self._ring = None
        if self._portrait is not None:
            sheet, size = self._portrait
            os.pwrite(sheet, bytes(size), 0)
            os.close(sheet)
            self._portrait = None
        return gone

    def _send(self, message: wire.Down, *handles: int) -> None:
        """A child that is gone, or reads nothing, is found out by its silence."""
        try:
            socket.send_fds(
                self._process.channel,
                [wire.pack(message)],
                handles,
                socket.MSG_NOSIGNAL | socket.MSG_DONTWAIT,
            )
        except OSError:
            self._waits_until = 0.0

    def _hear(self, seconds: float) -> wire.Up | None:
        """The next message within that time; `CRASHED` if it ended, lost its mind, or hangs."""
        channel = self._process.channel
        try:
            watch = select.poll()
            watch.register(channel, select.POLLIN)
            if watch.poll(seconds * 1000):
                return wire.unpack_up(channel.recv(MAX_MESSAGE)) or CRASHED
        except (OSError, ValueError):  # ended meanwhile: the channel is closed
            return CRASHED
        late = self._waits_until is not None and time.monotonic() >= self._waits_until
        return CRASHED if late else None


def failed(pack: wire.Loaded | None) -> FaceDecision:
    """What a process that failed comes to."""
    return FaceDecision(FaceFault.NO_MODEL, pack.label if pack else "")
