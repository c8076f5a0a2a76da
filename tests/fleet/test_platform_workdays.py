"""Working days: weekends, holidays, and weekends that are worked."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kiosk.services import workdays


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-11-19", 1, "2026-11-20"),
        ("2026-11-20", 1, "2026-11-23"),  # over a weekend
        ("2026-11-21", 1, "2026-11-23"),  # from a Saturday
        ("2026-11-20", 0, "2026-11-20"),
        ("2026-09-30", 1, "2026-10-08"),  # over the National Day holiday
        ("2026-10-08", 2, "2026-10-10"),  # that Saturday is worked
        ("2026-02-13", 1, "2026-02-14"),  # so is the one before the Spring Festival
        ("2026-02-14", 1, "2026-02-24"),
        ("2025-12-31", 1, "2026-01-04"),  # a holiday in the next year's list, a worked Sunday
        ("2026-11-20", 5, "2026-11-27"),
        ("2031-04-30", 1, "2031-05-05"),  # a year without a list: fixed days and weekends
    ],
)
def test_the_promise_ends_on(start: str, days: int, end: str) -> None:
    assert workdays.after(date.fromisoformat(start), days) == date.fromisoformat(end)


def test_a_listed_year_has_as_many_working_days_as_the_law_leaves() -> None:
    first = date(2026, 1, 1)
    year = [first + timedelta(days=i) for i in range(365)]
    weekdays = sum(day.weekday() < 5 for day in year)
    assert sum(map(workdays.is_workday, year)) == weekdays - 13  # 13 statutory days since 2025
