"""What every part of a page works with: the words, the feed, and the names of the items."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from fleet.console.alarmfeed import AlarmFeed
from fleet.console.feed import Feed, Picture
from fleet.console.supplyfeed import SupplyFeed
from fleet.console.views import Views
from fleet.console.words import Words


@dataclass(frozen=True, slots=True)
class Desk:
    """`item_names`: task_code -> (Chinese, English). `alarms`: where there are rules for them."""

    words: Words
    feed: Feed
    item_names: Mapping[str, tuple[str, str]]
    supplies: SupplyFeed
    views: Views
    alarms: AlarmFeed | None = None

    def item(self, task_code: str) -> str:
        known = self.item_names.get(task_code)
        return self.words.pick(*known) if known else task_code


class Page(Protocol):
    """What is between the header and the end of a page."""

    def show(self, picture: Picture) -> Awaitable[None]: ...


Make = Callable[[Desk], Page]
