"""The programs of one utterance, one at a time, each in its own process group; stopped at once."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Sequence
from contextlib import suppress
from enum import StrEnum


class Ended(StrEnum):
    """Why a program gave nothing."""

    STOPPED = "stopped"  # by `stop`
    MISSING = "missing"  # it can't be started
    FAILED = "failed"  # it said so: an exit code
    KILLED = "killed"  # it hung, or crashed


class Utterance:
    """What is spoken goes to a program's standard input: its arguments are seen by everybody."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = threading.Event()

    @property
    def stopped(self) -> bool:
        return self._stopped.is_set()

    def run(self, command: Sequence[str], given: bytes, seconds: float) -> bytes | Ended:
        """What the program wrote, within its time. Whatever it left running is killed.

        `given` and what is written stay in memory: they never touch a disk.
        """
        started = self._start(command)
        if isinstance(started, Ended):
            return started
        try:
            said, _ = started.communicate(given, seconds)
            late = False
        except subprocess.TimeoutExpired:
            late = True
        finally:
            self._finish(started)
        if self.stopped:
            return Ended.STOPPED
        if late or (started.returncode or 0) < 0:
            return Ended.KILLED
        return Ended.FAILED if started.returncode else said

    def stop(self) -> None:
        """From any thread: nothing of this utterance runs from now on."""
        with self._lock:
            self._stopped.set()
            if self._process is not None:
                _kill_group(self._process)

    def _start(self, command: Sequence[str]) -> subprocess.Popen[bytes] | Ended:
        with self._lock:
            if self.stopped:
                return Ended.STOPPED
            try:
                self._process = subprocess.Popen(
                    command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,  # a group of its own
                )
            except OSError:
                return Ended.MISSING
            return self._process

    def _finish(self, process: subprocess.Popen[bytes]) -> None:
        with self._lock:
            self._process = None
            _kill_group(process)
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        process.wait()


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """Also after the leader's end: its children are in the group as long as they live."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
