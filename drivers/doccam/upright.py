"""Which way up a page lies, by its letters. Pure.

Chinese characters and Latin letters have more of some strokes in some places than when turned.
Each blob of a letter's size is described by the directions of its edges in a grid of cells (a
turn by 90 degrees permutes these numbers); a weighted sum says how upright it looks, and all
letters of a page vote. A QR code's own three corners overrule them.

What this can't tell: pages without text or code, with fewer than a dozen letters, of handwriting,
or with text in several directions. They stay as they were laid. The weights were learned by
`drivers.doccam.training` from Noto's typefaces; `tests/unit/test_page_upright.py` measures others.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from drivers.doccam.corners import Picture
from drivers.doccam.legible import Direction, lines
from drivers.doccam.weights import WEIGHTS
from drivers.scanner.codes import turns

Grey = npt.NDArray[np.uint8]
Patches = npt.NDArray[np.float32]  # n x SIDE x SIDE, ink is positive
Edges = npt.NDArray[np.float32]  # n x CELLS x CELLS x BINS

SIDE, CELLS, BINS = 24, 4, 8
SMALLEST = 9.0  # pixels that the text must be high
ENOUGH = 12  # letters, below which nobody can know
MOST = 400  # letters that vote
SURE = 6.0  # by how much more likely the winner must be than the next, as a logarithm
INK = (0.06, 0.55)  # share of a letter's square: less is a dot, more is part of a picture
ALONG = 12.0  # what the lines' direction counts for, as a logarithm
_RIGHT_ANGLE = BINS // 4
_MODEL = np.asarray(WEIGHTS, np.float32).reshape(CELLS, CELLS, BINS) / 100


def upright(page: Picture) -> Picture:
    """The page, turned by a multiple of 90 degrees if it is sure how; else as it is."""
    return np.ascontiguousarray(np.rot90(page, quarters(page)))


def quarters(page: Picture) -> int:
    """How many times 90 degrees, counterclockwise, stand the page upright."""
    codes = turns(page)
    if codes:
        return round(codes[0] / 90) % 4
    grey = np.asarray(cv2.cvtColor(page, cv2.COLOR_BGR2GRAY), np.uint8)
    found = letters(grey)
    if len(found) < ENOUGH:
        return 0
    direction, _ = lines(grey)
    likely = votes_of(edges(found))
    likely[0 if direction is Direction.ACROSS else 1 :: 2] += ALONG
    votes = np.sort(likely)
    return int(likely.argmax()) if votes[-1] - votes[-2] >= SURE else 0


def votes_of(found: Edges) -> npt.NDArray[np.float32]:
    """For 0 to 3 turns by 90 degrees: the logarithm of how likely they stand the page upright."""
    scores = np.stack([(turned(found, quarter) * _MODEL).sum((1, 2, 3)) for quarter in range(4)], 1)
    scores -= scores.max(1, keepdims=True)
    chances = np.exp(scores) / np.exp(scores).sum(1, keepdims=True)
    # what is no letter may be very sure, and wrong: nobody's vote counts for much
    return np.asarray(np.log(0.1 + 0.6 * chances).sum(0), np.float32)


def letters(grey: Grey) -> Patches:
    """Blobs of the text's size, each in a square."""
    _, height = lines(grey)
    if height < SMALLEST:
        return np.empty((0, SIDE, SIDE), np.float32)
    window = max(11, round(2.5 * height)) | 1
    dark = cv2.adaptiveThreshold(
        grey, 255, cv2.ADAPTIVE_THRESH_GAUSSIAN_C, cv2.THRESH_BINARY_INV, window, 14
    )
    # the strokes of a character belong together, its neighbours don't
    near = max(2, round(height * 0.16))
    joint = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, np.ones((near, near), np.uint8))
    _, _, boxes, _ = cv2.connectedComponentsWithStats(joint)
    found = []
    for left, top, width, tall, _ in boxes[1:]:
        edge = min(left, top, grey.shape[1] - left - width, grey.shape[0] - top - tall)
        fits = 0.55 * height <= max(width, tall) <= 1.45 * height
        if fits and 3 * min(width, tall) > max(width, tall) and edge > 0.5 * height:
            patch = square(grey[top : top + tall, left : left + width])
            if INK[0] < (patch > 0.5 * patch.max()).mean() < INK[1]:
                found.append(patch)
    # text has one ink; what is much paler is part of a picture
    ink = np.median([patch.max() for patch in found]) if found else 0
    found = [patch for patch in found if patch.max() > 0.5 * ink]
    step = max(1, len(found) // MOST)
    return np.asarray(found[::step][:MOST], np.float32).reshape(-1, SIDE, SIDE)


def square(blob: Grey) -> npt.NDArray[np.float32]:
    """In the middle of a square of paper, with a little paper around."""
    height, width = blob.shape
    side = round(max(height, width) * 1.1)
    paper = int(blob.max())
    top, left = (side - height) // 2, (side - width) // 2
    framed = cv2.copyMakeBorder(
        blob, top, side - height - top, left, side - width - left, cv2.BORDER_CONSTANT, value=paper
    )
    # INTER_AREA is lopsided when it enlarges
    how = cv2.INTER_AREA if side > SIDE else cv2.INTER_LINEAR
    small = cv2.resize(framed, (SIDE, SIDE), interpolation=how).astype(np.float32)
    return np.asarray(small.max() - small)


def edges(patches: Patches) -> Edges:
    """How much edge of each direction is in each cell; of length 1 for each patch."""
    down, across = np.gradient(patches, axis=(1, 2))
    strength = np.hypot(across, down)
    place = np.arctan2(down, across) * (BINS / (2 * np.pi)) % BINS
    low = np.floor(place)
    share = place - low
    cell = SIDE // CELLS
    made = np.zeros((len(patches), CELLS, CELLS, BINS), np.float32)
    for one in range(BINS):
        inside = strength * ((low == one) * (1 - share) + ((low + 1) % BINS == one) * share)
        cells = inside.reshape(-1, CELLS, cell, CELLS, cell).sum((2, 4))
        made[..., one] = cells
    length = np.sqrt((made**2).sum((1, 2, 3), keepdims=True))
    return np.asarray(np.sqrt(made / np.maximum(length, 1e-6)), np.float32)


def turned(found: Edges, quarter: int) -> Edges:
    """The edges of the same patches after so many turns by 90 degrees, counterclockwise."""
    return np.roll(np.rot90(found, quarter, (1, 2)), -_RIGHT_ANGLE * quarter, 3)
