"""Learns the weights of `upright`: `python -m drivers.doccam.training` prints `weights.py`.

From the 3755 characters of GB 2312's first level, letters and digits, in Noto's typefaces, blurred
and noisy as a camera has them. Repeats to the same weights.
"""

from __future__ import annotations

import string
from collections.abc import Iterator

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from drivers.doccam.papers import NOTO
from drivers.doccam.upright import BINS, CELLS, Edges, edges, square, turned

FONTS = (
    "NotoSansCJK-Regular.ttc", "NotoSansCJK-Bold.ttc",
    "NotoSerifCJK-Regular.ttc", "NotoSerifCJK-Bold.ttc",
)  # fmt: skip
LATIN = (string.ascii_letters + string.digits) * 24
ROUNDS, RATE, DECAY = 400, 4.0, 2e-5
_CHINESE = 2
_SIZE = 48


def main() -> None:
    weights = learn(samples(FONTS))
    whole = np.round(weights * 100).astype(int)
    print('"""Learned by `drivers.doccam.training`: hundredths, by row, column and direction."""')
    print("\nWEIGHTS = (")
    for row in whole.reshape(CELLS * CELLS, BINS):
        print(f"    ({', '.join(map(str, row))}),")
    print(")")


def characters() -> str:
    """GB 2312, level one, and Latin."""
    level = (bytes([row, cell]) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF))
    return "".join(code.decode("gb2312", "ignore") for code in level) + LATIN


def samples(fonts: tuple[str, ...], seed: int = 1) -> Edges:
    """Of upright characters, seen each way up: what is lopsided in the seeing must not count."""
    random = np.random.default_rng(seed)
    seen: list[list[npt.NDArray[np.float32]]] = [[], [], [], []]
    for name in fonts:
        for shape in shapes(ImageFont.truetype(NOTO / name, _SIZE, index=_CHINESE)):
            quarter = int(random.integers(4))
            lying = np.ascontiguousarray(np.rot90(shape, quarter))
            seen[quarter].append(square(_seen(lying, random)))
    found = [turned(edges(np.asarray(one)), -quarter) for quarter, one in enumerate(seen)]
    return np.concatenate(found)


def shapes(font: ImageFont.FreeTypeFont) -> Iterator[npt.NDArray[np.uint8]]:
    """Each character in dark grey on light, cut at its edges."""
    for one in characters():
        image = Image.new("L", (_SIZE * 2, _SIZE * 2), 235)
        ImageDraw.Draw(image).text((_SIZE // 2, _SIZE // 4), one, 40, font)
        drawn = np.asarray(image, np.uint8)
        x, y, width, height = cv2.boundingRect((drawn < 200).astype(np.uint8))
        yield drawn[y : y + height, x : x + width]


def _seen(shape: npt.NDArray[np.uint8], random: np.random.Generator) -> npt.NDArray[np.uint8]:
    """As small, soft and noisy as a camera sees it, turned a little, and badly cut."""
    framed = cv2.copyMakeBorder(shape, 8, 8, 8, 8, cv2.BORDER_CONSTANT, value=235)
    height, width = framed.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), random.uniform(-4, 4), 1)
    soft = cv2.warpAffine(framed, turn, (width, height), borderValue=235)
    soft = cv2.GaussianBlur(soft, (0, 0), random.uniform(0.6, 4))
    scale = random.uniform(10, 26) / _SIZE
    small = cv2.resize(soft, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    noisy = small + random.normal(0, 4, small.shape)
    cut = [max(0, round(8 * scale) + random.integers(-1, 2)) for _ in range(4)]
    part = noisy[cut[0] : small.shape[0] - cut[1], cut[2] : small.shape[1] - cut[3]]
    return np.asarray(np.clip(part if part.size else noisy, 0, 255), np.uint8)


def learn(found: Edges) -> npt.NDArray[np.float32]:
    """The weights with which the upright ones of four turns look most upright."""
    views = np.stack([turned(found, quarter) for quarter in range(4)], 1)
    views = views.reshape(len(found), 4, -1).astype(np.float32)
    weights, speed = np.zeros(views.shape[2], np.float32), np.zeros(views.shape[2], np.float32)
    for _ in range(ROUNDS):
        scores = views @ weights
        chances = np.exp(scores - scores.max(1, keepdims=True))
        chances /= chances.sum(1, keepdims=True)
        chances[:, 0] -= 1
        slope = np.einsum("nk,nkd->d", chances, views) / len(views) + DECAY * weights
        speed = 0.9 * speed - RATE * slope
        weights = weights + speed
    return weights


if __name__ == "__main__":
    main()
