"""One person before the camera: the way out for pictures and hints, until the person goes."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from enum import StrEnum
from typing import Generic, TypeVar

import cv2
import numpy as np

from drivers.camera.ring import Picture
from kiosk.ports import FrameSlot

Hint = TypeVar("Hint", bound=StrEnum)


class Visit(Generic[Hint]):
    """Fed on the camera's thread; hints come out on the loop's, each once."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        on_hint: Callable[[Hint], None],
        frames: FrameSlot,
        *,
        mirror: bool = True,
    ) -> None:
        self._loop = loop
        self._on_hint = on_hint
        self._frames = frames
        self._mirror = mirror
        self._told: Hint | None = None
        self._lock = threading.Lock()  # after `end` not even a picture on its way gets through
        self._over = threading.Event()

    @property
    def over(self) -> bool:
        return self._over.is_set()

    def pause(self, seconds: float) -> None:
        self._over.wait(max(0.0, seconds))

    def tell(self, hint: Hint) -> None:
        if hint is self._told:
            return
        self._told = hint
        with contextlib.suppress(RuntimeError):  # the loop has been closed meanwhile
            self._loop.call_soon_threadsafe(self._say, hint)

    def show(self, picture: Picture) -> None:
        shown = np.asarray(cv2.flip(picture, 1), np.uint8) if self._mirror else picture.copy()
        height, width = shown.shape[:2]
        with self._lock:
            if not self.over:
                self._frames.put(width, height, shown.data.cast("B"))
        shown.fill(0)

    def end(self) -> None:
        with self._lock:
            self._over.set()
            self._frames.wipe()

    def _say(self, hint: Hint) -> None:
        if not self.over:
            self._on_hint(hint)
