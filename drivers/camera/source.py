"""Where pictures come from: a device number or node, a file (film or picture), a stream's address.

Film and picture files never end: they stand in for a camera on machines without one.
"""

from __future__ import annotations

import asyncio
import os
import time
from enum import StrEnum
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import cv2
import numpy as np
import numpy.typing as npt

from drivers.camera.status import Look

Picture = npt.NDArray[np.uint8]  # height x width x 3, BGR

WIDTH, HEIGHT = 640, 480  # asked of a device; others give what they have
OPEN_SECONDS = 3.0
READ_SECONDS = 2.0
LOOK_SECONDS = 1.0
FILE_RATE = 15.0  # pictures a second, from a file that does not say
PORTS = {"http": 80, "https": 443, "rtsp": 554}
DEVICE_SETTINGS = (
    (cv2.CAP_PROP_FRAME_WIDTH, WIDTH),
    (cv2.CAP_PROP_FRAME_HEIGHT, HEIGHT),
    (cv2.CAP_PROP_BUFFERSIZE, 1),  # old pictures would lag behind the person
)
QUIET = "-8"  # FFmpeg's AV_LOG_QUIET


class Kind(StrEnum):
    DEVICE = "device"
    FILE = "file"
    STREAM = "stream"


class Source(Protocol):
    """An open source. Used by one thread only."""

    def read(self) -> Picture | None:
        """The next picture, when it is due; None when there will be no more."""

    def release(self) -> None: ...


def kind_of(source: str) -> Kind:
    if source.isdecimal() or source.startswith("/dev/"):
        return Kind.DEVICE
    return Kind.STREAM if "://" in source else Kind.FILE


def open_source(source: str) -> Source | None:
    """None when it can't be opened. Streams give up after `OPEN_SECONDS`; prints nothing.

    Sets OpenCV for the whole process: quiet, and on one core.
    """
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", QUIET)  # read when FFmpeg is first used
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    cv2.setNumThreads(1)  # the other cores are the screen's
    kind = kind_of(source)
    if kind is Kind.FILE:
        return _open_file(source)
    capture = _open_device(source) if kind is Kind.DEVICE else _open_stream(source)
    return _Live(capture) if capture.isOpened() else None


async def look_at(source: str) -> Look:
    """Is it there? Opens no camera."""
    kind = kind_of(source)
    if kind is Kind.STREAM:
        return await _look_at_host(source)
    path = Path(f"/dev/video{source}") if source.isdecimal() else Path(source)
    if not path.exists():
        return Look.ABSENT
    wanted = os.R_OK | os.W_OK if kind is Kind.DEVICE else os.R_OK
    return Look.PRESENT if os.access(path, wanted) else Look.DENIED


async def _look_at_host(source: str) -> Look:
    try:
        address = urlsplit(source)
        port = address.port or PORTS.get(address.scheme)
    except ValueError:
        return Look.MISNAMED
    if not address.hostname or port is None:
        return Look.MISNAMED
    try:
        async with asyncio.timeout(LOOK_SECONDS):
            _, writer = await asyncio.open_connection(address.hostname, port)
    except (OSError, TimeoutError):
        return Look.ABSENT
    writer.close()
    return Look.PRESENT


def _open_device(source: str) -> cv2.VideoCapture:
    name = int(source) if source.isdecimal() else source
    capture = cv2.VideoCapture(name, cv2.CAP_V4L2)
    for setting, value in DEVICE_SETTINGS:
        capture.set(setting, value)  # what a device can't do it leaves as it is
    return capture


def _open_stream(source: str) -> cv2.VideoCapture:
    limits = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, round(OPEN_SECONDS * 1000)]
    limits += [cv2.CAP_PROP_READ_TIMEOUT_MSEC, round(READ_SECONDS * 1000)]
    return cv2.VideoCapture(source, cv2.CAP_FFMPEG, limits)


def _open_file(source: str) -> Source | None:
    picture = cv2.imread(source, cv2.IMREAD_COLOR) if cv2.haveImageReader(source) else None
    if picture is not None:
        return _Still(np.asarray(picture, np.uint8))
    film = cv2.VideoCapture(source, cv2.CAP_FFMPEG)
    return _Film(film) if film.isOpened() else None


class _Live:
    """A device or a stream: it sets the pace itself."""

    def __init__(self, capture: cv2.VideoCapture) -> None:
        self._capture = capture

    def read(self) -> Picture | None:
        came, picture = self._capture.read()
        return np.asarray(picture, np.uint8) if came else None

    def release(self) -> None:
        self._capture.release()


class _Film:
    """A film, over and over, at its own pace."""

    def __init__(self, capture: cv2.VideoCapture) -> None:
        self._capture = capture
        self._pace = _Pace(capture.get(cv2.CAP_PROP_FPS))

    def read(self) -> Picture | None:
        self._pace.wait()
        came, picture = self._capture.read()
        if not came:
            self._capture.set(cv2.CAP_PROP_POS_FRAMES, 0)
            came, picture = self._capture.read()
        return np.asarray(picture, np.uint8) if came else None

    def release(self) -> None:
        self._capture.release()


class _Still:
    """One picture, again and again."""

    def __init__(self, picture: Picture) -> None:
        self._picture = picture
        self._pace = _Pace(FILE_RATE)

    def read(self) -> Picture | None:
        self._pace.wait()
        return self._picture

    def release(self) -> None:
        """Nothing is open."""


class _Pace:
    """Waits until the next picture is due."""

    def __init__(self, rate: float) -> None:
        self._gap = 1 / rate if 1 <= rate <= 120 else 1 / FILE_RATE
        self._due = time.monotonic()

    def wait(self) -> None:
        time.sleep(max(0.0, self._due - time.monotonic()))
        self._due = max(self._due, time.monotonic() - self._gap) + self._gap
