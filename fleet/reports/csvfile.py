"""A report's tables as CSV: UTF-8 with a byte order mark, so that spreadsheets read Chinese.

Each file is read back and added up before it is handed out.
"""

from __future__ import annotations

import csv
import io
import zipfile

from fleet.reports.tables import SUMMED, Cell, Column, Kind, Report, Table

BOM = "\ufeff"
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")  # a spreadsheet takes such a cell for a formula
NEAR = 0.01  # hours are written with so many places, each rounded


class FileError(RuntimeError):
    """A file that was written does not hold what the report says."""


def text(table: Table) -> str:
    """Without the byte order mark. Raises `FileError`."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_safe(column.label) for column in table.columns])
    for row in (*table.rows, *([table.total] if table.total else [])):
        writer.writerow(
            [written(cell, column) for cell, column in zip(row, table.columns, strict=True)]
        )
    _read_back(table, out.getvalue())
    return out.getvalue()


def encode(table: Table) -> bytes:
    return (BOM + text(table)).encode()


def archive(report: Report) -> bytes:
    """All tables as files of one ZIP. Raises `FileError`."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        for table in report.tables:
            made = zipfile.ZipInfo(f"{table.key}.csv", report.made_at.timetuple()[:6])
            pack.writestr(made, encode(table), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def written(cell: Cell, column: Column) -> str:
    """Numbers for programs: a point, no separators; a share as 0 to 1."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return _safe(cell)
    places = {Kind.SHARE: 6, Kind.HOURS: 4}.get(column.kind, 0)
    return f"{cell:.{places}f}"


def _safe(word: str) -> str:
    return f"'{word}" if word.lstrip(" ").startswith(RISKY) else word


def _read_back(table: Table, written_text: str) -> None:
    rows = list(csv.reader(io.StringIO(written_text)))[1:]
    body = rows[:-1] if table.total else rows
    if len(body) != len(table.rows):
        raise FileError(f"{table.key}: {len(body)} rows in the file, {len(table.rows)} here")
    for at, column in enumerate(table.columns):
        if column.kind in SUMMED and table.total:
            found, told = sum(float(row[at]) for row in body), float(rows[-1][at])
            if abs(found - told) > NEAR * (1 + len(body)):
                raise FileError(f"{table.key}.{column.key}: {found} in the rows, {told} below")
