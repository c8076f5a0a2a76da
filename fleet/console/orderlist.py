"""All commands that were given, newest first, with what became of each."""

from __future__ import annotations

import asyncio
from functools import partial
from urllib.parse import quote

from fastapi import Request
from nicegui import ui
from sqlalchemy.exc import SQLAlchemyError

from fleet.console import orderlines as lines
from fleet.console.acting import Acting
from fleet.console.desk import Desk
from fleet.console.feed import Picture
from fleet.console.parts import Vacancy, button, empty, panel, text
from fleet.console.tables import Column, KeyedTable
from fleet.rollouts.desk import Act, RolloutDesk, may
from fleet.rollouts.rows import OrderRow

READ_SECONDS = 2.0
PAGE = 30
NEWEST = 2**63 - 1


class OrderList:
    """`?terminal=<id>` in the address: those that this terminal has part in."""

    def __init__(self, desk: Desk, office: RolloutDesk, acting: Acting, request: Request) -> None:
        self._desk, self._office = desk, office
        self._terminal = request.query_params.get("terminal", "")[:64]
        self._depth, self._read_at = PAGE, -READ_SECONDS
        words = desk.words
        name = words("orders.of", terminal=self._terminal) if self._terminal else ""
        text("h1", name or words("nav.commands"), "k-hidden")
        with panel(name or words("nav.commands")) as tools:
            with tools:
                self._draw_tools(acting)
            self._table = KeyedTable(words("nav.commands"), self._columns(), lambda row: row.id)
            self._vacancy = Vacancy(
                loading=empty("hourglass_empty", words("loading")),
                none=empty("terminal", words("orders.none"), words("orders.none.more")),
            )
            with ui.element("div").classes("k-foot") as self._foot:
                button(words("orders.older"), self._older)
        self._foot.set_visibility(False)
        self._table.element.set_visibility(False)
        self._vacancy.say("loading")

    def _draw_tools(self, acting: Acting) -> None:
        words = self._desk.words
        if self._terminal:
            text("a", words("orders.every")).props("href=/commands")
        if may(acting.who, Act.ORDER):
            about = f"?terminal={quote(self._terminal)}" if self._terminal else ""
            link = text("a", words("orders.new"), "k-button k-main-act")
            link.props["href"] = f"/commands/new{about}"

    def _columns(self) -> list[Column[OrderRow]]:
        words, now = self._desk.words, self._desk.feed.clock
        return [
            Column(words("col.order"), partial(lines.asked, words), lines.draw_asked, "k-what"),
            Column(words("col.asked"), lambda row: lines.who(words, row, now()), lines.draw_who),
            Column(words("order.reason"), lambda row: row.reason, lines.draw_text),
            Column(words("col.state"), partial(lines.standing, words), lines.draw_pill),
            Column(
                words("col.progress"), lambda row: lines.tally(words, row.counts), lines.draw_tally
            ),
        ]

    async def show(self, picture: Picture) -> None:
        if self._desk.feed.clock() - self._read_at >= READ_SECONDS:
            await self._read()

    async def _read(self) -> None:
        self._read_at = self._desk.feed.clock()
        view = self._office.view
        try:
            rows = await asyncio.to_thread(view.orders, NEWEST, self._depth + 1, self._terminal)
        except SQLAlchemyError:
            return  # the frame says so
        self._table.show(rows[: self._depth])
        self._vacancy.say("" if rows else "none")
        self._foot.set_visibility(len(rows) > self._depth)

    async def _older(self) -> None:
        self._depth += PAGE
        await self._read()
