"""The figures of a period to look at: who came when, what for, how they liked it, what was open."""

from __future__ import annotations

from nicegui import ui

from fleet.console import charts
from fleet.console.reportpage import ReportPage
from fleet.reports import words as reportwords
from fleet.reports.build import Reporter
from fleet.reports.tables import Table

PATH = "/reports/charts"
COLUMNS = (("visits", "item", "rating"), ("hour", "availability"))  # of tables


class ChartPage(ReportPage):
    """The same figures as the reports', and the same choice of days."""

    path = PATH

    def _read(self, reporter: Reporter) -> dict[str, Table]:
        visits = reporter.visits(self._asked.period, self._language)
        report = super()._read(reporter)
        return {table.key: table for table in (*visits, *report.tables)}

    def _draw(self, report: dict[str, Table]) -> None:
        own = reportwords.Words(self._language)
        with ui.element("div").classes("k-charts"):
            for column in COLUMNS:
                with ui.element("div").classes("k-stack"):
                    for key in column:
                        charts.draw(self._words, own, report[key])
