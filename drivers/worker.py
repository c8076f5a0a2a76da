"""One thread for one device: calls go in, results come out on the caller's asyncio loop.

A blocking library never runs on the session's loop. Calls on one worker run one after the other,
so that a device's protocol is never interleaved. A call that outlives its time is hung: its result
is dropped, and if it still runs when another call waits, its thread is left behind and a new one
serves. While too many are left behind, calls fail at once.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any, ParamSpec, TypeVar

from kiosk import hygiene

P = ParamSpec("P")
R = TypeVar("R")

MAX_LEFT = 3  # hung threads of one device
GRACE_SECONDS = 0.25  # for a call that is only a little late: two on one device would mix


class Worker:
    """`name` shows in thread listings."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._changed = threading.Condition()
        self._waiting: deque[_Job] = deque()
        self._lane: _Lane | None = None  # the thread that serves; started by the first call
        self._left: set[_Lane] = set()
        self._closed = False

    async def call(
        self, seconds: float, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Run `function` on the device's thread; `TimeoutError` after that many `seconds`.

        At once when the worker is closed, or when too many calls hang.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[R] = loop.create_future()
        job = _Job(partial(function, *args, **kwargs), time.monotonic() + seconds, loop, future)
        self._submit(job)
        try:
            async with asyncio.timeout(seconds):
                while not future.done():
                    await asyncio.wait({future}, timeout=self._relieve(job))
                return future.result()
        finally:
            self._forget(job)
            future.cancel()

    @property
    def hung(self) -> int:
        """Calls that outlived their time and still run."""
        with self._changed:
            now = time.monotonic()
            lanes = self._left if self._lane is None else {self._lane, *self._left}
            return sum(lane.job is not None and lane.job.deadline < now for lane in lanes)

    def close(self) -> None:
        """Take no more calls, end those that wait; does not wait for a hung one."""
        with self._changed:
            self._closed = True
            waiting, self._waiting = list(self._waiting), deque()
            self._changed.notify_all()
        for job in waiting:
            job.tell(None, TimeoutError("closed"))

    def _submit(self, job: _Job) -> None:
        with self._changed:
            if self._closed:
                raise TimeoutError("closed")
            if self._lane is None:
                self._open_lane()
            elif self._pause() == 0 and not self._leave_behind():
                raise TimeoutError(f"{self._name}: too many calls hang")
            self._waiting.append(job)
            self._changed.notify_all()

    def _relieve(self, job: _Job) -> float | None:
        """Make way for `job` if it waits behind a hung one. Seconds to the next look, if any."""
        with self._changed:
            if job not in self._waiting:
                return None  # it runs
            pause = self._pause()
            if pause == 0:
                self._leave_behind()
                return GRACE_SECONDS
            return GRACE_SECONDS if pause is None else pause

    def _pause(self) -> float | None:
        """Seconds until the running call counts as hung; None when none runs."""
        running = self._lane.job if self._lane else None
        if running is None:
            return None
        return max(0.0, running.deadline + GRACE_SECONDS - time.monotonic())

    def _leave_behind(self) -> bool:
        """False when too many have been left already."""
        if self._lane is None or len(self._left) >= MAX_LEFT:
            return False
        self._left.add(self._lane)
        self._open_lane()
        return True

    def _open_lane(self) -> None:
        self._lane = lane = _Lane()
        threading.Thread(target=self._serve, args=(lane,), name=self._name, daemon=True).start()

    def _forget(self, job: _Job) -> None:
        with self._changed, contextlib.suppress(ValueError):
            self._waiting.remove(job)

    def _serve(self, lane: _Lane) -> None:
        while self._next(lane):
            if lane.job is not None:
                lane.job.run()

    def _next(self, lane: _Lane) -> bool:
        """Wait until there is work; False when this thread has none to expect.

        What the last call was given or gave is kept no longer than it ran.
        """
        with self._changed:
            lane.job = None
            self._left.discard(lane)
            hygiene.rinse()
            self._changed.wait_for(
                lambda: lane is not self._lane or self._closed or bool(self._waiting)
            )
            if lane is not self._lane or self._closed:
                return False
            lane.job = self._waiting.popleft()
            return True


class _Lane:
    """One thread's present call."""

    job: _Job | None = None


class _Job:
    def __init__(
        self,
        act: Callable[[], Any],
        deadline: float,
        loop: asyncio.AbstractEventLoop,
        future: asyncio.Future[Any],
    ) -> None:
        self.deadline = deadline
        self._act = act
        self._loop = loop
        self._future = future

    def run(self) -> None:
        try:
            result = self._act()
        except BaseException as error:  # noqa: BLE001 - it belongs to the caller
            self.tell(None, error)
        else:
            self.tell(result, None)

    def tell(self, result: Any, error: BaseException | None) -> None:
        """From any thread; dropped when nobody waits any more."""
        with contextlib.suppress(RuntimeError):  # the loop has been closed
            self._loop.call_soon_threadsafe(self._settle, result, error)

    def _settle(self, result: Any, error: BaseException | None) -> None:
        if self._future.done():
            return
        if error is None:
            self._future.set_result(result)
        else:
            self._future.set_exception(error)
