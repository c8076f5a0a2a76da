"""Keeps only the newest picture of a source, on a thread of its own.

OpenCV can hang in `open` or `read` for as long as a driver likes. Here nobody waits for it: who
takes pictures waits a bounded time, and a hung thread is left behind. A worker process can take
this thread's place: `start`, `take`, `halt` and `released` are all that the camera knows of it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

import cv2

from drivers.camera.source import Picture, Source

Open = Callable[[], Source | None]


class Grabber:
    """One use of a source: started once, halted once."""

    def __init__(self, open_: Open) -> None:
        self._open = open_
        self._changed = threading.Condition()
        self._newest: Picture | None = None
        self._ended = False
        self._halted = False
        self._thread = threading.Thread(target=self._run, name="camera-grabber", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def take(self, seconds: float) -> Picture | None:
        """The newest picture that was not yet taken; None if none comes in that time."""
        with self._changed:
            self._changed.wait_for(lambda: self._newest is not None or self._ended, seconds)
            picture, self._newest = self._newest, None
            return picture

    @property
    def ended(self) -> bool:
        """No more pictures will come: the source could not be opened, failed, or was halted."""
        with self._changed:
            return self._ended

    def halt(self) -> None:
        """Let the source go as soon as its current read returns. Does not wait."""
        with self._changed:
            self._halted = True
            self._end()

    def released(self, seconds: float) -> bool:
        """Wait until the source is let go; False when that takes longer."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        source: Source | None = None
        try:
            source = self._open()
            while source is not None and self._keep(source.read()):
                pass
        except cv2.error:
            pass  # a source that OpenCV can't read has ended
        finally:
            if source is not None:
                source.release()
            with self._changed:
                self._end()

    def _keep(self, picture: Picture | None) -> bool:
        with self._changed:
            if picture is None or self._halted:
                return False
            self._newest = picture
            self._changed.notify_all()
            return True

    def _end(self) -> None:
        self._ended = True
        self._newest = None
        self._changed.notify_all()
