"""A printer on a TCP port (9100, as a rule).

Each errand opens its own connection and closes it: a socket that is left open dies unseen, and
many printers serve one connection at a time.
"""

from __future__ import annotations

import socket
import struct
from typing import ClassVar

from pydantic import Field

from drivers.receipt.link import Wire, library, opened
from drivers.receipt.options import ReceiptOptions
from drivers.receipt.transport import EscposPrinter

_LONGEST = 4096
_ABORT = struct.pack("ii", 1, 0)  # on, no seconds: what is unsent is thrown away


class NetworkOptions(ReceiptOptions):
    host: str = Field(description="the printer's IPv4 address, or a name", pattern=r"^[^\x00]+$")
    port: int = Field(9100, ge=1, le=65535, description="its TCP port for raw data")


class NetworkWire:
    bytes_per_second = 5000

    def __init__(self, host: str, port: int, timeout: float) -> None:
        self._printer = opened(library().Network(host, port, timeout=timeout))
        self._socket: socket.socket = self._printer.device

    def send(self, data: bytes, seconds: float, *, urgent: bool = False) -> int:
        self._socket.settimeout(seconds)
        try:
            return self._socket.send(data)
        except TimeoutError:
            return 0

    def receive(self, seconds: float) -> bytes:
        self._socket.settimeout(seconds)
        try:
            data = self._socket.recv(_LONGEST)
        except (TimeoutError, BlockingIOError):
            return b""
        if not data:
            raise ConnectionResetError("the printer closed the connection")
        return data

    def close(self, *, drop: bool) -> None:
        if drop:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _ABORT)
            self._socket.close()
        self._printer.close()


class EscposNetworkPrinter(EscposPrinter[NetworkOptions]):
    Options: ClassVar[type[NetworkOptions]] = NetworkOptions
    keeps_line = False

    def _open(self) -> Wire:
        return NetworkWire(self._options.host, self._options.port, self._options.timeout)
