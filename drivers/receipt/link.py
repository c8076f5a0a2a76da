"""One connection to a receipt printer, opened for one errand. Blocking; for a worker thread.

python-escpos carries the bytes. Its own status calls are not used: they take silence for
"paper adequate" and know neither cover nor cutter.
"""

from __future__ import annotations

import os
import shutil
import time
from contextlib import suppress
from functools import cache
from types import TracebackType
from typing import TYPE_CHECKING, Self

from drivers.receipt.escpos import CLEAR_BUFFERS
from drivers.receipt.status import REPLIES, is_buffered, is_real_time, understand
from kiosk.model import DeviceStatus

if TYPE_CHECKING:
    from escpos.printer import Network

_FLOW_CONTROL = (0x11, 0x13)  # XON, XOFF
_CLEARED = b"\x37\x25\x00"  # the answer to CLEAR_BUFFERS
_CLEAR_SECONDS = 0.5
_QUIET_SECONDS = 0.1


class Link:
    """Raises `OSError` when the printer can't be reached or the connection breaks."""

    def __init__(self, host: str, port: int, timeout: float) -> None:
        self._timeout = timeout
        self._printer = _open(host, port, timeout)
        self.done = False  # the answer to GS r has come

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._printer.close()

    def send(self, data: bytes) -> None:
        self._printer.device.settimeout(self._timeout)
        self._printer._raw(data)

    def status(self) -> DeviceStatus:
        """Ask all four; a printer that leaves one unanswered is not asked further."""
        replies: dict[int, bytes] = {}
        for n in REPLIES:
            replies[n] = self.ask(n)
            if not replies[n]:
                break
        return understand(replies)

    def ask(self, n: int) -> bytes:
        """The reply to DLE EOT `n`, whatever its form; empty when none came in time.

        The buffered answer may come in between: it is noted in `done`.
        """
        self.send(b"\x10\x04%c" % n)
        until = time.monotonic() + self._timeout
        while (byte := self._byte(until)) is not None:
            if is_real_time(byte) or not self._expected(byte):
                return bytes([byte])
        return b""

    def wait_done(self, seconds: float) -> bool:
        """Has the buffered answer come, within that time?"""
        until = time.monotonic() + seconds
        while not self.done and (byte := self._byte(until)) is not None:
            self._expected(byte)
        return self.done

    def forget_answers(self) -> None:
        """Those to questions that were asked one after the other also come so."""
        until = time.monotonic() + _QUIET_SECONDS
        while self._byte(until) is not None:
            pass
        self.done = False

    def clear(self) -> None:
        """Ask the printer to forget what it has not printed; one that can't says nothing."""
        with suppress(OSError):
            self.send(CLEAR_BUFFERS)
            until = time.monotonic() + _CLEAR_SECONDS
            for _ in _CLEARED:
                if self._byte(until) is None:
                    break

    def _expected(self, byte: int) -> bool:
        if is_buffered(byte):
            self.done = True
        return is_buffered(byte) or byte in _FLOW_CONTROL

    def _byte(self, until: float) -> int | None:
        """One byte; None when the time is over."""
        left = until - time.monotonic()
        if left <= 0:
            return None
        self._printer.device.settimeout(left)
        try:
            data: bytes = self._printer.device.recv(1)
        except TimeoutError:
            return None
        if not data:
            raise ConnectionResetError("the printer closed the connection")
        return data[0]


@cache
def _sweep_up() -> None:
    """python-escpos makes a temporary folder at each import, and leaves it behind."""
    from escpos import capabilities

    if "ESCPOS_CAPABILITIES_PICKLE_DIR" not in os.environ:
        shutil.rmtree(capabilities.pickle_dir, ignore_errors=True)


def _open(host: str, port: int, timeout: float) -> Network:
    """A new object each time: one that failed to open never tries again."""
    from escpos.exceptions import DeviceNotFoundError
    from escpos.printer import Network

    _sweep_up()

    printer = Network(host, port, timeout=timeout)
    try:
        printer.open()
    except DeviceNotFoundError as error:
        raise ConnectionRefusedError("the printer cannot be reached") from error
    return printer
