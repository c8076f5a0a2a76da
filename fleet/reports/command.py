"""`fleet report`: a report into a file, or published totals held against themselves.

Ends with 1 when something does not add up, and with 2 when there is no report to be had.
"""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

from fleet.reports import claims, csvfile, files, told
from fleet.reports.build import Reporter
from fleet.reports.csvfile import FileError
from fleet.reports.files import Format
from fleet.reports.pdffile import PdfError
from fleet.reports.period import Grain, Period, PeriodError
from fleet.reports.tables import Report
from fleet.reports.words import LANGUAGES, Words


def parse(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="fleet report", description="Figures of a period")
    parser.add_argument("--settings", type=Path, default=Path("config/fleet.toml"))
    parser.add_argument("--from", dest="first", type=date.fromisoformat, metavar="DAY")
    parser.add_argument("--to", dest="last", type=date.fromisoformat, metavar="DAY")
    parser.add_argument("--by", type=Grain, choices=list(Grain), default=Grain.MONTH)
    parser.add_argument("--format", type=Format, choices=list(Format), default=Format.XLSX)
    parser.add_argument("--out", type=Path, help="a file; for csv also a folder")
    parser.add_argument("--language", choices=LANGUAGES, default=LANGUAGES[0])
    parser.add_argument("--claims", type=Path, help="a file of published totals, to be checked")
    asked = parser.parse_args(argv)
    if asked.claims is None and None in {asked.first, asked.last, asked.out}:
        parser.error("--from, --to and --out are needed, or --claims")
    return asked


def check_claims(path: Path) -> int:
    """Says which published totals contradict themselves."""
    try:
        published = claims.read(path)
    except claims.ClaimsError as error:
        return _fail(str(error))
    faults = published.faults()
    for fault in faults:
        print(fault)
    print(f"{len(published)} totals, {len(faults)} of them do not add up")
    return 1 if faults else 0


def run(asked: argparse.Namespace, reporter: Reporter) -> int:
    words = Words(asked.language)
    try:
        period = Period(asked.first, asked.last, asked.by)
        report = reporter.report(period, asked.language)
        _write(report, asked.format, asked.out)
    except (PeriodError, FileError, PdfError, OSError) as error:
        return _fail(str(error))
    print(told.verdict(report, words))
    for finding in told.findings(report, words):
        print(finding)
    return 1 if report.findings else 0


def _write(report: Report, form: Format, out: Path) -> None:
    """CSV into a folder: a file for each table."""
    if form is Format.CSV and (out.is_dir() or not out.suffix):
        out.mkdir(parents=True, exist_ok=True)
        for table in report.tables:
            (out / f"{table.key}.csv").write_bytes(csvfile.encode(table))
        return
    out.write_bytes(files.encode(report, form))


def _fail(why: str) -> int:
    print(f"fleet report: {why}", file=sys.stderr)
    return 2
