"""All rollouts, newest first: what, how far, and why it stands so."""

from __future__ import annotations

import asyncio
from functools import partial

from nicegui import ui
from sqlalchemy.exc import SQLAlchemyError

from fleet.console import orderlines as drawn
from fleet.console import rolloutlines as lines
from fleet.console.acting import Acting
from fleet.console.desk import Desk
from fleet.console.feed import Picture
from fleet.console.parts import Vacancy, button, empty, panel, text
from fleet.console.tables import Column, KeyedTable
from fleet.rollouts.desk import Act, RolloutDesk, may
from fleet.rollouts.rows import RolloutRow

READ_SECONDS = 2.0
PAGE = 30
NEWEST = 2**63 - 1


class RolloutList:
    def __init__(self, desk: Desk, office: RolloutDesk, acting: Acting) -> None:
        self._desk, self._office = desk, office
        self._depth, self._read_at = PAGE, -READ_SECONDS
        words = desk.words
        text("h1", words("nav.rollouts"), "k-hidden")
        with panel(words("nav.rollouts")) as tools:
            with tools:
                text("a", words("rollouts.drift"), "k-button").props("href=/rollouts/drift")
                if may(acting.who, Act.PROPOSE):
                    link = text("a", words("rollouts.new"), "k-button k-main-act")
                    link.props("href=/rollouts/new")
            self._table = KeyedTable(words("nav.rollouts"), self._columns(), lambda row: row.id)
            self._vacancy = Vacancy(
                loading=empty("hourglass_empty", words("loading")),
                none=empty("rocket_launch", words("rollouts.none"), words("rollouts.none.more")),
            )
            with ui.element("div").classes("k-foot") as self._foot:
                button(words("orders.older"), self._older)
        self._foot.set_visibility(False)
        self._table.element.set_visibility(False)
        self._vacancy.say("loading")

    def _columns(self) -> list[Column[RolloutRow]]:
        words, now = self._desk.words, self._desk.feed.clock
        return [
            Column(
                words("col.rollout"), lambda row: lines.what(words, row, now()), lines.draw_what
            ),
            Column(
                words("col.state"),
                lambda row: (lines.standing(words, row), lines.why(words, row)),
                lines.draw_state,
            ),
            Column(words("col.group"), partial(lines.stage, words), drawn.draw_text),
            Column(
                words("col.progress"), lambda row: lines.bar(row.counts), lines.draw_bar, "k-able"
            ),
            Column(
                words("col.members"), lambda row: lines.tally(words, row.counts), drawn.draw_tally
            ),
        ]

    async def show(self, picture: Picture) -> None:
        if self._desk.feed.clock() - self._read_at >= READ_SECONDS:
            await self._read()

    async def _read(self) -> None:
        self._read_at = self._desk.feed.clock()
        try:
            rows = await asyncio.to_thread(self._office.view.rollouts, NEWEST, self._depth + 1)
        except SQLAlchemyError:
            return  # the frame says so
        self._table.show(rows[: self._depth])
        self._vacancy.say("" if rows else "none")
        self._foot.set_visibility(len(rows) > self._depth)

    async def _older(self) -> None:
        self._depth += PAGE
        await self._read()
