"""OpenCV's own cascades (they come with the wheel): frontal faces, heads in profile, eyes."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

import cv2
import cv2.data
import numpy as np
import numpy.typing as npt

Gray = npt.NDArray[np.uint8]  # height x width
Box = tuple[int, int, int, int]  # left, top, width, height in pixels

FRONTAL = "haarcascade_frontalface_alt2.xml"
PROFILE = "haarcascade_profileface.xml"
EYES = "haarcascade_eye.xml"
TILTS = (-28.0, 28.0)

_loaded = threading.local()  # a CascadeClassifier must not be shared between threads


def frontal_faces(gray: Gray, smallest: int) -> list[Box]:
    """Faces that look at the camera, widest first; `smallest`: the least width in pixels."""
    found = _cascade(FRONTAL).detectMultiScale(gray, 1.12, 4, minSize=(smallest, smallest))
    return sorted(_boxes(found), key=lambda box: -box[2])


def tilted_faces(gray: Gray, smallest: int) -> bool:
    """Is there a face so far on its side that the frontal cascade, good for 15 degrees, fails?"""
    rows, columns = gray.shape
    for degrees in TILTS:
        turn = cv2.getRotationMatrix2D((columns / 2, rows / 2), degrees, 1)
        turned = cv2.warpAffine(gray, turn, (columns, rows), borderMode=cv2.BORDER_REPLICATE)
        if frontal_faces(np.asarray(turned, np.uint8), smallest):
            return True
    return False


def profile(gray: Gray, smallest: int) -> Box | None:
    """The widest head that is turned to one side only.

    The cascade knows left profiles; right ones are looked for in the mirrored picture. A head
    that it sees both ways is no profile.
    """
    left = _widest(_cascade(PROFILE).detectMultiScale(gray, 1.12, 4, minSize=(smallest, smallest)))
    mirrored: Gray = np.ascontiguousarray(gray[:, ::-1])
    right = _widest(
        _cascade(PROFILE).detectMultiScale(mirrored, 1.12, 4, minSize=(smallest, smallest))
    )
    if left and right:
        return None
    if right:
        x, y, width, height = right
        return gray.shape[1] - x - width, y, width, height
    return left


def eyes(gray: Gray, smallest: int, widest: int) -> list[Box]:
    """Open eyes in the picture of one face; from left to right."""
    found = _cascade(EYES).detectMultiScale(
        gray, 1.1, 3, minSize=(smallest, smallest), maxSize=(widest, widest)
    )
    return sorted(_boxes(found))


def _cascade(name: str) -> cv2.CascadeClassifier:
    classifier: cv2.CascadeClassifier | None = getattr(_loaded, name, None)
    if classifier is None:
        classifier = cv2.CascadeClassifier(str(Path(cv2.data.haarcascades) / name))
        setattr(_loaded, name, classifier)
    return classifier


def _widest(found: Sequence[Sequence[int]]) -> Box | None:
    return max(_boxes(found), key=lambda box: box[2], default=None)


def _boxes(found: Sequence[Sequence[int]]) -> list[Box]:
    return [(int(x), int(y), int(width), int(height)) for x, y, width, height in found]
