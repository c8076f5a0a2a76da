"""The ingest's worker processes: started, heard, started again, stopped by their pids."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from contextlib import suppress

import msgspec
import structlog

from fleet.changes import Changes
from fleet.counts import Counts, Took
from fleet.worker import Post

COMMAND = (sys.executable, "-m", "fleet.worker")
SILENT_SECONDS = 15.0  # a worker that says nothing for so long does not count as ready
STOP_SECONDS = 12.0
BACKOFF = (0.1, 0.5, 2.0, 5.0, 10.0)
CALM_SECONDS = 30.0

log = structlog.get_logger("fleet.workers")


class Workers:
    """`post`: where they work, but for their numbers. `changes`: told of their commits."""

    def __init__(self, count: int, post: Post, counts: Counts, changes: Changes) -> None:
        self._workers = [
            _Worker(msgspec.structs.replace(post, number=number), counts, changes)
            for number in range(1, count + 1)
        ]

    def start(self) -> None:
        for worker in self._workers:
            worker.thread.start()

    @property
    def pids(self) -> list[int]:
        return [worker.process.pid for worker in self._workers if worker.process is not None]

    @property
    def ready(self) -> bool:
        """Somebody takes what terminals send."""
        return any(worker.ready for worker in self._workers)

    @property
    def healthy(self) -> bool:
        """All of them do, and their last transactions were committed."""
        return all(worker.ready and worker.healthy for worker in self._workers)

    def stop(self) -> None:
        for worker in self._workers:
            worker.stopping.set()
            if worker.process is not None:
                worker.process.terminate()
        for worker in self._workers:
            worker.end()


class _Worker:
    """One, watched by a thread of its own."""

    def __init__(self, post: Post, counts: Counts, changes: Changes) -> None:
        self._post, self._counts, self._changes = post, counts, changes
        self._heard = 0.0
        self._subscribed = False
        self.healthy = False
        self.process: subprocess.Popen[bytes] | None = None
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self._watch, name="worker", daemon=True)

    @property
    def ready(self) -> bool:
        return self._subscribed and time.monotonic() - self._heard < SILENT_SECONDS

    def end(self) -> None:
        process = self.process
        if process is not None:
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
        if self.thread.is_alive():
            self.thread.join(STOP_SECONDS)

    def _watch(self) -> None:
        failures = 0
        while not self.stopping.is_set():
            born = time.monotonic()
            self._live()
            failures = 0 if time.monotonic() - born > CALM_SECONDS else failures + 1
            if not self.stopping.is_set():
                log.error("worker_ended", number=self._post.number)
            self.stopping.wait(BACKOFF[min(failures, len(BACKOFF)) - 1] if failures else 0)

    def _live(self) -> None:
        pipe = subprocess.PIPE
        with subprocess.Popen(COMMAND, stdin=pipe, stdout=pipe) as process:
            self.process = process
            if self.stopping.is_set():
                process.terminate()
            assert process.stdin is not None
            assert process.stdout is not None
            with suppress(BrokenPipeError):  # it has ended already
                process.stdin.write(msgspec.json.encode(self._post) + b"\n")
                process.stdin.flush()
            for line in process.stdout:
                self._hear(line)
        self._subscribed = self.healthy = False

    def _hear(self, line: bytes) -> None:
        try:
            took = msgspec.json.decode(line, type=Took)
        except msgspec.DecodeError:
            return
        self._heard = time.monotonic()
        self._subscribed, self.healthy = took.ready, took.healthy
        self._counts.took(took)
        if took.seconds:
            self._changes.notify(records=took.records > 0)
