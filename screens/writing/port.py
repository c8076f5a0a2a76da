"""What reads handwriting, and which one of those that are installed."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import cache
from typing import Protocol, cast

_log = logging.getLogger(__name__)

GROUP = "kiosk.handwriting"
# Each stroke from pen down to pen up: places (X, Y) in units as large in both directions, X to the
# right and Y downward.
Strokes = Sequence[Sequence[tuple[float, float]]]


class Handwriting(Protocol):
    """Reads one character at a time, and keeps nothing of it."""

    def prepare(self) -> None:
        """Somebody is about to write. Returns at once."""

    def candidates(self, strokes: Strokes, count: int) -> list[str]:
        """What they may be, the likeliest first; [] where it has no idea.

        Called on the screen's thread after every stroke: 20 ms are unnoticed, 100 are not.
        """


@cache
def shared() -> Handwriting | None:
    """The process's only one: what another package brings, or else ours; None: there is none."""
    from importlib.metadata import entry_points  # takes 10 ms, which no start needs

    others = [(one.name, one.load) for one in entry_points(group=GROUP)]
    for name, load in (*others, ("both", _ours)):
        try:
            return cast(Handwriting, load()())
        except Exception as error:  # noqa: BLE001 - it costs the writing, and nothing else
            _log.warning("handwriting_missing name=%s why=%s", name, error)
    return None


def _ours() -> type[Handwriting]:
    from screens.writing.both import Both

    return Both
