"""Where papers lie in a picture. Pure.

Outlines come from three views of the picture: bright against dark, unlike the plate's colour, and
edges. An outline counts only if the picture steps from one colour to another all along it: that
tells a sheet from a printed frame, a shadow, or the lamp's glow on an empty plate.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from drivers.doccam.corners import Corners, Picture, Points, across, ordered, refined

Grey = npt.NDArray[np.float32]  # height x width
Mask = npt.NDArray[np.uint8]

LONGEST_SIDE = 800  # pixels of the small picture that is searched
SMALLEST = 0.012  # share of the picture that a paper covers
LARGEST = 0.97
MARGIN = 0.006  # share of the longest side: a corner so near to the border may go on outside
SUPPORT = 0.7  # share of a side that must step
CUT_SUPPORT = 0.6
STEP = 5.0  # in Lab of 8 bits: what a paper differs from what it lies on, at least
_REACH = np.arange(-9, 10, dtype=np.float32)  # pixels of the small picture, across a side
_BESIDE = 4  # pixels from a side: what is nearer may be its edge, or a line printed along it
_TIGHTEN = (8.0, 3.0)
_SAME = 3.0  # pixels between the corners of outlines that are one
_SIMPLIFY = (0.01, 0.02, 0.04)  # shares of an outline's length


@dataclass(frozen=True, slots=True)
class Sighting:
    """`corners`: of the one paper that lies there whole. `cut`: one is there, but not whole."""

    corners: Corners | None = None
    cut: bool = False
    several: bool = False


@dataclass(frozen=True, slots=True)
class _Found:
    corners: Corners  # in the small picture
    area: float
    whole: bool
    bright: bool  # brighter than what it lies on
    contrast: float  # of its weakest side


def find(picture: Picture) -> Sighting:
    """For any picture; one without a paper has none."""
    if min(picture.shape[:2], default=0) < 16:
        return Sighting()
    scale = min(1.0, LONGEST_SIDE / max(picture.shape[:2]))
    small = picture
    if scale < 1:
        size = (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
        small = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
    if min(small.shape[:2]) < 16:
        return Sighting()
    papers = _distinct(_papers(small))
    if not papers:
        return Sighting()
    if len(papers) > 1 or not papers[0].whole:
        return Sighting(cut=not papers[0].whole, several=len(papers) > 1)
    corners = papers[0].corners / np.float32(scale)
    smooth = np.asarray(cv2.GaussianBlur(picture, (5, 5), 1.2), np.uint8)
    return Sighting(refined(smooth, corners, (6 / scale, 1.5 / scale)))


# ---- Outlines --------------------------------------------------------------------------------


def _papers(small: Picture) -> list[_Found]:
    lab = np.asarray(cv2.GaussianBlur(cv2.cvtColor(small, cv2.COLOR_BGR2LAB), (5, 5), 0), np.uint8)
    channels = [lab[..., channel].astype(np.float32) for channel in range(3)]
    smallest = SMALLEST * channels[0].size
    found: list[_Found] = []
    for outline in _outlines(lab):
        if cv2.contourArea(outline) < smallest:
            continue
        for four in _fours(outline):
            if any(np.abs(four - known.corners).max() < _SAME for known in found):
                break
            judged = _tight(lab, channels, four)
            if judged is not None:
                found.append(judged)
                break
    return found


def _tight(lab: Picture, channels: list[Grey], four: Corners) -> _Found | None:
    """Judged where the steps are, if they are near."""
    found = _judged(channels, four)
    if found is None or not found.whole:
        return found
    tight = _judged(channels, refined(lab, four, _TIGHTEN))
    return tight if tight is not None and tight.contrast >= found.contrast else found


def _outlines(lab: Picture) -> Iterator[npt.NDArray[np.int32]]:
    kernel = np.ones((7, 7), np.uint8)
    for mask in _views(lab):
        closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, kernel)
        # without its outermost pixels, so that outlines which end at the border are closed
        closed[[0, -1], :] = 0
        closed[:, [0, -1]] = 0
        for outline in cv2.findContours(closed, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)[0]:
            _, _, width, height = cv2.boundingRect(outline)
            if width * height >= SMALLEST * closed.size:
                yield np.asarray(cv2.convexHull(outline), np.int32)


def _views(lab: Picture) -> Iterator[Mask]:
    grey = lab[..., 0]
    yield np.asarray(cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[1])
    # unlike the plate, whose colour is that along the border; once with all of a card of many
    # colours, once with what stands out most
    ring = np.concatenate([lab[0], lab[-1], lab[:, 0], lab[:, -1]]).astype(np.int16)
    plate = np.median(ring, 0).astype(np.int16)
    unlike = np.clip(np.abs(lab.astype(np.int16) - plate).sum(2), 0, 255).astype(np.uint8)
    usual = float(np.percentile(np.abs(ring - plate).sum(1), 75))
    yield np.asarray(cv2.threshold(unlike, 1.5 * usual + 8, 255, cv2.THRESH_BINARY)[1])
    yield np.asarray(cv2.threshold(unlike, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[1])
    for low, high in ((40, 120), (12, 36)):
        edges = cv2.Canny(grey, low, high)
        yield np.asarray(cv2.dilate(edges, np.ones((3, 3), np.uint8)), np.uint8)


def _fours(hull: npt.NDArray[np.int32]) -> Iterator[Corners]:
    """Quadrilaterals that an outline may be."""
    length = cv2.arcLength(hull, True)
    for share in _SIMPLIFY:
        simple = cv2.approxPolyDP(hull, share * length, True)
        if len(simple) == 4:
            yield ordered(simple.reshape(4, 2).astype(np.float32))
            break
    if len(hull) > 4:
        around = cv2.approxPolyN(hull, 4, ensure_convex=True)
        yield ordered(np.asarray(around, np.float32).reshape(4, 2))


# ---- Judgement -------------------------------------------------------------------------------


def _judged(channels: list[Grey], four: Corners) -> _Found | None:
    """The paper that `four` are the corners of, if the picture bears that out."""
    if not _plausible(four):
        return None
    height, width = channels[0].shape
    at = across(four, _REACH)
    near = at[:, :, np.abs(_REACH) <= _BESIDE + 1]
    inside = (near >= 1).all(3) & (near[..., 0] <= width - 2) & (near[..., 1] <= height - 2)
    seen = inside.all(2)  # side x sample
    area = float(cv2.contourArea(four))
    whole = bool(seen.mean(1).min() > 0.97) and area < LARGEST * channels[0].size
    steps = np.stack([_steps(channel, at) for channel in channels])
    rise = np.sqrt((steps**2).sum(0))
    stepped = (rise >= STEP) & seen
    contrast = float(np.median(rise, 1).min())
    support = stepped.sum(1) / np.maximum(1, seen.sum(1))
    bright = bool(np.median(steps[0]) > 0)
    if whole:
        return _Found(four, area, True, bright, contrast) if support.min() >= SUPPORT else None
    sides = (support >= CUT_SUPPORT) & (seen.mean(1) >= 0.25)
    if sides.sum() < 2 or area < 3 * SMALLEST * channels[0].size:
        return None
    return _Found(four, area, False, bright, contrast)


def _plausible(four: Corners) -> bool:
    sides = np.roll(four, -1, 0) - four
    length = np.hypot(sides[:, 0], sides[:, 1])
    if length.min() < 12 or length.max() > 3.5 * length.min():
        return False
    unit = sides / length[:, None]
    turn = (unit * np.roll(unit, 1, 0)).sum(1)  # cosine of each corner's turn
    return bool(np.abs(turn).max() < 0.62)


def _steps(channel: Grey, at: Points) -> npt.NDArray[np.float32]:
    """Side x sample: by how much it is brighter inside than anywhere beside it, or darker."""
    values = _values(channel, at)
    inside, beside = values[..., _REACH >= _BESIDE], values[..., _REACH <= -_BESIDE]
    brighter = np.maximum(0, np.median(inside, 2) - beside.max(2))  # there may be text inside
    return np.asarray(brighter - np.maximum(0, beside.min(2) - inside.max(2)), np.float32)


def _values(channel: Grey, at: Points) -> Grey:
    flat = at.reshape(at.shape[0] * at.shape[1], -1, 2)
    values = cv2.remap(
        channel, flat[..., 0], flat[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(values.reshape(at.shape[:3]), np.float32)


def _distinct(found: list[_Found]) -> list[_Found]:
    """Each paper once: the outer outline of several, and a whole one before a part."""
    kept: list[_Found] = []
    for one in sorted(found, key=lambda one: (one.whole and one.bright, one.area), reverse=True):
        apart = all(_shared(one, other) < 0.3 * min(one.area, other.area) for other in kept)
        if apart and (not kept or one.area > 0.25 * kept[0].area) and (one.whole or not kept):
            kept.append(one)
    return kept


def _shared(one: _Found, other: _Found) -> float:
    return float(cv2.intersectConvexConvex(one.corners, other.corners)[0])
