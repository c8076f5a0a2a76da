"""What to bring where, tomorrow or in the next seven days: by site, in order of need."""

from __future__ import annotations

from collections import Counter
from datetime import date

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from nicegui import ui
from sqlalchemy.exc import SQLAlchemyError

from fleet.console import supplylines as lines
from fleet.console.desk import Desk
from fleet.console.feed import Picture
from fleet.console.parts import Vacancy, Watched, button, empty, icon, panel, text
from fleet.console.phrases import level, supply
from fleet.console.sheets import Linked, Sheet, draw_sheet
from fleet.console.words import Words
from fleet.sites import Place, Sites
from fleet.supplies.book import Outlook, SupplyRow
from fleet.supplies.forecast import ONE
from fleet.supplies.round import SPANS, Due, Item, Stop, plan, table

PATH, FILE = "/supplies", "/supplies.csv"
MOST_UNKNOWN = 100
MOST_STOPS = 20  # on one page; the file has all


def chosen(request: Request) -> str:
    asked = request.query_params.get("show", "")
    return asked if asked in SPANS else "tomorrow"


class SupplyPage:
    """With the addresses of `sites`, for whoever drives there."""

    def __init__(self, desk: Desk, sites: Sites, request: Request) -> None:
        self._desk, self._sites, self._span = desk, sites, chosen(request)
        self._places: dict[str, Place] = {}
        self._outlook: Outlook | None = None
        words = desk.words
        self._draw_choice()
        self._failed = text("p", words("supplies.failed"), "k-about").props("role=alert")
        self._failed.set_visibility(False)
        self._vacancy = Vacancy(
            loading=empty("hourglass_empty", words("loading")),
            none=empty("inventory", words("supplies.none"), words("supplies.none.more")),
        )
        self._vacancy.say("loading")
        self._plan = Watched(self._draw_plan, "k-stack")
        self._unknown = Watched(self._draw_unknown, "k-noprint k-after")

    def _draw_choice(self) -> None:
        words = self._desk.words
        with ui.element("div").classes("k-panel k-choice"):
            label = words("supplies.when")
            with ui.element("nav").classes("k-seg").props(f'aria-label="{label}"'):
                for span in SPANS:
                    here = "true" if span == self._span else "false"
                    link = text("a", words(f"supplies.{span}"))
                    link.props(f"href={PATH}?show={span} aria-current={here}")
            self._title = text("h1", words("supplies.round"))
            with ui.element("div").classes("k-row k-noprint"):
                button(words("supplies.print"), lambda: ui.run_javascript("window.print()"))
                link = text("a", "CSV", "k-button").props("download")
                link.props["href"] = f"{FILE}?show={self._span}&language={words.tongue}"

    async def show(self, _picture: Picture) -> None:
        try:
            outlook = await self._desk.supplies.outlook()
            self._places = await run_in_threadpool(self._sites.every)
        except SQLAlchemyError:
            self._failed.set_visibility(True)
            return
        self._failed.set_visibility(False)
        if outlook is None or outlook is self._outlook:
            return
        self._outlook = outlook
        stops, words = plan(outlook, SPANS[self._span]), self._desk.words
        last = lines.day(words, outlook.today + SPANS[self._span] * ONE, outlook.today)
        self._title.text = words(f"supplies.round.{self._span}", day=last)
        self._vacancy.say("" if stops else "none")
        self._plan.show((outlook.today, stops))
        self._unknown.show((outlook.today, _unknown(outlook)))

    def _draw_plan(self, of: tuple[date, tuple[Stop, ...]]) -> None:
        today, stops = of
        if not stops:
            return
        words = self._desk.words
        _figures(words, stops)
        with panel(words("supplies.bring")):
            _draw_bring(words, _together(stops))
        for stop in stops[:MOST_STOPS]:
            with panel(stop.site or words("supplies.no_site"), "k-stop") as tools:
                with tools:
                    if place := self._places.get(stop.site):
                        text("span", place.address, "k-sub")
                    text("span", _cost(words, stop), "k-tally")
                _draw_bring(words, stop.bring)
                draw_sheet(_sheet(words, stop, today))
        if len(stops) > MOST_STOPS:
            text("p", words("supplies.more", count=len(stops) - MOST_STOPS), "k-about")

    def _draw_unknown(self, of: tuple[date, tuple[SupplyRow, ...]]) -> None:
        today, rows = of
        if not rows:
            return
        words = self._desk.words
        with panel(words("supplies.not_known")) as tools:
            with tools:
                text("span", str(len(rows)), "k-tally")
            text("p", words("supplies.how"), "k-about")
            with ui.element("div").classes("k-scroll").props("role=region tabindex=0") as box:
                box.props["aria-label"] = words("supplies.not_known")
                heads = map(words, ("col.terminal", "col.site", "col.supply", "col.why"))
                cells = tuple(
                    (_link(row.terminal), row.site, lines.name(words, row),
                     lines.ends(words, row.told, today))
                    for row in rows[:MOST_UNKNOWN]
                )  # fmt: skip
                draw_sheet(Sheet(tuple(heads), cells, ""))
            if len(rows) > MOST_UNKNOWN:
                text("p", words("more", count=len(rows) - MOST_UNKNOWN), "k-about")


