"""A camera's pictures from a process of their own; see `grabber` for what is promised.

A source that hangs, crashes or vanishes costs this program nothing: its process is killed, what
it had in memory goes with it, and the memory it shared is overwritten.
"""

from __future__ import annotations

import contextlib
import select
import socket
import threading
import time

from drivers.camera.ring import Picture, Ring
from drivers.camera.wire import NEXT, End, Mode, Offer, Order, unpack
from drivers.process import MAX_MESSAGE, Process, Spare

__all__ = ["End", "Mode", "Picture", "ProcessGrabber", "camera_process"]

ENTRY = "drivers.camera.child:serve"
OPENER = "drivers.camera.source:open_source"
START_SECONDS = 15.0  # until a process that is only starting has imported OpenCV
GRACE_SECONDS = 0.5  # for the source to be let go in good order
_PICTURE, _VIEW = 0, 1


def camera_process() -> Spare:
    """Keeps one process ready for a `ProcessGrabber`, no device open: saves its start."""
    return Spare(ENTRY)


class ProcessGrabber:
    """One use of a source: started once, halted once. Pictures are taken by one thread.

    `opener`: "module:function" in the child, from (source, `Mode`) to a `source.Source` or None.
    """

    def __init__(
        self, source: str, mode: Mode, *, opener: str = OPENER, spare: Spare | None = None
    ) -> None:
        self._order = Order(opener, source, mode)
        self._mode = mode
        self._spare = spare
        self._lock = threading.Lock()  # the ring is not wiped while it is read
        self._end: End | None = None
        self._gone = threading.Event()
        self._process: Process | None = None
        self._ring: Ring | None = None
        self._patience = START_SECONDS
        self._waits_since = 0.0
        self._asked = self._flowing = False
        self._offer: Offer | None = None
        self._taken = 0

    def start(self) -> None:
        """Returns when the process runs; the source is opened over there."""
        view = self._mode.view
        if self.ended:
            return  # halted already
        try:
            self._ring = Ring.create(self._mode.largest, view[0] * view[1])
            self._process = Process(ENTRY) if self._spare is None else self._spare.take()
            socket.send_fds(
                self._process.channel,
                [self._order.pack()],
                [self._ring.handle],
                socket.MSG_NOSIGNAL,
            )
        except OSError:
            self._finish(End.CRASHED)
        self._waits_since = time.monotonic()

    def take(self, seconds: float) -> Picture | None:
        """The newest picture (a copy) that was not yet taken; None if none comes in that time."""
        return self._copy(_PICTURE) if self._await_next(seconds) else None

    def look(self, seconds: float) -> Picture | None:
        """As `take`, but small: within `Mode.view`. `still` has the same picture in full."""
        return self._copy(_VIEW) if self._await_next(seconds) else None

    def still(self) -> Picture | None:
        """The picture that `look` or `take` gave last, in full size."""
        return self._copy(_PICTURE)

    @property
    def ended(self) -> bool:
        """No more pictures will come: not opened, failed, silent for too long, or halted."""
        return self._end is not None

    @property
    def end(self) -> End | None:
        """Why."""
        return self._end

    @property
    def taken(self) -> int:
        """Pictures so far."""
        return self._taken

    def halt(self) -> None:
        """Let the source go; the process is killed if it does not. Does not wait."""
        self._finish(End.HALTED)

    def released(self, seconds: float) -> bool:
        """Wait until the process is gone and its pictures are overwritten; False: not yet."""
        return self._gone.wait(seconds)

    @property
    def pid(self) -> int | None:
        return None if self._process is None else self._process.pid

    def _await_next(self, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while not self.ended:
            self._ask()
            message = self._receive(min(deadline, self._waits_since + self._patience))
            if message is not None:
                if self._take_in(unpack(message) if message else End.CRASHED):
                    return True
            elif time.monotonic() >= self._waits_since + self._patience:
                self._finish(End.SILENT)
            elif time.monotonic() >= deadline:
                return False
        return False

    def _ask(self) -> None:
        if self._asked or self._process is None:
            return
        self._asked, self._offer = True, None
        with contextlib.suppress(OSError):  # `_receive` will see that it has ended
            self._process.channel.send(NEXT, socket.MSG_NOSIGNAL)
        if self._flowing:
            self._waits_since = time.monotonic()

    def _receive(self, deadline: float) -> bytes | None:
        """The next message; None when none came in time, b"" when none will come."""
        if self._process is None:
            return b""
        channel = self._process.channel
        try:
            watch = select.poll()
            watch.register(channel, select.POLLIN)
            if watch.poll(max(0.0, deadline - time.monotonic()) * 1000):
                return _last_words(channel)
        except (OSError, ValueError):  # halted meanwhile: the channel is closed
            return b""
        return None

    def _take_in(self, told: Offer | End | None) -> bool:
        """True: a picture is there."""
        self._waits_since = time.monotonic()
        if isinstance(told, Offer):
            self._offer, self._asked, self._flowing = told, False, True
            self._patience = self._mode.read_seconds
            self._taken += 1
            return True
        if told is None:
            self._patience = self._mode.open_seconds
        else:
            self._finish(told)
        return False

    def _copy(self, part: int) -> Picture | None:
        with self._lock:
            ring, offer = self._ring, self._offer
            if ring is None or offer is None:
                return None
            shape = offer.picture if part == _PICTURE else offer.view
            copy = ring.read(offer.slot, offer.number, part, shape)
        if copy is None:
            self._finish(End.CRASHED)
        return copy

    def _finish(self, end: End) -> None:
        """Only the first end counts. What is left of the process is cleared away beside."""
        with self._lock:
            if self._end is not None:
                return
            self._end = end
        threading.Thread(target=self._release, name="camera-release", daemon=True).start()

    def _release(self) -> None:
        process = self._process
        in_order = self._end not in (End.SILENT, End.CRASHED)
        gone = process is None or process.end(GRACE_SECONDS if in_order else 0)
        with self._lock:
            ring, self._ring = self._ring, None
            if ring is not None:
                ring.wipe()  # also if the child hangs in the kernel: killed, it writes no more
                ring.close()
        if process is not None and not gone:
            process.gone(None)
        self._gone.set()


def _last_words(channel: socket.socket) -> bytes:
    """The next message. A process that ends before it has read our last one leaves an error on the
    channel, in front of what it said itself."""
    try:
        return channel.recv(MAX_MESSAGE)
    except ConnectionResetError:
        return channel.recv(MAX_MESSAGE)
