"""A printer on a serial line, or on a USB adapter that makes one.

What a line brings in a damaged frame is thrown away. Otherwise a printer that loses its power
would be heard: the break on its line reads as 00h, which is also a good answer to GS r.
"""

from __future__ import annotations

import errno
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import Field

from drivers.receipt import descriptor
from drivers.receipt.link import Wire, library, opened
from drivers.receipt.options import ReceiptOptions
from drivers.receipt.transport import EscposPrinter

_BITS_PER_BYTE = 10  # 8N1
_SLACK = 2  # a line that stops and goes carries half its bytes
_AHEAD = 0.05  # seconds of line time that the host runs ahead of DSR
_POLL = 0.005
_CLOSING_SECONDS = 1.0  # for what the kernel still holds
_NO_MODEM_LINES = (errno.ENOTTY, errno.EINVAL, errno.EIO)


class Flow(StrEnum):
    """How a printer holds the line up when its buffer is full."""

    DSR_DTR = "dsr_dtr"
    RTS_CTS = "rts_cts"  # by hardware alone: a printer that holds up can't be asked why
    XON_XOFF = "xon_xoff"
    NONE = "none"


class SerialOptions(ReceiptOptions):
    port: str = Field(description="the serial device, such as /dev/ttyS0", pattern=r"^[^\x00]+$")
    baud: int = Field(115200, ge=1200, le=921600, description="as the printer's switches say")
    flow: Flow = Field(
        Flow.DSR_DTR,
        description="how the printer holds the line up: dsr_dtr (most printers as they come), "
        "rts_cts, xon_xoff, or none (three wires, slips shorter than its buffer)",
    )


class SerialWire:
    def __init__(self, path: str, baud: int, flow: Flow) -> None:
        self.bytes_per_second = baud // _BITS_PER_BYTE // _SLACK
        self._flow = flow
        self._ahead = max(1, int(baud / _BITS_PER_BYTE * _AHEAD))
        with _translated():
            self._printer = opened(
                library().Serial(path, baud, timeout=0, xonxoff=flow is Flow.XON_XOFF, dsrdtr=False)
            )
            self._port = self._printer.device
            try:
                self._set_up()
            except BaseException:
                self.close(drop=True)
                raise

    def _set_up(self) -> None:
        self._port.exclusive = True
        self._port.rtscts = self._flow is Flow.RTS_CTS
        self._heeds_dsr = self._flow is Flow.DSR_DTR and _has_modem_lines(self._port)
        fd = self._port.fileno()
        attributes = termios.tcgetattr(fd)
        attributes[0] |= termios.IGNBRK | termios.IGNPAR | termios.INPCK
        termios.tcsetattr(fd, termios.TCSANOW, attributes)

    def send(self, data: bytes, seconds: float, *, urgent: bool = False) -> int:
        with _translated():
            if urgent:
                self._let_through()
            elif self._heeds_dsr:
                if not _soon(lambda: self._port.dsr and not self._port.out_waiting, seconds):
                    return 0
                data = data[: self._ahead]
            return descriptor.send(self._port.fileno(), data, seconds)

    def receive(self, seconds: float) -> bytes:
        with _translated():
            return descriptor.receive(self._port.fileno(), seconds)

    def close(self, *, drop: bool) -> None:
        """Without the library's own end, which waits for ever on a line that stands still."""
        self._printer.device = False
        with suppress(OSError, termios.error):
            if not drop:
                _soon(lambda: not self._port.out_waiting, _CLOSING_SECONDS)
            self._port.reset_output_buffer()
        self._port.close()

    def _let_through(self) -> None:
        """The printer has asked for silence, but obeys real-time commands even then.

        Not while a part of a slip waits in the kernel: that must not overrun the printer.
        """
        if self._port.out_waiting:
            return
        if self._flow is Flow.XON_XOFF:
            termios.tcflow(self._port.fileno(), termios.TCOON)


class EscposSerialPrinter(EscposPrinter[SerialOptions]):
    Options: ClassVar[type[SerialOptions]] = SerialOptions

    def _open(self) -> Wire:
        options = self._options
        return SerialWire(options.port, options.baud, options.flow)


@contextmanager
def _translated() -> Iterator[None]:
    """`termios.error` is no `OSError`, but a line that went away raises it."""
    try:
        yield
    except termios.error as error:
        raise OSError(*error.args) from None


def _has_modem_lines(port: Any) -> bool:
    """A pseudo-terminal has none."""
    try:
        return port.dsr is not None
    except OSError as error:
        if error.errno in _NO_MODEM_LINES:
            return False
        raise


def _soon(happens: Callable[[], bool], seconds: float) -> bool:
    until = time.monotonic() + seconds
    while not happens():
        if time.monotonic() >= until:
            return False
        time.sleep(_POLL)
    return True
