"""What the agent asks of the screen process, and its answer: two statuses of the journal.

`order.<slot>`     {"id", "operation", "arguments"}, or {} for nothing (any more)
`ordered.<slot>`   {"id", "outcome": running | done | failed | refused | interrupted, "why", …}

The screen process looks every second, and acts only while nobody is there (`kiosk.session.orders`).
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from kiosk.journal import Journal

SILENT_SECONDS = 30.0  # then there is no screen process to ask
RUNNING = "running"


class Orders:
    """One slot: one order at a time. Belongs to its journal's thread."""

    def __init__(self, journal: Journal, slot: str) -> None:
        self._journal, self._slot = journal, slot

    def ask(self, order: str, operation: str, arguments: Mapping[str, str] | None = None) -> None:
        told = {"id": order, "operation": operation, "arguments": dict(arguments or {})}
        self._journal.put_status(f"order.{self._slot}", told)

    def answer(self, order: str) -> dict[str, Any]:
        """{} before it has been begun."""
        said = self._journal.statuses().get(f"ordered.{self._slot}", ({}, 0.0))[0]
        return dict(said) if said.get("id") == order else {}

    def withdraw(self) -> None:
        self._journal.put_status(f"order.{self._slot}", {})
        self._journal.put_status(f"ordered.{self._slot}", {})

    @property
    def screen_down(self) -> bool:
        _value, when = self._journal.statuses().get("screen", ("down", 0.0))
        return abs(time.time() - when) > SILENT_SECONDS
