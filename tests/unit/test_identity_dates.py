from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.identity.dates import ValidityFault, age, check_validity, is_adult, is_child

days = st.dates(date(1880, 1, 1), date(2120, 12, 31))
LEAP = date(2008, 2, 29)


@pytest.mark.parametrize(
    ("birth", "today", "years"),
    [
        (date(1990, 3, 7), date(2026, 3, 6), 35),
        (date(1990, 3, 7), date(2026, 3, 7), 36),
        (date(2000, 12, 31), date(2001, 1, 1), 0),
        (date(2026, 1, 1), date(2026, 1, 1), 0),
        (date(2026, 1, 2), date(2026, 1, 1), -1),
        (LEAP, date(2012, 2, 28), 3),  # that year has the 29th
        (LEAP, date(2012, 2, 29), 4),
        (LEAP, date(2026, 2, 27), 17),
        (LEAP, date(2026, 2, 28), 18),  # the last day of the month, where there is no 29th
        (LEAP, date(2026, 3, 1), 18),
        (date(1896, 2, 29), date(1900, 2, 28), 4),  # 1900 was no leap year
    ],
)
def test_ages(birth: date, today: date, years: int) -> None:
    assert age(birth, today) == years


@given(days, days)
def test_an_age_is_the_number_of_birthdays_since(birth: date, today: date) -> None:
    """Counted one by one."""
    if today < birth:
        return
    ends = date(birth.year, 3, 1) - timedelta(1) == birth  # born on the last day of February
    count, year = 0, birth.year + 1
    while year <= today.year:
        last_of_february = date(year, 3, 1) - timedelta(1)
        shift = ends and birth.day == 29
        birthday = last_of_february if shift else date(year, birth.month, birth.day)
        count += birthday <= today
        year += 1
    assert age(birth, today) == count


@given(days, days, st.integers(0, 400))
def test_nobody_grows_younger(birth: date, today: date, later: int) -> None:
    assert age(birth, today) <= age(birth, today + timedelta(later)) <= age(birth, today) + 2


def test_who_is_a_child_and_who_an_adult() -> None:
    birth = date(2010, 6, 15)
    assert is_child(birth, date(2024, 6, 14))
    assert not is_child(birth, date(2024, 6, 15))
    assert not is_adult(birth, date(2028, 6, 14))
    assert is_adult(birth, date(2028, 6, 15))


@given(days, days)
def test_nobody_is_both(birth: date, today: date) -> None:
    assert not (is_child(birth, today) and is_adult(birth, today))


FIRST, LAST = date(2020, 5, 20), date(2040, 5, 20)


@pytest.mark.parametrize(
    ("today", "fault"),
    [
        (date(2020, 5, 19), ValidityFault.NOT_YET),
        (FIRST, None),
        (date(2030, 1, 1), None),
        (LAST, None),
        (date(2040, 5, 21), ValidityFault.EXPIRED),
    ],
)
def test_the_first_and_the_last_day_count(today: date, fault: ValidityFault | None) -> None:
    assert check_validity(FIRST, LAST, today) is fault


def test_a_long_term_card_never_ends_but_begins() -> None:
    assert check_validity(FIRST, None, date.max) is None
    assert check_validity(FIRST, None, date.min) is ValidityFault.NOT_YET


@given(days, days | st.none(), days)
def test_every_day_is_in_validity_or_not(first: date, last: date | None, today: date) -> None:
    inside = first <= today and (last is None or today <= last)
    assert (check_validity(first, last, today) is None) == inside
