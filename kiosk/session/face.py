"""The face step: only ever entered with consent, and no picture outlives it."""

from __future__ import annotations

from kiosk import events as e
from kiosk.model import FaceFault
from kiosk.ports import FaceCamera, OnHint
from kiosk.session.post import Post


async def judge_face(camera: FaceCamera, portrait: bytes, seconds: float, post: Post) -> None:
    """Compare with the card's portrait; ends in `FaceJudged`."""
    hint = _teller(post)
    post(e.FaceJudged(await camera.verify(portrait, hint, seconds)))


async def capture_face(camera: FaceCamera, seconds: float, post: Post) -> None:
    """In a demonstration: frame the face only; ends in `FaceCaptured` or `FaceFailed`."""
    outcome = await camera.capture(_teller(post), seconds)
    post(e.FaceFailed(outcome) if isinstance(outcome, FaceFault) else e.FaceCaptured())


def _teller(post: Post) -> OnHint:
    return lambda hint: post(e.FaceHinted(hint))
