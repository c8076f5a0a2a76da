"""The scenes of the camera simulator: an invented person in an invented service hall."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import cv2
import numpy as np
import numpy.typing as npt

from drivers.camera.gestures import STILL, Motion
from drivers.camera.head import Head
from drivers.camera.makeup import Eyes, Lids
from drivers.camera.paint import Layer, Pose, paint
from drivers.camera.portrait import MAN, WOMAN, Person, groups
from drivers.camera.sensor import FLICKER, NOISE, Picture

WIDTH = 640
HEIGHT = 480
SWAY = 2.2  # pixels by which a standing person sways
EYE = (0.292, 0.004)  # in head units, see `drivers.camera.portrait`


class Scene(StrEnum):
    """What stands before the camera; the words of `camera.json`. The last four: real people."""

    FACE = "face"
    EMPTY = "empty"
    FAR = "far"
    NEAR = "near"
    DARK = "dark"
    TURNED = "turned"
    TWO = "two"
    PICTURE = "picture"
    PHOTO = "photo"
    SUNGLASSES = "sunglasses"
    STRANGER = "stranger"


@dataclass(frozen=True, slots=True)
class Stage:
    """Who stands where, and how much light there is (1 = a lit hall)."""

    people: tuple[tuple[Person, Pose], ...]
    light: float = 1.0


STAGES = {
    Scene.FACE: Stage(((WOMAN, Pose(320, 232, 122)),)),
    Scene.EMPTY: Stage(()),
    Scene.FAR: Stage(((WOMAN, Pose(330, 210, 46)),)),
    Scene.NEAR: Stage(((WOMAN, Pose(320, 236, 208)),)),
    Scene.DARK: Stage(((WOMAN, Pose(320, 232, 122)),), light=0.13),
    Scene.TURNED: Stage(((WOMAN, Pose(300, 232, 122, turn=math.radians(36))),)),
    Scene.TWO: Stage(((MAN, Pose(468, 214, 92)), (WOMAN, Pose(196, 236, 96)))),
}


def picture(scene: Scene, seconds: float, motion: Motion = STILL) -> Picture:
    """A scene of `STAGES` at that moment: people sway, lamps flicker, the sensor is noisy."""
    stage = STAGES[scene]
    mixed = hall(WIDTH, HEIGHT).astype(np.float32)
    for index in range(len(stage.people)):
        layer = _swayed(_moved(scene, index, motion), seconds + index * 1.7)
        mixed = mixed * (1 - layer[..., 3:]) + layer[..., :3]
    light = stage.light * (1 + FLICKER * math.sin(seconds * 9.1))
    noise = np.roll(_noise(), int(seconds * 1000) * 7919 % (WIDTH * HEIGHT * 3))
    return np.asarray(np.clip(mixed * light + noise, 0, 255), np.uint8)


def portrait(person: Person) -> Picture:
    """Somebody invented, as a picture of a real person would show them."""
    layer = paint(groups(person), STAGES[Scene.FACE].people[0][1], WIDTH, HEIGHT)
    mixed = hall(WIDTH, HEIGHT) * (1 - layer[..., 3:]) + layer[..., :3]
    return np.asarray(np.clip(mixed, 0, 255), np.uint8)


def _moved(scene: Scene, index: int, motion: Motion) -> Layer:
    """The person in the midst of a gesture; who has turned away makes none."""
    layer = _person(scene, index)
    if motion == STILL or STAGES[scene].people[index][1].turn:
        return layer
    head, lids = _face(scene, index)
    if motion.lids:
        layer = layer.copy()
        lids.close(layer, motion.lids)
    moved = cv2.remap(layer, *head.maps(motion), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(moved, np.float32)


def _swayed(layer: Layer, seconds: float) -> Layer:
    """The layer moved by parts of a pixel: two slow waves and a breath."""
    x = SWAY * (math.sin(seconds * 0.9) + 0.4 * math.sin(seconds * 2.3))
    y = SWAY * 0.4 * math.sin(seconds * 1.6)
    move = np.array([[1, 0, x], [0, 1, y]], np.float32)
    # The picture's lower edge cuts through the body: repeat it there instead of showing a gap.
    moved = cv2.warpAffine(layer, move, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(moved, np.float32)


@cache
def _person(scene: Scene, index: int) -> Layer:
    person, pose = STAGES[scene].people[index]
    return paint(groups(person), pose, WIDTH, HEIGHT)


@cache
def _face(scene: Scene, index: int) -> tuple[Head, Lids]:
    pose = STAGES[scene].people[index][1]
    over, down = (part * pose.unit for part in EYE)
    eyes: Eyes = ((pose.x - over, pose.y + down), (pose.x + over, pose.y + down))
    seen = np.clip(_person(scene, index)[..., :3], 0, 255).astype(np.uint8)
    return Head(WIDTH, HEIGHT, eyes), Lids(seen, eyes)


@cache
def _noise() -> npt.NDArray[np.float32]:
    random = np.random.default_rng(1)
    return random.normal(0, NOISE, (HEIGHT, WIDTH, 3)).astype(np.float32)


# Rectangles as shares of the picture (left, top, right, bottom), and their RGB colours.
HALL = (
    ((0.0, 0.0, 1.0, 0.16), (228, 232, 234)),  # ceiling
    ((0.0, 0.16, 1.0, 0.8), (196, 208, 214)),  # wall
    ((0.0, 0.8, 1.0, 1.0), (168, 166, 160)),  # floor
    ((0.02, 0.2, 0.2, 0.72), (236, 244, 248)),  # window
    ((0.22, 0.2, 0.27, 0.8), (170, 184, 192)),  # pillar
    ((0.72, 0.24, 1.0, 0.36), (126, 154, 184)),  # board above the counters
    ((0.7, 0.58, 1.0, 0.8), (186, 160, 132)),  # counters
    ((0.3, 0.04, 0.44, 0.1), (255, 254, 248)),  # lamps
    ((0.6, 0.04, 0.74, 0.1), (255, 254, 248)),
)


@cache
def hall(width: int, height: int) -> Picture:
    """Out of focus behind the person. Not to be painted on."""
    seen = np.zeros((height, width, 3), np.uint8)
    for (left, top, right, bottom), (red, green, blue) in HALL:
        corner = (round(left * width), round(top * height))
        opposite = (round(right * width), round(bottom * height))
        cv2.rectangle(seen, corner, opposite, (blue, green, red), cv2.FILLED)
    return np.asarray(cv2.GaussianBlur(seen, (0, 0), 11 * height / HEIGHT), np.uint8)
