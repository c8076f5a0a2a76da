"""One request and its reply over the serial line. Blocking: for the device's worker thread only."""

from __future__ import annotations

import contextlib
import errno
import termios
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

import serial

from drivers.idcard.frames import (
    BadChecksum,
    BadLength,
    Command,
    Garbage,
    Reply,
    parse,
    parse_end,
    request,
)

BITS_PER_BYTE = 10  # 8N1
_LONGEST_REPLY: Mapping[Command, int] = MappingProxyType(  # bytes
    {Command.READ: 1295, Command.READ_FINGERS: 2321}
)
_SHORT_REPLY = 100
_TICK = 0.02  # seconds that one read waits
_GAP = 0.5  # seconds of silence that end a frame which has begun
_SETTLE = 0.05  # seconds of silence after which a damaged reply is over
_WRITE_SECONDS = 1.0
_HOST_MARGIN = 0.9  # a busy terminal and USB latency are not the reader's silence
_SHORT_SECONDS = 0.1  # for what needs no card's memory
_READER_SECONDS: Mapping[Command, float] = MappingProxyType(
    {
        Command.RESET: 1.0,
        Command.READ: 2.0,
        Command.READ_FINGERS: 3.0,
        Command.READ_ADDRESS: 1.5,
    }
)
_DENIALS = (errno.EACCES, errno.EPERM, errno.EBUSY, errno.EAGAIN)


class LineFault(StrEnum):
    """Why no reply came."""

    ABSENT = "absent"  # there is no such port, or it went away
    DENIED = "denied"  # the port is there, but not for us: rights, or another program has it
    SILENT = "silent"  # not one byte within the command's time
    GARBLED = "garbled"  # bytes, but no frame
    CHECKSUM = "checksum"
    CUT_SHORT = "cut_short"


_DAMAGED = (LineFault.CHECKSUM, LineFault.CUT_SHORT, LineFault.GARBLED)


@dataclass
class _Asked:
    """A request whose reply has not yet ended. Times are those of `time.monotonic`."""

    command: Command
    deadline: float
    last: float  # when the last byte came, or the request went out
    buffer: bytes = b""
    seen: bool = False


class SdtLine:
    """Opens `path` when it is needed; closes it when the reader is silent or gone.

    Each call takes `stop`: set from any thread, it ends the call within a tick. The reply that
    such a call has left behind is taken off the line before anything else is asked.
    """

    def __init__(self, path: str, baud: int) -> None:
        self._path = path
        self._baud = baud
        self._port: serial.Serial | None = None
        self._asked: _Asked | None = None

    @property
    def baud(self) -> int:
        return self._baud

    def retune(self, baud: int) -> None:
        """Let the port run at another rate, from the next request on."""
        if baud != self._baud:
            self._baud = baud
            self.close()

    def exchange(
        self, command: Command, stop: threading.Event, margin: float = _HOST_MARGIN
    ) -> Reply | LineFault:
        """Send `command` and wait for its reply; what came before it is thrown away.

        `margin`: seconds that the reply may come later than the protocol allows.
        """
        if stop.is_set():
            return LineFault.ABSENT
        try:
            port = self._port = self._port or self._opened()
            if self._asked and self._receive(port, self._asked, stop) in _DAMAGED:
                _drain(port)
            answer = self._ask(port, command, stop, margin)
            if answer in _DAMAGED:
                _drain(port)
        except (OSError, termios.error) as error:  # SerialException is an OSError
            self.close()
            denied = isinstance(error, OSError) and error.errno in _DENIALS
            return LineFault.DENIED if denied else LineFault.ABSENT
        if answer is LineFault.SILENT:
            self.close()
        return answer

    def close(self) -> None:
        port, self._port, self._asked = self._port, None, None
        if port is not None:
            port.close()

    def _opened(self) -> serial.Serial:
        port = serial.Serial(
            self._path,
            self._baud,
            timeout=_TICK,
            write_timeout=_WRITE_SECONDS,
            exclusive=True,
        )
        # Some USB adapters hold the end of each reply back for 16 ms otherwise; others can't tell.
        with contextlib.suppress(ValueError, OSError):
            port.set_low_latency_mode(True)
        return port

    def _ask(
        self, port: serial.Serial, command: Command, stop: threading.Event, margin: float
    ) -> Reply | LineFault:
        if stop.is_set():
            return LineFault.ABSENT
        port.reset_input_buffer()
        port.write(request(command))
        now = time.monotonic()
        wire = _LONGEST_REPLY.get(command, _SHORT_REPLY) * BITS_PER_BYTE / self._baud
        patience = _READER_SECONDS.get(command, _SHORT_SECONDS) + margin + wire
        self._asked = _Asked(command, now + patience, last=now)
        return self._receive(port, self._asked, stop)

    def _receive(
        self, port: serial.Serial, asked: _Asked, stop: threading.Event
    ) -> Reply | LineFault:
        while time.monotonic() < asked.deadline:
            if stop.is_set():
                return LineFault.ABSENT
            chunk = port.read(max(1, port.in_waiting))
            if chunk:
                asked.seen, asked.last = True, time.monotonic()
            elif asked.buffer and time.monotonic() - asked.last > _GAP:
                break
            answer = _take(asked, chunk)
            if answer:
                self._asked = None
                return answer
        self._asked = None
        if parse_end(asked.buffer):
            return LineFault.CUT_SHORT
        return LineFault.GARBLED if asked.seen else LineFault.SILENT


def _take(asked: _Asked, chunk: bytes) -> Reply | LineFault | None:
    """What `chunk` completes; None while it is not over."""
    parsed, asked.buffer = parse(asked.buffer + chunk, asked.command)
    while isinstance(parsed, Garbage):
        parsed, asked.buffer = parse(asked.buffer, asked.command)
    if isinstance(parsed, Reply):
        return parsed
    if isinstance(parsed, BadChecksum):
        return LineFault.CHECKSUM
    return LineFault.CUT_SHORT if isinstance(parsed, BadLength) else None


def _drain(port: serial.Serial) -> None:
    """Let the rest of a damaged reply pass, so that the next request does not meet it."""
    end = time.monotonic() + _HOST_MARGIN
    quiet = 0.0
    while quiet < _SETTLE and time.monotonic() < end:
        quiet = 0.0 if port.read(max(1, port.in_waiting)) else quiet + _TICK
