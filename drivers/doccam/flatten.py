"""A paper seen askew → the paper as if seen from straight above. Pure."""

from __future__ import annotations

import math

import cv2
import numpy as np

from drivers.doccam.corners import Corners, Picture

LONGEST_SIDE = 2600  # pixels of a flattened page
RATIOS = (math.sqrt(2), 85.6 / 53.98, 11 / 8.5)  # longer to shorter side: ISO A and B, ID-1, letter
HAIR = 1.0  # pixel, cut off at each edge
NEAR = 0.035  # share that a paper's ratio may be off and still be taken for one of those


def flatten(picture: Picture, corners: Corners, *, fine: bool = True) -> Picture:
    """As many pixels as it had; its first corner becomes the top left one. `fine`: to be kept."""
    width, height = extent(corners, picture.shape[1], picture.shape[0])
    # pixels' middles, not their edges, are what a transform maps; and a hair less than the page,
    # so that nothing of the plate shows along its edges
    far = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    own = far - 0.5 + HAIR * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], np.float32)
    move = cv2.getPerspectiveTransform(np.asarray(corners, np.float32), own)
    how = cv2.INTER_CUBIC if fine else cv2.INTER_LINEAR
    flat = cv2.warpPerspective(
        picture, move, (width, height), flags=how, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(flat, np.uint8)


def extent(corners: Corners, picture_width: int, picture_height: int) -> tuple[int, int]:
    """Width and height of the flattened page, in pixels."""
    sides = np.hypot(*(np.roll(corners, -1, 0) - corners).T)
    across, down = max(1.0, float(sides[[0, 2]].mean())), max(1.0, float(sides[[1, 3]].mean()))
    seen = across / down
    true = _ratio(corners, picture_width, picture_height)
    # a camera above the plate distorts little: more than that is a misjudged vanishing point
    ratio = true if true is not None and 0.87 < true / seen < 1.15 else seen
    for named in RATIOS:
        for one in (named, 1 / named):
            if abs(ratio / one - 1) < NEAR:
                ratio = one
    area = min(across * down, LONGEST_SIDE**2 * min(ratio, 1 / ratio))
    width, height = math.sqrt(area * ratio), math.sqrt(area / ratio)
    shrink = min(1.0, LONGEST_SIDE / max(width, height))
    return max(1, round(width * shrink)), max(1, round(height * shrink))


def _ratio(corners: Corners, picture_width: int, picture_height: int) -> float | None:
    """Width to height of the rectangle that is seen so, by a camera with square pixels whose axis
    goes through the picture's middle (Zhang and He, Whiteboard Scanning, 2003); None: it is seen
    from straight above, or this can't be told."""
    middle = np.array([picture_width, picture_height]) / 2
    one, two, three, four = np.column_stack([(corners - middle), np.ones(4)]).astype(np.float64)
    below = np.dot(np.cross(two, three), four), np.dot(np.cross(four, three), two)
    if min(map(abs, below)) < 1e-9:
        return None
    k2 = np.dot(np.cross(one, three), four) / below[0]
    k3 = np.dot(np.cross(one, three), two) / below[1]
    n2, n3 = k2 * two - one, k3 * four - one
    if abs(n2[2] * n3[2]) < 1e-6:
        return None
    focal = -(n2[0] * n3[0] + n2[1] * n3[1]) / (n2[2] * n3[2])
    if focal <= (0.3 * picture_width) ** 2:
        return None
    square = (n2[0] ** 2 + n2[1] ** 2) / focal + n2[2] ** 2
    other = (n3[0] ** 2 + n3[1] ** 2) / focal + n3[2] ** 2
    return math.sqrt(square / other) if other > 0 else None
