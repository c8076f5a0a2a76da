"""From hints per frame to what a person is told, and to the moment of capture."""

from __future__ import annotations

from drivers.face.framing import Framing, Picture
from kiosk.model import FaceHint

HINT_FRAMES = 3  # a hint is told when so many frames in a row say it: words must not flicker
GOOD_FRAMES = 7  # about half a second


class Steady:
    """`hint` is what to tell; `best` the sharpest picture of an unbroken run of good ones."""

    def __init__(self, good_frames: int = GOOD_FRAMES, hint_frames: int = HINT_FRAMES) -> None:
        self.hint = FaceHint.SEARCHING
        self.best: Picture | None = None
        self.sharpness = 0.0
        self._good_frames = good_frames
        self._hint_frames = hint_frames
        self._good = 0
        self._same = 0
        self._last: FaceHint | None = None

    @property
    def captured(self) -> bool:
        return self.hint is FaceHint.CAPTURED

    def offer(self, picture: Picture, framing: Framing) -> None:
        """Take the next frame into account; frames after the capture are ignored."""
        if self.captured:
            return
        self._same = self._same + 1 if framing.hint is self._last else 1
        self._last = framing.hint
        if self._same >= self._hint_frames:
            self.hint = framing.hint
        if not framing.good:
            self._good, self.best, self.sharpness = 0, None, 0.0
            return
        self._good += 1
        if self.best is None or framing.sharpness > self.sharpness:
            self.best, self.sharpness = picture, framing.sharpness
        if self._good >= self._good_frames:
            self.hint = FaceHint.CAPTURED
