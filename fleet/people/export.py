"""The record of acts as CSV, for spreadsheets and auditors."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from fleet.people.audit import HASHED

COLUMNS = (*HASHED, "hash")
BOM = "\ufeff"  # Excel takes it for UTF-8 then
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_lines(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """With a heading; times as UTC. What a spreadsheet would compute is marked as text."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    yield BOM + _taken(file)
    for row in rows:
        writer.writerow([_cell(name, row[name]) for name in COLUMNS])
        yield _taken(file)


def _cell(name: str, value: Any) -> str:
    if name == "at":
        return datetime.fromtimestamp(value, UTC).isoformat(timespec="milliseconds")
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _taken(file: io.StringIO) -> str:
    text = file.getvalue()
    file.seek(0)
    file.truncate()
    return text
