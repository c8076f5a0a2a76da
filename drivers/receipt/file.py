"""A printer behind a character device, such as the kernel's `/dev/usb/lp0`.

python-escpos' `File` is not used to open it: it opens for writing only, so that no status could
be read; it waits for ever on a FIFO; and where the printer is unplugged it would make a file of
that name and "print" into it.

A device that can only be written (`answers = "never"`) tells nothing: as long as it can be opened
the printer counts as online with its paper `unknown`, every slip ends `unconfirmed`, and neither
an empty roll nor an open cover is ever seen. A terminal with such a printer says at each slip
that it does not know whether it came out.
"""

from __future__ import annotations

import errno
import os
import stat
import time
from typing import ClassVar

from pydantic import Field

from drivers.receipt import descriptor
from drivers.receipt.link import Wire
from drivers.receipt.options import Answers, ReceiptOptions
from drivers.receipt.transport import EscposPrinter


class FileOptions(ReceiptOptions):
    path: str = Field(
        description="the printer's device, such as /dev/usb/lp0", pattern=r"^[^\x00]+$"
    )


class FileWire:
    bytes_per_second = 5000

    def __init__(self, path: str, *, two_way: bool) -> None:
        access = os.O_RDWR if two_way else os.O_WRONLY
        self._two_way = two_way
        self._fd = os.open(path, access | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        if not _is_device(self._fd):
            self.close(drop=True)
            raise OSError(errno.ENODEV, "not a device")

    def send(self, data: bytes, seconds: float, *, urgent: bool = False) -> int:
        return descriptor.send(self._fd, data, seconds)

    def receive(self, seconds: float) -> bytes:
        if self._two_way:
            return descriptor.receive(self._fd, seconds)
        time.sleep(seconds)
        return b""

    def close(self, *, drop: bool) -> None:
        os.close(self._fd)


class EscposFilePrinter(EscposPrinter[FileOptions]):
    Options: ClassVar[type[FileOptions]] = FileOptions

    def _open(self) -> Wire:
        two_way = self._options.answers is not Answers.NEVER
        return FileWire(self._options.path, two_way=two_way)


def _is_device(fd: int) -> bool:
    mode = os.fstat(fd).st_mode
    return stat.S_ISCHR(mode) or stat.S_ISFIFO(mode)
