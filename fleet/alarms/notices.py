"""What is said to people about an alarm: one JSON object, from which mails are written too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Row

from fleet.alarms.rules import Rule, Words

FORMAT = "kiosk-alarm/1"
MOST_TERMINALS = 50


class Both(msgspec.Struct, frozen=True):
    zh: str
    en: str


class Notice(msgspec.Struct, frozen=True):
    """`event`: opened, escalated or resolved. Times are epoch seconds. `level`: how often it was
    escalated. `terminals`: at most 50 of the `count` that it is about; `link`: its page."""

    format: str
    delivery: str
    event: str
    alarm: int
    rule: str
    severity: str
    place: str
    title: Both
    action: Both
    started_at: float
    at: float
    count: int
    terminals: tuple[str, ...]
    level: int
    owner: str
    link: str


class Link(msgspec.Struct, frozen=True):
    """Where the console is, as people reach it; '' : no link."""

    console: str = ""

    def to(self, alarm: int) -> str:
        return f"{self.console.rstrip('/')}/alarms/{alarm}" if self.console else ""


def notice(
    event: str, alarm: Row[Any], rule: Rule, names: Sequence[str], *, delivery: str, at: float,
    link: Link,
) -> Notice:  # fmt: skip
    """`names`: the terminals; '' among them is the fleet itself."""
    terminals = tuple(name for name in names if name)
    return Notice(
        FORMAT, delivery, event, alarm.id, rule.name, alarm.severity, alarm.place,
        title(rule.title, alarm.place, len(terminals)), Both(rule.action.zh, rule.action.en),
        alarm.started_at, at, len(terminals), terminals[:MOST_TERMINALS], alarm.level,
        alarm.owner, link.to(alarm.id),
    )  # fmt: skip


def title(words: Words, place: str, terminals: int) -> Both:
    """The rule's title with its place and number; '' is the whole fleet."""
    many = "terminal" if terminals == 1 else "terminals"
    return Both(
        words.zh.format(place=place or "全部终端", terminals=f"{terminals} 台终端"),
        words.en.format(place=place or "All terminals", terminals=f"{terminals} {many}"),
    )
