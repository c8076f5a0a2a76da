"""One rollout: its groups, how citizens fare since, each terminal, and what people can do."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from nicegui import ui
from sqlalchemy.exc import SQLAlchemyError

from fleet.console import noted, phrases
from fleet.console import orderlines as drawn
from fleet.console import rolloutlines as lines
from fleet.console.acting import Acting
from fleet.console.chips import Chips
from fleet.console.confirm import Acts, Choice
from fleet.console.desk import Desk
from fleet.console.feed import Picture
from fleet.console.parts import Watched, icon, panel, text
from fleet.console.sheets import draw_facts, draw_sheet
from fleet.console.tables import Column, KeyedTable
from fleet.people.roles import Who
from fleet.rollouts.desk import Act, RolloutDesk, may
from fleet.rollouts.engine import ACTIVE
from fleet.rollouts.rows import Counts, MemberRow, NoteRow, RolloutRow
from fleet.rollouts.shapes import At, State

READ_SECONDS = 1.0
GATE_SECONDS = 10.0  # between two looks at how citizens fare: that counts a week's visits
MOST = 200  # terminals in sight
TURNS = {State.RUNNING: "pause", State.PAUSED: "resume"}


@dataclass(frozen=True, slots=True)
class Read:
    rollout: RolloutRow
    groups: Sequence[Counts]
    members: Sequence[MemberRow]
    notes: Sequence[NoteRow]


class RolloutPage:
    """Acts carry the mark of what was shown: whatever has moved on since refuses them."""

    def __init__(self, desk: Desk, office: RolloutDesk, acting: Acting, number: int) -> None:
        self._desk, self._office, self._acting, self._id = desk, office, acting, number
        self._state, self._read_at, self._gate_at = "", -READ_SECONDS, -GATE_SECONDS
        self._shown: RolloutRow | None = None
        self._turns = {"approve": office.approve, "accept": office.approve,
                       "pause": office.pause, "resume": office.resume}  # fmt: skip
        self._seen = lines.Gate()
        words = desk.words
        self._head = Watched(self._draw_head, "k-title")
        with ui.element("div").classes("k-grid"):
            with ui.element("div").classes("k-side k-stack"):
                with panel(words("alarm.acts")), ui.element("div").classes("k-acts"):
                    self._hint = text("p", "", "k-sub")
                    self._acts = Acts(words, acting, self._mark, self._read)
                with panel(words("rollout.about")):
                    self._facts = Watched(draw_facts)
                with panel(words("history")):
                    self._history = Watched(draw_sheet)
            with ui.element("div").classes("k-main k-stack"):
                self._draw_main()

    def _draw_main(self) -> None:
        words = self._desk.words
        with panel(words("rollout.groups")):
            self._groups = Watched(partial(lines.draw_groups, words))
        with panel(words("gate")):
            text("p", words("gate.more"), "k-about k-sub")
            self._gate = Watched(draw_sheet)
        with panel(words("terminals")):
            self._chips = Chips(words("filters"), self._choose)
            self._table = KeyedTable(words("terminals"), self._columns(), _key)
            self._more = text("p", "", "k-about k-sub")

    def _columns(self) -> list[Column[MemberRow]]:
        words, now = self._desk.words, self._desk.feed.clock
        return [
            Column(words("col.terminal"), _key, drawn.draw_terminal),
            Column(words("col.group"), self._group, drawn.draw_text),
            Column(words("col.state"), partial(lines.member, words), lines.draw_state),
            Column(
                words("col.last"), lambda row: phrases.clock(row.changed_at, now()),
                drawn.draw_text, "k-nowrap",
            ),
        ]  # fmt: skip

    def _group(self, row: MemberRow) -> str:
        assert self._shown is not None
        return noted.group(self._desk.words, self._shown.plan.groups[row.stage].name)

    def _mark(self) -> str:
        return self._shown.mark if self._shown else ""

    async def show(self, picture: Picture) -> None:
        if self._desk.feed.clock() - self._read_at >= READ_SECONDS:
            await self._read()

    async def _read(self) -> None:
        self._read_at = now = self._desk.feed.clock()
        try:
            read = await asyncio.to_thread(self._fetch)
            if now - self._gate_at >= GATE_SECONDS:
                self._gate_at = now
                self._seen = await asyncio.to_thread(self._look, now)
        except SQLAlchemyError:
            return  # the frame says so
        self._draw(read, now)

    def _look(self, now: float) -> lines.Gate:
        view = self._office.view
        return lines.Gate(*view.fares(self._id, now), view.failed(self._id))

    def _fetch(self) -> Read:
        view, number = self._office.view, self._id
        return Read(
            view.rollout(number), view.groups(number),
            view.members(number, self._state, "", MOST), view.notes("rollout", number),
        )  # fmt: skip

    def _draw(self, read: Read, now: float) -> None:
        words, row = self._desk.words, read.rollout
        self._shown = row
        self._head.show((lines.title(words, row), lines.standing(words, row)))
        self._facts.show(lines.facts(words, row, now))
        self._history.show(noted.history(words, read.notes, now))
        self._groups.show(lines.groups(words, row, read.groups))
        self._gate.show(lines.gate(words, row, self._seen))
        count = sum(row.counts.values())
        states = [(one.value, f"{words(f'at.{one}')} {row.counts[one]}")
                  for one in At if row.counts.get(one)]  # fmt: skip
        self._chips.show((("", f"{words('letters.all')} {count}"), *states), self._state)
        self._table.show(read.members)
        left = (row.counts.get(self._state, 0) if self._state else count) - len(read.members)
        self._more.text = words("order.more", count=left) if left > 0 else ""
        self._show_acts(row, count)

    def _show_acts(self, row: RolloutRow, count: int) -> None:
        words, who, state = self._desk.words, self._acting.who, State(row.state)
        waits, own = state is State.APPROVAL, row.asked_by == who.name
        groups, names = row.plan.groups, []
        last = row.stage + 1 == len(groups)
        if waits and not own and may(who, Act.APPROVE):
            names.append("accept" if last else "approve")
        if state in TURNS and may(who, Act.PAUSE):
            names.append(TURNS[state])
        if state in ACTIVE and may(who, Act.STOP):
            names.append("stop")
        choices = tuple(self._choice(name) for name in names)
        following = "" if last else noted.group(words, groups[row.stage + 1].name)
        self._acts.show(choices, terminals=drawn.terminals(words, count), group=following)
        hint = words("rollout.wait.own" if own else "rollout.wait.other") if waits else ""
        self._hint.text = hint or ("" if choices else words("act.nothing"))

    def _choice(self, name: str) -> Choice:
        def do(who: Who, seen: str, why: str) -> None:
            if name == "stop":
                self._office.stop(who, self._id, seen, why)
            else:
                self._turns[name](who, self._id, seen)

        return Choice(name, do, asks=name == "stop", danger=name == "stop")

    async def _choose(self, state: str) -> None:
        self._state = state
        await self._read()

    def _draw_head(self, told: tuple[str, lines.Pill]) -> None:
        with ui.element("a").props("href=/rollouts").classes("k-back"):
            icon("arrow_back")
            text("span", self._desk.words("rollouts.all"))
        text("h1", told[0])
        with ui.element("span"):
            drawn.draw_pill(told[1])


def _key(row: MemberRow) -> str:
    return row.terminal
