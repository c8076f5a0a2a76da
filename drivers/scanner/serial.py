"""A scanner on a serial line: RS-232, or USB that looks like it."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import termios
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import ClassVar, Self

import serial
from pydantic import Field

from drivers import options
from drivers.bell import Bell
from drivers.options import Site
from drivers.scanner.frames import Framing, Piece, pieces
from drivers.scanner.status import ScannerFault
from drivers.scanner.text import Charset, code
from drivers.scanner.transport import LineScanner

_CHUNK = 4096
_OF_ERROR: Mapping[int, ScannerFault] = MappingProxyType(
    {
        errno.EACCES: ScannerFault.DENIED,
        errno.EPERM: ScannerFault.DENIED,
        errno.EBUSY: ScannerFault.TAKEN,
        errno.EAGAIN: ScannerFault.TAKEN,
        errno.ENOTTY: ScannerFault.WRONG_DEVICE,
    }
)


class SerialOptions(options.Options):
    port: str = Field(min_length=1, description="the scanner's serial line, e.g. /dev/ttyACM0")
    baud: int = Field(9600, ge=300, le=4_000_000, description="speed; USB scanners ignore it")
    framing: Framing = Field(
        Framing.LINE,
        description="what ends a code: line (CR, LF or both), stx_etx (a frame), silence (a pause)",
    )
    idle_seconds: float = Field(
        0.1, ge=0.02, le=2, description="a pause that no code has inside: what began is over"
    )
    charset: Charset = Field(
        Charset.AUTO, description="of the codes: auto (UTF-8, else GB18030), utf-8, gb18030"
    )
    aim: bool = Field(True, description="understand the AIM prefix (]Q1) if the scanner sends it")


class SerialWire:
    def __init__(self, port: str, baud: int, framing: Framing) -> None:
        self._path = port
        self._baud = baud
        self._framing = framing
        self._bell = Bell()
        self._port: serial.Serial | None = None

    def open(self) -> ScannerFault | None:
        try:
            there = Path(self._path).stat()
            if not stat.S_ISCHR(there.st_mode):
                self._let_go()
                return ScannerFault.WRONG_DEVICE
            if self._port is not None and os.path.samestat(os.fstat(self._port.fileno()), there):
                return None
            self._let_go()
            self._port = serial.Serial(self._path, self._baud, timeout=0, exclusive=True)
        except (OSError, termios.error) as error:  # SerialException is an OSError
            return self._lost(error)
        return None

    def read(self, seconds: float) -> Sequence[Piece] | ScannerFault | None:
        if self._port is None and (fault := self.open()) is not None:
            return fault
        if self._port is None or not self._bell.wait(seconds, self._port.fileno()):
            return None
        try:
            return list(pieces(self._port.read(_CHUNK), self._framing))
        except (OSError, termios.error) as error:
            return self._lost(error)

    def wait(self, seconds: float) -> None:
        self._bell.wait(seconds)

    def wake(self) -> None:
        self._bell.ring()

    def close(self) -> None:
        self._let_go()
        self._bell.close()

    def _lost(self, error: Exception) -> ScannerFault:
        self._let_go()
        number = error.errno if isinstance(error, OSError) else error.args[0]
        return _OF_ERROR.get(number or 0, ScannerFault.NOT_CONNECTED)

    def _let_go(self) -> None:
        port, self._port = self._port, None
        if port is not None:
            with contextlib.suppress(OSError):
                port.close()


class SerialScanner(LineScanner):
    Options: ClassVar[type[SerialOptions]] = SerialOptions

    @classmethod
    def build(cls, options: SerialOptions, site: Site) -> Self:
        wire = SerialWire(options.port, options.baud, options.framing)
        understand = partial(code, aim=options.aim, charset=options.charset)
        return cls(wire, options.framing, options.idle_seconds, understand)
