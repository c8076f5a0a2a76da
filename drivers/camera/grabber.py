"""What takes pictures from a source, as those who use it see it."""

from __future__ import annotations

from typing import Protocol

from drivers.camera.ring import Picture
from drivers.camera.wire import End


class Grabber(Protocol):
    """One use of a source: started once, halted once. Pictures are taken by one thread.

    Nobody waits for a library: each call has its time, whatever the source does.
    """

    def start(self) -> None: ...

    def take(self, seconds: float) -> Picture | None:
        """The newest picture that was not yet taken; None if none comes in that time."""

    def look(self, seconds: float) -> Picture | None:
        """As `take`, but small: within `Mode.view`. `still` has the same picture in full."""

    def still(self) -> Picture | None:
        """The picture that `look` or `take` gave last, in full size."""

    @property
    def ended(self) -> bool:
        """No more pictures will come: not opened, failed, silent for too long, or halted."""

    @property
    def end(self) -> End | None:
        """Why."""

    @property
    def taken(self) -> int:
        """Pictures so far; of a live source no two that follow each other are the same."""

    def halt(self) -> None:
        """Let the source go; the process is killed if it does not. Does not wait. Any thread."""

    def released(self, seconds: float) -> bool:
        """Wait until the source is let go and its pictures overwritten; False: not yet."""
