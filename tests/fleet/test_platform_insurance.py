"""The invented insurance records: always the same, and consistent with themselves."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.certificates.compose import Pair
from fleet.platform import papers
from fleet.platform.insurance import SCHEMES, account, history, index
from paperwork import case, number

TODAY = date(2026, 11, 20)
births = st.dates(date(1950, 1, 1), date(2026, 11, 1))


@given(births, st.sampled_from(sorted(SCHEMES)), st.integers(1, 36))
def test_the_years_of_a_certificate_add_up(birth: date, scheme: str, period: int) -> None:
    known = history(number(birth.strftime("%Y%m%d")), scheme, TODAY)
    if known is None:
        return
    application = case("C1", scheme=scheme, period=str(period))
    sheet = papers.insurance_sheet(application, known, "CB", Pair("", ""), TODAY)
    assert sum(int(row.months) for row in sheet.years) == sheet.paid_months
    assert sheet.paid_months <= min(period, sheet.total_months)
    assert len({row.year for row in sheet.years}) == len(sheet.years) <= 4
    assert known.joined <= known.until <= known.last == index(TODAY) - 1


@given(births)
def test_a_medical_account_carries_its_balance_into_the_next_year(birth: date) -> None:
    known = history(number(birth.strftime("%Y%m%d")), "medical", TODAY)
    if known is None:
        return
    for year in range(2000, 2030):
        this, following = account(known, year), account(known, year + 1)
        assert this.closing == following.opening >= 0
        assert min(this.credited, this.spent) >= 0


@pytest.mark.parametrize(
    ("born", "scheme", "insured"),
    [
        ("20150101", "pension", False),
        ("20150101", "medical", True),
        ("20101001", "work_injury", False),
        ("20101001", "medical", True),
        ("19400101", "pension", False),
        ("19541012", "pension", True),
        ("20270101", "medical", False),
    ],
)
def test_each_scheme_has_its_ages(born: str, scheme: str, insured: bool) -> None:
    assert (history(number(born), scheme, TODAY) is not None) == insured


def test_a_pensioner_pays_no_more_and_receives_benefits() -> None:
    known = history(number("19541012"), "pension", TODAY)
    assert known is not None
    sheet = papers.insurance_sheet(case("C1"), known, "CB", Pair("", ""), TODAY)
    assert sheet.status == papers.RECEIVING
    assert sheet.paid_months == 0 < sheet.total_months


def test_another_day_of_the_same_month_tells_the_same_history() -> None:
    first = history(number("19900307"), "pension", TODAY)
    assert first == history(number("19900307"), "pension", TODAY + timedelta(days=9))
    assert first != history(number("19900308"), "pension", TODAY)


@pytest.mark.parametrize(("fen", "shown"), [(0, "0.00"), (5, "0.05"), (123456789, "1,234,567.89")])
def test_money_is_written_with_its_fen(fen: int, shown: str) -> None:
    assert papers.yuan(fen) == shown
