"""Knows how the model pack is, and keeps a process ready that has loaded it."""

from __future__ import annotations

import threading
from pathlib import Path

import structlog

from drivers.face.manifest import NAME
from drivers.face.matcher import CRASHED, Matcher
from drivers.process import Backoff

log = structlog.get_logger("drivers")

NONE, CHECKING, READY = "none", "checking", "ready"
CHECK_SECONDS = 4.0  # a status may wait for; a slower check is told by the next one

Stamp = tuple[str, int, int]


class Desk:
    """`folder`: the pack's, None: no faces are compared. Thread-safe.

    `state`: `NONE`, `CHECKING`, `READY`, `crashed`, or a `PackFault`. A pack is loaded to be
    checked, in a process of its own, whenever its manifest is another one than before.
    """

    def __init__(self, folder: Path | None, *, keep_ready: bool) -> None:
        self._folder = folder
        self._keep_ready = keep_ready
        self._lock = threading.Lock()
        self._matcher: Matcher | None = None
        self._stamp: Stamp | None = None
        self._backoff = Backoff()
        self._closed = False
        self.state = NONE if folder is None else CHECKING
        self.label = ""

    def look(self) -> str:
        """Its state; may take `CHECK_SECONDS`. The process is started where one is missing."""
        if self._folder is None:
            return NONE
        with self._lock:
            stamp = _stamp(self._folder)
            if stamp != self._stamp:
                self._drop()
                self._stamp, self.state = stamp, CHECKING
            if self._matcher is not None and not self._matcher.alive and self.state == READY:
                self._drop()
                self._backoff.failed()
            if self._wanted():
                self._start(self._folder)
            self._learn(CHECK_SECONDS if self.state == CHECKING else 0)
        return self.state

    def take(self) -> Matcher | None:
        """A process for one person, the ready one if there is one; it is the caller's to end."""
        if self._folder is None or self._closed:
            return None
        with self._lock:
            ready, self._matcher = self._matcher, None
        if ready is not None and ready.alive:
            return ready
        if ready is not None:
            ready.end()
        try:
            return Matcher(self._folder)
        except OSError:
            return None

    def close(self) -> None:
        with self._lock:
            self._closed = True
            self._drop()

    def _wanted(self) -> bool:
        """Should there be a process now?"""
        if self._closed or self._matcher is not None or self._backoff.wait:
            return False
        return self.state in {CHECKING, CRASHED.fault} or (self.state == READY and self._keep_ready)

    def _start(self, folder: Path) -> None:
        try:
            self._matcher = Matcher(folder)
        except OSError:
            self._tell(CRASHED.fault, "")

    def _learn(self, seconds: float) -> None:
        """What the process said of the pack."""
        if self._matcher is None:
            return
        said = self._matcher.loaded(seconds)
        if said is None:
            return
        self.label = said.label
        self._tell(said.fault or READY, said.about)
        if self.state != READY or not self._keep_ready:
            self._drop()

    def _tell(self, state: str, about: str) -> None:
        if state == CRASHED.fault:
            self._backoff.failed()
        elif state == READY:
            self._backoff.worked()
        if state != self.state:
            told = log.info if state == READY else log.error
            told("face_models", state=state, pack=self.label, about=about)
        self.state = state

    def _drop(self) -> None:
        matcher, self._matcher = self._matcher, None
        if matcher is not None:
            matcher.end()


def _stamp(folder: Path) -> Stamp:
    """Changes with the manifest; all else stands in that."""
    try:
        found = (folder / NAME).stat()
    except OSError:
        return ("", 0, 0)
    return (str(folder.resolve()), found.st_mtime_ns, found.st_ino)
