"""What is painted onto a face in a simulator's picture: closed lids, and dark glasses.

Lengths are in distances between the eyes.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
import numpy.typing as npt

from drivers.camera.head import Floats, Point

Pixels = npt.NDArray[np.uint8] | npt.NDArray[np.float32]  # height x width x 3 or more, BGR first
Picture = npt.NDArray[np.uint8]
Eyes = tuple[Point, Point]

LID_WIDE, LID_HIGH = 0.27, 0.135  # half axes
LASHES = (34, 26, 24)  # BGR
LENS_WIDE, LENS_HIGH, LENS_BELOW = 0.44, 0.34, 0.07
GLASS, FRAME = (26, 20, 18), (12, 10, 10)
BITS = 4  # of fixed-point coordinates

_Patch = tuple[tuple[slice, slice], Floats, Floats]  # where, the lid, and how much it covers


class Lids:
    """Closed lids for one picture: skin from around its eyes, with a line of lashes."""

    def __init__(self, picture: Picture, eyes: Eyes) -> None:
        unit, tilt = _unit(eyes)
        self._patches = [_lid(picture, eye, unit, tilt) for eye in eyes]

    def close(self, pixels: Pixels, share: float) -> None:
        """Draw them down by that share, in place."""
        for where, lid, cover in self._patches:
            rows = np.linspace(0, 1, len(cover), dtype=np.float32)[:, None]
            drawn = cover * np.clip((share * 1.5 - rows) * 6, 0, 1)
            part = pixels[where][..., :3]
            part[...] = part + (lid - part) * drawn[..., None]


def with_glasses(picture: Picture, eyes: Eyes) -> Picture:
    """The same face behind dark glasses."""
    unit, tilt = _unit(eyes)
    lenses, frame = (np.zeros(picture.shape[:2], np.uint8) for _ in range(2))
    for eye, side in zip(eyes, (-1, 1), strict=True):
        middle = _beside(eye, unit, tilt, side * 0.06, LENS_BELOW)
        _ellipse(lenses, middle, (LENS_WIDE * unit, LENS_HIGH * unit), tilt)
        temple = [_beside(eye, unit, tilt, side * over, -0.08) for over in (0.4, 0.75)]
        bridge = [_beside(eye, unit, tilt, -side * over, -0.02) for over in (0.3, 0.5)]
        _line(frame, temple, 0.07 * unit)
        _line(frame, bridge, 0.06 * unit)
    rim = cv2.dilate(lenses, np.ones((3, 3), np.uint8), iterations=max(1, round(unit * 0.025)))
    rims = np.asarray(cv2.max(rim, frame), np.uint8)
    worn = _covered(np.asarray(picture, np.float32), rims, FRAME, unit)
    return np.asarray(_covered(worn, lenses, GLASS, unit), np.uint8)


def _lid(picture: Picture, eye: Point, unit: float, tilt: float) -> _Patch:
    """Skin from around the eye where the eye is, and a line of lashes on it."""
    wide, high = LID_WIDE * unit, LID_HIGH * unit
    cover = np.zeros(picture.shape[:2], np.uint8)
    _ellipse(cover, eye, (wide, high), tilt)
    left, top, width, height = cv2.boundingRect(cover)
    edge = round(0.2 * unit)
    outer = np.s_[
        max(0, top - edge) : top + height + edge, max(0, left - edge) : left + width + edge
    ]
    skin = cv2.inpaint(
        np.ascontiguousarray(picture[outer]), cover[outer], unit * 0.05, cv2.INPAINT_TELEA
    )
    soft = cv2.GaussianBlur(cover[outer], (0, 0), unit * 0.02)
    lid = cv2.GaussianBlur(skin, (0, 0), unit * 0.02)
    middle = (round(eye[0]) - outer[1].start, round(eye[1]) - outer[0].start)
    axes, thick = (round(wide * 0.85), round(high * 0.75)), max(1, round(unit * 0.022))
    cv2.ellipse(lid, middle, axes, math.degrees(tilt), 15, 165, LASHES, thick, cv2.LINE_AA)
    return outer, np.asarray(lid, np.float32), np.asarray(soft / 255, np.float32)


def _unit(eyes: Eyes) -> tuple[float, float]:
    """Pixels between the eyes, and radians by which they are off the level."""
    over, down = eyes[1][0] - eyes[0][0], eyes[1][1] - eyes[0][1]
    return math.hypot(over, down), math.atan2(down, over)


def _beside(eye: Point, unit: float, tilt: float, over: float, down: float) -> Point:
    cosine, sine = math.cos(tilt) * unit, math.sin(tilt) * unit
    return eye[0] + over * cosine - down * sine, eye[1] + over * sine + down * cosine


def _ellipse(mask: Picture, middle: Point, axes: Point, tilt: float) -> None:
    around = np.linspace(0, 2 * math.pi, 72, endpoint=False)
    cosine, sine = math.cos(tilt), math.sin(tilt)
    x, y = np.cos(around) * axes[0], np.sin(around) * axes[1]
    turned = np.stack([middle[0] + x * cosine - y * sine, middle[1] + x * sine + y * cosine], 1)
    cv2.fillPoly(mask, [np.round(turned * (1 << BITS)).astype(np.int32)], 255, cv2.LINE_AA, BITS)


def _line(mask: Picture, points: list[Point], width: float) -> None:
    fixed = np.round(np.array(points) * (1 << BITS)).astype(np.int32)
    cv2.polylines(mask, [fixed], False, 255, max(1, round(width)), cv2.LINE_AA, BITS)


def _covered(picture: Floats, mask: Picture, colour: tuple[int, int, int], unit: float) -> Floats:
    cover = cv2.GaussianBlur(mask, (0, 0), max(0.3, unit * 0.012)).astype(np.float32)[..., None]
    return np.asarray(picture + (np.array(colour) - picture) * cover / 255, np.float32)
