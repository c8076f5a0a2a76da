"""Real faces before a camera: a model pack, people who do what they are asked, and their tricks.

Nobody was filmed. Heads turn and nod by a warp of a photograph over a rough head: an ellipsoid
with a nose. That moves eyes, nose and mouth as a real head does, as far as a detector can see.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from drivers.camera.ring import Picture
from drivers.face.finding import find
from drivers.face.landmarks import NOSE, Face
from drivers.face.manifest import NAME
from drivers.face.packs import Pack, load
from drivers.mjpeg import MjpegServer
from kiosk.model import FaceHint

VARIABLE = "KIOSK_TEST_MODELS"
MANIFEST = Path(__file__).parents[1] / "config/models/yunet-mobilefacenet.toml"
# Whose is which picture: those that look straight ahead first.
PEOPLE = {
    "obama": ("obama", "obama3", "obama2"),
    "biden": ("biden2", "biden"),
    "astronaut": ("astronaut",),
}
STRAIGHT = ("obama", "obama3", "biden2", "biden", "astronaut")
SIZE = (854, 480)
RATE = 15.0
GESTURE_SECONDS = 1.6  # there and back
REST_SECONDS = 0.83  # until it is tried again
STEPS = 8  # pictures from straight ahead to the farthest point
FARTHEST = {
    FaceHint.TURN_LEFT: (28.0, 0.0),
    FaceHint.TURN_RIGHT: (-28.0, 0.0),
    FaceHint.NOD: (0.0, 22.0),
}  # degrees of yaw and pitch

Grid = npt.NDArray[np.float32]


def models() -> Path:
    """The folder with models and test faces; skips without one."""
    folder = os.environ.get(VARIABLE)
    if not folder:
        pytest.skip(f"{VARIABLE} names no folder with face models and test faces")
    return Path(folder).resolve()


def pack(folder: Path) -> Path:
    """The test pack, made in that folder; skips without models."""
    source = models()
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(MANIFEST, folder / NAME)
    for network in source.glob("*.onnx"):
        (folder / network.name).symlink_to(network)
    return folder


@cache
def loaded() -> Pack:
    """The test pack in this process; one for all tests."""
    models()
    with tempfile.TemporaryDirectory() as name:
        made = load(pack(Path(name) / "pack"))
    assert isinstance(made, Pack), str(made)
    return made


@cache
def photograph(name: str) -> Picture:
    [file] = (models() / "test-faces").glob(f"{name}.*")
    picture = cv2.imread(str(file))
    assert picture is not None
    return np.asarray(picture, np.uint8)


def found(picture: Picture) -> Face:
    """The widest face."""
    faces = find(loaded().detector, picture)
    assert faces
    return faces[0]


@cache
def standing(name: str, size: tuple[int, int] = SIZE, share: float = 0.42) -> Picture:
    """The person before the camera, well framed; `share`: width of the face, of the height."""
    picture = photograph(name)
    face = found(picture)
    width, height = size
    scale = height * share / face.box[2]
    x, y = face.middle * scale
    move = np.array([[scale, 0, width / 2 - x], [0, scale, height / 2 - y]], np.float32)
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    moved = cv2.warpAffine(picture, move, size, flags=how, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(moved, np.uint8)


def portrait(name: str, quality: int = 25, size: tuple[int, int] = (102, 126)) -> bytes:
    """As on an identity card: small, hard compressed."""
    picture = photograph(name)
    face = found(picture)
    width, height = size
    scale = width * 0.55 / face.box[2]
    x, y = face.middle * scale
    move = np.array([[scale, 0, width / 2 - x], [0, scale, height * 0.52 - y]], np.float32)
    cut = cv2.warpAffine(picture, move, size, flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE)
    return encoded(np.asarray(cut, np.uint8), ".jpg", [cv2.IMWRITE_JPEG_QUALITY, quality])


def encoded(picture: Picture, kind: str = ".jpg", how: list[int] | None = None) -> bytes:
    return cv2.imencode(kind, picture, how or [])[1].tobytes()


# ---- Heads that move -------------------------------------------------------------------------


def turned(picture: Picture, face: Face, yaw: float, pitch: float = 0) -> Picture:
    """The head turned by that many degrees to its own left, and bowed."""
    unit, tip = face.eyes, face.points[NOSE]
    centre = face.middle
    rows, columns = picture.shape[:2]
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32)
    u, v = (x - centre[0]) / unit, (y - centre[1]) / unit
    across, along = np.radians(yaw), np.radians(pitch)
    depth = _depth(x, y, u, v, face) + 1.0  # before the neck, about which a head turns
    right = u * np.cos(across) + depth * np.sin(across)
    ahead = depth * np.cos(across) - u * np.sin(across)
    down = v * np.cos(along) + ahead * np.sin(along)
    part = _head(u, v)
    assert part[round(float(tip[1])), round(float(tip[0]))] > 0.9
    return _pulled(picture, (right - u) * part * unit, (down - v) * part * unit, x, y)


def _depth(x: Grid, y: Grid, u: Grid, v: Grid, face: Face) -> Grid:
    """Of each pixel before the plane of the ears, in distances between the eyes."""
    nose_u = (x - face.points[NOSE][0]) / face.eyes
    nose_v = (y - face.points[NOSE][1]) / face.eyes
    nose_v = np.where(nose_v < 0, nose_v / 2.2, nose_v)  # the bridge runs up to the brow
    nose = 0.25 * np.exp(-(nose_u**2 + nose_v**2) / (2 * 0.15**2))
    return np.asarray(np.clip(1 - (u / 1.25) ** 2 - (v / 1.75) ** 2, 0, None) + nose, np.float32)


def _head(u: Grid, v: Grid) -> Grid:
    """1 on the head, 0 far from it."""
    from_edge = np.clip((1.5 - np.sqrt((u / 1.25) ** 2 + (v / 1.75) ** 2)) / 0.45, 0, 1)
    return np.asarray(from_edge**2 * (3 - 2 * from_edge), np.float32)


def _pulled(picture: Picture, right: Grid, down: Grid, x: Grid, y: Grid) -> Picture:
    """Each pixel moved by that much: what comes to (x, y) is found by going back again."""
    right, down = right.astype(np.float32), down.astype(np.float32)
    from_x, from_y = x.copy(), y.copy()
    for _ in range(12):
        back_x = cv2.remap(right, from_x, from_y, cv2.INTER_LINEAR)
        back_y = cv2.remap(down, from_x, from_y, cv2.INTER_LINEAR)
        from_x, from_y = x - back_x, y - back_y
    moved = cv2.remap(picture, from_x, from_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(moved, np.uint8)


@cache
def gesture(name: str, hint: FaceHint) -> tuple[Picture, ...]:
    """From straight ahead to the farthest point."""
    picture = standing(name)
    face = found(picture)
    yaw, pitch = FARTHEST[hint]
    steps = (step / STEPS for step in range(STEPS + 1))
    return tuple(turned(picture, face, yaw * share, pitch * share) for share in steps)


# ---- Tricks and mishaps ----------------------------------------------------------------------


def tilted(picture: Picture, yaw: float, pitch: float = 0, roll: float = 0) -> Picture:
    """A picture held up, and turned by that many degrees; it fills the camera's view."""
    rows, columns = picture.shape[:2]
    a, b, c = np.radians([yaw, pitch, roll])
    about_y = np.array([[np.cos(a), 0, np.sin(a)], [0, 1, 0], [-np.sin(a), 0, np.cos(a)]])
    about_x = np.array([[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]])
    about_z = np.array([[np.cos(c), -np.sin(c), 0], [np.sin(c), np.cos(c), 0], [0, 0, 1]])
    half = np.array([columns / 2, rows / 2])
    flat = np.array([[-1, -1, 0], [1, -1, 0], [1, 1, 0], [-1, 1, 0]]) * [*half, 0]
    there = flat @ (about_z @ about_y @ about_x).T
    far = 1.6 * columns
    seen = there[:, :2] * (far / (far + there[:, 2:])) + half
    plane = cv2.getPerspectiveTransform(
        (flat[:, :2] + half).astype(np.float32), seen.astype(np.float32)
    )
    size = (columns, rows)
    moved = cv2.warpPerspective(picture, plane, size, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(moved, np.uint8)


def bent(picture: Picture, face: Face, radius: float, yaw: float) -> Picture:
    """A picture bent round an upright post, `radius` in distances between the eyes; and turned."""
    rows, columns = picture.shape[:2]
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32)
    arc = np.linspace(-1.5 * radius, 1.5 * radius, 4001)
    a = np.radians(yaw)
    seen = radius * np.sin(arc / radius) * np.cos(a)
    seen = seen + (radius * np.cos(arc / radius) - radius) * np.sin(a)
    first, last = sorted((int(seen.argmin()), int(seen.argmax())))
    tip = float(face.points[NOSE][0])
    along = np.interp((x - tip) / face.eyes, seen[first : last + 1], arc[first : last + 1])
    from_x = (along * face.eyes + tip).astype(np.float32)
    moved = cv2.remap(picture, from_x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(moved, np.uint8)


@cache
def print_of(name: str, share: float = 0.9, border: float = 0.04) -> Picture:
    """A print with a border, held up in a hall; `share`: its height, of the view's."""
    width, height = SIZE
    rows = round(height * share)
    cut = standing(name)[:, 234:620]
    sheet = cv2.resize(cut, None, fx=rows / height, fy=rows / height, interpolation=cv2.INTER_AREA)
    edge = round(border * rows)
    sheet = cv2.copyMakeBorder(
        sheet, edge, edge, edge, edge, cv2.BORDER_CONSTANT, value=(245, 245, 245)
    )
    hall = cv2.GaussianBlur(np.full((height, width, 3), (170, 180, 175), np.uint8), (0, 0), 9)
    hall[: height // 6] = (232, 230, 226)
    rows, columns = min(height, sheet.shape[0]), sheet.shape[1]
    top, left = (height - rows) // 2, (width - columns) // 2
    dull = np.clip(sheet[:rows] * 0.85 + 25, 0, 255)
    hall[top : top + rows, left : left + columns] = dull
    return np.asarray(cv2.GaussianBlur(hall, (0, 0), 0.8), np.uint8)


def with_glasses(picture: Picture) -> Picture:
    """Dark ones, painted on."""
    face, dark = found(picture), (25, 22, 20)
    painted = picture.copy()
    for eye in face.points[:2]:
        middle = (round(float(eye[0])), round(float(eye[1]) + 0.05 * face.eyes))
        axes = (round(0.4 * face.eyes), round(0.3 * face.eyes))
        cv2.ellipse(painted, middle, axes, 0, 0, 360, dark, cv2.FILLED, cv2.LINE_AA)
    return painted


def with_mask(picture: Picture, colour: tuple[int, int, int] = (210, 160, 120)) -> Picture:
    """Over nose and mouth, painted on."""
    face = found(picture)
    unit, middle = face.eyes, (face.points[3] + face.points[4]) / 2
    outline = [(-0.85, -0.85), (0, -1.0), (0.85, -0.85), (0.8, 0), (0.5, 0.75), (-0.5, 0.75),
               (-0.8, 0)]  # fmt: skip
    corners = (middle + np.array(outline) * unit * [1, 0.75]).astype(np.int32)
    painted = picture.copy()
    cv2.fillPoly(painted, [corners], colour, cv2.LINE_AA)
    return np.asarray(cv2.GaussianBlur(painted, (0, 0), 1), np.uint8)


def beside(one: Picture, other: Picture) -> Picture:
    """Two people, each in one half."""
    quarter = one.shape[1] // 4
    return np.hstack([one[:, quarter : 3 * quarter], other[:, quarter : 3 * quarter]])


# ---- Before a camera -------------------------------------------------------------------------


@cache
def _noise(seed: int) -> npt.NDArray[np.int8]:
    return np.random.default_rng(seed).normal(0, 2.5, 1 << 22).astype(np.int8)


class Sensor:
    """Its noise is never the same twice."""

    def __init__(self, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        self._noise = _noise(seed)

    def jpeg(self, picture: Picture) -> bytes:
        at = int(self._random.integers(0, len(self._noise) - picture.size))
        noise = self._noise[at : at + picture.size].reshape(picture.shape)
        return encoded(np.asarray(cv2.add(picture, noise, dtype=cv2.CV_8U), np.uint8))

    def see(self, picture: Picture) -> Picture:
        """As a JPEG gives it back."""
        raw = np.frombuffer(self.jpeg(picture), np.uint8)
        return np.asarray(cv2.imdecode(raw, cv2.IMREAD_COLOR), np.uint8)


@dataclass(frozen=True)
class Act:
    """A gesture of one person, begun at that time; again and again."""

    name: str
    hint: FaceHint | None = None
    begun: float = 0.0

    def at(self, now: float) -> Picture:
        if self.hint is None:
            return standing(self.name)
        share = min(1.0, (now - self.begun) % (GESTURE_SECONDS + REST_SECONDS) / GESTURE_SECONDS)
        return gesture(self.name, self.hint)[round(STEPS * (1 - abs(2 * share - 1)))]


class Person:
    """Who stands there, and does what the hints ask for. `obey`: in the hints' place."""

    def __init__(
        self,
        name: str,
        obey: Callable[[FaceHint], FaceHint | None] = lambda hint: hint,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._act = Act(name)
        self._obey = obey
        self._now = now

    def told(self, hint: FaceHint) -> None:
        wanted = self._obey(hint) if hint in FARTHEST else None
        self._act = replace(self._act, hint=wanted, begun=self._now())

    def steps_in(self, name: str) -> None:
        self._act = Act(name)

    def picture(self) -> Picture:
        return self._act.at(self._now())


class Stage:
    """A real MJPEG stream of what `look` gives; the sensor's noise is of this place."""

    def __init__(
        self,
        look: Callable[[], Picture],
        rate: float = RATE,
        fault: Callable[[], str | None] = lambda: None,
    ) -> None:
        self.look = look
        self._sensor = Sensor(3)
        self._server = MjpegServer(0, rate, self._jpeg, fault)
        self.url = self._server.url

    def _jpeg(self) -> bytes:
        return self._sensor.jpeg(self.look())

    def stop(self) -> None:
        self._server.stop()
