"""The face step: guide the person, keep one good frame. Only ever entered with consent."""

from __future__ import annotations

from kiosk import events as e
from kiosk.model import FaceFault
from kiosk.ports import FaceCamera
from kiosk.session.post import Post


async def capture_face(camera: FaceCamera, seconds: float, post: Post) -> None:
    """Ends in `FaceCaptured` or `FaceFailed`; cancelled when the page is left."""
    outcome = await camera.capture(lambda hint: post(e.FaceHinted(hint)), seconds)
    post(e.FaceFailed(outcome) if isinstance(outcome, FaceFault) else e.FaceCaptured(outcome))
