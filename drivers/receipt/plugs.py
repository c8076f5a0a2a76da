"""How the simulated printer is connected: a TCP port, or a serial line (a pseudo-terminal)."""

from __future__ import annotations

import errno
import os
import pty
import select
import socket
import time
import tty
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from drivers.receipt.engine import Engine

_LONGEST = 65536
_LOW_ROOM = 128  # bytes at which XOFF is sent
_XON, _XOFF = b"\x11", b"\x13"


class Plug(Protocol):
    def start(self) -> None: ...

    def on(self) -> None:
        """Power and cable are there (called again and again)."""

    def off(self) -> None:
        """The power failed."""

    def pull(self) -> None:
        """The cable is out."""

    def serve(self, engine: Engine, seconds: float) -> None:
        """Carry bytes both ways; wait at most that long for some."""

    def stop(self) -> None: ...


class TcpPlug:
    """One connection is served at a time. `port` 0 takes a free one."""

    def __init__(self, port: int = 0) -> None:
        self._wanted_port = port
        self._keeper: socket.socket | None = None
        self._listener: socket.socket | None = None
        self._connection: socket.socket | None = None

    @property
    def port(self) -> int:
        assert self._keeper is not None, "not started"
        return int(self._keeper.getsockname()[1])

    def start(self) -> None:
        # Holds the port while the power is off, so that nobody else gets it.
        self._keeper = _bound(self._wanted_port)
        self.on()

    def on(self) -> None:
        if self._listener is None:
            self._listener = _bound(self.port)
            self._listener.listen()

    def off(self) -> None:
        self._hang_up()
        self.pull()

    def pull(self) -> None:
        """A connection stays, and nothing comes through."""
        if self._listener:
            self._listener.close()
        self._listener = None

    def stop(self) -> None:
        self.off()
        if self._keeper:
            self._keeper.close()

    def serve(self, engine: Engine, seconds: float) -> None:
        waiting = self._connection or self._listener
        if waiting is None or (self._connection and not engine.room):
            time.sleep(seconds)
        elif select.select([waiting], [], [], seconds)[0]:
            self._read(engine)
        try:
            data = engine.due(time.monotonic())
            if data and self._connection:
                self._connection.sendall(data)
        except OSError:
            self._gone(engine)

    def _read(self, engine: Engine) -> None:
        if self._connection is None:
            assert self._listener is not None
            self._connection, _ = self._listener.accept()
            self._connection.settimeout(1)
            return
        try:
            data = self._connection.recv(min(_LONGEST, engine.room))
        except OSError:
            data = b""
        if data:
            engine.take(data, time.monotonic())
        else:
            self._gone(engine)

    def _gone(self, engine: Engine) -> None:
        self._hang_up()
        engine.hang_up()

    def _hang_up(self) -> None:
        if self._connection:
            self._connection.close()
        self._connection = None


class PtyPlug:
    """`path` is a link to the terminal. Bytes come at the speed of `baud`; 0: as they are sent.

    With `xon_xoff` the printer holds the line up; without, bytes beyond its buffer are lost.
    A pseudo-terminal has no modem lines, so DSR and CTS can't be shown here.
    """

    def __init__(self, path: Path, baud: int = 0, *, xon_xoff: bool = False) -> None:
        self._path = path
        self._bytes_per_second = baud / 10
        self._xon_xoff = xon_xoff
        self._master: int | None = None
        self._held_up = False
        self._credit = 0.0
        self._counted = time.monotonic()

    def start(self) -> None:
        self.on()

    def on(self) -> None:
        if self._master is None:
            self._master, slave = pty.openpty()
            tty.setraw(slave)
            os.set_blocking(self._master, False)
            temporary = self._path.with_name(f".{self._path.name}.tmp")
            temporary.unlink(missing_ok=True)
            temporary.symlink_to(os.ttyname(slave))
            temporary.replace(self._path)
            os.close(slave)
            self._held_up = False

    def off(self) -> None:
        self.pull()

    def pull(self) -> None:
        """As when a USB adapter is pulled: the terminal is gone."""
        if self._master is not None:
            self._path.unlink(missing_ok=True)
            os.close(self._master)
        self._master = None

    def stop(self) -> None:
        self.pull()

    def serve(self, engine: Engine, seconds: float) -> None:
        assert self._master is not None
        started = time.monotonic()
        data = self._read(min(seconds, 0.005) if self._bytes_per_second else seconds)
        now = time.monotonic()
        if data:
            engine.take(data if self._xon_xoff else data[: engine.room], now)
        elif now - started < seconds / 2:
            time.sleep(min(seconds, 0.005))  # nobody has it open, or the line is slow
        self._hold_up(engine)
        self._write(engine.due(now))

    def _read(self, seconds: float) -> bytes:
        assert self._master is not None
        longest = self._allowed()
        if longest < 1 or not select.select([self._master], [], [], seconds)[0]:
            return b""
        try:
            data = os.read(self._master, longest)
        except OSError as error:
            if error.errno not in (errno.EIO, errno.EAGAIN):  # EIO: nobody has it open
                raise
            return b""
        self._credit -= len(data)
        return data

    def _allowed(self) -> int:
        """How many bytes the line can have carried by now; it saves up none while it is idle."""
        now = time.monotonic()
        self._credit += (now - self._counted) * self._bytes_per_second
        self._credit = min(self._credit, max(1.0, 0.02 * self._bytes_per_second))
        self._counted = now
        return int(self._credit) if self._bytes_per_second else _LONGEST

    def _hold_up(self, engine: Engine) -> None:
        if not self._xon_xoff:
            return
        low = engine.room < _LOW_ROOM
        if low != self._held_up:
            self._held_up = low
            self._write(_XOFF if low else _XON)

    def _write(self, data: bytes) -> None:
        if data and self._master is not None:
            with suppress(OSError):
                os.write(self._master, data)


def _bound(port: int) -> socket.socket:
    bound = socket.socket()
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind(("127.0.0.1", port))
    return bound
