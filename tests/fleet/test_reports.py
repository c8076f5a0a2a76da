"""Reports: what counts when, every sum by two ways, the files of it, availability."""

from __future__ import annotations

import csv
import io
import subprocess
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from fleet import programs
from fleet.handling.states import Phase
from fleet.reports import csvfile, files, pdffile
from fleet.reports.build import Reporter
from fleet.reports.check import check
from fleet.reports.facts import Measure
from fleet.reports.files import Format
from fleet.reports.hours import Timetable
from fleet.reports.period import Grain, Period
from fleet.reports.tables import Column, Kind, Report, Table
from fleet.reports.words import LANGUAGES, Words
from fleet.store.database import Store
from reportwork import Books, a_year, at, items

YEAR = Period(date(2026, 1, 1), date(2026, 12, 31), Grain.MONTH)


@pytest.fixture
def url(each_url: str) -> str:
    return each_url


@pytest.fixture
def books(tmp_path: Path) -> Iterator[Books]:
    store = Store(f"sqlite:///{tmp_path}/fleet.db")
    yield Books(store)
    store.close()


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Report]:
    store = Store(f"sqlite:///{tmp_path_factory.mktemp('year')}/fleet.db")
    a_year(Books(store))
    yield reporter(store).report(YEAR)
    store.close()


def reporter(store: Store, now: float | None = None, timetable: Any = None) -> Reporter:
    moment = at("2027-01-05") if now is None else now
    return Reporter(store, items(), timetable or Timetable(), lambda: moment)


def totals(report: Report, key: str = "part") -> dict[str, Any]:
    table = report.table(key)
    return {column.key: cell for column, cell in zip(table.columns, table.total, strict=True)}


def test_a_year_adds_up_by_every_way_on_both_databases(store: Store) -> None:
    a_year(Books(store))
    report = reporter(store).report(YEAR)
    assert report.findings == ()
    assert report.checked > 100
    wanted = {
        "received": 67, "accepted": 62, "in_hand": 1, "approved": 60, "refused": 1,
        "not_accepted": 1, "withdrawn": 1, "waiting": 2, "correction": 1,
        "closed": 62, "on_time": 60, "late": 2, "undated": 0, "rated": 20,
    }  # fmt: skip
    for key in ("part", "item", "level", "terminal"):
        assert {name: totals(report, key)[name] for name in wanted} == wanted
    assert [row[0] for row in report.table("part").rows] == YEAR.parts
    assert report.table("reason").rows == (
        ("未按期补正", 0, 1, 1),
        ("未缴费", 1, 0, 1),
    )
    assert "不明" in [row[0] for row in report.table("level").rows], "an item that is gone"


def test_days_are_days_in_china(books: Books) -> None:
    books.case(at("2026-05-01", "00:00:00"), ended=at("2026-05-01", "23:59:59.9"))
    books.case(at("2026-04-30", "23:59:59.9"), ended=at("2026-05-02", "00:00:00"))
    may_first = reporter(books.store).report(Period(date(2026, 5, 1), date(2026, 5, 1)))
    assert (totals(may_first)["received"], totals(may_first)["closed"]) == (1, 1)
    assert totals(may_first)["undated"] == 1


@pytest.mark.parametrize(
    ("due", "ended", "word"),
    [("2026-05-08", "2026-05-08", "on_time"), ("2026-05-08", "2026-05-09", "late")],
)
def test_the_last_day_is_in_time_and_the_next_is_late(
    books: Books, due: str, ended: str, word: str
) -> None:
    books.case(at("2026-05-01"), ended=at(ended, "23:59:59"), due=due)
    report = reporter(books.store).report(YEAR)
    assert totals(report)[word] == totals(report)["closed"] == 1


def test_a_case_that_the_desk_dropped_is_found(books: Books) -> None:
    """The database's own count of cases against rows that say another day."""
    books.case(at("2026-05-01"), ended=at("2026-05-02"))
    with books.store.write() as connection:
        connection.exec_driver_sql("UPDATE handling_cases SET opened_at = opened_at - 1e8")
    report = reporter(books.store).report(YEAR)
    assert [(one.where, one.told, one.found) for one in report.findings] == [
        ("part.received / database", 0, 1)
    ]


def test_every_wrong_number_of_a_report_is_found(year: Report) -> None:
    """Each count of each table, one more than it is: the check always sees it."""
    for place, table in enumerate(year.tables):
        for at_row, row in enumerate(table.rows):
            for at_cell, column in enumerate(table.columns):
                if column.kind not in {Kind.COUNT, Kind.HOURS}:
                    continue
                cells = (*row[:at_cell], row[at_cell] + 1, *row[at_cell + 1 :])  # type: ignore[operator]
                rows = (*table.rows[:at_row], cells, *table.rows[at_row + 1 :])
                spoilt = Table(table.key, table.title, table.columns, rows, table.total)
                tables = (*year.tables[:place], spoilt, *year.tables[place + 1 :])
                assert check(tables, {})[1], (table.key, column.key)
    assert check(year.tables, {Measure.RECEIVED: 68})[1]


def test_csv_adds_up_has_its_mark_and_no_formulas(year: Report) -> None:
    with zipfile.ZipFile(io.BytesIO(files.encode(year, Format.CSV))) as pack:
        assert {name.removesuffix(".csv") for name in pack.namelist()} == {
            table.key for table in year.tables
        }
        raw = pack.read("terminal.csv")
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    received = rows[0].index("收件")
    assert sum(int(row[received]) for row in rows[1:-1]) == int(rows[-1][received]) == 67
    words = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1", "\r=1", "plain", 'say "x",y']
    heads = (Column("terminal", "t", Kind.TEXT), Column("count", "n"))
    wild = Table("wild", "wild", heads, tuple((word, 1) for word in words), ("", len(words)))
    cells = [row[0] for row in csv.reader(io.StringIO(csvfile.text(wild)))][1:-1]
    assert cells == [f"'{word}" for word in words[:7]] + words[7:]


