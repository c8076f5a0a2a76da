"""Sources that a real camera should not be: openers for `ProcessGrabber`, run in its process."""

from __future__ import annotations

import ctypes
import os
import time
from collections.abc import Callable

import cv2
import numpy as np

from drivers.camera.ring import Picture
from drivers.camera.source import Source
from drivers.camera.wire import Mode

GOOD = 4  # pictures that come before the trouble


class Painted:
    """Grey pictures, each in one level of its own; after `count` of them something happens."""

    def __init__(
        self,
        mode: Mode,
        then: Callable[[], object] = lambda: False,
        count: float = GOOD,
        pause: float = 0.02,
    ) -> None:
        self._shape = (mode.height, mode.width, 3)
        self._then = then
        self._left = count
        self._pause = pause
        self._level = 0

    def grab(self) -> bool:
        time.sleep(self._pause)
        self._left -= 1
        return self._left >= 0 or bool(self._then())

    def picture(self) -> Picture | None:
        self._level = self._level % 250 + 1
        return np.full(self._shape, self._level, np.uint8)

    def release(self) -> None:
        pass


def hang() -> None:
    """As a bad library does: for ever, and without giving up the interpreter's lock."""
    ctypes.PyDLL(None).pause()


def segfault() -> None:
    ctypes.string_at(0)


def endless(_source: str, mode: Mode) -> Source:
    return Painted(mode, count=float("inf"))


def fast(_source: str, mode: Mode) -> Source:
    return Painted(mode, count=float("inf"), pause=0)


def ends(_source: str, mode: Mode) -> Source:
    return Painted(mode)


def hangs_in_open(_source: str, _mode: Mode) -> None:
    hang()


def hangs_in_read(_source: str, mode: Mode) -> Source:
    return Painted(mode, hang)


def aborts_in_open(_source: str, _mode: Mode) -> None:
    os.abort()


def crashes_in_read(_source: str, mode: Mode) -> Source:
    return Painted(mode, segfault)


def fails_in_open(_source: str, _mode: Mode) -> None:
    raise ValueError("a defect")


def cv_error_in_read(_source: str, mode: Mode) -> Source:
    return Painted(mode, lambda: cv2.cvtColor(np.zeros(3, np.uint8), cv2.COLOR_BGR2GRAY))


def grows(_source: str, mode: Mode) -> Source:
    hoard: list[Picture] = []

    def more() -> bool:
        hoard.append(np.ones(64 << 20, np.uint8))
        return True

    return Painted(mode, more)


def once_then_well(flag: str, mode: Mode) -> Source:
    """Crashes at the first use; `flag` is a file that remembers it."""
    try:
        os.close(os.open(flag, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return Painted(mode, count=float("inf"))
    os.abort()


class _Again(Painted):
    """Each picture as often as `times` says; with something to see in it, or with nothing."""

    def __init__(self, mode: Mode, times: float, levels: tuple[int, int] = (90, 160)) -> None:
        super().__init__(mode, count=float("inf"))
        self._times, self._levels = times, levels
        self._given = 0

    def picture(self) -> Picture | None:
        number = int(self._given // self._times)
        self._given += 1
        picture = np.full(self._shape, self._levels[0], np.uint8)
        picture[:, : 1 + number % (self._shape[1] - 1)] = self._levels[1]
        return picture


def stuck(_source: str, mode: Mode) -> Source:
    """Frozen from the first."""
    return _Again(mode, float("inf"))


def stutters(_source: str, mode: Mode) -> Source:
    """As a camera does that says it gives more pictures than it takes."""
    return _Again(mode, 3)


def covered(_source: str, mode: Mode) -> Source:
    """A lid on the lens."""
    return _Again(mode, float("inf"), (0, 3))


def dazzled(_source: str, mode: Mode) -> Source:
    return _Again(mode, float("inf"), (255, 250))


class _Grey(Painted):
    def picture(self) -> Picture | None:
        return np.zeros(self._shape[:2], np.uint8)


def grey(_source: str, mode: Mode) -> Source:
    return _Grey(mode)
