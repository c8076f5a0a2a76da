"""Linux input devices: events from bytes, and a device that is grabbed, read and found again.

An event is `struct input_event` of linux/input.h: time as two native longs, type, code, value;
24 bytes on a 64-bit machine. Names of types and codes are those of linux/input-event-codes.h.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import stat
import struct
from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from drivers.bell import Bell

EV_SYN, EV_KEY, EV_MSC = 0, 1, 4
SYN_REPORT, SYN_DROPPED = 0, 3
UP, DOWN, REPEAT = 0, 1, 2  # values of EV_KEY
EVIOCGRAB = 0x40044590  # _IOW('E', 0x90, int)
BY_ID = Path("/dev/input/by-id")
KEYBOARD = "-event-kbd"  # how udev ends the names of keyboards there

_EVENT = struct.Struct("@llHHi")
SIZE = _EVENT.size
_CHUNK = SIZE * 64
_LAST_TYPE, _LAST_CODE = 0x1F, 0x2FF  # EV_MAX, KEY_MAX: the largest of all classes


class InputEvent(NamedTuple):
    type: int
    code: int
    value: int


def events(buffer: bytes) -> tuple[list[InputEvent], bytes]:
    """The whole events of `buffer`, and the bytes of one that is not yet whole.

    What no kernel sends (an unknown type or code) is left out.
    """
    whole = len(buffer) - len(buffer) % SIZE
    found = (InputEvent(*fields[2:]) for fields in _EVENT.iter_unpack(buffer[:whole]))
    known = [one for one in found if one.type <= _LAST_TYPE and one.code <= _LAST_CODE]
    return known, buffer[whole:]


def pack(told: Iterable[InputEvent]) -> bytes:
    """The bytes that a kernel hands over for these events, at time zero."""
    return b"".join(_EVENT.pack(0, 0, *one) for one in told)


class SourceFault(StrEnum):
    """Why a device can't be read."""

    ABSENT = "absent"  # there is no such device, or it went away
    DENIED = "denied"  # it is there, but this program may not open it
    TAKEN = "taken"  # another program has grabbed it
    NO_INPUT = "no_input"  # what is there is no input device


_OF_ERROR: Mapping[int, SourceFault] = MappingProxyType(
    {
        errno.EACCES: SourceFault.DENIED,
        errno.EPERM: SourceFault.DENIED,
        errno.EBUSY: SourceFault.TAKEN,
        errno.ENOTTY: SourceFault.NO_INPUT,
        errno.EINVAL: SourceFault.NO_INPUT,
        errno.EISDIR: SourceFault.NO_INPUT,
    }
)


def find(name: str, folder: Path = BY_ID) -> Path | None:
    """The first keyboard whose name in `folder` has `name` in it, whatever the case."""
    with contextlib.suppress(OSError):
        for path in sorted(folder.iterdir()):
            if path.name.endswith(KEYBOARD) and name.casefold() in path.name.casefold():
                return path
    return None


class EvdevSource:
    """`path`: a node under `/dev/input`, or "" to `find` one by `name` whenever it is opened.

    Grabbed while it is open, so that no keystroke reaches the screen as typing. For one thread,
    except `wake`. Opens by itself, also after the device was unplugged and is back.
    """

    def __init__(self, path: str, name: str = "", folder: Path = BY_ID) -> None:
        self._path = path
        self._name = name
        self._folder = folder
        self._bell = Bell()
        self._file: int | None = None
        self._rest = b""
        self._dropping = False

    def open(self) -> SourceFault | None:
        """Make sure that it is open and still the device that the path names; None: it is."""
        path = Path(self._path) if self._path else find(self._name, self._folder)
        if path is None:
            self.close()
            return SourceFault.ABSENT
        try:
            if self._file is not None and os.path.samestat(os.fstat(self._file), path.stat()):
                return None
            self.close()
            self._file = _opened(path)
        except OSError as error:
            self.close()
            return _OF_ERROR.get(error.errno or 0, SourceFault.ABSENT)
        return None

    def read(self, seconds: float) -> list[InputEvent] | SourceFault:
        """The next events; none after the time or after `wake`. A fault at once, never waited for.

        After the kernel had to drop events comes SYN_DROPPED; those that it makes void are left
        out.
        """
        fault = self.open() if self._file is None else None
        if fault is not None or self._file is None:
            return fault or SourceFault.ABSENT
        if not self._bell.wait(seconds, self._file):
            self._rest = b""  # the kernel hands over whole events: half a one stays so
            return []
        try:
            came = os.read(self._file, _CHUNK)
        except BlockingIOError:
            return []
        except OSError as error:
            self.close()
            return _OF_ERROR.get(error.errno or 0, SourceFault.ABSENT)
        if not came:
            self.close()
            return SourceFault.ABSENT
        found, self._rest = events(self._rest + came)
        return self._certain(found)

    def discard(self) -> SourceFault | None:
        """Throw away what came until now; None: it is open and empty."""
        fault = self.open()
        while fault is None:
            came = self.read(0)
            if isinstance(came, SourceFault):
                return came
            if not came:
                break
        return fault

    def wait(self, seconds: float) -> None:
        """Do nothing for that time, or until `wake`."""
        self._bell.wait(seconds)

    def wake(self) -> None:
        """From any thread: end the wait that is, or the next one."""
        self._bell.ring()

    def close(self) -> None:
        """Let the device go; the next call opens it again."""
        file, self._file = self._file, None
        self._rest, self._dropping = b"", False
        if file is not None:
            os.close(file)

    def end(self) -> None:
        """Let everything go for good."""
        self.close()
        self._bell.close()

    def _certain(self, found: list[InputEvent]) -> list[InputEvent]:
        kept: list[InputEvent] = []
        for one in found:
            if one.type == EV_SYN and one.code == SYN_DROPPED:
                self._dropping = True
                kept.append(one)
            elif not self._dropping:
                kept.append(one)
            elif one.type == EV_SYN and one.code == SYN_REPORT:
                self._dropping = False
        return kept


def _opened(path: Path) -> int:
    """Grabbed. Only what is no character device (a simulator's FIFO) may refuse the grab."""
    file = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        fcntl.ioctl(file, EVIOCGRAB, 1)
    except OSError:
        if stat.S_ISCHR(os.fstat(file).st_mode):
            os.close(file)
            raise
    return file
