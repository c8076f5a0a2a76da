"""A report to print: its tables on A4, set by typst; the page itself adds every column up again."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import typst

from fleet.reports.tables import SUMMED, Column, Kind, Report, Table
from fleet.reports.told import findings, shown, verdict
from fleet.reports.words import Words

TEMPLATE = Path("config/report.typ")
FONTS = Path("/usr/share/fonts/opentype/noto")
CODE = "task_code"
MOST_ROWS = 400  # of a table on paper; files for programs have all


class PdfError(RuntimeError):
    """The pages cannot be set, or a column on them does not add up."""


def encode(report: Report, words: Words, template: Path = TEMPLATE, fonts: Path = FONTS) -> bytes:
    """PDF/A-2b; the same report gives the same bytes. Raises `PdfError`."""
    told = json.dumps(_sheet(report, words))
    literal = '"' + told.replace("\\", "\\\\").replace('"', '\\"') + '"'
    main = f'#import "/{template.name}": report\n#report(json(bytes({literal})))'
    compiler = typst.Compiler(
        root=template.resolve().parent, font_paths=[fonts], ignore_system_fonts=True
    )
    try:
        pdf = compiler.compile(
            main.encode(), format="pdf", pdf_standards="a-2b",
            timestamp=int(report.made_at.timestamp()),
        )  # fmt: skip
    except typst.TypstError as error:
        raise PdfError(f"the report's pages could not be set: {error}") from None
    assert isinstance(pdf, bytes)
    return pdf


def _sheet(report: Report, words: Words) -> dict[str, Any]:
    period = report.period
    return {
        "language": report.language,
        "title": report.title,
        "period": words("period.days", first=period.first, last=period.last),
        "made": f"{words('made')} {report.made_at:%Y-%m-%d %H:%M}",
        "verdict": verdict(report, words),
        "good": not report.findings,
        "findings": findings(report, words),
        "tables": [_table(table, words) for table in report.tables],
    }


def _table(table: Table, words: Words) -> dict[str, Any]:
    """`summed`: column by column, the numbers of all rows and the total; [] where there is no sum.
    A code stands under its name, to save a column."""
    table, codes = _without_codes(table)
    left = max(0, len(table.rows) - MOST_ROWS)
    return {
        "title": table.title,
        "note": table.note,
        "none": "" if table.rows else words("none"),
        "more": words("more", count=left) if left else "",
        "heads": [column.label for column in table.columns],
        "widths": [_width(column, codes) for column in table.columns],
        "texts": [column.kind is Kind.TEXT for column in table.columns],
        "rows": [_shown(table, row) for row in table.rows[:MOST_ROWS]],
        "total": _shown(table, table.total) if table.total and table.rows else [],
        "summed": [_summed(table, at) for at in range(len(table.columns))] if table.total else [],
    }


def _without_codes(table: Table) -> tuple[Table, bool]:
    if table.columns[0].key != CODE:
        return table, False
    rows = tuple((f"{row[1]}\n{row[0]}", *row[2:]) for row in table.rows)
    total = (table.total[0], *table.total[2:])
    return replace(table, columns=table.columns[1:], rows=rows, total=total), True


def _width(column: Column, codes: bool) -> float:
    """In parts of a column of numbers."""
    if column.kind is not Kind.TEXT:
        return 1.0
    return 3.4 if codes else 1.7


def _shown(table: Table, row: tuple[Any, ...]) -> list[str]:
    return [shown(cell, column) for cell, column in zip(row, table.columns, strict=True)]


def _summed(table: Table, at: int) -> list[float]:
    if table.columns[at].kind not in SUMMED:
        return []
    return [row[at] or 0 for row in (*table.rows, table.total)]  # type: ignore[misc]
