"""Does a face turn, or a picture of one? Small marks on it are followed from frame to frame.

A picture is flat: however it is held, the marks around the nose say where those on the nose must
be (a homography). A head is not: when it turns, the nose runs ahead of the rest. By how far, and
which way, is the parallax.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from drivers.face.detect import Gray
from drivers.face.landmarks import NOSE, Face, Points

# Lengths in distances between the eyes.
HEAD = (0.85, 1.0)  # half axes of the part of a face that is followed: no background in it
NOSE_REACH = 0.28  # marks that are nearer to the tip of the nose belong to it
BETWEEN = 0.05  # marks, at least
ON_NOSE, AROUND = 16, 70  # marks that are looked for
LEAST_ON_NOSE, LEAST_AROUND = 4, 20  # with fewer a face is lost
CONTRAST = 0.004  # of the weakest mark, as a share of the strongest one's
WINDOW = (15, 15)  # pixels that a mark is followed by
LEVELS = 3
ASTRAY = 1.0  # pixels by which a mark may miss its start on the way back
_SEARCH = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 12, 0.03)


class Track:
    """One face, from a picture in which it looks straight ahead."""

    def __init__(self, gray: Gray, face: Face) -> None:
        self._unit = np.float32(face.eyes)
        nose, rest = _marks(gray, face)
        self._start: Points = np.concatenate((nose, rest))
        self._on_nose = np.arange(len(self._start)) < len(nose)
        self._now = self._start
        self._gray = gray
        self._face = face

    @property
    def lost(self) -> bool:
        """Too few marks are left to say anything: another face, a hand, or too quick."""
        on_nose = int(self._on_nose.sum())
        return on_nose < LEAST_ON_NOSE or len(self._on_nose) - on_nose < LEAST_AROUND

    def follow(self, gray: Gray, face: Face) -> None:
        """The next frame, and the face in it. Marks that can't be found again are given up."""
        if self.lost:
            return
        there, came = _flow(self._gray, gray, self._now, _moved(self._now, self._face, face))
        back, went = _flow(gray, self._gray, there, _moved(there, face, self._face))
        near = np.linalg.norm(back - self._now, axis=1) < ASTRAY
        kept = came & went & near
        self._start, self._now, self._on_nose = self._start[kept], there[kept], self._on_nose[kept]
        self._gray, self._face = gray, face

    def parallax(self) -> tuple[float, float] | None:
        """How far the nose ran to the picture's right, and down; None when that can't be told."""
        if self.lost:
            return None
        rest = ~self._on_nose
        plane, _ = cv2.findHomography(self._start[rest], self._now[rest], cv2.LMEDS)
        if plane is None:
            return None
        flat = cv2.perspectiveTransform(self._start[self._on_nose][:, None], plane)[:, 0]
        x, y = np.median((self._now[self._on_nose] - flat) / self._unit, axis=0)
        return (float(x), float(y)) if np.isfinite((x, y)).all() else None


def _marks(gray: Gray, face: Face) -> tuple[Points, Points]:
    head, nose = np.zeros_like(gray), np.zeros_like(gray)
    middle = tuple(round(float(x)) for x in face.middle)
    tip = tuple(round(float(x)) for x in face.points[NOSE])
    axes = tuple(max(1, round(half * face.eyes)) for half in HEAD)
    reach = max(1, round(NOSE_REACH * face.eyes))
    cv2.ellipse(head, middle, axes, face.pose.roll, 0, 360, 255, cv2.FILLED)
    cv2.circle(nose, tip, reach, 255, cv2.FILLED)
    cv2.circle(head, tip, reach, 0, cv2.FILLED)
    gap = max(2.0, BETWEEN * face.eyes)
    return _corners(gray, ON_NOSE, gap, nose), _corners(gray, AROUND, gap, head)


def _corners(gray: Gray, most: int, gap: float, mask: Gray) -> Points:
    found = cv2.goodFeaturesToTrack(gray, most, CONTRAST, gap, mask=mask)
    return np.empty((0, 2), np.float32) if found is None else np.asarray(found[:, 0], np.float32)


def _moved(marks: Points, before: Face, after: Face) -> Points:
    """Where they are, about, if the face moved without turning: a start for what is quick."""
    move, _ = cv2.estimateAffinePartial2D(before.points, after.points, method=cv2.LMEDS)
    if move is None:
        return marks.copy()
    return np.asarray(cv2.transform(marks[:, None], move)[:, 0], np.float32)


def _flow(
    before: Gray, after: Gray, marks: Points, about: Points
) -> tuple[Points, npt.NDArray[np.bool_]]:
    there, found, _ = cv2.calcOpticalFlowPyrLK(
        before,
        after,
        marks,
        about,
        winSize=WINDOW,
        maxLevel=LEVELS,
        criteria=_SEARCH,
        flags=cv2.OPTFLOW_USE_INITIAL_FLOW,
    )
    return np.asarray(there, np.float32), np.asarray(found)[:, 0] == 1
