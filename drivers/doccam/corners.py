"""Four corners of a paper: their order, places along its sides, and corners to parts of a pixel.

Pure.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

Picture = npt.NDArray[np.uint8]  # height x width x 3, BGR
Corners = npt.NDArray[np.float32]  # 4 x 2, clockwise, the one nearest to the top left first
Points = npt.NDArray[np.float32]  # ... x 2

_SAMPLES = 60  # of a side


def ordered(points: Points) -> Corners:
    """Clockwise, beginning with the corner nearest to the top left."""
    middle = points.mean(0)
    angle = np.arctan2(points[:, 1] - middle[1], points[:, 0] - middle[0])
    around = points[np.argsort(angle)]
    return np.asarray(np.roll(around, -int(around.sum(1).argmin()), 0), np.float32)


def across(four: Corners, reach: npt.NDArray[np.float32]) -> Points:
    """Places in the picture: side x sample along it x place across it, inwards, x 2."""
    sides = np.roll(four, -1, 0) - four
    inward = np.stack([-sides[:, 1], sides[:, 0]], 1) / np.hypot(sides[:, 0], sides[:, 1])[:, None]
    along = np.linspace(0.04, 0.96, _SAMPLES, dtype=np.float32)
    on = four[:, None] + along[None, :, None] * sides[:, None]
    return np.asarray(on[:, :, None] + reach[None, None, :, None] * inward[:, None, None])


def refined(smooth: Picture, corners: Corners, reaches: tuple[float, ...]) -> Corners:
    """Straight lines through the steps along each side, and where they meet; `reaches`: how far
    from the sides steps are looked for, in pixels, one round after the other."""
    for reach in reaches:
        at = across(corners, np.arange(-reach, reach + 0.5, 0.5, dtype=np.float32))
        lines = [_line(_edge(smooth, side)) for side in at]
        met = [_meeting(lines[side - 1], lines[side]) for side in range(4)]
        fresh = np.array([place for place in met if place is not None], np.float32)
        if len(fresh) < 4 or np.abs(fresh - corners).max() > 2 * reach:
            return corners
        corners = fresh
    return corners


def _edge(smooth: Picture, at: Points) -> Points:
    """Where each sample of one side steps most, in the colour that tells most, to one side."""
    values = cv2.remap(smooth, at[..., 0], at[..., 1], cv2.INTER_LINEAR).astype(np.float32)
    rise = np.median(values[:, -1] - values[:, 0], 0)
    colour = int(np.abs(rise).argmax())
    slope = np.gradient(values[..., colour], axis=1) * np.sign(rise[colour] or 1)
    return np.asarray(at[np.arange(len(at)), slope.argmax(1)], np.float32)


def _line(points: Points) -> Points:
    """(unit direction, a point), by the points that agree."""
    for _ in range(3):
        x, y, at_x, at_y = cv2.fitLine(points, cv2.DIST_HUBER, 0, 0.01, 0.01).ravel()
        off = np.abs((points[:, 0] - at_x) * y - (points[:, 1] - at_y) * x)
        near = off <= max(0.5, 2.0 * float(np.median(off)))
        points = points[near]
    return np.array([[x, y], [at_x, at_y]], np.float32)


def _meeting(one: Points, other: Points) -> Points | None:
    directions = np.stack([one[0], -other[0]], 1)
    if abs(np.linalg.det(directions)) < 0.1:
        return None
    along = np.linalg.solve(directions, other[1] - one[1])
    return np.asarray(one[1] + along[0] * one[0], np.float32)
