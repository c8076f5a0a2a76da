"""Work orders, newest first: complaints, calls to the hotline, bad ratings, and who answers."""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from nicegui import ui
from sqlalchemy.exc import SQLAlchemyError

from fleet.console import worklines as lines
from fleet.console.acting import Acting
from fleet.console.chips import Chips
from fleet.console.desk import Desk
from fleet.console.feed import Picture
from fleet.console.parts import Vacancy, button, empty, panel, text
from fleet.console.tables import KeyedTable
from fleet.handling.workview import LAST, Filter, WorkRow, WorkView

READ_SECONDS = 3.0
PAGE, MOST = 50, 1000
FIRST = "unanswered"

SHOW = {
    FIRST: Filter(unanswered=True),
    "late": Filter(late=True),
    "mine": Filter(),  # with the name of whoever looks
    "answered": Filter(state="answered"),
    "closed": Filter(state="closed"),
    "all": Filter(),
}
COUNTED = {
    FIRST: ("open", "assigned"), "late": ("late",), "answered": ("answered",),
    "closed": ("closed",), "all": ("open", "assigned", "answered", "closed"),
}  # fmt: skip


class WorkList:
    """`?show=<filter>` in the address."""

    def __init__(self, desk: Desk, view: WorkView, acting: Acting, request: Request) -> None:
        asked = request.query_params.get("show", "")
        self._show, self._depth = asked if asked in SHOW else FIRST, PAGE
        self._desk, self._view, self._acting = desk, view, acting
        self._read_at = -READ_SECONDS
        words = desk.words
        text("h1", words("nav.work"), "k-hidden")
        with panel(words("nav.work")):
            self._chips = Chips(words("filters"), self._choose)
            self._table = KeyedTable(
                words("nav.work"), lines.columns(desk, WorkRow), lambda row: row.number
            )
            self._vacancy = Vacancy(
                loading=empty("hourglass_empty", words("loading")),
                nothing=empty(
                    "task_alt", words("orders.work.none"), words("orders.work.none.more")
                ),
                none=empty("filter_alt_off", words("none_match")),
            )
            with ui.element("div").classes("k-foot") as self._foot:
                button(words("work.older"), self._older)
        self._foot.set_visibility(False)
        self._table.element.set_visibility(False)
        self._vacancy.say("loading")

    async def show(self, _picture: Picture) -> None:
        if self._desk.feed.clock() - self._read_at >= READ_SECONDS:
            await self._read()

    async def _read(self) -> None:
        self._read_at = self._desk.feed.clock()
        try:
            rows, counts = await run_in_threadpool(self._find)
        except SQLAlchemyError:
            return  # the frame says so
        self._chips.show([(name, self._name(name, counts)) for name in SHOW], self._show)
        self._table.show(rows)
        self._vacancy.say("" if rows else "none" if sum(counts.values()) else "nothing")
        self._foot.set_visibility(len(rows) == self._depth < MOST)

    def _find(self) -> tuple[list[WorkRow], dict[str, int]]:
        mine = Filter(owner=self._acting.who.name)
        wanted = mine if self._show == "mine" else SHOW[self._show]
        return self._view.page(wanted, LAST, self._depth), self._view.counts()

    def _name(self, name: str, counts: dict[str, int]) -> str:
        told = self._desk.words(f"work.show.{name}")
        states = COUNTED.get(name)
        return f"{told} {sum(counts[one] for one in states)}" if states else told

    async def _choose(self, name: str) -> None:
        self._show, self._depth = name, PAGE
        ui.navigate.history.replace(f"{lines.PATH}?{urlencode({'show': name})}")
        await self._read()

    async def _older(self) -> None:
        self._depth += PAGE
        await self._read()
