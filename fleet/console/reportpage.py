"""Figures of a day, a month, a year, or of any days: counts, a chart, tables, and files of them.

The period is in the address, so that every view is a link; files come from the interface.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from nicegui import ui
from sqlalchemy.exc import SQLAlchemyError

from fleet.console import reporttable
from fleet.console.desk import Desk
from fleet.console.feed import Picture
from fleet.console.parts import Tone, empty, panel, pill, text
from fleet.reports import told
from fleet.reports import words as reportwords
from fleet.reports.build import Reporter
from fleet.reports.files import Format
from fleet.reports.period import Grain, Period, PeriodError, of_day
from fleet.reports.tables import Report
from fleet.reports.words import Language
from kiosk.services.calendar import china_day

PATH = "/reports"
FILES = "/api/v1/reports/"
FIGURES = (
    ("part", "received"), ("part", "closed"), ("part", "on_time_share"), ("part", "rated"),
    ("availability", "availability"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """`grain` None: any days. `wrong`: the address named no period."""

    period: Period
    grain: Grain | None = None
    wrong: bool = False


def asked(request: Request, today: date) -> Asked:
    """From the address; this month when it says nothing that can be shown."""
    said = request.query_params
    try:
        if "first" in said or "last" in said:
            first, last = (date.fromisoformat(said[name]) for name in ("first", "last"))
            grain = Grain.DAY if last - first < timedelta(days=62) else Grain.MONTH
            if last - first > timedelta(days=365):
                raise PeriodError("no more than a year at once")
            return Asked(Period(first, last, grain))
        grain = Grain(said.get("by", Grain.MONTH))
        return Asked(of_day(date.fromisoformat(said.get("day", today.isoformat())), grain), grain)
    except (KeyError, ValueError):
        return Asked(of_day(today, Grain.MONTH), Grain.MONTH, wrong=True)


class ReportPage:
    """Reads once, when it is opened."""

    path = PATH

    def __init__(self, desk: Desk, reporter: Reporter | None, request: Request) -> None:
        self._words = desk.words
        self._reporter = reporter
        self._today = china_day(reporter.clock()) if reporter else date(2000, 1, 1)
        self._asked = asked(request, self._today)
        self._language: Language = "zh" if desk.words.tongue == "zh-CN" else "en"
        self._done = reporter is None
        if reporter is None:
            empty("bar_chart", desk.words("reports.off"))
            return
        self._draw_choice()
        self._body = ui.element("div").classes("k-stack")
        with self._body:
            text("p", desk.words("loading"), "k-about").props("role=status")

    async def show(self, _picture: Picture) -> None:
        if self._done or self._reporter is None:
            return
        self._done = True
        try:
            made = await run_in_threadpool(self._read, self._reporter)
        except SQLAlchemyError:
            self._done = False
            made = None
        self._body.clear()
        with self._body:
            if made is None:
                text("p", self._words("reports.failed"), "k-about").props("role=alert")
            else:
                self._draw(made)

    def _read(self, reporter: Reporter) -> Any:
        """What `_draw` draws; blocking."""
        return reporter.report(self._asked.period, self._language)

    def _draw_choice(self) -> None:
        words, period = self._words, self._asked.period
        with ui.element("div").classes("k-panel k-choice"):
            with ui.element("nav").classes("k-seg").props(f'aria-label="{words("reports.grain")}"'):
                for grain in Grain:
                    chosen = "true" if grain is self._asked.grain else "false"
                    _link(words(f"reports.{grain}"), self._address(grain, period.last)).props(
                        f"aria-current={chosen}"
                    )
            self._draw_steps(period)
            self._draw_days(period)
            if self._asked.wrong:
                text("p", words("reports.wrong"), "k-sub").props("role=alert")

    def _draw_steps(self, period: Period) -> None:
        """The one before and the one after, and what is shown between them."""
        words, grain = self._words, self._asked.grain
        title = f"{period.first}" if period.first == period.last else ""
        title = title or f"{period.first} – {period.last}"
        if grain is None:
            text("h1", title)
            return
        one = timedelta(days=1)
        _link(words("reports.before"), self._address(grain, period.first - one), "k-button")
        text("h1", title)
        if period.last < self._today:
            _link(words("reports.after"), self._address(grain, period.last + one), "k-button")

    def _draw_days(self, period: Period) -> None:
        with ui.element("form").classes("k-row").props(f"method=get action={self.path}"):
            for name, word, day in (
                ("first", "reports.from", period.first), ("last", "reports.to", period.last),
            ):  # fmt: skip
                with ui.element("label").classes("k-sub"):
                    text("span", self._words(word))
                    ui.element("input").props(f"type=date name={name} value={day} required")
            text("button", self._words("reports.show"), "k-button")

    def _draw(self, report: Any) -> None:
        own = reportwords.Words(self._language)
        with ui.element("div").classes("k-panel k-choice"):
            tone = Tone.BAD if report.findings else Tone.GOOD
            pill(tone, told.verdict(report, own))
            for finding in told.findings(report, own):
                text("p", finding, "k-sub")
            self._draw_files(report.period)
        _draw_figures(report)
        reporttable.draw_chart(self._words, report.table("part"))
        for table in report.tables:
            with panel(table.title):
                reporttable.draw(self._words, own, table)

    def _draw_files(self, period: Period) -> None:
        said = {
            "first": period.first, "last": period.last, "by": period.grain.value,
            "language": self._language,
        }  # fmt: skip
        with ui.element("div").classes("k-row"):
            text("span", self._words("reports.download"), "k-sub")
            for form in Format:
                address = f"{FILES}{form}?{urlencode(said)}"
                _link(form.upper(), address, "k-button").props("download")

    def _address(self, grain: Grain, day: date) -> str:
        return f"{self.path}?{urlencode({'by': grain.value, 'day': day})}"


def _draw_figures(report: Report) -> None:
    with ui.element("div").classes("k-counts"):
        for key, column in FIGURES:
            table = report.table(key)
            at = table.column(column)
            with ui.element("div").classes("k-count k-figure"):
                text("b", told.shown(table.total[at], table.columns[at]))
                text("span", table.columns[at].label)


def _link(words: str, address: str, classes: str = "") -> ui.element:
    made = text("a", words, classes)
    made.props["href"] = address
    return made
