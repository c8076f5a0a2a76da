"""Keeps the processes of a terminal alive: starts them in order, restarts what ends, stops all.

The agent may ask for more by the code that it ends with: RESTART, the screen and itself anew, or
SWITCH, everything to end, so that another version is started (`kiosk.updates.boot`).
"""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import structlog

from kiosk import processes

log = structlog.get_logger("supervisor")

BACKOFF_SECONDS = (0.5, 30.0)
CALM_SECONDS = 30.0  # after running this long, the next restart is immediate again
RESTART, SWITCH = 75, 76
AGENT, ANEW = "agent", ("screen", "agent")


@dataclass(slots=True)
class Child:
    """One process to keep alive. `restart=False`: its end is its own business."""

    name: str
    argv: list[str]
    env: Mapping[str, str] = field(default_factory=dict)
    restart: bool = True
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    delay: float = 0.0
    due: float = 0.0

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None


class Supervisor:
    """Use from the main thread. `until` in `run` decides when to stop."""

    def __init__(self, children: list[Child]) -> None:
        self.children = children
        self._stopping = False
        self.code = 0  # SWITCH when the agent asked for it

    def __enter__(self) -> Supervisor:
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, self._ask_to_stop)
        for child in self.children:
            self.start(child)
        return self

    def __exit__(self, *_error: object) -> None:
        for child in reversed(self.children):
            if child.process is not None:
                processes.stop(child.process)
                log.info("stopped", child=child.name)

    def run(self, until: Callable[[], bool] = lambda: False, seconds: float | None = None) -> bool:
        """Watch until `until()`, a signal, or `seconds` have passed; True if `until` came true."""
        deadline = None if seconds is None else time.monotonic() + seconds
        while not self._stopping:
            if until():
                return True
            if deadline is not None and time.monotonic() > deadline:
                return False
            for child in self.children:
                self._mind(child)
            time.sleep(0.1)
        return False

    def child(self, name: str) -> Child:
        return next(child for child in self.children if child.name == name)

    @property
    def stopping(self) -> bool:
        return self._stopping

    def _ask_to_stop(self, *_signal: object) -> None:
        self._stopping = True

    def start(self, child: Child) -> None:
        child.process = processes.start(child.argv, child.env)
        child.started = time.monotonic()
        child.due = 0.0
        log.info("started", child=child.name, pid=child.process.pid)

    def _mind(self, child: Child) -> None:
        if child.alive or not child.restart or self._asked(child):
            return
        now = time.monotonic()
        if child.due == 0.0:
            assert child.process is not None
            least, most = BACKOFF_SECONDS
            calm = now - child.started > CALM_SECONDS
            child.delay = least if calm else min(most, max(least, child.delay * 2))
            child.due = now + child.delay
            log.warning("ended", child=child.name, code=child.process.returncode)
        elif now >= child.due:
            self.start(child)

    def _asked(self, child: Child) -> bool:
        """Does it end in order to have something done? Then that is done."""
        code = child.process.returncode if child.process is not None else 0
        if child.name != AGENT or child.due or code not in {RESTART, SWITCH}:
            return False
        log.info("anew", switch=code == SWITCH)
        if code == SWITCH:
            self.code, self._stopping = SWITCH, True
            return True
        for one in (one for one in self.children if one.name in ANEW):
            if one.process is not None:
                processes.stop(one.process)
            self.start(one)
        return True
