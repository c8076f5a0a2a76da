"""Can a flattened page be read? Pure.

An edge that is blurred with a standard deviation of s pixels has a slope of at most its contrast
divided by 2.5 s. What that means for reading depends on the height of the letters.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from drivers.doccam.corners import Picture
from kiosk.model import PageHint

Grey = npt.NDArray[np.uint8]

DARK = 70.0  # grey level of the paper, below which a camera's noise eats the text
SATURATED = 250
GLARE = 0.004  # share of the page that one reflection covers
OVEREXPOSED = 0.5  # share of the page that is saturated
WASHED = 242.0  # a paper so bright is saturated by itself, not by a reflection
BLUR = 0.122  # of a letter's height
LARGEST_BLUR = 2.2  # pixels, where no text is seen: blur may have eaten it
SMALLEST_TEXT = 7.0  # pixels of height; Chinese can't be read below about ten
_CONTRAST = 0.25  # of the paper's level: what is no text, but the paper's own texture
_WINDOW = 13  # pixels around an edge in which its contrast is seen


class Direction(StrEnum):
    """How lines of text run in a picture."""

    ACROSS = "across"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Legibility:
    """`problem`: None when it can be read. `blur`: the edges' standard deviation in pixels, None
    without text; `text`: the height of the smaller letters in pixels, 0 without."""

    problem: PageHint | None
    paper: float
    blur: float | None = None
    text: float = 0.0


def legibility(page: Picture) -> Legibility:
    grey = np.asarray(cv2.cvtColor(page, cv2.COLOR_BGR2GRAY), np.uint8)
    paper = paper_level(grey)
    if paper < DARK:
        return Legibility(PageHint.TOO_DARK, paper)
    if _glares(page, paper):
        return Legibility(PageHint.GLARE, paper)
    blur, (_, text) = blur_of(grey, paper), lines(grey)
    if blur is None:
        return Legibility(None, paper)  # an empty page
    blurred = blur > (BLUR * text if text else LARGEST_BLUR) or 0 < text < SMALLEST_TEXT
    return Legibility(PageHint.BLURRED if blurred else None, paper, blur, text)


def paper_level(grey: Grey) -> float:
    """What most of a page's brighter half has."""
    return float(np.percentile(_small(grey, 8), 75))


def blur_of(grey: Grey, paper: float) -> float | None:
    soft = cv2.GaussianBlur(grey, (3, 3), 0)  # noise is no edge
    kernel = np.ones((_WINDOW, _WINDOW), np.uint8)
    contrast = cv2.morphologyEx(soft, cv2.MORPH_GRADIENT, kernel).astype(np.float32)
    edges = contrast > _CONTRAST * paper
    if edges.mean() < 0.002:
        return None
    x, y = (cv2.Sobel(soft, cv2.CV_32F, dx, 1 - dx, ksize=3) for dx in (1, 0))
    slope = cv2.magnitude(x, y)[edges] / 8 / contrast[edges]
    return float(0.4 / max(0.01, np.percentile(slope, 92)))


def lines(grey: Grey) -> tuple[Direction, float]:
    """How the lines run, and the height of the smaller ones in pixels; 0 when there are none."""
    side = max(11, round(max(grey.shape) * 0.02)) | 1
    dark = cv2.adaptiveThreshold(
        grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, side, 14
    )
    joint = max(5, round(max(grey.shape) * 0.013))
    across = _bars(cv2.morphologyEx(dark, cv2.MORPH_CLOSE, np.ones((1, joint), np.uint8)))
    down = _bars(cv2.morphologyEx(dark, cv2.MORPH_CLOSE, np.ones((joint, 1), np.uint8)).T)
    if not across.size and not down.size:
        return Direction.ACROSS, 0.0
    direction, bars = max(
        (Direction.ACROSS, across), (Direction.DOWN, down), key=lambda one: float(one[1].sum())
    )
    return direction, float(np.percentile(bars[:, 0], 30))


def _bars(mask: npt.NDArray[Any]) -> npt.NDArray[np.int32]:
    """Height and length of what is at least twice as long as high, and filled as text is."""
    count, _, boxes, _ = cv2.connectedComponentsWithStats(np.ascontiguousarray(mask))
    if count < 2:
        return np.empty((0, 2), np.int32)
    width, height, area = boxes[1:, 2], boxes[1:, 3], boxes[1:, 4]
    filled = area > 0.3 * width * height
    text = (width >= 2 * height) & (height >= 4) & (height < 0.06 * max(mask.shape)) & filled
    return np.asarray(np.stack([height[text], width[text]], 1), np.int32)


def _glares(page: Picture, paper: float) -> bool:
    saturated = (_small(page, 4).min(2) >= SATURATED).astype(np.uint8)
    share = float(saturated.mean())
    if share > OVEREXPOSED:
        return True
    if paper >= WASHED or share < GLARE:
        return False
    _, _, boxes, _ = cv2.connectedComponentsWithStats(saturated)
    return bool(boxes[1:, cv2.CC_STAT_AREA].max(initial=0) > GLARE * saturated.size)


def _small(picture: npt.NDArray[np.uint8], factor: int) -> npt.NDArray[np.uint8]:
    size = (max(1, picture.shape[1] // factor), max(1, picture.shape[0] // factor))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
