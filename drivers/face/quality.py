"""Is a face, as the pack's detector saw it, good enough to be compared? Pixels in, a hint out.

`framing` does the same with OpenCV's own cascades, where there is no pack.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from drivers.camera.ring import Picture
from drivers.face.detect import Gray
from drivers.face.framing import LIMITS, sharpness_of
from drivers.face.landmarks import ARCFACE_SIDE, Face
from drivers.face.networks import Floats
from kiosk.model import FaceHint

# The width of a cascade's box, for which `LIMITS` was made: in widths of this detector's, and in
# distances between the eyes, which change less when a head tilts.
HEAD_WIDTH, HEAD_EYES = 1.22, 2.65
EYES_PIXELS = 36  # between the eyes, in the full picture: a network sees 35
YAW, PITCH, ROLL = 17.0, 13.0, 11.0  # degrees as estimated; really up to twice as many
# Parts of an aligned face: left, top, right, bottom. Lids and brows have edges across, a mouth has
# a line, whatever its owner looks like: least strength of these edges, in shares of the face's
# brightness. Dark glasses may reflect edges, but are dark all over, wherever they sit: most of the
# sockets that may be much darker than the brighter cheek. Of 67 faces, also dim and blurred, none
# was taken for covered; painted with dark glasses, masks of three colours or a hand, 535 of 536
# were.
EYES = ((29, 45, 48, 58), (64, 45, 83, 58))
MOUTH = (41, 85, 71, 99)
EYE_EDGES, MOUTH_EDGES = 0.45, 0.25
CHEEKS = ((29, 67, 39, 77), (73, 67, 83, 77))
SOCKETS = ((22, 32, 50, 66), (62, 32, 90, 66))
DARK, DARK_SHARE = 0.35, 0.28


@dataclass(frozen=True, slots=True)
class Quality:
    """`found`: there is a face near enough to be somebody's; `good`: it may be compared."""

    hint: FaceHint
    found: bool = True
    good: bool = False


def judge(view: Picture, gray: Gray, faces: Sequence[Face], scale: float) -> Quality:
    """`faces`: those in `view`, widest first; `scale`: of the full picture to the view."""
    side = min(gray.shape)
    smallest = LIMITS.smallest / HEAD_WIDTH * side
    near = [face for face in faces[:1] if face.box[2] >= smallest]
    if not near:
        return Quality(_exposure(float(gray.mean())) or FaceHint.SEARCHING, found=False)
    face = near[0]
    near += [one for one in faces[1:] if one.box[2] >= LIMITS.bystander * face.box[2]]
    hint = (
        _exposure(_brightness(gray, face))
        or _placing(near, gray.shape, scale)
        or _cover(view, face)  # before the pose, of which a covered face tells little
        or _pose(face)
    )
    if hint is not None:
        return Quality(hint)
    return Quality(FaceHint.HOLD_STILL, good=_sharpness(gray, face) >= LIMITS.blurred)


def covered(aligned: Picture) -> bool:
    """Are both eyes, or the mouth, hidden? `aligned`: a face, 112 x 112."""
    gray = np.asarray(cv2.cvtColor(aligned, cv2.COLOR_BGR2GRAY), np.float32)
    steps = np.asarray(cv2.Sobel(gray, cv2.CV_32F, 0, 1), np.float32)
    edges = np.asarray(np.abs(steps) / max(1.0, float(gray.mean())), np.float32)
    eyes = max(float(_part(edges, part).mean()) for part in EYES)
    mouth = float(_part(edges, MOUTH).mean())
    return eyes < EYE_EDGES or mouth < MOUTH_EDGES or _dark_sockets(gray) > DARK_SHARE


def _dark_sockets(gray: Floats) -> float:
    """Share of the less dark one."""
    soft = np.asarray(cv2.GaussianBlur(gray, (0, 0), 1.2), np.float32)
    cheek = max(float(_part(soft, part).mean()) for part in CHEEKS)
    return min(float((_part(soft, part) < DARK * cheek).mean()) for part in SOCKETS)


def _exposure(brightness: float) -> FaceHint | None:
    if brightness < LIMITS.dark:
        return FaceHint.TOO_DARK
    return FaceHint.TOO_BRIGHT if brightness > LIMITS.bright else None


def _placing(near: Sequence[Face], shape: tuple[int, ...], scale: float) -> FaceHint | None:
    """The first thing that is wrong with the number, size or place of the faces."""
    face = near[0]
    x, y, width, height = face.box
    rows, columns = shape
    side = min(shape)
    beside = abs(x + width / 2 - columns / 2) / side
    above = abs(y + height / 2 - rows / 2) / side
    share = face.eyes * HEAD_EYES / side
    wrong = (
        (len(near) > 1, FaceHint.ONE_PERSON),
        (share < LIMITS.narrow or face.eyes * scale < EYES_PIXELS, FaceHint.CLOSER),
        (share > LIMITS.wide, FaceHint.FARTHER),
        (beside > LIMITS.beside or above > LIMITS.above, FaceHint.CENTRE),
    )
    return next((hint for is_wrong, hint in wrong if is_wrong), None)


def _pose(face: Face) -> FaceHint | None:
    pose = face.pose
    askew = abs(pose.yaw) > YAW or abs(pose.pitch) > PITCH or abs(pose.roll) > ROLL
    return FaceHint.STRAIGHT if askew else None


def _cover(view: Picture, face: Face) -> FaceHint | None:
    return FaceHint.UNCOVER if covered(face.aligned(view, ARCFACE_SIDE)) else None


def _brightness(gray: Gray, face: Face) -> float:
    return float(_inside(gray, face, 1.0).mean())


def _sharpness(gray: Gray, face: Face) -> float:
    return sharpness_of(_inside(gray, face, HEAD_WIDTH))


def _inside(gray: Gray, face: Face, widen: float) -> Gray:
    """A square as wide as the face, so much wider; what of it is in the picture."""
    x, y, width, height = face.box
    half = max(1.0, width * widen / 2)
    left, top = max(0, round(x + width / 2 - half)), max(0, round(y + height / 2 - half))
    part = gray[top : round(y + height / 2 + half), left : round(x + width / 2 + half)]
    return part if part.size else gray[:1, :1]


def _part(levels: Floats, part: tuple[int, int, int, int]) -> Floats:
    left, top, right, bottom = part
    return levels[top:bottom, left:right]
