"""Working days through the holidays of 2026, pauses, and years that are not announced yet."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.handling.clock import Run, days_left, due, passed_at, reached, warn_after
from handlingwork import at, midnights, works
from kiosk.services.calendar import Calendar, CalendarError, day_end, default

GOLDEN = [  # start, working days, last day
    # Spring Festival: Sat 14 Feb and Sat 28 Feb are worked, 15 to 23 Feb are off.
    ("2026-02-12", 1, "2026-02-13"),
    ("2026-02-12", 2, "2026-02-14"),
    ("2026-02-12", 3, "2026-02-24"),
    ("2026-02-13", 5, "2026-02-27"),
    ("2026-02-13", 6, "2026-02-28"),
    ("2026-02-13", 7, "2026-03-02"),
    ("2026-02-18", 1, "2026-02-24"),  # asked for on a holiday
    ("2026-02-28", 1, "2026-03-02"),
    # National Day: Sun 20 Sep and Sat 10 Oct are worked; 25-27 Sep and 1-7 Oct are off.
    ("2026-09-18", 1, "2026-09-20"),
    ("2026-09-18", 5, "2026-09-24"),
    ("2026-09-18", 6, "2026-09-28"),
    ("2026-09-30", 1, "2026-10-08"),
    ("2026-09-30", 3, "2026-10-10"),
    ("2026-09-30", 4, "2026-10-12"),
    ("2026-10-03", 20, "2026-11-03"),
    ("2026-09-24", 5, "2026-10-09"),
    # Others, and nothing to wait for.
    ("2026-04-03", 1, "2026-04-07"),
    ("2026-04-30", 4, "2026-05-09"),
    ("2026-06-18", 1, "2026-06-22"),
    ("2026-10-01", 0, "2026-10-01"),
]


@pytest.mark.parametrize(("start", "days", "end"), GOLDEN)
def test_days_through_the_holidays(start: str, days: int, end: str) -> None:
    found = default().after(date.fromisoformat(start), days)
    assert (found.day.isoformat(), found.guessed) == (end, frozenset())


def test_the_whole_year_is_as_announced() -> None:
    year = [date(2026, 1, 1) + timedelta(days=i) for i in range(365)]
    assert [day for day in year if default().is_workday(day) != works(day)] == []


def test_a_year_that_is_not_announced_says_so() -> None:
    calendar = default()
    assert calendar.listed == {2025, 2026}
    assert calendar.after(date(2026, 12, 30), 1).guessed == frozenset()
    over = calendar.after(date(2026, 12, 30), 2)
    assert (over.day, over.guessed) == (date(2027, 1, 4), {2027})
    far = calendar.after(date(2026, 12, 30), 300)
    assert far.guessed == {2027, 2028}
    assert due(Run(at("2031-04-30")), 1, calendar, 0.0).guessed == {2031}


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({}, "fixed"),
        ({"fixed": [], "26": {}}, "26: is no year"),
        ({"fixed": [], "2026": {"off": ["02-30"], "work": []}}, "02-30"),
        ({"fixed": [], "2026": {"off": ["03-02..03-01"], "work": []}}, "ends before"),
        ({"fixed": [], "2026": {"off": ["03-01"], "work": ["03-01"]}}, "both off and worked"),
        ({"fixed": [], "2026": {"off": "03-01", "work": []}}, "2026.off"),
    ],
)
def test_a_broken_calendar_is_refused(data: dict[str, object], says: str) -> None:
    with pytest.raises(CalendarError, match=says):
        Calendar(data)


@pytest.mark.parametrize(
    ("pauses", "end"),
    [
        ([], "2026-03-09"),
        ([("2026-03-03T09:00", "2026-03-03T18:00")], "2026-03-09"),  # within a day
        ([("2026-03-03T18:00", "2026-03-04T09:00")], "2026-03-10"),  # over one night
        ([("2026-03-03T09:00", "2026-03-06T09:00")], "2026-03-12"),
        ([("2026-03-07T09:00", "2026-03-08T09:00")], "2026-03-09"),  # a weekend
        (  # two at once count once
            [("2026-03-03T09:00", "2026-03-05T09:00"), ("2026-03-04T09:00", "2026-03-06T09:00")],
            "2026-03-12",
        ),
    ],
)
def test_pauses_move_the_day(pauses: list[tuple[str, str]], end: str) -> None:
    spans = tuple((at(*a.split("T")), at(*b.split("T"))) for a, b in pauses)
    run = Run(at("2026-03-02"), None, spans)
    assert due(run, 5, default(), at("2026-03-02")).day.isoformat() == end
    assert passed_at(run, 5, default()) == day_end(date.fromisoformat(end))


def test_a_pause_that_is_still_on_moves_the_day_with_it() -> None:
    run = Run(at("2026-03-02"), None, ((at("2026-03-04"), None),))
    assert reached(run, 1, default()) is not None  # the 3rd counted
    assert reached(run, 2, default()) is None
    assert passed_at(run, 2, default()) is None
    assert due(run, 2, default(), at("2026-03-04")).day == date(2026, 3, 4)
    assert due(run, 2, default(), at("2026-03-20")).day == date(2026, 3, 20)
    assert days_left(run, 2, default(), at("2026-03-20")) == 0
    assert days_left(Run(at("2026-03-02")), 2, default(), at("2026-03-06")) == -2


@pytest.mark.parametrize(
    ("promise", "days"),
    [(0, -1), (1, 0), (2, 1), (3, 2), (4, 3), (5, 4), (10, 8), (20, 16), (30, 24)],
)
def test_a_promise_is_warned_of_at_four_fifths(promise: int, days: int) -> None:
    assert warn_after(promise) == days


@given(st.integers(0, 2**32), st.integers(0, 40))
def test_a_second_clock_that_counts_midnights_agrees(seed: int, days: int) -> None:
    shuffle = random.Random(seed)
    start = at("2026-01-01") + shuffle.randrange(200 * 86400)
    marks = sorted(start + shuffle.randrange(40 * 86400) for _ in range(2 * shuffle.randrange(4)))
    pauses = list(zip(marks[::2], marks[1::2], strict=True))
    counted, end = 0, None
    for i, (day, close) in enumerate(midnights(start, at("2026-12-31"))):
        counted += i > 0 and works(day) and not any(a < close <= b for a, b in pauses)
        if counted == days:
            end = close
            break
    assert passed_at(Run(start, None, tuple(pauses)), days, default()) == end
