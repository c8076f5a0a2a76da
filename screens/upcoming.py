"""Views on their way from the session to the screen."""

from __future__ import annotations

import threading
from collections import deque

from kiosk.view import QuestionBody, ServicesBody, State, View


def page_of(view: View) -> tuple[State, str]:
    """Two views of the same page differ only in what is on it."""
    if isinstance(view.body, QuestionBody):
        return view.state, view.body.name
    if isinstance(view.body, ServicesBody):
        return view.state, view.body.shelf.key if view.body.shelf else ""
    return view.state, getattr(view.body, "page", "")


class Upcoming:
    """Every page gets its turn; of one page only its newest view does. From any thread."""

    def __init__(self, first: View) -> None:
        self._lock = threading.Lock()
        self._views = deque([first])
        self._serial = 0  # of the newest

    def put(self, view: View) -> bool:
        """False: a newer one has come already."""
        with self._lock:
            if view.serial < self._serial:
                return False
            self._serial = view.serial
            if self._views and page_of(self._views[-1]) == page_of(view):
                self._views.pop()
            self._views.append(view)
            return True

    def first(self) -> View | None:
        with self._lock:
            return self._views[0] if self._views else None

    def take(self) -> View | None:
        with self._lock:
            return self._views.popleft() if self._views else None

    def __bool__(self) -> bool:
        with self._lock:
            return bool(self._views)
