"""One press, one event: what lies between the widgets and the session."""

from __future__ import annotations

import time
from collections.abc import Callable

from kiosk.events import Event

_AFTER_POST = 0.4
_AFTER_PAGE = 0.25  # the second half of a double tap must not press what has just appeared


class Gate:
    """After an event nothing passes until a new view arrives, or 0.4 s; see also `_AFTER_PAGE`."""

    def __init__(
        self, post: Callable[[Event], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._post, self._clock = post, clock
        self._shut_until = 0.0

    @property
    def open(self) -> bool:
        return self._clock() >= self._shut_until

    def __call__(self, event: Event) -> None:
        if self.open:
            self._shut_until = self._clock() + _AFTER_POST
            self._post(event)

    def shown(self, *, new_page: bool) -> None:
        self._shut_until = self._clock() + _AFTER_PAGE if new_page else 0.0
