"""What an item costs: one pure function, the same on terminals and in the fleet."""

from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.services import fees
from kiosk.services.fields import FieldType, FormField, When
from paymentwork import BILL, FAMILY, FLAT, FREE, POST, TIER, TIERS, W, choice, fee, item

NUMBER = item("N", [FormField("years", FieldType.NUMBER, W)], fee(field="years", amount=40_000))
CHOICES = item(
    "C",
    [choice("copies", ["a", "b"], FieldType.CHOICES)],
    fee(field="copies", amounts={"a": 100, "b": 250}),
)
BOTH = item("B", [FormField("sum", FieldType.MONEY, W)], fee(amount=200), fee(field="sum"))


@pytest.mark.parametrize(
    ("one", "answers", "fen"),
    [
        (FLAT, {}, 500),
        (FREE, {}, 0),
        (TIER, {"tier": "mid"}, 30_000),
        (BILL, {"sum": "12345"}, 12_345),
        (BOTH, {"sum": "1"}, 201),
        (NUMBER, {"years": "3"}, 120_000),
        (CHOICES, {"copies": "a,b"}, 350),
        (FAMILY, {"insured": json.dumps([{"name": "张"}, {"name": "李"}])}, 80_000),
        (FAMILY, {"insured": "[]"}, 0),
        (POST, {"delivery": "pickup"}, 0),
        (POST, {"delivery": "pickup", "parcel": "large"}, 0),  # an answer that is not asked for
        (POST, {"delivery": "post", "parcel": "large"}, 2000),
    ],
)
def test_amounts(one: fees.Item, answers: dict[str, str], fen: int) -> None:
    assert fees.amount(one, answers) == fen
    assert fees.due(one, fees.basis(one, answers)) == fen


@pytest.mark.parametrize(
    ("one", "answers"),
    [
        (TIER, {}),
        (TIER, {"tier": "gold"}),
        (TIER, {"tier": "low,mid"}),
        (BILL, {"sum": "-1"}),
        (BILL, {"sum": "1.5"}),
        (BILL, {"sum": "٣"}),
        (BILL, {"sum": "9" * 30}),
        (BILL, {"sum": str(fees.MOST + 1)}),
        (BILL, {"sum": ""}),
        (NUMBER, {"years": "999999999999"}),
        (FAMILY, {"insured": "张三"}),
        (FAMILY, {"insured": json.dumps([{}] * 201)}),
        (POST, {"delivery": "post"}),
        (item("X", [], fee(field="nowhere")), {}),
        (item("T", [FormField("t", FieldType.TEXT, W)], fee(field="t", amount=1)), {"t": "1"}),
    ],
)
def test_what_does_not_say_an_amount_is_refused(one: fees.Item, answers: dict[str, str]) -> None:
    with pytest.raises(fees.FeeError):
        fees.amount(one, answers)


def test_a_basis_has_nothing_of_the_people() -> None:
    people = json.dumps([{"name": "张小样", "number": "445299199003072043"}] * 3)
    assert fees.basis(FAMILY, {"insured": people, "phone": "13900001111"}) == {"insured": "3"}


def test_conditions_in_a_circle_ask_for_nothing() -> None:
    a = FormField("a", FieldType.MONEY, W, when=When("b", ("1",)))
    b = FormField("b", FieldType.MONEY, W, when=When("a", ("1",)))
    assert fees.amount(item("O", [a, b], fee(field="a")), {"a": "1", "b": "1"}) == 0


@given(st.dictionaries(st.sampled_from(["tier", "sum", "insured", "delivery"]), st.text()))
def test_any_text_is_an_amount_or_a_refusal(answers: dict[str, str]) -> None:
    for one in (FLAT, TIER, BILL, FAMILY, POST):
        with contextlib.suppress(fees.FeeError):
            assert 0 <= fees.amount(one, answers) <= fees.MOST


def test_a_refusal_does_not_repeat_the_answer() -> None:
    with pytest.raises(fees.FeeError) as caught:
        fees.amount(BILL, {"sum": "445299199003072043"})
    assert "4452" not in str(caught.value)


@given(st.sampled_from(sorted(TIERS)), st.integers(0, fees.MOST))
def test_terminal_and_fleet_agree(tier: str, fen: int) -> None:
    assert fees.amount(TIER, {"tier": tier}) == TIERS[tier]
    assert fees.amount(BILL, {"sum": str(fen)}) == fen


def test_order_numbers_fit_every_provider() -> None:
    numbers = {fees.order_number("0123456789abcdef", seq) for seq in range(1, 2000)}
    assert len(numbers) == 1999
    assert {len(one) for one in numbers} == {26}
    assert all(one.isalnum() for one in numbers)
