"""The portrait of a card: a small, old, hard compressed picture of its owner's face."""

from __future__ import annotations

import cv2
import numpy as np

from drivers.camera.ring import Picture
from drivers.face.finding import find
from drivers.face.networks import Vector
from drivers.face.packs import Pack
from drivers.face.wire import MAX_PORTRAIT

MAX_PIXELS = 24_000_000
SIDE = 320  # pixels that the shorter side is brought to: a card has 102 x 126
LEAST_SIDE = 24
LONGEST = 4  # times the shorter side


def portrait_vector(pack: Pack, file: bytes) -> Vector | None:
    """Of the widest face in the picture file; None when it can't be read, or shows none."""
    picture = decode(file)
    if picture is None:
        return None
    scale = SIDE / min(picture.shape[:2])
    how = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
    scaled = np.asarray(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=how), np.uint8)
    faces = find(pack.detector, scaled)
    if not faces:
        return None
    return pack.recogniser.embed(faces[0].aligned(scaled, pack.recogniser.side))


def decode(file: bytes) -> Picture | None:
    """BMP, JPEG, JPEG 2000 or PNG."""
    if not 0 < len(file) <= MAX_PORTRAIT:
        return None
    try:
        picture = cv2.imdecode(np.frombuffer(file, np.uint8), cv2.IMREAD_COLOR)
    except (cv2.error, MemoryError):
        return None
    if picture is None:
        return None
    short, long = sorted(picture.shape[:2])
    if short < LEAST_SIDE or long > LONGEST * short or short * long > MAX_PIXELS:
        return None
    return np.asarray(picture, np.uint8)
