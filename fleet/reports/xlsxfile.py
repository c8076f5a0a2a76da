"""A report as a workbook: a sheet for each table, with real numbers and days.

Totals are live formulas over the rows, and beside the first sheet's words stands one that says
whether every total is still what the report said.
"""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from fleet.reports.tables import SUMMED, Cell, Kind, Report, Table
from fleet.reports.told import summary
from fleet.reports.words import Words

FORMATS = {Kind.COUNT: "#,##0", Kind.HOURS: "#,##0.0", Kind.SHARE: "0.0%", Kind.TEXT: "@"}
WIDTHS = {Kind.TEXT: 24, Kind.COUNT: 11, Kind.HOURS: 13, Kind.SHARE: 11}
DAY = "yyyy-mm-dd"
HEAD = 2  # rows above the first of a table: title, and names of columns
INK, GROUND = "#1f2933", "#eef1f5"


def encode(report: Report, words: Words) -> bytes:
    out = io.BytesIO()
    # Nothing that a terminal named may become a formula or a link.
    options = {
        "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
        "strings_to_numbers": False,
    }  # fmt: skip
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": report.title, "created": report.made_at.replace(tzinfo=None)})
        front = book.add_worksheet(words("title")[:31])
        same = [_sheet(book, table) for table in report.tables]
        _front(book, front, report, words, [cell for cells in same for cell in cells])
    return out.getvalue()


def _front(book: Any, sheet: Any, report: Report, words: Words, same: list[str]) -> None:
    """`same`: cells that are TRUE while a total is what it was."""
    bold = book.add_format({"bold": True, "font_size": 16, "font_color": INK})
    day = book.add_format({"num_format": "yyyy-mm-dd hh:mm", "align": "left"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 70)
    sheet.write_string(0, 0, report.title, bold)
    for at, (name, told) in enumerate(summary(report, words), start=2):
        sheet.write_string(at, 0, name)
        sheet.write_string(at, 1, told, wrapped)
    last = 3 + len(summary(report, words))
    sheet.write_string(last, 0, words("made"))
    sheet.write_datetime(last, 1, report.made_at.replace(tzinfo=None), day)
    if same:
        sheet.write_string(last + 1, 0, words("recount"))
        terms = ",".join(same)
        sheet.write_formula(last + 1, 1, f"=AND({terms})", None, True)


def _sheet(book: Any, table: Table) -> list[str]:
    """Returns the cells of the hidden row that compares each total with what the report said."""
    sheet = book.add_worksheet(table.title[:31])
    title = book.add_format({"bold": True, "font_size": 13, "font_color": INK})
    head = book.add_format(
        {"bold": True, "bg_color": GROUND, "bottom": 1, "text_wrap": True, "valign": "vcenter"}
    )
    sheet.write_string(0, 0, table.title, title)
    for at, column in enumerate(table.columns):
        sheet.set_column(at, at, WIDTHS[column.kind])
        sheet.write_string(HEAD - 1, at, column.label, head)
        plain = book.add_format({"num_format": FORMATS[column.kind]})
        dated = book.add_format({"num_format": DAY, "align": "left"})
        for row, cells in enumerate(table.rows, start=HEAD):
            _write(sheet, row, at, cells[at], plain, dated)
    sheet.freeze_panes(HEAD, 1)
    return _totals(book, sheet, table) if table.total else []


def _totals(book: Any, sheet: Any, table: Table) -> list[str]:
    row = HEAD + len(table.rows)
    same = []
    for at, (cell, column) in enumerate(zip(table.total, table.columns, strict=True)):
        bold = book.add_format({"bold": True, "top": 1, "num_format": FORMATS[column.kind]})
        if column.kind not in SUMMED:
            _write(sheet, row, at, cell, bold, bold)
            continue
        first, last = xl_rowcol_to_cell(HEAD, at), xl_rowcol_to_cell(row - 1, at)
        sum_of = f"=SUM({first}:{last})" if table.rows else "=0"
        sheet.write_formula(row, at, sum_of, bold, cell)
        told = f"=ABS({xl_rowcol_to_cell(row, at)}-{cell!r})<0.000001"
        sheet.write_formula(row + 1, at, told, None, True)
        same.append(f"'{table.title[:31]}'!{xl_rowcol_to_cell(row + 1, at)}")
    sheet.set_row(row + 1, None, None, {"hidden": True})
    return same


def _write(sheet: Any, row: int, at: int, cell: Cell, plain: Any, dated: Any) -> None:  # noqa: PLR0917 - as xlsxwriter has them
    if cell is None:
        sheet.write_blank(row, at, None, plain)
    elif isinstance(cell, str):
        day = _day(cell)
        if day is None:
            sheet.write_string(row, at, cell, plain)
        else:
            sheet.write_datetime(row, at, day, dated)
    else:
        sheet.write_number(row, at, cell, plain)


def _day(cell: str) -> date | None:
    if len(cell) != 10:
        return None
    try:
        return date.fromisoformat(cell)
    except ValueError:
        return None
