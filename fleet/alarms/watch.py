"""How long something has been so: a rule's condition at one terminal, without a database."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from fleet.alarms.conditions import Answer
from fleet.alarms.rules import Rule

STAYS = 0.5  # an alarm of many ends when fewer than this part of what began it is left


@dataclass(frozen=True, slots=True)
class Watch:
    """As its row in `alarm_watches`."""

    rule: str
    terminal: str
    place: str
    since: float
    well_since: float | None = None
    alarm: int | None = None
    settled_at: float | None = None
    detail: str = ""


def follow(watch: Watch, rule: Rule, answer: Answer, now: float) -> Watch | None:
    """The watch as of now; None when it is over."""
    if answer is None:
        return watch
    if answer:
        since = watch.since if watch.detail else now  # nothing but settled until now
        return replace(watch, since=since, well_since=None, detail=answer)
    if watch.alarm is None:
        return watch if _settled(watch, rule, now) else None
    if rule.by_hand:
        return watch
    well_since = watch.well_since if watch.well_since is not None else now
    over = now - well_since >= rule.clear
    return None if over else replace(watch, well_since=well_since)


def _settled(watch: Watch, rule: Rule, now: float) -> bool:
    """Kept as long as what was settled could still be taken for something new."""
    return watch.settled_at is not None and now - watch.settled_at <= rule.within


def holds(watch: Watch) -> bool:
    """It is so by what is known now; not only settled, nor getting well."""
    return watch.well_since is None and bool(watch.detail)


def ripe(watches: Collection[Watch], rule: Rule, now: float, all_terminals: int) -> bool:
    """Is it an alarm: for long enough at one, and at enough of them?"""
    so = [watch for watch in watches if holds(watch)]
    if len(so) < _enough(rule, all_terminals):
        return False
    return any(now - watch.since >= rule.after for watch in so)


def stays(members: int, rule: Rule, all_terminals: int) -> bool:
    """Does an open alarm with so many terminals stay open?"""
    if rule.least == 1 and not rule.share:
        return members > 0
    return members > 0 and members >= STAYS * _enough(rule, all_terminals)


def _enough(rule: Rule, all_terminals: int) -> float:
    return max(rule.least, rule.share * all_terminals)
