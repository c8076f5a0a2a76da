"""A process of our own for a library that may hang or crash: it can be killed, a thread can't.

The child is a fresh interpreter: it inherits no memory, no sockets and no descriptors but its
channel. It dies with this process, however that ends: the kernel kills it when the other end of
its lifeline closes, even if its library holds the interpreter's lock.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

KILL_SECONDS = 2.0  # a killed process that is not gone by then hangs in the kernel
MAX_MESSAGE = 4096  # bytes of one message on the channel
_PR_SET_DUMPABLE = 4


class Process:
    """`entry`: "module:function"; it is called in the child with its end of the channel.

    The channel keeps messages whole, can carry descriptors, and ends (b"") with either side.
    """

    def __init__(self, entry: str) -> None:
        """Started when this returns, or `OSError`; the child may still be importing."""
        self.channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        kept, self._lifeline = os.pipe()
        given = (theirs.fileno(), kept)
        try:
            self._child = subprocess.Popen(
                [sys.executable, "-P", "-m", __name__, entry, *map(str, given)],
                pass_fds=given,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,  # libraries print what they like
                env={**os.environ, "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path))},
                start_new_session=True,  # an interrupt at a keyboard is the parent's
            )
        except OSError:
            self._let_go()
            raise
        finally:
            theirs.close()
            os.close(kept)

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def alive(self) -> bool:
        return self._child.poll() is None

    @property
    def exit_code(self) -> int | None:
        """As `subprocess` has it: negative for a signal, None while it lives."""
        return self._child.poll()

    def end(self, grace: float) -> bool:
        """Close the channel, wait `grace` seconds, kill. False: it hangs in the kernel."""
        self.hang_up()
        if not self.gone(grace):
            self._child.kill()
        return self.gone(KILL_SECONDS)

    def hang_up(self) -> None:
        """End the channel for both sides; whoever waits at it wakes."""
        try:
            self.channel.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # it has ended already

    def gone(self, seconds: float | None) -> bool:
        """Wait for its end (None: for ever); then nothing of it is left."""
        if self._child.poll() is None and not self._wait(seconds):
            return False
        self._child.wait()
        self._let_go()
        return True

    def _wait(self, seconds: float | None) -> bool:
        """To the moment: `Popen.wait` would look now and then."""
        handle = os.pidfd_open(self.pid)
        try:
            watch = select.poll()
            watch.register(handle, select.POLLIN)
            return bool(watch.poll(None if seconds is None else seconds * 1000))
        finally:
            os.close(handle)

    def _let_go(self) -> None:
        self.channel.close()
        lifeline, self._lifeline = self._lifeline, -1
        if lifeline >= 0:
            os.close(lifeline)


class Backoff:
    """How long to wait before the next try: nothing at first, then twice as long each time."""

    def __init__(
        self, first: float = 0.5, last: float = 30.0, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._first, self._last, self._now = first, last, now
        self._pause = 0.0
        self._not_before = 0.0

    @property
    def wait(self) -> float:
        """Seconds from now until the next try may be made."""
        return max(0.0, self._not_before - self._now())

    def failed(self) -> None:
        self._pause = min(self._last, max(self._first, 2 * self._pause))
        self._not_before = self._now() + self._pause

    def worked(self) -> None:
        self._pause = self._not_before = 0.0


class Spare:
    """One process that has imported what it needs, and sleeps until it is taken. Thread-safe."""

    def __init__(self, entry: str) -> None:
        self._entry = entry
        self._lock = threading.Lock()
        self._ready: Process | None = None
        self._backoff = Backoff()
        self._closed = False

    def prepare(self) -> None:
        """Start one if none is there; one that dies again and again is not started at once."""
        with self._lock:
            if self._ready is not None and not self._ready.alive:
                self._ready.end(0)
                self._ready = None
                self._backoff.failed()
            if self._ready is None and not self._closed and not self._backoff.wait:
                try:
                    self._ready = Process(self._entry)
                except OSError:
                    self._backoff.failed()

    def take(self) -> Process:
        """The one that is ready, or a new one; `OSError` when none can be started."""
        with self._lock:
            ready, self._ready = self._ready, None
            self._backoff.worked()
        if ready is not None and ready.alive:
            return ready
        if ready is not None:
            ready.end(0)
        return Process(self._entry)

    def close(self) -> None:
        with self._lock:
            self._closed = True
            if self._ready is not None:
                self._ready.end(0)
                self._ready = None


# ---- The child -------------------------------------------------------------------------------


def resolve(name: str) -> Any:
    """What "module:attribute" names."""
    module, _, attribute = name.partition(":")
    return getattr(import_module(module), attribute)


def main(entry: str, channel: str, lifeline: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _live_no_longer_than(int(lifeline))
    ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)  # a core file would hold pictures
    with socket.socket(fileno=int(channel)) as end:
        resolve(entry)(end)
    os._exit(0)  # a library's own clean-up may hang; the kernel's does not


def _live_no_longer_than(lifeline: int) -> None:
    """Have the kernel kill this process when the pipe's other end closes."""
    fcntl.fcntl(lifeline, fcntl.F_SETSIG, signal.SIGKILL)
    fcntl.fcntl(lifeline, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(lifeline, fcntl.F_SETFL, fcntl.fcntl(lifeline, fcntl.F_GETFL) | os.O_ASYNC)
    watch = select.poll()
    watch.register(lifeline, 0)
    if watch.poll(0):  # it closed before the kernel was told
        os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
