"""The mirror's pictures, from the camera to the screen."""

from __future__ import annotations

import threading


class FrameSlot:
    """The newest camera picture, from the camera's thread to the screen.

    All are written to one place, each over the one before; `wipe` overwrites the last.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pixels = bytearray()
        self._frame: tuple[int, int, bytearray] | None = None
        self._serial = 0

    def put(self, width: int, height: int, bgr: bytes | memoryview) -> None:
        """`bgr`: rows from the top, three bytes a pixel, already mirrored for the person."""
        with self._lock:
            if len(self._pixels) != len(bgr):
                self._overwrite()
                self._pixels = bytearray(len(bgr))
            self._pixels[:] = bgr
            self._frame = (width, height, self._pixels)
            self._serial += 1

    def newest(self) -> tuple[int, tuple[int, int, bytearray] | None]:
        """A serial number that grows with each picture, and the picture: not to be kept."""
        with self._lock:
            return self._serial, self._frame

    def wipe(self) -> None:
        with self._lock:
            self._overwrite()
            self._frame = None
            self._serial += 1

    def _overwrite(self) -> None:
        self._pixels[:] = bytes(len(self._pixels))
