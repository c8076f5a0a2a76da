"""The invented registers agree with themselves: sums, spans, and the same person every time."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificatework import ID_NUMBER, KINDS, facts, field, item
from fleet.certificates.facts import Facts
from fleet.platform import registers
from fleet.platform.registers.civil import clear
from fleet.platform.registers.words import capital, yuan
from kiosk.services.fields import FieldType, Rule
from kiosk.services.item import ItemKind
from paperwork import NOW, number

TODAY = NOW.date()
PEOPLE = [
    number(f"19{year}0307", f"{order:03}") for year in range(40, 99, 3) for order in (112, 245)
]


def fen(text: str) -> int:
    return int(text.replace(",", "").replace(".", ""))


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("months", ["1", "12", "60"])
def test_a_statement_s_total_is_the_sum_of_its_lines(who: str, months: str) -> None:
    answers = {"scheme": "pension", "months": months}
    found = registers.look_up(item("statement"), who, answers, TODAY)
    if found is None:
        return
    assert found.table is not None
    total = sum(fen(row[3]) + fen(row[4]) for row in found.table.rows)
    assert found.named["total"].zh == yuan(total)
    assert len(found.table.rows) <= int(months)


@pytest.mark.parametrize("who", PEOPLE)
def test_tax_and_subsidies_add_up(who: str) -> None:
    tax = registers.look_up(item("tax_record"), who, {"months": "24"}, TODAY)
    programme = field("programme", "项目", "Programme", FieldType.CHOICE, ("all", "全部", "All"))
    asked = msgspec.structs.replace(item("statement"), fields=(programme,))
    paid = registers.look_up(asked, who, {"year": "2025", "programme": "all"}, TODAY)
    for found, column in ((tax, 3), (paid, 2)):
        assert found is not None
        assert found.table is not None
        total = sum(fen(row[column]) for row in found.table.rows)
        assert found.named["total"].zh == yuan(total)


@pytest.mark.parametrize("year", ["2024", "2025", "2026"])
def test_an_account_opens_with_what_the_year_before_closed_with(year: str) -> None:
    asked = msgspec.structs.replace(item("statement"), fields=())
    values = {}
    for one in (year, str(int(year) - 1)):
        found = registers.look_up(asked, ID_NUMBER, {"year": one}, TODAY)
        assert found is not None
        values[one] = [fen(row.value.zh) for row in found.rows[1:]]
    opening, credited, spent, closing = values[year]
    assert opening + credited - spent == closing
    assert values[str(int(year) - 1)][-1] == opening


def test_an_insurance_paper_counts_what_its_table_shows() -> None:
    found = facts("insurance", period="36")
    assert found.table is not None
    assert sum(int(row[1]) for row in found.table.rows) == int(found.named["paid_months"].zh)


def test_months_are_what_was_asked_for() -> None:
    found = facts("tax_record", **{"from": "2026-01", "to": "2026-03", "months": ""})
    assert found.named["span"].zh == "2026年1月至2026年3月"
    late = facts("tax_record", **{"from": "2027-01", "to": "2031-03", "months": ""})
    assert late.named["span"].en == "October 2026"  # the future is not on record


def test_a_young_child_is_not_insured_and_some_records_need_a_look() -> None:
    child = number("20240101")
    answers = {"scheme": "pension"}
    assert registers.look_up(item("insurance"), child, answers, TODAY) is None
    assert registers.look_up(item("fund"), child, {}, TODAY) is None
    many = [number("19800101", f"{order:03}") for order in range(400)]
    hit = [who for who in many if not clear(who)]
    assert 1 <= len(hit) <= 40
    assert registers.look_up(item("no_record"), hit[0], {}, TODAY) is None


def test_who_owns_nothing_has_a_paper_that_says_so() -> None:
    found = [registers.look_up(item("housing"), who, {}, TODAY) for who in PEOPLE]
    tables = [one.table for one in found if one is not None and one.table is not None]
    assert len(tables) == len(PEOPLE)
    assert {len(table.rows) for table in tables} == {0, 1, 2}
    for one in found:
        assert one is not None
        assert one.table is not None
        assert (one.named["found"].en == "None registered") is (not one.table.rows)


def test_an_item_without_a_template_is_answered_from_the_statements() -> None:
    made = item("statement")
    asked = msgspec.structs.replace(made, template="", fields=(), kind=ItemKind.QUERY)
    found = registers.look_up(asked, ID_NUMBER, {"year": "2026"}, TODAY)
    assert found is not None
    assert found.lines[0] == ("查询年度", "Year", "2026")
    instant = msgspec.structs.replace(asked, kind=ItemKind.INSTANT)
    assert registers.look_up(instant, ID_NUMBER, {}, TODAY) == Facts()


def test_the_same_person_has_the_same_history_tomorrow() -> None:
    for template in ("household", "housing"):
        one, two = (
            registers.look_up(item(template), ID_NUMBER, KINDS[template][4], day)
            for day in (TODAY, TODAY + timedelta(days=1))
        )
        assert one is not None
        assert two is not None
        assert one.table == two.table


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        (0, "零元整"), (1, "零元零壹分"), (10, "零元壹角整"), (40_000, "肆佰元整"),
        (100_50, "壹佰元伍角整"), (1_005_00, "壹仟零伍元整"), (10_000_00, "壹万元整"),
        (100_010_00, "壹拾万零壹拾元整"), (1_234_567_89, "壹佰贰拾叁万肆仟伍佰陆拾柒元捌角玖分"),
        (10_001_000_00, "壹仟万壹仟元整"), (100_000_001_00, "壹亿零壹元整"),
    ],
)  # fmt: skip
def test_amounts_in_characters(amount: int, said: str) -> None:
    assert capital(amount) == said


@given(st.integers(0, 10**20))
def test_any_amount_has_its_characters(amount: int) -> None:
    said = capital(amount)
    assert said
    assert "零零" not in said


def test_a_day_long_ago_or_29_february_is_no_trouble() -> None:
    for day in (date(2024, 2, 29), date(2026, 12, 31), date(2027, 1, 1), date(2026, 11, 30)):
        for template in KINDS:
            registers.look_up(item(template), ID_NUMBER, KINDS[template][4], day)


def test_several_schemes_share_one_table() -> None:
    asked = msgspec.structs.replace(
        item("statement"), fields=(field("schemes", "险种", "Schemes"),)
    )
    answers = {"schemes": "employees_pension,work_injury", "first_month": "2026-01"}
    found = registers.look_up(asked, ID_NUMBER, answers, TODAY)
    assert found is not None
    assert found.table is not None
    assert {row[1] for row in found.table.rows} == {"城镇职工基本养老保险", "工伤保险"}
    assert found.named["span"].zh == "2026年1月至2026年10月"


def test_numbers_of_others_and_of_accounts_are_masked() -> None:
    bank = msgspec.structs.replace(field("account", "收款卡号", "Card"), rule=Rule.BANK_CARD)
    asked = msgspec.structs.replace(item("decision"), fields=(bank,))
    found = registers.look_up(asked, ID_NUMBER, {"account": "6222020000000000005"}, TODAY)
    assert found is not None
    assert found.rows[-1].value.zh == "*" * 15 + "0005"
