"""A rollout and its terminals as plain values for a row, and how they are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from nicegui import ui

from fleet.console import noted, phrases
from fleet.console import orderlines as lines
from fleet.console.parts import Tone, pill, text
from fleet.console.sheets import Cell, Facts, Sheet
from fleet.console.words import Words
from fleet.rollouts.gate import Fare
from fleet.rollouts.rows import Counts, MemberRow, RolloutRow
from fleet.rollouts.shapes import At, State, Terms

Pill = tuple[Tone, str, str]
STATES = {
    State.RUNNING: (Tone.DIM, "schedule"), State.PAUSED: (Tone.WARN, "pause_circle"),
    State.APPROVAL: (Tone.WARN, "how_to_reg"), State.ROLLING_BACK: (Tone.BAD, "undo"),
    State.ROLLED_BACK: (Tone.BAD, "undo"), State.STOPPED: (Tone.DIM, "stop_circle"),
    State.DONE: (Tone.GOOD, "task_alt"),
}  # fmt: skip
AT = {
    **dict.fromkeys((At.TOLD, At.FETCHED, At.READY, At.SWITCHED), (Tone.DIM, "schedule")),
    At.CONFIRMED: (Tone.GOOD, ""), At.FAILED: (Tone.BAD, ""),
    At.RETURNING: (Tone.WARN, "undo"), At.RETURNED: (Tone.DIM, "undo"),
}  # fmt: skip
BAR = (Tone.GOOD, Tone.BAD, Tone.WARN, Tone.DIM)  # the parts of a bar, from the left


class What(NamedTuple):
    number: int
    title: str
    by: str


@dataclass(frozen=True, slots=True)
class Group:
    """`counts` None: it has not begun."""

    name: str
    whom: str
    waits: bool
    counts: tuple[Pill, ...] | None
    bar: tuple[tuple[Tone, int], ...] = ()


def title(words: Words, row: RolloutRow) -> str:
    return words("rollout.title", kind=words(f"kind.{row.kind}"), version=row.version)


def what(words: Words, row: RolloutRow, now: float) -> What:
    when = phrases.clock(row.made_at, now)
    return What(row.id, title(words, row), words("order.at", person=row.asked_by, time=when))


def standing(words: Words, row: RolloutRow) -> Pill:
    return (*STATES[State(row.state)], words(f"rollout.{row.state}"))


def why(words: Words, row: RolloutRow) -> str:
    return noted.because(words, row.why) if row.why else ""


def stage(words: Words, row: RolloutRow) -> str:
    if row.stage < 0:
        return words("rollout.group.none")
    return words("rollout.group", number=row.stage + 1, count=len(row.plan.groups))


def tally(words: Words, counts: Counts) -> tuple[Pill, ...]:
    return tuple(
        (*AT[at], f"{words(f'at.{at}')} {counts[at]}") for at in At if counts.get(at)
    )  # fmt: skip


def bar(counts: Counts) -> tuple[tuple[Tone, int], ...]:
    totals = dict.fromkeys(BAR, 0)
    for at in At:
        totals[AT[at][0]] += counts.get(at, 0)
    return tuple((tone, count) for tone, count in totals.items() if count)


def groups(words: Words, row: RolloutRow, begun: Sequence[Counts]) -> tuple[Group, ...]:
    found = []
    for number, one in enumerate(row.plan.groups):
        counts = begun[number] if number < len(begun) else {}
        there = number <= row.stage
        told = tally(words, counts) if there else None
        found.append(
            Group(
                noted.group(words, one.name),
                lines.whom(words, one.where),
                one.approve,
                told,
                bar(counts) if there else (),
            )
        )
    return tuple(found)


def member(words: Words, row: MemberRow) -> tuple[Pill, str]:
    told = phrases.start(words.of("piece_why", row.why)) if row.why else ""
    return (*AT[At(row.state)], words(f"at.{row.state}")), told


def facts(words: Words, row: RolloutRow, now: float) -> Facts:
    terms = row.plan.terms
    age = phrases.age(words, terms.observe)
    when = phrases.clock(row.made_at, now)
    told: tuple[tuple[str, Cell], ...] = (
        (words("order.by"), words("order.at", person=row.asked_by, time=when)),
        (words("rollout.watch"), words("rollout.watch.more", age=age, visits=terms.visits)),
        (words("rollout.window"), row.plan.window or words("rollout.window.any")),
        (words("col.group"), stage(words, row)),
    )
    return (*told, (words("rollout.why"), why(words, row))) if row.why else told


@dataclass(frozen=True, slots=True)
class Gate:
    """What the gate looks at: how citizens fared before and after, and terminals that failed."""

    before: Fare = Fare()
    after: Fare = Fare()
    failed: int = 0


def gate(words: Words, row: RolloutRow, seen: Gate) -> Sheet:
    before, after, failed = seen.before, seen.after, seen.failed
    terms, told = row.plan.terms, sum(row.counts.values())
    headings = ("col.measure", "col.before", "col.after", "col.limit")
    rows: list[tuple[Cell, ...]] = [
        (words("gate.failed"), "–", _share(words, failed, told), _limit(words, "failed", terms))
    ]
    for name, part, whole in (
        ("completed", "completed", "visits"), ("crashed", "crashed", "visits"),
        ("unconfirmed", "unconfirmed", "papers"),
    ):  # fmt: skip
        shares = (_share(words, getattr(one, part), getattr(one, whole)) for one in (before, after))
        rows.append((words(f"gate.{name}"), *shares, _limit(words, name, terms)))
    return Sheet(tuple(map(words, headings)), tuple(rows) if told else (), words("gate.none"))


LIMITS = {"failed": "failures", "completed": "drop", "crashed": "crashes",
          "unconfirmed": "unconfirmed"}  # fmt: skip


def _limit(words: Words, name: str, terms: Terms) -> str:
    return words(f"gate.limit.{name}", share=f"{getattr(terms, LIMITS[name]):.0%}")


def _share(words: Words, part: int, whole: int) -> str:
    return words("gate.of", share=f"{part / whole:.0%}", part=part, whole=whole) if whole else "–"


def draw_what(one: What) -> None:
    text("a", one.title, "k-code").props(f"href=/rollouts/{one.number}")
    text("div", one.by, "k-sub")


def draw_state(told: tuple[Pill, str]) -> None:
    lines.draw_sent(told)


def draw_bar(parts: tuple[tuple[Tone, int], ...]) -> None:
    """The words beside it say the same."""
    with ui.element("div").classes("k-progress").props("aria-hidden=true"):
        for tone, count in parts:
            ui.element("i").classes(str(tone)).style(f"flex: {count}")


def draw_groups(words: Words, rows: tuple[Group, ...]) -> None:
    with ui.element("ol").classes("k-groups"):
        for one in rows:
            with ui.element("li"):
                with ui.element("div"):
                    text("b", one.name)
                    text("span", one.whom, "k-sub")
                    if one.waits:
                        pill(Tone.DIM, words("group.approve"), "how_to_reg")
                if one.counts is None:
                    text("span", words("group.next"), "k-sub")
                else:
                    draw_bar(one.bar)
                    lines.draw_tally(one.counts)
