"""From hints per frame to what a person is told, and to the moment of capture."""

from __future__ import annotations

from drivers.face.framing import Framing, Picture
from drivers.face.told import HINT_FRAMES, Told
from kiosk.model import FaceHint

GOOD_FRAMES = 7  # about half a second


class Steady:
    """`hint` is what to tell; `best` the sharpest picture of an unbroken run of good ones."""

    def __init__(self, good_frames: int = GOOD_FRAMES, hint_frames: int = HINT_FRAMES) -> None:
        self.best: Picture | None = None
        self.sharpness = 0.0
        self._good_frames = good_frames
        self._told = Told(hint_frames)
        self._good = 0

    @property
    def hint(self) -> FaceHint:
        return self._told.hint

    @property
    def captured(self) -> bool:
        return self.hint is FaceHint.CAPTURED

    def offer(self, picture: Picture, framing: Framing) -> None:
        """Take the next frame into account; frames after the capture are ignored."""
        if self.captured:
            return
        self._told.of(framing.hint)
        if not framing.good:
            self._good, self.best, self.sharpness = 0, None, 0.0
            return
        self._good += 1
        if self.best is None or framing.sharpness > self.sharpness:
            self.best, self.sharpness = picture, framing.sharpness
        if self._good >= self._good_frames:
            self._told.now(FaceHint.CAPTURED)
