"""Charts of a report's tables, drawn by ECharts in the browser from what is in the page already.

Colours are the page's own variables, so that light and dark are the page's matter. Each chart has
its table behind it: nobody has to read a number off a bar.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nicegui import ui

from fleet.console import reporttable
from fleet.console.parts import panel, text
from fleet.console.words import Words
from fleet.reports import words as reportwords
from fleet.reports.tables import Cell, Kind, Table

MOST_BARS = 20  # of a list of names
TALL, BAR = 280, 26  # pixels
INK, SOFT, GRID = "var(--ink-2)", "var(--ink-3)", "var(--line)"


@dataclass(frozen=True, slots=True)
class Series:
    """`column`: of the table. `line`: over the bars, on an axis of shares."""

    column: str
    colour: str
    line: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """`across`: bars lie, one for each name, the largest first (`worst`: the smallest first)."""

    series: tuple[Series, ...]
    across: bool = False
    worst: bool = False
    name: str = ""  # the column that names the bars; '' the first


GOOD, BAD, BRAND = "var(--good-fill)", "var(--dim-fill)", "var(--brand)"
VISITS = Chart(
    (
        Series("completed", BRAND), Series("given_up", BAD),
        Series("completed_share", "var(--warn-fill)", line=True),
    )
)  # fmt: skip
CHARTS: dict[str, Chart] = {
    "visits": VISITS,
    "hour": VISITS,
    "item": Chart((Series("received", BRAND),), across=True, name="item"),
    "rating": Chart((Series("count", "var(--warn-fill)"),)),
    "availability": Chart((Series("availability", GOOD),), across=True, worst=True),
}


def draw(words: Words, own: reportwords.Words, table: Table) -> None:
    """A panel with the chart and, folded, the table."""
    chart = CHARTS[table.key]
    rows = _rows(chart, table)
    with panel(table.title, "k-chart"):
        if rows:
            height = TALL if not chart.across else 56 + BAR * len(rows)
            made = ui.echart(options(chart, table, rows), renderer="svg")
            made.style(f"height: {height}px").props("role=img")
            made.props["aria-label"] = words("charts.label", title=table.title)
            if chart.across and len(rows) < len(table.rows):
                key = "charts.worst" if chart.worst else "charts.most"
                text("p", words(key, count=len(rows)), "k-about k-sub k-last")
        else:
            text("p", own("none"), "k-about")
        with ui.element("details").classes("k-behind"):
            text("summary", words("charts.table"))
            reporttable.draw(words, own, table)


def _rows(chart: Chart, table: Table) -> list[tuple[Cell, ...]]:
    """Those that are shown; none when there is nothing to see."""
    at = table.column(chart.series[0].column)
    rows = [row for row in table.rows if not chart.across or row[at] is not None]
    if not any(_number(row[table.column(one.column)]) for row in rows for one in chart.series):
        return []
    if chart.across:
        rows.sort(key=lambda row: _number(row[at]) or 0.0, reverse=not chart.worst)
        rows = rows[:MOST_BARS]
    return rows


def options(chart: Chart, table: Table, rows: Sequence[tuple[Cell, ...]]) -> dict[str, Any]:
    """As ECharts wants them."""
    at = table.column(chart.name) if chart.name else 0
    names = {
        "type": "category", "data": [str(row[at]) for row in rows], "inverse": chart.across,
        "axisLabel": {"color": INK, "width": 150, "overflow": "truncate"} if chart.across
        else {"color": INK},
        "axisLine": {"lineStyle": {"color": GRID}}, "axisTick": {"show": False},
    }  # fmt: skip
    shares = any(_share(table, one) for one in chart.series if not one.line)
    numbers = [_axis(share=shares)]
    if any(one.line for one in chart.series):
        numbers.append(_axis(share=True) | {"splitLine": {"show": False}})
    legend = {"textStyle": {"color": INK}, "top": 0, "icon": "roundRect"}
    return {
        "animation": False,
        "textStyle": {"fontFamily": "inherit"},
        "grid": {
            "left": 8, "right": 48 if chart.across else 24, "bottom": 4, "containLabel": True,
            "top": 36 if len(chart.series) > 1 else 8 if chart.across else 26,
        },
        "tooltip": {"trigger": "axis", "axisPointer": {"type": "shadow"}},
        "legend": legend if len(chart.series) > 1 else {"show": False},
        "xAxis": numbers if chart.across else names,
        "yAxis": names if chart.across else numbers,
        "series": [_series(chart, one, table, rows) for one in chart.series],
    }  # fmt: skip


def _series(
    chart: Chart, one: Series, table: Table, rows: Sequence[tuple[Cell, ...]]
) -> dict[str, Any]:
    at = table.column(one.column)
    share = _share(table, one)
    values = [_number(row[at]) for row in rows]
    return {
        "name": table.columns[at].label,
        "type": "line" if one.line else "bar",
        "data": [None if value is None else round(100 * value, 1) if share else value
                 for value in values],
        "color": one.colour, "itemStyle": {"color": one.colour, "borderRadius": 2},
        "emphasis": {"disabled": True}, "barMaxWidth": 34, "symbolSize": 6,
        **({"yAxisIndex": 1, "lineStyle": {"color": one.colour, "width": 2}} if one.line
           else {"stack": "all"}),
        "label": {"show": len(rows) <= MOST_BARS and len(chart.series) == 1,
                  "position": "right" if chart.across else "top", "color": INK},
    }  # fmt: skip


def _axis(*, share: bool) -> dict[str, Any]:
    limits = {"min": 0, "max": 100} if share else {"minInterval": 1}
    return {
        "type": "value", **limits,
        "axisLabel": {"color": SOFT, "formatter": "{value} %" if share else "{value}"},
        "splitLine": {"lineStyle": {"color": GRID}},
    }  # fmt: skip


def _share(table: Table, one: Series) -> bool:
    return table.columns[table.column(one.column)].kind is Kind.SHARE


def _number(cell: Cell) -> float | None:
    return float(cell) if isinstance(cell, int | float) else None
