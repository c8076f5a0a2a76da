"""How much time a visit has: pages that end by themselves, and all of it together.

Who listens, uses keys or switches, or reads large type gets more (WCAG 2.2.1).
"""

from __future__ import annotations

import asyncio
import time

from kiosk import events as e
from kiosk.session.post import Post
from kiosk.session.terminal import Terminal
from kiosk.session.visit import Visit

_SLOWER = 2  # times the whole visit


def at_least(terminal: Terminal, seconds: float) -> int:
    """Until a page ends by itself."""
    return max(int(seconds), terminal.limits.unhurried if terminal.unhurried() else 0)


def seconds_left(terminal: Terminal, visit: Visit) -> float:
    """Of the whole visit; it has more after each time that more was asked for."""
    share = terminal.limits.visit * (_SLOWER if terminal.unhurried() else 1)
    return (visit.longer or visit.started) + share - time.monotonic()


def overdue(terminal: Terminal, visit: Visit) -> bool:
    return seconds_left(terminal, visit) <= 0


def still_here(terminal: Terminal, visit: Visit, _event: e.StillHere) -> None:
    """More time, as often as it is asked for."""
    if overdue(terminal, visit):
        visit.longer = time.monotonic()


async def watch(terminal: Terminal, visit: Visit, post: Post) -> None:
    """Posts `WaitedTooLong` once the whole visit has lasted too long."""
    while (left := seconds_left(terminal, visit)) > 0:  # noqa: ASYNC110 (nothing tells of it)
        await asyncio.sleep(left)
    post(e.WaitedTooLong())
