"""The invented insurance records: always the same, and consistent with themselves."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.certificates.facts import Facts
from fleet.platform.insurance import SCHEMES, account, history, index
from fleet.platform.registers import look_up
from fleet.platform.registers.words import yuan
from paperwork import AUTHORITY_CODE, CERTIFICATE, items, number

TODAY = date(2026, 11, 20)
births = st.dates(date(1950, 1, 1), date(2026, 11, 1))


def certified(who: str, **answers: str) -> Facts | None:
    """What the certificate of the catalogue says of somebody."""
    return look_up(items()[AUTHORITY_CODE + CERTIFICATE], who, answers, TODAY)


@given(births, st.sampled_from(sorted(SCHEMES)), st.integers(1, 36))
def test_the_years_of_a_certificate_add_up(birth: date, scheme: str, period: int) -> None:
    who = number(birth.strftime("%Y%m%d"))
    known = history(who, scheme, TODAY)
    facts = certified(who, scheme=scheme, period=str(period))
    assert (facts is None) is (known is None)
    if known is None or facts is None:
        return
    assert facts.table is not None
    paid = int(facts.named["paid_months"].zh)
    assert facts.named["months"].zh == f"{period}个月"
    assert paid == known.months(known.last - period + 1, known.last)
    assert sum(int(row[1]) for row in facts.table.rows) == paid <= min(period, known.total)
    assert len({row[0] for row in facts.table.rows}) == len(facts.table.rows) <= 4
    for year, months, base, person, employer in facts.table.rows:
        whole, share = int(months) * known.base(int(year)), SCHEMES[scheme]
        assert base == yuan(known.base(int(year)) * 100)
        assert (person, employer) == (
            yuan(whole * share.personal // 10),
            yuan(whole * share.employer // 10),
        )
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
    facts = certified(number("19541012"), scheme="pension", period="36")
    assert facts is not None
    assert ("参保状态", "Status", "享受待遇") in facts.lines
    assert ("累计缴费", "Paid in total", f"{known.total}个月") in facts.lines
    assert facts.named["paid_months"].zh == "0"
    assert known.total > 0


def test_another_day_of_the_same_month_tells_the_same_history() -> None:
    first = history(number("19900307"), "pension", TODAY)
    assert first == history(number("19900307"), "pension", TODAY + timedelta(days=9))
    assert first != history(number("19900308"), "pension", TODAY)


@pytest.mark.parametrize(("fen", "shown"), [(0, "0.00"), (5, "0.05"), (123456789, "1,234,567.89")])
def test_money_is_written_with_its_fen(fen: int, shown: str) -> None:
    assert yuan(fen) == shown
