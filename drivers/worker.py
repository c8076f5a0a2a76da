"""One thread for one device: calls go in, results come out on the caller's asyncio loop.

A blocking library never runs on the session's loop. Calls on one worker run one after the other,
so that a device's protocol is never interleaved. A call that outlives its time leaves the worker
busy; its result is dropped, and the next call waits for the device to come back or times out too.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class Worker:
    """`name` shows in thread listings."""

    def __init__(self, name: str) -> None:
        self._threads = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)

    async def call(
        self, seconds: float, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Run `function` on the device's thread; `TimeoutError` after that many `seconds`."""
        loop = asyncio.get_running_loop()
        future = loop.run_in_executor(self._threads, lambda: function(*args, **kwargs))
        return await asyncio.wait_for(future, seconds)

    def close(self) -> None:
        """Take no more calls; does not wait for a hung one."""
        self._threads.shutdown(wait=False, cancel_futures=True)
