"""A report's tables and its chart, as the console draws them."""

from __future__ import annotations

from nicegui import ui

from fleet.console.parts import text
from fleet.console.words import Words
from fleet.reports import words as reportwords
from fleet.reports.tables import Cell, Kind, Table
from fleet.reports.told import shown

MOST_ROWS = 200  # files have all of them
MOST_BARS = 62
CODE = "task_code"


def draw(words: Words, own: reportwords.Words, table: Table) -> None:
    """A code stands under its name."""
    coded = table.columns[0].key == CODE
    heads = table.columns[coded:]
    if table.note:
        text("p", table.note, "k-about k-sub")
    if not table.rows:
        text("p", own("none"), "k-about")
        return
    with ui.element("div").classes("k-wide"), ui.element("table").classes("k-table k-figures"):
        text("caption", table.title, "k-hidden")
        with ui.element("thead"), ui.element("tr"):
            for column in heads:
                numeric = "k-num" if column.kind is not Kind.TEXT else ""
                text("th", column.label, numeric).props("scope=col")
        with ui.element("tbody"):
            for row in table.rows[:MOST_ROWS]:
                _line(table, row, "td")
        if table.total:
            with ui.element("tfoot"):
                _line(table, table.total, "th")
    if len(table.rows) > MOST_ROWS:
        left = len(table.rows) - MOST_ROWS
        text("p", words("reports.more", count=left), "k-about k-sub")


def _line(table: Table, row: tuple[Cell, ...], tag: str) -> None:
    """`tag` th: the last one, whose first word stands where others have a code."""
    coded = table.columns[0].key == CODE
    with ui.element("tr"):
        if coded:
            with ui.element(tag).classes("k-code"):
                text("span", f"{row[1] or row[0]}")
                if tag == "td":
                    text("div", f"{row[0]}", "k-sub k-mono")
        first = 2 * coded
        for cell, column in zip(row[first:], table.columns[first:], strict=True):
            numeric = "k-num" if column.kind is not Kind.TEXT else ""
            nothing = "k-nothing" if cell == 0 else ""
            text(tag, shown(cell, column), f"{numeric} {nothing}")


def draw_chart(words: Words, table: Table) -> None:
    """A bar for each part of the period; the table below says the same in numbers."""
    at = table.column("received")
    counts = [(str(row[0]), row[at]) for row in table.rows]
    highest = max((count for _, count in counts if isinstance(count, int)), default=0)
    if len(counts) < 2 or len(counts) > MOST_BARS or not highest:
        return
    label = words("reports.chart")
    with ui.element("figure").classes("k-panel k-bars").props(f'role=img aria-label="{label}"'):
        text("figcaption", label)
        with ui.element("div"):
            for part, count in counts:
                height = 100 * count / highest if isinstance(count, int) else 0
                said = words("reports.bar", part=part, count=count)
                with ui.element("span") as bar:
                    bar.props["title"] = said
                    text("i", str(count) if len(counts) <= 31 and count else "")
                    ui.element("b").style(f"height: {height:.1f}%")
                    text("small", part[-2:] if len(part) > 4 else part)