def _unknown(outlook: Outlook) -> tuple[SupplyRow, ...]:
    every = (row for rows in outlook.rows.values() for row in rows)
    return tuple(row for row in every if row.told.why is not None)


def _together(stops: tuple[Stop, ...]) -> dict[Item, int]:
    found = Counter[Item]()
    for stop in stops:
        found.update(stop.bring)
    return dict(found)


def _figures(words: Words, stops: tuple[Stop, ...]) -> None:
    terminals = {due.row.terminal for stop in stops for due in stop.dues}
    missed = sum(stop.missed for stop in stops)
    figures = (("stops", len(stops)), ("terminals", len(terminals)), ("missed", round(missed)))
    with ui.element("div").classes("k-counts k-three"):
        for name, number in figures:
            with ui.element("div").classes("k-count k-figure"):
                text("b", str(number))
                text("span", words(f"supplies.{name}"))


def _cost(words: Words, stop: Stop) -> str:
    known = any(due.row.told.out_on for due in stop.dues)
    count = round(stop.missed)
    return words("supplies.missed.of", count=count) if known else words("supplies.missed.none")


def _draw_bring(words: Words, bring: dict[Item, int]) -> None:
    with ui.element("ul").classes("k-bring"):
        for (device, source), count in sorted(bring.items()):
            with ui.element("li"):
                icon("inventory_2")
                what = supply(words, device, source)
                text("span", words("supplies.piece", name=what[:1].upper() + what[1:], count=count))


def _sheet(words: Words, stop: Stop, today: date) -> Sheet:
    heads = ("col.terminal", "col.supply", "col.level", "col.ends", "col.missed")
    return Sheet(
        tuple(map(words, heads)),
        tuple(
            (_link(due.row.terminal), lines.name(words, due.row), level(words, due.row.told.level),
             lines.ends(words, due.row.told, today), _missed(due))
            for due in stop.dues
        ),
        "",
    )  # fmt: skip


def _link(terminal: str) -> Linked:
    return Linked(f"/terminals/{terminal}", terminal)


def _missed(due: Due) -> str:
    return f"{due.missed:.0f}" if due.row.told.out_on else "–"


def csv_file(words: Words, outlook: Outlook, span: str) -> bytes:
    """The round as a file; the same rows in the same order."""
    heads = ("col.site", "col.terminal", "col.supply", "col.level", "col.ends", "col.missed")

    def line(due: Due) -> tuple[str, ...]:
        row, told = due.row, due.row.told
        ended = told.out_on.isoformat() if told.out_on else lines.ends(words, told, outlook.today)
        when = ended if isinstance(ended, str) else ended.sentence
        level_word = words.of("level", told.level)
        return row.site, row.terminal, lines.name(words, row), level_word, when, _missed(due)

    return table(plan(outlook, SPANS[span]), map(words, heads), line)
