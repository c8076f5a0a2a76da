"""An alarm as plain values for a row, and how they are drawn; shared by the alarms' pages."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import quote

from fleet.alarms.rules import Severity
from fleet.alarms.states import State
from fleet.alarms.view import GroupRow
from fleet.console import phrases
from fleet.console.parts import Tone, pill, text
from fleet.console.phrases import Truth
from fleet.console.words import Words

TONES = {Severity.CRITICAL: Tone.BAD, Severity.WARNING: Tone.WARN, Severity.INFO: Tone.DIM}
SHAPES = {Severity.INFO: "info"}
MOST = 4  # terminals that a row names


class What(NamedTuple):
    id: int
    tone: Tone
    severity: str
    shape: str
    title: str
    action: str


class Where(NamedTuple):
    """`fleet`: words for an alarm that is about no terminal."""

    names: tuple[str, ...]
    more: str
    fleet: str


class Owned(NamedTuple):
    owner: str
    notes: tuple[str, ...]


def title(words: Words, row: GroupRow) -> str:
    count = row.most if row.state is State.RESOLVED else row.terminals
    many = words("count.one" if count == 1 else "count.many", count=count)
    known = words.pick(row.title.zh, row.title.en)
    return known.format(place=row.place or words("place.all"), terminals=many)


def what(words: Words, row: GroupRow) -> What:
    tone = TONES[row.severity] if row.state is not State.RESOLVED else Tone.GOOD
    said = words(f"severity.{row.severity}")
    action = words.pick(row.action.zh, row.action.en)
    shape = SHAPES.get(row.severity, "") if row.state is not State.RESOLVED else ""
    return What(row.id, tone, said, shape, title(words, row), action)


def where(words: Words, row: GroupRow) -> Where:
    names = tuple(member.terminal for member in row.members if member.terminal)
    more = words("more", count=len(names) - MOST) if len(names) > MOST else ""
    about_fleet = "" if names or not row.members else words("alarm.fleet")
    return Where(names[:MOST], more, about_fleet)


def owned(words: Words, row: GroupRow, now: float) -> Owned:
    notes = []
    if row.state is State.RESOLVED and row.resolved_at is not None:
        notes.append(words("alarm.over", time=phrases.clock(row.resolved_at, now)))
    if row.silent_until is not None and row.silent_until > now:
        notes.append(words("alarm.silent", time=phrases.clock(row.silent_until, now)))
    if row.level:
        notes.append(words("alarm.level", level=row.level))
    waits = row.state is State.OPEN and row.escalate_at is not None and row.escalate_at > now
    if waits and row.escalate_at is not None:
        notes.append(words("alarm.next", time=phrases.clock(row.escalate_at, now)))
    return Owned(row.owner, tuple(notes))


def since(words: Words, row: GroupRow, now: float) -> tuple[str, str]:
    """When it began, and for how long it has lasted, or lasted."""
    lasted = (row.resolved_at or now) - row.started_at
    age = phrases.age(words, max(0.0, lasted - lasted % 60 if lasted >= 60 else lasted))
    return phrases.clock(row.started_at, now), words("alarm.lasted", age=age)


def draw_severity(one: What) -> None:
    pill(one.tone, one.severity, one.shape)


def draw_truth(told: Truth) -> None:
    pill(told.tone, told.sentence)


def draw_terminal(words: Words, name: str, site: str) -> None:
    if name:
        text("a", name, "k-code").props["href"] = f"/terminals/{quote(name)}"
    else:
        text("span", words("alarm.fleet"))
    text("div", site, "k-sub")


def draw_what(one: What) -> None:
    draw_severity(one)
    text("a", one.title, "k-alarm").props(f"href=/alarms/{one.id}")
    text("div", one.action, "k-sub")


def draw_where(one: Where) -> None:
    for name in one.names:
        text("a", name, "k-code k-line").props["href"] = f"/terminals/{quote(name)}"
    text("div", one.more or one.fleet, "k-sub")


def draw_owned(words: Words, one: Owned) -> None:
    text("div", one.owner or words("alarm.nobody"), "" if one.owner else "k-sub")
    for note in one.notes:
        text("div", note, "k-sub")


def draw_since(told: tuple[str, str]) -> None:
    text("div", told[0], "k-nowrap")
    text("div", told[1], "k-sub k-nowrap")
