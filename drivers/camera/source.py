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

from drivers.camera.ring import Picture
from drivers.camera.status import Look
from drivers.camera.wire import Mode

LOOK_SECONDS = 1.0
FILE_RATE = 15.0  # pictures a second, from a file that does not say
PORTS = {"http": 80, "https": 443, "rtsp": 554}
MANUAL, AUTOMATIC = 1, 3  # V4L2_EXPOSURE_MANUAL, V4L2_EXPOSURE_APERTURE_PRIORITY
EXPOSURE_UNITS = 10  # of V4L2_CID_EXPOSURE_ABSOLUTE in a millisecond
QUIET = "-8"  # FFmpeg's AV_LOG_QUIET


class Kind(StrEnum):
    DEVICE = "device"
    FILE = "file"
    STREAM = "stream"


class TooLarge(Exception):  # noqa: N818 - no error: what the source gives
    """Pictures beyond `Mode.largest`."""


class Source(Protocol):
    """An open source. Used by one thread only."""

    def grab(self) -> bool:
        """Wait for the next picture; False when there will be no more."""

    def picture(self) -> Picture | None:
        """Decode the one that was grabbed; None when it can't be."""

    def release(self) -> None: ...


def kind_of(source: str) -> Kind:
    if source.isdecimal() or source.startswith("/dev/"):
        return Kind.DEVICE
    return Kind.STREAM if "://" in source else Kind.FILE


def always_differs(source: str) -> bool:
    """Is a picture that repeats the one before bit for bit the sign of a fault?

    Not of a file; nor of RTSP, whose coders repeat between two whole pictures what did not change.
    """
    kind = kind_of(source)
    return kind is Kind.DEVICE or (kind is Kind.STREAM and not source.startswith("rtsp"))


def open_source(source: str, mode: Mode) -> Source | None:
    """None when it can't be opened. Streams give up after `Mode.open_seconds`; prints nothing.

    Sets OpenCV for the whole process: quiet, and on one core. Meant for a process of its own.
    """
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", QUIET)  # read when FFmpeg is first used
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    cv2.setNumThreads(1)  # the other cores are the screen's
    kind = kind_of(source)
    picture = _still(source) if kind is Kind.FILE else None
    if picture is not None:
        return _Still(picture)
    capture = _OPENERS[kind](source, mode)
    if not capture.isOpened():
        return None
    sides = capture.get(cv2.CAP_PROP_FRAME_WIDTH), capture.get(cv2.CAP_PROP_FRAME_HEIGHT)
    if sides[0] * sides[1] > mode.largest:
        capture.release()
        raise TooLarge
    return _Film(capture) if kind is Kind.FILE else Live(capture)


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


def device_settings(mode: Mode) -> tuple[tuple[int, float], ...]:
    """What a device can't do it leaves as it is. It remembers all from the program before."""
    automatic = mode.exposure is None
    settings: tuple[tuple[int, float], ...] = (
        (cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG")),  # raw is slow in full size
        (cv2.CAP_PROP_FRAME_WIDTH, mode.width),
        (cv2.CAP_PROP_FRAME_HEIGHT, mode.height),
        (cv2.CAP_PROP_BUFFERSIZE, 1),  # old pictures would lag behind the person
        (cv2.CAP_PROP_AUTO_EXPOSURE, AUTOMATIC if automatic else MANUAL),
    )
    if mode.exposure is None:
        return settings
    return (*settings, (cv2.CAP_PROP_EXPOSURE, max(1, round(mode.exposure * EXPOSURE_UNITS))))


def _device(source: str, mode: Mode) -> cv2.VideoCapture:
    name = int(source) if source.isdecimal() else source
    capture = cv2.VideoCapture(name, cv2.CAP_V4L2)
    for setting, value in device_settings(mode):
        capture.set(setting, value)
    return capture


def _stream(source: str, mode: Mode) -> cv2.VideoCapture:
    limits = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, round(mode.open_seconds * 1000)]
    limits += [cv2.CAP_PROP_READ_TIMEOUT_MSEC, round(mode.read_seconds * 1000)]
    return cv2.VideoCapture(source, cv2.CAP_FFMPEG, limits)


def _film(source: str, _mode: Mode) -> cv2.VideoCapture:
    return cv2.VideoCapture(source, cv2.CAP_FFMPEG)


def _still(source: str) -> Picture | None:
    if not cv2.haveImageReader(source):
        return None
    picture = cv2.imread(source, cv2.IMREAD_COLOR)
    return None if picture is None else np.asarray(picture, np.uint8)


_OPENERS = {Kind.DEVICE: _device, Kind.STREAM: _stream, Kind.FILE: _film}


class Live:
    """A device or a stream: it sets the pace itself."""

    def __init__(self, capture: cv2.VideoCapture) -> None:
        self._capture = capture

    def grab(self) -> bool:
        return bool(self._capture.grab())

    def picture(self) -> Picture | None:
        came, picture = self._capture.retrieve()
        return np.asarray(picture, np.uint8) if came else None

    def release(self) -> None:
        self._capture.release()


class _Film(Live):
    """A film, over and over, at its own pace."""

    def __init__(self, capture: cv2.VideoCapture) -> None:
        super().__init__(capture)
        self._pace = _Pace(capture.get(cv2.CAP_PROP_FPS))

    def grab(self) -> bool:
        self._pace.wait()
        if super().grab():
            return True
        self._capture.set(cv2.CAP_PROP_POS_FRAMES, 0)
        return super().grab()


class _Still:
    """One picture, again and again."""

    def __init__(self, picture: Picture) -> None:
        self._picture = picture
        self._pace = _Pace(FILE_RATE)

    def grab(self) -> bool:
        self._pace.wait()
        return True

    def picture(self) -> Picture:
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
