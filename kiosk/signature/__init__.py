"""A signature on the touch screen: the pen's way, its picture, and the answers it was given to."""

from kiosk.signature.binding import (
    DECLARED,
    FORMAT,
    JOINT,
    answers_digest,
    bind,
    check,
    declared,
    joint_digest,
    signed,
)
from kiosk.signature.ink import (
    MAX_IMAGE,
    MAX_MILLISECONDS,
    MAX_POINTS,
    MAX_RAW,
    MAX_STROKES,
    PEN,
    WIDTH,
    Point,
    Signature,
    Stroke,
    decode,
    encode,
    image,
    problem,
    record,
)

__all__ = [
    "DECLARED", "FORMAT", "JOINT", "MAX_IMAGE", "MAX_MILLISECONDS", "MAX_POINTS", "MAX_RAW",
    "MAX_STROKES", "PEN", "WIDTH", "Point", "Signature", "Stroke", "answers_digest", "bind",
    "check", "declared", "decode", "encode", "image", "joint_digest", "problem", "record", "signed",
]  # fmt: skip
