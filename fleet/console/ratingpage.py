"""What citizens said of it, and the work orders that came of bad ratings and complaints."""

from __future__ import annotations

from functools import partial

from fastapi.concurrency import run_in_threadpool
from nicegui import ui
from sqlalchemy.exc import SQLAlchemyError

from fleet.console import cells, phrases
from fleet.console import worklines as lines
from fleet.console.casebook import BAD_LEVELS, CaseBook, Feedback, OrderLine, RatingLine
from fleet.console.desk import Desk
from fleet.console.feed import Picture
from fleet.console.parts import Vacancy, Watched, empty, panel, text
from fleet.console.sheets import draw_cell
from fleet.console.tables import Column, KeyedTable
from kiosk.services import feedback

PATH = "/ratings"
READ_SECONDS = 3.0
FIGURES = ("rated", "mean", "bad", "open", "late")


class RatingPage:
    def __init__(self, desk: Desk, book: CaseBook) -> None:
        self._desk, self._book = desk, book
        self._read_at = -READ_SECONDS
        words = desk.words
        text("h1", words("nav.ratings"), "k-hidden")
        self._figures = Watched(self._draw_figures)
        with ui.element("div").classes("k-stack"):
            with panel(words("orders.work")):
                self._orders = KeyedTable(
                    words("orders.work"), lines.columns(desk, OrderLine), lambda row: row.number
                )
                self._no_orders = Vacancy(
                    loading=empty("hourglass_empty", words("loading")),
                    none=empty(
                        "task_alt", words("orders.work.none"), words("orders.work.none.more")
                    ),
                )
            with panel(words("ratings.latest")):
                self._ratings = KeyedTable(
                    words("ratings.latest"), self._rating_columns(), lambda row: row.case_no
                )
                self._no_ratings = Vacancy(
                    loading=empty("hourglass_empty", words("loading")),
                    none=empty("star_border", words("ratings.none")),
                )
        for table, vacancy in self._lists():
            table.element.set_visibility(False)
            vacancy.say("loading")

    def _lists(self) -> tuple[tuple[KeyedTable[OrderLine] | KeyedTable[RatingLine], Vacancy], ...]:
        return (self._orders, self._no_orders), (self._ratings, self._no_ratings)

    def _rating_columns(self) -> list[Column[RatingLine]]:
        desk, words = self._desk, self._desk.words
        return [
            Column(words("col.rated"), lambda row: self._clock(row.at), draw_cell, "k-nowrap"),
            Column(words("col.rating"), lambda row: row.level, partial(cells.draw_rating, words)),
            Column(words("col.tags"), self._tags, draw_cell),
            Column(words("col.item"), lambda row: desk.item(row.task_code), draw_cell),
            Column(words("col.case"), lambda row: lines.case(row.case_no), draw_cell),
            Column(words("col.terminal"), lambda row: lines.terminal(row.terminal), draw_cell),
            Column(words("col.order_no"), lambda row: lines.order(row.order_no), draw_cell),
        ]

    def _clock(self, at: float) -> str:
        return phrases.clock(at, self._desk.feed.clock())

    def _tags(self, row: RatingLine) -> str:
        known = {tag.code: tag for tag in feedback.tags_of(row.level)}
        names = [self._desk.words.pick(known[code].zh, known[code].en) if code in known else code
                 for code in row.tags]  # fmt: skip
        return self._desk.words("and").join(names) or "–"

    async def show(self, _picture: Picture) -> None:
        now = self._desk.feed.clock()
        if now - self._read_at < READ_SECONDS:
            return
        self._read_at = now
        try:
            found = await run_in_threadpool(self._book.feedback, now)
        except SQLAlchemyError:
            return  # the frame says so
        self._figures.show(figures(found))
        self._orders.show(found.orders)
        self._no_orders.say("" if found.orders else "none")
        self._ratings.show(found.latest)
        self._no_ratings.say("" if found.latest else "none")

    def _draw_figures(self, numbers: tuple[str, ...]) -> None:
        with ui.element("div").classes("k-counts"):
            for name, number in zip(FIGURES, numbers, strict=True):
                with ui.element("div").classes("k-count k-figure"):
                    text("b", number)
                    text("span", self._desk.words(f"ratings.figure.{name}"))


def figures(found: Feedback) -> tuple[str, ...]:
    """As `FIGURES`."""
    count = sum(times for _, times in found.levels)
    mean = sum(level * times for level, times in found.levels) / count if count else None
    bad = sum(times for level, times in found.levels if level in BAD_LEVELS)
    told = "–" if mean is None else f"{mean:.2f}"
    return str(count), told, str(bad), str(found.unanswered), str(found.late)
