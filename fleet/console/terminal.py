"""One terminal: who it is, what works, what does not and why, and what it has done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from nicegui import ui

from fleet.console import alarmlines as lines
from fleet.console import cells, sheets
from fleet.console.desk import Desk
from fleet.console.feed import Picture
from fleet.console.itspast import ItsPast
from fleet.console.itssupplies import ItsSupplies
from fleet.console.parts import Watched, empty, icon, panel, text
from fleet.console.phrases import Truth
from fleet.console.sentence import sentence
from fleet.console.timeline import Timeline
from fleet.console.transactions import Transactions
from fleet.live import TerminalRow

# Heading, the value it shows, and how that is drawn.
Section = tuple[str, Callable[[Desk, Picture, TerminalRow], Any], Callable[[Any], None]]


SIDE: tuple[Section, ...] = (
    ("ledger", sheets.ledger, sheets.draw_facts),
    ("identity", sheets.identity, sheets.draw_facts),
    ("incidents", sheets.alarms, sheets.draw_sheet),
)
MAIN: tuple[Section, ...] = (
    ("devices", sheets.devices, sheets.draw_sheet),
    ("services", sheets.services, sheets.draw_sheet),
)


class Terminal:
    """Each section is drawn again only when what it shows has changed."""

    def __init__(self, desk: Desk, terminal: str) -> None:
        self._desk = desk
        self._id = terminal
        self._head = Watched(self._draw_head, "k-title")
        with ui.element("div").classes("k-panel k-band"):
            self._truths = Watched(_draw_band)
            self._sentence = text("p", "", "k-sentence")
        with ui.element("div").classes("k-grid"):
            with ui.element("div").classes("k-side k-stack"):
                with panel(desk.words("its_alarms")):
                    self._alarms = Watched(self._draw_alarms)
                self._supplies = ItsSupplies(desk)
                self._past = ItsPast(desk, terminal)
                self._sections = [self._section(one) for one in SIDE]
            with ui.element("div").classes("k-main k-stack"):
                self._sections += [self._section(one) for one in MAIN]
                self._past.states()
                self._timeline = Timeline(desk, terminal)
                heading = desk.words("its_transactions")
                self._transactions = Transactions(desk, heading, terminal)

    def _section(self, section: Section) -> tuple[Section, Watched]:
        with panel(self._desk.words(section[0])):
            return section, Watched(section[2])

    async def show(self, picture: Picture) -> None:
        row = next((row for row in picture.terminals if row.id == self._id), None)
        if row is None:
            return
        heard = picture.heard(row, self._desk.feed.clock())
        self._head.show(row.site)
        self._truths.show(cells.truths(self._desk.words, row, heard))
        self._sentence.text = sentence(self._desk.words, row, heard)
        await self._show_alarms()
        await self._supplies.show(row)
        for (_, value, _), watched in self._sections:
            watched.show(value(self._desk, picture, row))
        await self._past.show(picture, row)
        await self._timeline.show(picture)
        await self._transactions.open()
        self._transactions.show(picture)

    async def _show_alarms(self) -> None:
        feed, words = self._desk.alarms, self._desk.words
        alarms = await feed.alarms() if feed else None
        found = alarms.of(self._id) if alarms else ()
        self._alarms.show(tuple(lines.what(words, one) for one in found))

    def _draw_alarms(self, found: tuple[lines.What, ...]) -> None:
        if not found:
            empty("task_alt", self._desk.words("its_alarms.none"))
            return
        with ui.element("ul").classes("k-list"):
            for one in found:
                with ui.element("li"):
                    lines.draw_what(one)

    def _draw_head(self, site: str) -> None:
        with ui.element("a").props("href=/").classes("k-back"):
            icon("arrow_back")
            text("span", self._desk.words("back"))
        text("h1", self._id)
        text("span", site, "k-sub")
        asking = text("a", self._desk.words("orders.new"), "k-button k-space")
        asking.props["href"] = f"/commands/new?terminal={quote(self._id)}"
        given = text("a", self._desk.words("nav.commands"), "k-button")
        given.props["href"] = f"/commands?terminal={quote(self._id)}"


def _draw_band(told: tuple[Truth, ...]) -> None:
    cells.draw_truths(told)
