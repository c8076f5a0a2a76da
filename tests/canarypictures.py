"""Pictures with a mark that is found wherever a row of it was left, in any order of colours.

The mark is a strip of blocks of one colour each: such blocks come out of a JPEG flat, in colours
that differ a little from those that went in. So a test asks the camera's own decoder for them.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from canaries import Needle, Needles

Picture = npt.NDArray[np.uint8]  # height x width x 3, BGR

BLOCK = 16  # pixels: a JPEG with halved colours has blocks of this size
QUALITY = 88  # of the camera's JPEGs
RUN = 5  # pixels of one colour that are enough to be found
_MARK = ((132, 110, 150), (98, 150, 100), (151, 145, 160))  # Y, Cr, Cb
_ORDERS = {
    "BGR": ((0, 1, 2), b""),
    "RGB": ((2, 1, 0), b""),
    "BGRA": ((0, 1, 2), b"\xff"),
    "RGBA": ((2, 1, 0), b"\xff"),
    "BGRX": ((0, 1, 2), b"\x00"),
    "RGBX": ((2, 1, 0), b"\x00"),
}


def marked(picture: Picture, number: int) -> Picture:
    """With the mark in its upper left corner, and `number` (to 9999) in the blocks behind it."""
    figures = [(60 + 16 * int(f), 100 + 8 * int(f), 180 - 8 * int(f)) for f in f"{number:04}"]
    strip = np.array([[*_MARK, *figures]], np.uint8).repeat(BLOCK, axis=1).repeat(BLOCK, axis=0)
    made = picture.copy()
    corner = made[:BLOCK, : strip.shape[1]]
    corner[:] = cv2.cvtColor(strip, cv2.COLOR_YCrCb2BGR)[:, : corner.shape[1]]
    return made


def portrait() -> Picture:
    """What `portrait_decoder.py` makes from a card."""
    return marked(np.full((126, 102, 3), 90, np.uint8), 0)


def needles(seen: Picture) -> Needles:
    """`seen`: as the camera's decoder, or nobody, has changed the mark's colours."""
    found: Needles = {}
    row = seen[BLOCK // 2, : len(_MARK) * BLOCK]
    for colour in row[BLOCK // 2 :: BLOCK]:
        for name, (order, more) in _ORDERS.items():
            pixel = colour[list(order)].tobytes() + more
            found[pixel * RUN] = Needle("picture", name, _as_it_is)
    grey = cv2.cvtColor(row[np.newaxis], cv2.COLOR_BGR2GRAY).tobytes()[BLOCK // 2 : -BLOCK // 2]
    found[grey] = Needle("picture", "grey", _as_it_is)
    found[grey[::-1]] = Needle("picture", "grey, mirrored", _as_it_is)
    return found


def jpeg_needle(seen: Picture) -> Needles:
    """The first blocks of a marked picture as its JPEG has them."""
    jpeg = cv2.imencode(".jpg", seen, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1].tobytes()
    start = jpeg.index(b"\xff\xda") + 14  # behind the scan's own head
    return {jpeg[start : start + 12]: Needle("picture", "JPEG", _as_it_is)}


def decoded(stream: str) -> Picture:
    """The next picture of a stream, as the terminal's camera process decodes it."""
    capture = cv2.VideoCapture(stream, cv2.CAP_FFMPEG)
    try:
        came, picture = capture.read()
        assert came, "the simulated camera gives no picture"
        return np.asarray(picture, np.uint8)
    finally:
        capture.release()


def _as_it_is(around: bytes, at: int) -> str:
    return around[at : at + 16].hex()
