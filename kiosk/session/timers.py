"""The clocks of a session: idleness, and the countdown that a page shows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from kiosk import events as e
from kiosk.session.post import Post


class Idle:
    """Posts `WaitedTooLong` each time that nobody has touched the screen for `seconds`."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._touched = asyncio.Event()

    def touch(self) -> None:
        self._touched.set()

    async def watch(self, post: Post) -> None:
        while True:
            self._touched.clear()
            try:
                await asyncio.wait_for(self._touched.wait(), self._seconds)
            except TimeoutError:
                post(e.WaitedTooLong())


async def count_down(seconds: int, tick: Callable[[int], None], post: Post | None) -> None:
    """Calls `tick` each second with what is left; then posts `CountdownEnded`, if asked to."""
    for left in range(seconds, 0, -1):
        tick(left)
        await asyncio.sleep(1)
    if post is not None:
        post(e.CountdownEnded())
