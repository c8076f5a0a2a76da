"""One look at everything: what begins, grows, shrinks and ends. No database here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from fleet.alarms.conditions import Answer, Facts, Question, ask, incidents
from fleet.alarms.places import place_of
from fleet.alarms.rules import Book, Rule, When
from fleet.alarms.watch import Watch, follow, holds, ripe, stays
from fleet.rows import TerminalRow

Key = tuple[str, str]  # a rule and a place, or a rule and a terminal


class OpenAlarm(Protocol):
    """What is looked at of an alarm that is not resolved."""

    @property
    def id(self) -> Any: ...


@dataclass(frozen=True, slots=True)
class Seen:
    """As of one moment. `watches`: by (rule, terminal); `alarms`: open ones by (rule, place)."""

    now: float
    rows: tuple[TerminalRow, ...]
    facts: Facts
    watches: Mapping[Key, Watch]
    alarms: Mapping[Key, OpenAlarm]


@dataclass(frozen=True, slots=True)
class Group:
    """What becomes of one alarm. `alarm` None: it begins with `joins`; `ends`: nothing is left.

    `members`: how many terminals it has from now on.
    """

    rule: Rule
    place: str
    alarm: int | None
    joins: tuple[Watch, ...] = ()
    leaves: tuple[str, ...] = ()
    ends: bool = False
    members: int = 0


@dataclass(slots=True)
class Plan:
    """`orphans`: open alarms of rules that are no longer there."""

    groups: list[Group] = field(default_factory=list)
    kept: list[Watch] = field(default_factory=list)
    gone: list[Watch] = field(default_factory=list)
    orphans: list[int] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.groups or self.kept or self.gone or self.orphans)


def plan(book: Book, seen: Seen) -> Plan:
    made = Plan()
    covered: dict[str, set[str]] = {}
    old: dict[str, dict[str, Watch]] = {}
    for (name, terminal), watch in seen.watches.items():
        old.setdefault(name, {})[terminal] = watch
    for rule in book.rule:
        watches = _Rule(rule, seen, old.pop(rule.name, {}), covered.get(rule.name, set()))
        inside = watches.settle(made)
        for name in rule.covers:
            covered.setdefault(name, set()).update(inside)
    known = book.by_name()
    made.orphans = [alarm.id for (name, _), alarm in seen.alarms.items() if name not in known]
    made.gone += [watch for left in old.values() for watch in left.values()]
    return made


class _Rule:
    """One rule's share of the plan."""

    def __init__(self, rule: Rule, seen: Seen, old: dict[str, Watch], covered: set[str]) -> None:
        self._rule = rule
        self._seen = seen
        self._old = old
        self._covered = covered

    def settle(self, made: Plan) -> set[str]:
        """Returns the terminals that its open alarms tell of."""
        watches = dict(self._watches())
        by_place: dict[str, list[Watch]] = {}
        for watch in watches.values():
            by_place.setdefault(watch.place, []).append(watch)
        inside: set[str] = set()
        left: dict[str, list[str]] = {}
        for terminal, watch in self._old.items():
            if watch.alarm is not None and terminal not in watches:
                left.setdefault(watch.place, []).append(terminal)
        for place in by_place.keys() | left.keys():
            after = self._group(made, place, by_place.get(place, []), tuple(left.get(place, ())))
            watches.update({watch.terminal: watch for watch in after})
            inside |= {watch.terminal for watch in after if watch.alarm is not None}
        begun = (group for group in made.groups if group.rule is self._rule and not group.alarm)
        inside |= {watch.terminal for group in begun for watch in group.joins}
        made.kept += [one for name, one in watches.items() if one != self._old.get(name)]
        made.gone += [one for name, one in self._old.items() if name not in watches]
        return inside

    def _watches(self) -> Iterator[tuple[str, Watch]]:
        """Every watch as of now."""
        for terminal, row, answer in self._answers():
            old = self._old.get(terminal)
            if terminal in self._covered:
                # Told of already: nothing begins, and what had begun stays as it is.
                if old is not None and (old.alarm is not None or old.settled_at is not None):
                    yield terminal, old
                continue
            place = place_of(self._rule.group, terminal, row)
            if old is None:
                if answer:
                    begun = Watch(self._rule.name, terminal, place, self._seen.now, detail=answer)
                    yield terminal, begun
                continue
            new = follow(old, self._rule, answer, self._seen.now)
            if new is not None:
                yield terminal, new if new.alarm is not None else replace(new, place=place)

    def _answers(self) -> Iterable[tuple[str, TerminalRow | None, Answer]]:
        """Of a terminal that is not known any more, nothing is so."""
        rows = {row.id: row for row in self._seen.rows}
        if self._rule.when is When.INCIDENT:
            names = self._seen.facts.incidents.keys() | self._old.keys()
            return [(name, rows.get(name), self._incidents(name)) for name in sorted(names)]
        facts, rule = self._seen.facts, self._rule
        found: list[tuple[str, TerminalRow | None, Answer]] = []
        for name, row in rows.items():
            old = self._old.get(name)
            firing = old is not None and old.alarm is not None
            found.append((name, row, ask(Question(rule, row, facts, firing))))
        return found + [(name, None, "") for name in self._old.keys() - rows.keys()]

    def _incidents(self, terminal: str) -> str:
        old = self._old.get(terminal)
        settled = old.settled_at if old and old.settled_at is not None else 0.0
        return incidents(self._rule, self._seen.facts, terminal, self._seen.now, settled)

    def _group(
        self, made: Plan, place: str, watches: list[Watch], left: tuple[str, ...]
    ) -> list[Watch]:
        rule, now, total = self._rule, self._seen.now, len(self._seen.rows)
        alarm = self._seen.alarms.get((rule.name, place))
        if alarm is None:
            if not ripe(watches, rule, now, total):
                return watches
            begins = tuple(watch for watch in watches if holds(watch))
            made.groups.append(Group(rule, place, None, begins, members=len(begins)))
            return watches  # they get its number when it has one
        inside = [watch for watch in watches if watch.alarm is not None]
        joins = tuple(
            replace(watch, alarm=alarm.id)
            for watch in watches
            if watch.alarm is None and holds(watch) and now - watch.since >= rule.after
        )
        count = len(inside) + len(joins)
        ends = not stays(count, rule, total)
        if joins or left or ends:
            made.groups.append(Group(rule, place, alarm.id, joins, left, ends, count))
        after = {watch.terminal: watch for watch in (*watches, *joins)}
        if ends:  # what is left of it may begin an alarm of its own
            return [replace(one, alarm=None, since=now) for one in after.values()]
        return list(after.values())
