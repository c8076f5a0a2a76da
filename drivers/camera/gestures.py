"""What a person is asked to do before a camera, and how a head moves when it is done.

The camera's picture is not mirrored, so a person's own left is the picture's right: `turn_left`
moves the nose towards the picture's right.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Gesture(StrEnum):
    """The words of `camera.json`."""

    TURN_LEFT = "turn_left"
    TURN_RIGHT = "turn_right"
    NOD = "nod"
    BLINK = "blink"


@dataclass(frozen=True, slots=True)
class Motion:
    """Where a head is. `yaw`: radians to its own left; `pitch`: down; `lids`: 1 is closed."""

    yaw: float = 0.0
    pitch: float = 0.0
    lids: float = 0.0


STILL = Motion()


@dataclass(frozen=True, slots=True)
class _Course:
    """`way`: seconds to the farthest point, and back again; `held`: seconds there."""

    farthest: Motion
    way: float
    held: float


_COURSES: Mapping[Gesture, _Course] = MappingProxyType(
    {
        Gesture.TURN_LEFT: _Course(Motion(yaw=math.radians(26)), 0.8, 0.4),
        Gesture.TURN_RIGHT: _Course(Motion(yaw=math.radians(-26)), 0.8, 0.4),
        Gesture.NOD: _Course(Motion(pitch=math.radians(24)), 0.5, 0.1),
        Gesture.BLINK: _Course(Motion(lids=1), 0.1, 0.25),
    }
)


def motion(gesture: Gesture, seconds: float) -> Motion:
    """Where the head is so long after the gesture began; before and afterwards it is still."""
    course = _COURSES[gesture]
    back = 2 * course.way + course.held - seconds
    share = max(0.0, min(seconds, back, course.way)) / course.way
    eased = (1 - math.cos(math.pi * share)) / 2
    farthest = course.farthest
    return Motion(farthest.yaw * eased, farthest.pitch * eased, farthest.lids * eased)
