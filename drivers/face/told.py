"""What a person is told: words must not flicker with every frame."""

from __future__ import annotations

from kiosk.model import FaceHint

HINT_FRAMES = 3  # a hint is told when so many frames in a row say it


class Told:
    """`hint`: what is told now."""

    def __init__(self, frames: int = HINT_FRAMES) -> None:
        self.hint = FaceHint.SEARCHING
        self._frames = frames
        self._same = 0
        self._last: FaceHint | None = None

    def of(self, hint: FaceHint) -> FaceHint:
        """One frame's hint in, what to tell out."""
        self._same = self._same + 1 if hint is self._last else 1
        self._last = hint
        if self._same >= self._frames:
            self.hint = hint
        return self.hint

    def now(self, hint: FaceHint) -> FaceHint:
        """Without delay: it comes from us, not from a frame."""
        self._same, self._last, self.hint = self._frames, hint, hint
        return hint
