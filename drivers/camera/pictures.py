"""The scenes of the camera simulator: an invented person in an invented service hall."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import cv2
import numpy as np
import numpy.typing as npt

from drivers.camera.paint import Layer, Pose, paint
from drivers.camera.portrait import MAN, WOMAN, Person, groups

Picture = npt.NDArray[np.uint8]  # height x width x 3, BGR

WIDTH = 640
HEIGHT = 480
NOISE = 2.5  # standard deviation of a sensor's noise, in grey levels
FLICKER = 0.012  # share of brightness by which lamps flicker
SWAY = 2.2  # pixels by which a standing person sways


class Scene(StrEnum):
    """What stands before the camera; the words of `camera.json`."""

    FACE = "face"
    EMPTY = "empty"
    FAR = "far"
    NEAR = "near"
    DARK = "dark"
    TURNED = "turned"
    TWO = "two"


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


def picture(scene: Scene, seconds: float) -> Picture:
    """The scene at that moment: people sway, lamps flicker, the sensor is noisy."""
    stage = STAGES[scene]
    mixed = _hall().astype(np.float32)
    for index in range(len(stage.people)):
        layer = _swayed(_person(scene, index), seconds + index * 1.7)
        mixed = mixed * (1 - layer[..., 3:]) + layer[..., :3]
    light = stage.light * (1 + FLICKER * math.sin(seconds * 9.1))
    noise = np.roll(_noise(), int(seconds * 1000) * 7919 % (WIDTH * HEIGHT * 3))
    return np.asarray(np.clip(mixed * light + noise, 0, 255), np.uint8)


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
def _hall() -> Picture:
    """Out of focus behind the person."""
    hall = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    for (left, top, right, bottom), (red, green, blue) in HALL:
        corner = (round(left * WIDTH), round(top * HEIGHT))
        opposite = (round(right * WIDTH), round(bottom * HEIGHT))
        cv2.rectangle(hall, corner, opposite, (blue, green, red), cv2.FILLED)
    return np.asarray(cv2.GaussianBlur(hall, (0, 0), 11), np.uint8)
