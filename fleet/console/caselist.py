"""Cases as they stand with their offices, newest first; and one case with steps, clock, cards."""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from nicegui import ui
from nicegui.events import ValueChangeEventArguments
from sqlalchemy.exc import SQLAlchemyError

from fleet.console import caselines as lines
from fleet.console import phrases
from fleet.console.casebook import PAGE, SHOW, CaseBook, CaseLine
from fleet.console.desk import Desk
from fleet.console.feed import Picture
from fleet.console.parts import Vacancy, Watched, button, empty, icon, panel, pill, text
from fleet.console.phrases import Truth
from fleet.console.sheets import draw_cell, draw_facts, draw_sheet
from fleet.console.tables import Column, KeyedTable

PATH = "/cases"
READ_SECONDS = 3.0
MOST, LONGEST = 20 * PAGE, 64


class CaseList:
    """`?show=<filter>&q=<search>` in the address."""

    def __init__(self, desk: Desk, book: CaseBook, request: Request) -> None:
        asked, self._desk, self._book = request.query_params, desk, book
        self._show = asked.get("show", "") if asked.get("show", "") in SHOW else "open"
        self._wanted, self._depth = asked.get("q", "")[:LONGEST], PAGE
        self._read_at = -READ_SECONDS
        words = desk.words
        text("h1", words("nav.cases"), "k-hidden")
        with panel(words("nav.cases")) as tools:
            with tools:
                label = words("cases.search")
                search = ui.input(placeholder=label, value=self._wanted, on_change=self._search)
                search.props("dense outlined clearable debounce=300").classes("k-search")
                search.props["aria-label"] = label
            self._draw_filters()
            self._table = KeyedTable(words("nav.cases"), self._columns(), lambda row: row.case_no)
            self._vacancy = Vacancy(
                loading=empty("hourglass_empty", words("loading")),
                nothing=empty("folder_open", words("cases.none")),
                none=empty("filter_alt_off", words("none_match"), words("none_match.more")),
            )
            with ui.element("div").classes("k-foot") as self._foot:
                button(words("cases.older"), self._older)
        self._foot.set_visibility(False)
        self._table.element.set_visibility(False)
        self._vacancy.say("loading")

    def _draw_filters(self) -> None:
        words = self._desk.words
        with ui.element("nav").classes("k-row k-about").props(f'aria-label="{words("filters")}"'):
            for name in SHOW:
                link = text("a", words(f"cases.show.{name}"), "k-button k-chip")
                link.props["href"] = f"{PATH}?show={name}"
                if name == self._show:
                    link.props("aria-current=true")

    def _columns(self) -> list[Column[CaseLine]]:
        desk, words = self._desk, self._desk.words
        return [
            Column(words("col.case"), lambda row: row.case_no, _draw_number),
            Column(words("col.item"), lambda row: desk.item(row.task_code), draw_cell),
            Column(words("col.phase"), lambda row: lines.phase(words, row.phase), draw_cell),
            Column(
                words("col.promise"),
                lambda row: lines.until(words, row.due_date, late=row.late),
                draw_cell,
                "k-nowrap",
            ),
            Column(words("col.cards"), self._cards, _draw_cards),
            Column(words("col.person"), lambda row: row.person, draw_cell),
            Column(words("col.terminal"), lambda row: row.terminal, _draw_terminal),
            Column(
                words("col.opened"),
                lambda row: phrases.clock(row.opened_at, desk.feed.clock()),
                draw_cell,
                "k-nowrap",
            ),
        ]

    def _cards(self, row: CaseLine) -> tuple[Truth, ...]:
        return tuple(lines.card(self._desk.words, kind) for kind in row.cards)

    async def show(self, _picture: Picture) -> None:
        if self._desk.feed.clock() - self._read_at >= READ_SECONDS:
            await self._read()

    async def _read(self) -> None:
        now = self._read_at = self._desk.feed.clock()
        try:
            rows = await run_in_threadpool(
                self._book.page, self._show, self._wanted, self._depth, now
            )
        except SQLAlchemyError:
            return  # the frame says so
        self._table.show(rows)
        filtered = self._wanted or self._show != "all"
        self._vacancy.say("" if rows else "none" if filtered else "nothing")
        self._foot.set_visibility(len(rows) == self._depth < MOST)

    async def _search(self, event: ValueChangeEventArguments[str | None]) -> None:
        self._wanted, self._depth = (event.value or "").strip()[:LONGEST], PAGE
        said = {"show": self._show, **({"q": self._wanted} if self._wanted else {})}
        ui.navigate.history.replace(f"{PATH}?{urlencode(said)}")
        await self._read()

    async def _older(self) -> None:
        self._depth += PAGE
        await self._read()


class CasePage:
    """What the office does with one case; nothing of what the citizen said."""

    def __init__(self, desk: Desk, book: CaseBook, case_no: str) -> None:
        self._desk, self._book, self._case_no = desk, book, case_no
        self._read_at = -READ_SECONDS
        words = desk.words
        with ui.element("div").classes("k-title"):
            with ui.element("a").props(f"href={PATH}").classes("k-back"):
                icon("arrow_back")
                text("span", words("cases.all"))
            text("h1", case_no)
        with ui.element("div").classes("k-grid"):
            with ui.element("div").classes("k-side k-stack"), panel(words("case.clock")):
                self._facts = Watched(draw_facts)
            with ui.element("div").classes("k-main k-stack"):
                names = ("case.steps", "case.cards", "case.missing")
                self._sheets = [self._sheet(words(name)) for name in names]

    def _sheet(self, heading: str) -> Watched:
        with panel(heading):
            return Watched(draw_sheet)

    async def show(self, _picture: Picture) -> None:
        desk, now = self._desk, self._desk.feed.clock()
        if now - self._read_at < READ_SECONDS:
            return
        self._read_at = now
        try:
            story = await run_in_threadpool(self._book.story, self._case_no, now)
        except SQLAlchemyError:
            return  # the frame says so
        if story is None:
            return
        words = desk.words
        self._facts.show(lines.facts(words, story, desk.item(story.task_code), now))
        told = (
            lines.steps(words, story, now),
            lines.cards(words, story, now),
            lines.missing(words, story),
        )
        for sheet, value in zip(self._sheets, told, strict=True):
            sheet.show(value)


def _draw_number(number: str) -> None:
    text("a", number, "k-mono k-nowrap").props["href"] = f"{PATH}/{number}"


def _draw_terminal(terminal: str) -> None:
    text("a", terminal, "k-nowrap").props["href"] = f"/terminals/{terminal}"


def _draw_cards(found: tuple[Truth, ...]) -> None:
    with ui.element("div").classes("k-papers"):
        for one in found:
            pill(one.tone, one.sentence, "style")
