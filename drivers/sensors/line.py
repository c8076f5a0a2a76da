"""One question and its answer on a serial line. For one thread, except `wake`."""

from __future__ import annotations

import errno
import termios
import time
from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

import serial

from drivers.bell import Bell

Answer = TypeVar("Answer")

_WRITE_SECONDS = 1.0
_LONGEST = 512  # bytes of one answer; more is noise
_DENIALS = (errno.EACCES, errno.EPERM, errno.EBUSY, errno.EAGAIN)


class LineFault(StrEnum):
    """Why no answer came."""

    ABSENT = "absent"  # there is no such port, or it went away
    DENIED = "denied"  # the port is there, but not for us: rights, or another program has it
    SILENT = "silent"  # no whole answer within its time


class SerialLine:
    """Opens `port` when it is needed, for itself alone; closes it when it is silent or gone."""

    def __init__(self, port: str, baud: int, parity: str = "N") -> None:
        self._path = port
        self._baud = baud
        self._parity = parity
        self._port: serial.Serial | None = None
        self._bell = Bell()

    def ask(
        self, question: bytes, understand: Callable[[bytes], Answer | None], seconds: float
    ) -> Answer | LineFault:
        """What `understand` makes of the bytes that come back; None there: not whole yet."""
        try:
            port = self._port = self._port or self._opened()
            port.reset_input_buffer()
            port.write(question)
            answer = self._received(port, understand, seconds)
        except (OSError, termios.error) as error:  # SerialException is an OSError
            self.close()
            denied = isinstance(error, OSError) and error.errno in _DENIALS
            return LineFault.DENIED if denied else LineFault.ABSENT
        if answer is LineFault.SILENT:
            self.close()
        return answer

    def rest(self, seconds: float) -> None:
        self._bell.wait(seconds)

    def wake(self) -> None:
        """From any thread: end the wait that is, or the next one."""
        self._bell.ring()

    def end(self) -> None:
        """Let everything go for good."""
        self.close()
        self._bell.close()

    def close(self) -> None:
        """Let the port go; the next question opens it again."""
        port, self._port = self._port, None
        if port is not None:
            port.close()

    def _opened(self) -> serial.Serial:
        return serial.Serial(
            self._path,
            self._baud,
            parity=self._parity,
            timeout=0,
            write_timeout=_WRITE_SECONDS,
            exclusive=True,
        )

    def _received(
        self, port: serial.Serial, understand: Callable[[bytes], Answer | None], seconds: float
    ) -> Answer | LineFault:
        buffer = b""
        end = time.monotonic() + seconds
        while len(buffer) < _LONGEST and self._bell.wait(end - time.monotonic(), port.fileno()):
            buffer += port.read(_LONGEST)
            answer = understand(buffer)
            if answer is not None:
                return answer
        return LineFault.SILENT
