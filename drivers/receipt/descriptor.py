"""Timed reads and writes on an open file descriptor that does not block."""

from __future__ import annotations

import os
import select

_LONGEST = 4096


def send(fd: int, data: bytes, seconds: float) -> int:
    """How many bytes were taken; 0: none in that time."""
    if not _ready(fd, select.POLLOUT, seconds):
        return 0
    try:
        return os.write(fd, data)
    except BlockingIOError:
        return 0


def receive(fd: int, seconds: float) -> bytes:
    if not _ready(fd, select.POLLIN, seconds):
        return b""
    try:
        data = os.read(fd, _LONGEST)
    except BlockingIOError:
        return b""
    if not data:
        raise ConnectionResetError("the device is gone")
    return data


def _ready(fd: int, what: int, seconds: float) -> bool:
    """A device that is gone counts as ready: the read or write then says so."""
    poll = select.poll()
    poll.register(fd, what)
    return bool(poll.poll(seconds * 1000))
