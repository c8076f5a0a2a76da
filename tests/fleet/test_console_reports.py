"""The page of reports in a browser: periods as links, tables that add up, files."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from starlette.requests import Request

from fleet.console.reportpage import asked
from fleet.reports.period import Grain

SERVER = Path(__file__).with_name("report_server.py")


@contextmanager
def served(folder: Path, *more: str) -> Iterator[str]:
    process = subprocess.Popen(
        [sys.executable, str(SERVER), str(folder), *more], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout
        yield f"http://127.0.0.1:{int(process.stdout.readline())}/reports"
    finally:
        process.terminate()
        process.communicate(timeout=30)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("reports")) as url:
        yield url


def request(query: str) -> Request:
    return Request({"type": "http", "query_string": query.encode(), "headers": []})


@pytest.mark.parametrize(
    ("query", "first", "last", "grain", "wrong"),
    [
        ("", date(2026, 11, 1), date(2026, 11, 30), Grain.MONTH, False),
        ("by=year&day=2024-02-29", date(2024, 1, 1), date(2024, 12, 31), Grain.YEAR, False),
        ("by=day&day=2026-03-05", date(2026, 3, 5), date(2026, 3, 5), Grain.DAY, False),
        ("by=month&day=2026-12-31", date(2026, 12, 1), date(2026, 12, 31), Grain.MONTH, False),
        ("first=2026-01-05&last=2026-01-09", date(2026, 1, 5), date(2026, 1, 9), None, False),
        ("first=2026-01-05", date(2026, 11, 1), date(2026, 11, 30), Grain.MONTH, True),
        ("first=2020-01-05&last=2026-01-01", date(2026, 11, 1), date(2026, 11, 30), Grain.MONTH, 1),
        ("by=week", date(2026, 11, 1), date(2026, 11, 30), Grain.MONTH, True),
        ("by=day&day=<script>", date(2026, 11, 1), date(2026, 11, 30), Grain.MONTH, True),
    ],
)
def test_the_period_is_in_the_address(
    query: str, first: date, last: date, grain: Any, wrong: bool
) -> None:
    found = asked(request(query), date(2026, 11, 22))
    assert (found.period.first, found.period.last) == (first, last)
    assert (found.grain, found.wrong) == (grain, bool(wrong))


def test_a_year_in_figures_with_a_check_a_chart_and_files(address: str, page: Page) -> None:
    page.goto(f"{address}?by=year&day=2026-06-01")
    expect(page.get_by_text(re.compile("项合计已核对，全部相符"))).to_be_visible()
    received = page.locator(".k-figure", has_text="收件")
    expect(received.locator("b")).to_have_text("67")
    expect(page.get_by_role("img", name="收件数量").locator("span")).to_have_count(12)
    table = page.locator("section[aria-label=按事项]")
    cells = [int(cell) for cell in table.locator("tbody tr td:nth-child(2)").all_inner_texts()]
    assert sum(cells) == int(table.locator("tfoot th").nth(1).inner_text()) == 67
    with page.expect_download() as waiting:
        page.get_by_role("link", name="CSV").click()
    with zipfile.ZipFile(io.BytesIO(Path(waiting.value.path()).read_bytes())) as pack:
        assert "availability.csv" in pack.namelist()


def test_periods_are_stepped_through_and_any_days_can_be_asked_for(
    address: str, page: Page
) -> None:
    page.goto(address)
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("2026-11-01 – 2026-11-30")
    expect(page.get_by_role("link", name="下一期")).to_have_count(0)
    page.get_by_role("link", name="上一期").click()
    expect(heading).to_have_text("2026-10-01 – 2026-10-31")
    page.get_by_role("link", name="下一期").click()
    expect(heading).to_have_text("2026-11-01 – 2026-11-30")
    page.locator("input[name=first]").fill("2026-03-01")
    page.locator("input[name=last]").fill("2026-03-05")
    page.get_by_role("button", name="查看").click()
    expect(heading).to_have_text("2026-03-01 – 2026-03-05")
    expect(page.locator("section[aria-label=按日] tbody tr")).to_have_count(5)
    page.get_by_role("link", name="English").click()
    expect(page.get_by_text(re.compile("sums compared: all add up"))).to_be_visible()
    expect(heading).to_have_text("2026-03-01 – 2026-03-05")


def test_a_period_without_anything_and_an_address_without_sense(tmp_path: Path, page: Page) -> None:
    with served(tmp_path, "empty") as address:
        page.goto(f"{address}?by=month&day=nonsense")
        expect(page.get_by_text("日期不对，已显示本月")).to_be_visible()
        expect(page.locator("section[aria-label=按事项]")).to_contain_text("本期没有")
