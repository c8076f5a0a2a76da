"""One request and its reply over the serial line. Blocking: for the device's worker thread only."""

from __future__ import annotations

import errno
import termios
import threading
import time
from collections.abc import Mapping
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

_BITS_PER_BYTE = 10  # 8N1
_LONGEST_REPLY = 2321  # bytes
_TICK = 0.02  # seconds that one read waits
_GAP = 0.5  # seconds of silence that end a frame which has begun
_SETTLE = 0.05  # seconds of silence after which a damaged reply is over
_WRITE_SECONDS = 1.0
_HOST_MARGIN = 0.9  # a busy terminal and USB latency are not the reader's silence
_READER_SECONDS: Mapping[Command, float] = MappingProxyType(
    {
        Command.SAM_STATUS: 0.1,
        Command.SAM_ID: 0.1,
        Command.FIND: 0.1,
        Command.SELECT: 0.1,
        Command.READ: 2.0,
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


class SdtLine:
    """Opens `port` when it is needed; closes it when the reader is silent or gone."""

    def __init__(self, port: str, baud: int) -> None:
        self._path = port
        self._baud = baud
        self._port: serial.Serial | None = None
        self._abandoned = threading.Event()

    def exchange(self, command: Command) -> Reply | LineFault:
        """Send `command` and wait for its reply; what came before it is thrown away."""
        if self._abandoned.is_set():
            return LineFault.ABSENT
        try:
            port = self._port = self._port or self._opened()
            port.reset_input_buffer()
            port.write(request(command))
            answer = self._receive(port, command)
            if answer in (LineFault.CHECKSUM, LineFault.CUT_SHORT, LineFault.GARBLED):
                _drain(port)
        except (OSError, termios.error) as error:  # SerialException is an OSError
            self.close()
            denied = isinstance(error, OSError) and error.errno in _DENIALS
            return LineFault.DENIED if denied else LineFault.ABSENT
        if answer is LineFault.SILENT:
            self.close()
        return answer

    def abandon(self) -> None:
        """From any thread: end the exchange that is waiting, and begin no other."""
        self._abandoned.set()

    def close(self) -> None:
        port, self._port = self._port, None
        if port is not None:
            port.close()

    def _opened(self) -> serial.Serial:
        return serial.Serial(
            self._path,
            self._baud,
            timeout=_TICK,
            write_timeout=_WRITE_SECONDS,
            exclusive=True,
        )

    def _receive(self, port: serial.Serial, command: Command) -> Reply | LineFault:
        buffer = b""
        seen = False
        last = time.monotonic()
        wire = _LONGEST_REPLY * _BITS_PER_BYTE / self._baud
        deadline = last + _READER_SECONDS[command] + _HOST_MARGIN + wire
        while time.monotonic() < deadline and not self._abandoned.is_set():
            chunk = port.read(max(1, port.in_waiting))
            if chunk:
                seen, last = True, time.monotonic()
            elif buffer and time.monotonic() - last > _GAP:
                break
            parsed, buffer = parse(buffer + chunk, command)
            while isinstance(parsed, Garbage):
                parsed, buffer = parse(buffer, command)
            if isinstance(parsed, Reply):
                return parsed
            if isinstance(parsed, BadChecksum):
                return LineFault.CHECKSUM
            if isinstance(parsed, BadLength):
                return LineFault.CUT_SHORT
        if parse_end(buffer):
            return LineFault.CUT_SHORT
        return LineFault.GARBLED if seen else LineFault.SILENT


def _drain(port: serial.Serial) -> None:
    """Let the rest of a damaged reply pass, so that the next request does not meet it."""
    end = time.monotonic() + _HOST_MARGIN
    quiet = 0.0
    while quiet < _SETTLE and time.monotonic() < end:
        quiet = 0.0 if port.read(max(1, port.in_waiting)) else quiet + _TICK
