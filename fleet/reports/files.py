"""A report as a file: format -> what it is called, and how it is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import cast

from fleet.reports import csvfile, pdffile, xlsxfile
from fleet.reports.tables import Report
from fleet.reports.words import Language, Words


class Format(StrEnum):
    CSV = "csv"  # one for each table, in a ZIP
    XLSX = "xlsx"
    PDF = "pdf"


@dataclass(frozen=True, slots=True)
class FileKind:
    suffix: str
    media_type: str
    encode: Callable[[Report, Words], bytes]


KINDS: dict[Format, FileKind] = {
    Format.CSV: FileKind(".zip", "application/zip", lambda report, _words: csvfile.archive(report)),
    Format.XLSX: FileKind(
        ".xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        xlsxfile.encode,
    ),
    Format.PDF: FileKind(".pdf", "application/pdf", pdffile.encode),
}


def encode(report: Report, form: Format) -> bytes:
    """Raises `csvfile.FileError`, `pdffile.PdfError`."""
    return KINDS[form].encode(report, Words(cast("Language", report.language)))


def name(report: Report, form: Format) -> str:
    period = report.period
    return f"report-{period.first}-{period.last}{KINDS[form].suffix}"