def test_a_file_that_does_not_add_up_is_not_handed_out(year: Report, tmp_path: Path) -> None:
    heads = (Column("terminal", "t", Kind.TEXT), Column("count", "n"))
    wrong = Table("wrong", "wrong", heads, (("KT-1", 2), ("KT-2", 3)), ("", 6))
    with pytest.raises(csvfile.FileError, match=r"wrong\.count"):
        csvfile.text(wrong)
    report = Report("r", "en", YEAR, year.made_at, (wrong,))
    with pytest.raises(pdffile.PdfError, match="does not add up"):
        pdffile.encode(report, Words("en"))


def test_a_workbook_has_numbers_days_and_live_totals(books: Books, tmp_path: Path) -> None:
    books.case(at("2026-05-01"), ended=at("2026-05-02"), terminal="=HYPERLINK(1)")
    report = reporter(books.store).report(Period(date(2026, 5, 1), date(2026, 5, 3)))
    path = tmp_path / "r.xlsx"
    path.write_bytes(files.encode(report, Format.XLSX))
    book, known = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    sheet = book["按日"]
    assert sheet["A3"].value == datetime(2026, 5, 1)  # noqa: DTZ001 - a day has no zone
    assert (sheet["B3"].value, sheet["B3"].data_type) == (1, "n")
    assert sheet["B6"].value == "=SUM(B3:B5)"
    assert known["按日"]["B6"].value == 1
    told = book["按终端"]["A3"]
    assert (told.value, told.data_type) == ("=HYPERLINK(1)", "s")
    assert [cell.hyperlink for cell in book["按终端"]["A"]] == [None] * 5


def test_pages_to_print_in_both_languages(year: Report, books: Books) -> None:
    a_year(books)
    for language in LANGUAGES:
        report = reporter(books.store).report(YEAR, language)
        pdf = files.encode(report, Format.PDF)
        assert pdf.startswith(b"%PDF")
        assert files.encode(report, Format.PDF) == pdf
        text = subprocess.run(
            ["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True
        ).stdout.decode()
        assert report.title in text
        assert Words(language)("check.good", count=report.checked) in text.replace("\n", " ")


def test_an_empty_period_is_a_report_too(books: Books) -> None:
    report = reporter(books.store).report(YEAR, "en")
    assert report.findings == ()
    assert totals(report)["received"] == 0
    for form in Format:
        assert files.encode(report, form)


def test_availability_is_the_share_of_opening_hours(books: Books) -> None:
    """22 and 23 November 2026: a Sunday and a Monday."""
    books.history("KT-0001", [(at("2026-11-20"), "yes"), (at("2026-11-23", "11:00:00"), "no"),
                              (at("2026-11-23", "15:00:00"), "unknown")])  # fmt: skip
    books.history("KT-0002", [(at("2026-11-23", "12:00:00"), "partly")])
    timetable = Timetable.parse("workdays 09:00-12:00 14:00-17:00", {"KT-0002": "00:00-24:00"})
    now = at("2026-11-23", "18:00:00")
    books.watched(now)
    days = Period(date(2026, 11, 22), date(2026, 11, 30))
    report = reporter(books.store, now, timetable).report(days)
    assert report.table("availability").rows == (
        ("KT-0001", 6.0, 2.0, 2.0, 2.0, 2 / 6),
        ("KT-0002", 6.0, 6.0, 0.0, 0.0, 1.0),
    )
    later = reporter(books.store, at("2026-11-23", "20:00:00"), timetable).report(days)
    row = later.table("availability").rows[1]
    assert [round(float(cell or 0), 2) for cell in row[1:]] == [8, 6, 0, 2, 0.75], "nobody watched"


def test_the_command_writes_and_says_what_does_not_add_up(
    tmp_path: Path, books: Books, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    a_year(books)
    claimed = tmp_path / "claims.toml"
    claimed.write_text(
        '[[sum]]\nwhat = "batches"\ntotal = 1257\nparts = [875, 222, 178]\n'
        '[[sum]]\nwhat = "closed"\ntotal = 106561\nparts = [106459, 102]\n'
        '[[share]]\nwhat = "items"\npart = 567\nwhole = 606\npercent = "93.87"\n'
    )

    def fleet(*words: str) -> tuple[int, str, str]:
        code = programs.run("report", list(words))
        said = capsys.readouterr()
        return code, said.out, said.err

    monkeypatch.setenv("FLEET_STORE__URL", f"sqlite:///{tmp_path}/fleet.db")
    code, told, _ = fleet("--claims", str(claimed))
    assert code == 1
    assert told.splitlines() == [
        "batches: 875 + 222 + 178 = 1,275, not 1,257 (-18)",
        "items: 567 of 606 = 93.56 %, not 93.87 % (that would be of 604)",
        "3 totals, 2 of them do not add up",
    ]
    days = ["--from", "2026-01-01", "--to", "2026-12-31"]
    made = fleet(*days, "--format", "csv", "--out", str(tmp_path / "csv"), "--language", "en")
    assert (made[0], made[2]) == (0, "")
    assert "all add up" in made[1]
    assert (tmp_path / "csv/item.csv").read_text("utf-8-sig").startswith("Item code,Item,Received")
    backwards = fleet("--from", "2026-02-01", "--to", "2026-01-01", "--out", "x")
    assert (backwards[0], "before the first" in backwards[2]) == (2, True)


def test_phases_have_a_place_in_reports(books: Books) -> None:
    for phase in Phase:
        books.case(at("2026-05-01"), phase)
    assert reporter(books.store).report(YEAR).findings == ()
