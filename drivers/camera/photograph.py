"""Somebody holds a photograph up to a simulated camera: a flat print with a white border."""

from __future__ import annotations

import math

import cv2
import numpy as np
import numpy.typing as npt

from drivers.camera.gestures import Motion
from drivers.camera.likeness import Likeness, Picture, placed
from drivers.camera.pictures import hall
from drivers.camera.sensor import sensed
from drivers.camera.sitter import HEIGHT, WIDTH

FACE = 222.0  # pixels of the printed face's width before the camera
FINE = 1.5  # dots of the print for each pixel of the camera
SHEET = (1.75, 2.25)  # width and height of the print, in widths of the face
FACE_DOWN = 0.46  # of its height: where the face is
BORDER = 0.1  # of a face's width
RASTER = 2.3  # dots between two lines of the print's raster: with the camera's own it makes moire
INK = 0.09  # share of brightness by which the raster darkens and lightens
BLACK, WHITE = 26.0, 232.0  # grey levels that ink and paper reach
SOFT = 1.6  # dots, standard deviation of what the print blurs
DISTANCE = 1100.0  # pixels: how far the sheet is from the camera, for its perspective
TILT = math.radians(1.8)  # by which a hand holds it askew
SHAKE = 7.0  # pixels


class Photograph:
    """See `drivers.camera.cast.Actor`. Who turns it shows no face that turns."""

    def __init__(self, shown: Likeness) -> None:
        self._sheet = sheet_of(shown)

    def frame(self, seconds: float, motion: Motion) -> Picture:
        rows, columns = self._sheet.shape[:2]
        own = np.array([[0, 0], [columns, 0], [columns, rows], [0, rows]], np.float32)
        move = cv2.getPerspectiveTransform(own, _held(own, seconds, motion))
        seen = hall(WIDTH, HEIGHT).copy()
        cv2.warpPerspective(
            self._sheet, move, (WIDTH, HEIGHT), dst=seen, borderMode=cv2.BORDER_TRANSPARENT
        )
        return sensed(seen, seconds)


def sheet_of(shown: Likeness) -> Picture:
    """The print, in its own dots."""
    face = FACE * FINE
    width, height = (round(side * face) for side in SHEET)
    printed = placed(shown, (width / 2, height * FACE_DOWN), face, (width, height))
    soft = cv2.GaussianBlur(printed, (0, 0), SOFT).astype(np.float32)
    inked = (BLACK + soft / 255 * (WHITE - BLACK)) * (_raster(height, width) * _gloss(height))
    edge = round(BORDER * face)
    paper = (WHITE, WHITE, WHITE)
    sheet = cv2.copyMakeBorder(inked, edge, edge, edge, edge, cv2.BORDER_CONSTANT, value=paper)
    return np.clip(sheet, 0, 255).astype(np.uint8)


def _raster(height: int, width: int) -> npt.NDArray[np.float32]:
    """Height x width x 1; two crossing waves of ink, askew as printers lay them."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    step = 2 * math.pi / RASTER
    cosine, sine = math.cos(math.radians(15)) * step, math.sin(math.radians(15)) * step
    waves = np.sin(x * cosine + y * sine) * np.sin(y * cosine - x * sine)
    return np.asarray(1 + INK * waves[..., None], np.float32)


def _gloss(height: int) -> npt.NDArray[np.float32]:
    """A lamp on the paper's upper part."""
    down = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
    return np.asarray(1.05 - 0.12 * down, np.float32)


def _held(own: npt.NDArray[np.float32], seconds: float, motion: Motion) -> npt.NDArray[np.float32]:
    """The corners, after a hand has turned and shaken the sheet as a whole."""
    yaw = motion.yaw + TILT * (1.5 + math.sin(seconds * 1.3))
    pitch = motion.pitch + TILT * math.sin(seconds * 0.8 + 2)
    roll = TILT * (1 + 0.5 * math.sin(seconds * 1.1))
    flat = (own - own.mean(0)) / FINE
    x = flat[:, 0] * math.cos(roll) - flat[:, 1] * math.sin(roll)
    y = flat[:, 0] * math.sin(roll) + flat[:, 1] * math.cos(roll)
    # A plane: what lies on it keeps its proportions, but for the perspective.
    depth = x * math.sin(yaw) + y * math.sin(pitch)
    near = DISTANCE / (DISTANCE + depth)
    over = WIDTH / 2 + SHAKE * math.sin(seconds * 1.7) + SHAKE * 0.5 * math.sin(seconds * 3.9)
    down = HEIGHT / 2 + SHAKE * math.sin(seconds * 1.2 + 1)
    corners = np.stack([over + x * math.cos(yaw) * near, down + y * math.cos(pitch) * near], 1)
    return np.asarray(corners, np.float32)
