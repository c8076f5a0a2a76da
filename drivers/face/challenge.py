"""What a living person is asked to do, and whether it was done. No picture could do it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from enum import Enum, auto
from types import MappingProxyType

from drivers.face.detect import Gray
from drivers.face.landmarks import NOSE, Face
from drivers.face.parallax import Track
from kiosk.model import FaceHint

# Parallax (see `parallax`) to the picture's right and down. Flat pictures, tilted by 40 degrees,
# came to 0.006, bent ones to 0.016; heads turned by 21 degrees to 0.075, bowed by 17 to 0.062.
Way = tuple[float, float]
GESTURES: Mapping[FaceHint, Way] = MappingProxyType(
    {
        FaceHint.TURN_LEFT: (0.065, 0.0),  # a person's left is the picture's right
        FaceHint.TURN_RIGHT: (-0.065, 0.0),
        FaceHint.NOD: (0.0, 0.045),
    }
)
FRAMES = 2  # in a row that must show it
# The detector must see it too, since the marks that make the parallax could be led astray.
YAW = 7.0  # degrees, in the gesture's direction, once: one frame alone may be wrong by five
DROP = 0.10  # of the nose, in distances between the eyes

_random = secrets.SystemRandom()


def draw(count: int) -> list[FaceHint]:
    """So many different gestures, in random order."""
    return _random.sample([*GESTURES], count)


class Shown(Enum):
    """What a face has shown so far."""

    NOTHING = auto()
    MET = auto()
    OTHER = auto()  # another gesture than was asked for
    LOST = auto()  # it can't be followed: begin anew from a picture straight ahead


class Challenge:
    """One gesture, from a picture in which a face that is known looks straight ahead."""

    def __init__(self, asked: FaceHint, gray: Gray, face: Face) -> None:
        self._asked = asked
        self._start = face
        self._track = Track(gray, face)
        self._seen: FaceHint | None = None
        self._frames = 0
        self._turned = (0.0, 0.0)  # farthest to the right and left, in degrees

    def follow(self, gray: Gray, face: Face) -> Shown:
        """The next frame, and the face that was found in it."""
        self._track.follow(gray, face)
        parallax = self._track.parallax()
        if parallax is None:
            return Shown.LOST
        turned = face.pose.yaw - self._start.pose.yaw
        self._turned = (min(turned, self._turned[0]), max(turned, self._turned[1]))
        seen = next((hint for hint in GESTURES if self._does(hint, parallax, face)), None)
        self._frames = self._frames + 1 if seen is self._seen else 1
        self._seen = seen
        if seen is None or self._frames < FRAMES:
            return Shown.NOTHING
        return Shown.MET if seen is self._asked else Shown.OTHER

    def _does(self, hint: FaceHint, parallax: Way, face: Face) -> bool:
        across, down = GESTURES[hint]
        if across:
            far = parallax[0] / across >= 1 and abs(parallax[0]) > abs(parallax[1])
            return far and abs(self._turned[across > 0]) >= YAW
        drop = (face.points[NOSE][1] - self._start.points[NOSE][1]) / self._start.eyes
        return parallax[1] >= down and parallax[1] > abs(parallax[0]) and drop >= DROP
