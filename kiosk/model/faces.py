"""Faces in front of a camera."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class FaceHint(StrEnum):
    """What to tell a person in front of the camera; text `face.hint.<value>`."""

    SEARCHING = "searching"  # nobody is seen
    CLOSER = "closer"
    FARTHER = "farther"
    CENTRE = "centre"
    STRAIGHT = "straight"  # a profile or a tilted head
    ONE_PERSON = "one_person"
    TOO_DARK = "too_dark"
    TOO_BRIGHT = "too_bright"
    UNCOVER = "uncover"  # sunglasses, a mask or a hand hides a part of the face
    HOLD_STILL = "hold_still"  # well framed: keep so
    TURN_LEFT = "turn_left"  # the challenge: to the person's own left
    TURN_RIGHT = "turn_right"
    NOD = "nod"
    BLINK = "blink"
    COMPARING = "comparing"
    CAPTURED = "captured"


class FaceFault(StrEnum):
    """Why a face was not captured, or not taken for the card's; text `problem.face.<value>`."""

    NO_CAMERA = "no_camera"
    TIMED_OUT = "timed_out"  # never well framed
    NOT_MATCHED = "not_matched"  # not enough like the portrait on the card
    NOT_LIVE = "not_live"  # a picture, a screen or a mask
    NOT_DONE = "not_done"  # the challenge was not met in time
    CHANGED = "changed"  # another person stepped in meanwhile
    NO_PORTRAIT = "no_portrait"  # the card's portrait can't be read, or shows no face
    NO_MODEL = "no_model"  # no model pack, or one that can't be used


@dataclass(frozen=True, slots=True)
class FaceCapture:
    """One well framed face: BGR bytes, row by row, `width * height * 3` of them."""

    width: int
    height: int
    bgr: bytes = field(repr=False)
    sharpness: float = 0.0


@dataclass(frozen=True, slots=True)
class FaceDecision:
    """What comparing a living face with a card's portrait came to. Never holds a picture.

    `fault` None: the same person, alive. `model`: pack and version, such as `opencv-zoo 2023mar`.
    `score` and `threshold`: cosine of the embeddings, -1 to 1; None: it did not come to that.
    `liveness` and `liveness_threshold`: 0 to 1, None where the pack has no such network.
    `challenges`: those that were met, values of `FaceHint`.
    """

    fault: FaceFault | None
    model: str = ""
    score: float | None = None
    threshold: float | None = None
    liveness: float | None = None
    liveness_threshold: float | None = None
    challenges: tuple[str, ...] = ()

    @property
    def matched(self) -> bool:
        return self.fault is None
