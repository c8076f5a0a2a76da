"""Memory that two processes share for pictures: three slots, each for a picture and its small view.

The child writes into a slot that its parent does not hold, then tells it over the channel; until
the parent asks for the next, that slot is left alone. The number in front of a slot is 0 while it
is written, so that a torn picture can't be taken for a whole one.

It has no name in any folder: after a kill nothing is left of it.
"""

from __future__ import annotations

import fcntl
import mmap
import os

import numpy as np
import numpy.typing as npt

Picture = npt.NDArray[np.uint8]  # height x width x 3, BGR
Shape = tuple[int, int]  # height, width

SLOTS = 3  # one held by the parent, one newest, one being written
COLOURS = 3
_HEAD = 8  # bytes of a slot's number
_SEALS = fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL


class Ring:
    """`largest`, `view`: most pixels of a picture and of a view. Pages cost memory once written."""

    def __init__(self, handle: int, largest: int, view: int) -> None:
        self.handle = handle
        self._room = (largest * COLOURS, view * COLOURS)
        self._slot = -(-(_HEAD + sum(self._room)) // mmap.PAGESIZE) * mmap.PAGESIZE
        self._map = mmap.mmap(handle, SLOTS * self._slot)

    @classmethod
    def create(cls, largest: int, view: int) -> Ring:
        """Sealed: a child that shrank it could crash its parent."""
        handle = os.memfd_create("kiosk-pictures", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        try:
            slot = -(-(_HEAD + (largest + view) * COLOURS) // mmap.PAGESIZE) * mmap.PAGESIZE
            os.ftruncate(handle, SLOTS * slot)
            fcntl.fcntl(handle, fcntl.F_ADD_SEALS, _SEALS)
            return cls(handle, largest, view)
        except OSError:
            os.close(handle)
            raise

    def write(self, slot: int, number: int, picture: Picture, view: Picture) -> None:
        self._stamp(slot, 0)
        np.copyto(self._pixels(slot, 0, picture.shape[:2]), picture)
        np.copyto(self._pixels(slot, 1, view.shape[:2]), view)
        self._stamp(slot, number)

    def read(self, slot: int, number: int, part: int, shape: Shape) -> Picture | None:
        """A copy of the picture (part 0) or of its view (1); None when it is not `number`'s."""
        if not self._fits(slot, part, shape) or self._stamped(slot) != number:
            return None
        copy = self._pixels(slot, part, shape).copy()
        return copy if self._stamped(slot) == number else None

    def wipe(self) -> None:
        """Overwrite all that was written. The pages that never were stay unborn."""
        at, end = 0, SLOTS * self._slot
        while at < end:
            try:
                at = os.lseek(self.handle, at, os.SEEK_DATA)
            except OSError:
                return  # nothing but holes from here
            until = os.lseek(self.handle, at, os.SEEK_HOLE)
            np.frombuffer(self._map, np.uint8, until - at, at)[:] = 0
            at = until

    def close(self) -> None:
        self._map.close()
        os.close(self.handle)

    def _fits(self, slot: int, part: int, shape: Shape) -> bool:
        height, width = shape
        return 0 <= slot < SLOTS and 0 < height * width * COLOURS <= self._room[part]

    def _pixels(self, slot: int, part: int, shape: Shape) -> Picture:
        height, width = shape
        at = slot * self._slot + _HEAD + part * self._room[0]
        count = height * width * COLOURS
        return np.frombuffer(self._map, np.uint8, count, at).reshape(height, width, COLOURS)

    def _stamp(self, slot: int, number: int) -> None:
        np.frombuffer(self._map, np.uint64, 1, slot * self._slot)[0] = number

    def _stamped(self, slot: int) -> int:
        return int(np.frombuffer(self._map, np.uint64, 1, slot * self._slot)[0])
