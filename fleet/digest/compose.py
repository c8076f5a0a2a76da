"""From what was gathered to what somebody reads: sections, under each the sites, lines of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from fleet.alarms.view import GroupRow
from fleet.console import alarmlines, phrases
from fleet.console.words import Words
from fleet.digest.gather import FLEET, Gathered
from fleet.digest.terms import Reader
from fleet.supplies.round import Stop

MOST = 20  # lines of one site in one section
MOST_SITES = 100
MOST_NAMES = 12

Told = Iterable[tuple[str, str | None, str]]  # what counts as one, its site, a line about it


@dataclass(frozen=True, slots=True)
class Group:
    place: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """`none`: what is said instead where there are no groups. `count`: what is at two sites counts
    once."""

    heading: str
    none: str
    count: int
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Digest:
    subject: str
    title: str
    about: str
    sections: tuple[Section, ...]


def compose(found: Gathered, reader: Reader, now: float) -> Digest:
    words = Words(reader.tongue)
    section = partial(_section, words, reader)
    sections = (
        section("alarms", _alarms(words, found, now)),
        section("bring", _bring(words, found.stops)),
        section("cases", _cases(words, found)),
        section("orders", _orders(words, found, now)),
    )
    day = datetime.fromtimestamp(now).astimezone().date().isoformat()
    late = sections[2].count + sections[3].count
    sites = words("and").join(reader.sites)
    return Digest(
        words("digest.subject", day=day, alarms=sections[0].count, late=late),
        words("digest.title", day=day),
        words("digest.sites", sites=sites) if sites else "",
        sections,
    )


def _section(words: Words, reader: Reader, name: str, told: Told) -> Section:
    by_place, counted = defaultdict[str, list[str]](list), set[str]()
    for one, site, line in told:
        if reader.wants(site or ""):
            by_place[_place(words, site)].append(line)
            counted.add(one)
    groups = [Group(place, _cut(words, lines, MOST)) for place, lines in by_place.items()]
    if len(groups) > MOST_SITES:
        over = words("digest.more", count=len(groups) - MOST_SITES)
        groups = [*groups[:MOST_SITES], Group(over, ())]
    heading, none = words(f"digest.{name}"), words(f"digest.{name}.none")
    return Section(heading, none, len(counted), tuple(groups))


def _place(words: Words, site: str | None) -> str:
    if site is FLEET:
        return words("digest.fleet")
    return " ".join(site.split()) or words("digest.no_site")


def _cut(words: Words, lines: list[str], most: int) -> tuple[str, ...]:
    more = [words("digest.more", count=len(lines) - most)] if len(lines) > most else []
    return (*lines[:most], *more)


def _alarms(words: Words, found: Gathered, now: float) -> Iterator[tuple[str, str | None, str]]:
    for row, sites in found.alarms:
        line = _alarm(words, row, now)
        for site in sites:
            yield str(row.id), site, line


def _alarm(words: Words, row: GroupRow, now: float) -> str:
    seen = alarmlines.what(words, row)
    owner = words("digest.owner", name=row.owner) if row.owner else words("digest.nobody")
    began = phrases.clock(row.started_at, now)
    return words("digest.alarm", severity=seen.severity, title=seen.title, time=began,
                 action=seen.action.rstrip("。."), owner=owner)  # fmt: skip


def _cases(words: Words, found: Gathered) -> Iterator[tuple[str, str | None, str]]:
    for one in found.cases:
        yield one.number, one.site, words("digest.case", number=one.number, day=one.due)


def _orders(words: Words, found: Gathered, now: float) -> Iterator[tuple[str, str | None, str]]:
    for one in found.orders:
        due = phrases.clock(one.due, now)
        yield one.number, one.site, words("digest.order", number=one.number, time=due)


def _bring(words: Words, stops: Iterable[Stop]) -> Iterator[tuple[str, str | None, str]]:
    for stop in stops:
        for (device, source), count in sorted(stop.bring.items()):
            whose = [due.row.terminal for due in stop.dues
                     if (due.row.device, due.row.source) == (device, source)]  # fmt: skip
            yield f"{stop.site}/{device}/{source}", stop.site, words(
                "digest.bring.line", name=phrases.start(phrases.supply(words, device, source)),
                count=count, terminals=words("and").join(_cut(words, whose, MOST_NAMES)),
            )  # fmt: skip
