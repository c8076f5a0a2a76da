"""Complaints, hotline orders, bad reviews and ratings: each once, none open past its limit."""

from __future__ import annotations

import itertools
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.handling import desk, ratingbook
from fleet.handling.complaints import Complaint, enter
from fleet.handling.orders import (
    EMERGENCY,
    NEXT,
    RULES,
    Act,
    OrderFault,
    OrderKind,
    OrderRules,
    OrderState,
    RulesError,
    after,
)
from fleet.handling.ratings import Tags
from fleet.handling.rounds import Rounds
from fleet.store import handling_tables as t
from fleet.store.tables import alarms
from handlingstore import World, case_no, world
from handlingwork import at
from kiosk.services.feedback import TAGS

__all__ = ["world"]
ONE, TWO = case_no(1), case_no(2)
TEXT = RULES.read_text("utf-8")


def test_every_state_and_act_has_an_answer() -> None:
    reached = {OrderState.OPEN}
    for state, act in itertools.product(OrderState, Act):
        found = after(state, act)
        assert found == NEXT.get((state, act), OrderFault.NOT_NOW)
        reached |= {found} if isinstance(found, OrderState) else set()
    assert reached == set(OrderState)


@pytest.mark.parametrize("number", sorted(EMERGENCY))
def test_emergency_lines_are_never_merged(number: str) -> None:
    assert {"110", "119", "120", "122"} == EMERGENCY
    assert OrderRules.default().line(number) is OrderFault.EMERGENCY
    for text in (
        TEXT.replace("merged = []", f'merged = ["12345", "{number}"]'),
        TEXT.replace('number = "12345"', f'number = "{number}"'),
    ):
        with pytest.raises(RulesError, match=number):
            OrderRules.read(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "kinds = 1",
        TEXT.replace("[kinds.hotline]", "[kinds.other]"),
        TEXT.replace("days = 1", "days = -1"),
        TEXT.replace('prefix = "CP"', 'prefix = "差"'),
        TEXT.replace("好差评回访岗", ""),
        TEXT[:40],
    ],
)
def test_broken_rules_are_refused(text: str) -> None:
    with pytest.raises(RulesError):
        OrderRules.read(text)


@pytest.mark.parametrize(
    "text", ["", TAGS.read_text("utf-8").replace("level = 5", "level = 4"), "levels = [1]"]
)
def test_broken_tags_are_refused(text: str) -> None:
    with pytest.raises(RulesError):
        Tags.read(text)


def complain(world: World, **said: Any) -> desk.Order | OrderFault:
    made = {"id": "a1b2c3d4", "text": "排队太久", **said}
    with world.store.write() as connection:
        text = msgspec.json.encode(made).decode()
        return enter(connection, world.context, "KT-0001", text, "sealed")


def test_a_complaint_has_a_number_an_owner_and_a_day(world: World) -> None:
    world.now = at("2026-09-30")
    order = complain(world, case_no=ONE.lower())
    assert isinstance(order, desk.Order)
    assert order.number.startswith("TS-20260930-00001-")
    assert (order.owner, order.case_no, order.state) == (
        "政务服务投诉岗", ONE, OrderState.OPEN,
    )  # fmt: skip
    assert order.due_at == at("2026-10-14", "00:00")  # five working days over the holiday
    assert complain(world) == order  # sent again after its answer was lost
    hotline = complain(world, id="e5f6a7b8", line="12345")
    assert isinstance(hotline, desk.Order)
    assert hotline.number.startswith("RX-20260930-00002-")


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"line": "119"}, OrderFault.EMERGENCY),
        ({"line": "12"}, OrderFault.MALFORMED),
        ({"text": ""}, OrderFault.MALFORMED),
        ({"text": "  "}, OrderFault.MALFORMED),
        ({"text": "长" * 2001}, OrderFault.MALFORMED),
        ({"id": "x"}, OrderFault.MALFORMED),
        ({"more": 1}, OrderFault.MALFORMED),
        ({"case_no": 5}, OrderFault.MALFORMED),
    ],
)
def test_what_is_no_complaint_opens_nothing(
    world: World, said: dict[str, Any], fault: OrderFault
) -> None:
    world.now = at("2026-09-30")
    assert complain(world, **said) is fault
    assert world.rows(t.handling_orders) == []


def test_an_order_that_is_not_answered_in_time_raises_one_alarm(world: World) -> None:
    world.now = at("2026-03-02")
    late, answered = complain(world), complain(world, id="e5f6a7b8")
    assert isinstance(late, desk.Order)
    assert isinstance(answered, desk.Order)
    turns = [desk.Turn(Act.ASSIGN, "王"), desk.Turn(Act.ANSWER, "王", "sealed")]
    with world.store.write() as connection:
        states = [desk.act(connection, world.now, answered.number, turn) for turn in turns]
        assert states == [OrderState.ASSIGNED, OrderState.ANSWERED]
        desk.act(connection, world.now, late.number, turns[0])
    rounds = Rounds(world.context, reporting=False)
    world.now = late.due_at - 1
    rounds.until_quiet()
    assert world.rows(alarms) == []
    for _ in range(3):
        world.now = late.due_at
        rounds.until_quiet()
    (row,) = world.rows(alarms)
    assert (row["kind"], row["journal"], row["times"]) == ("order_overdue", late.number, 1)
    kept = world.rows(t.handling_order_acts, "number", "turn")
    assert [(one["turn"], one["act"], one["person"]) for one in kept] == [
        (1, "assign", "王"), (1, "assign", "王"), (2, "answer", "王"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("turn", "fault"),
    [
        (desk.Turn(Act.ANSWER, "王", "x"), OrderFault.NOT_NOW),
        (desk.Turn(Act.CLOSE, "王"), OrderFault.NOT_NOW),
        (desk.Turn(Act.ASSIGN, " "), OrderFault.NO_PERSON),
        (desk.Turn(Act.ANSWER, "王"), OrderFault.NO_WORDS),
    ],
)
def test_what_nobody_may_do_with_an_order(world: World, turn: desk.Turn, fault: OrderFault) -> None:
    world.now = at("2026-03-02")
    order = complain(world)
    assert isinstance(order, desk.Order)
    with world.store.write() as connection:
        assert desk.act(connection, world.now, order.number, turn) is fault
        assert desk.act(connection, world.now, "none", turn) is OrderFault.UNKNOWN
        found = desk.find(connection, order.number)
        assert found == order


# ---- Ratings ---------------------------------------------------------------------------------


def test_one_rating_for_each_case_and_a_call_back_for_a_bad_one(world: World) -> None:
    world.now = at("2026-03-06")
    world.receive(ONE, world.now)
    world.receive(TWO, world.now)
    said = [
        {"case_no": ONE, "level": 2, "tags": ["slow", "fast", "slow", 7]},
        {"case_no": ONE, "level": 5, "tags": []},
        {"case_no": TWO, "level": 5, "tags": ["fast", "easy"]},
        {"case_no": case_no(3), "level": 1, "tags": []},
        {"case_no": TWO, "level": 6},
        {"case_no": "\x00", "level": 1},
        {"level": True},
        [],
        b"\xff{",
    ]
    for seq, data in enumerate(said, start=1):
        world.rate(seq, data)
    rounds = Rounds(world.context, reporting=False)
    rounds.until_quiet()
    counted = [(r["case_no"], r["level"], r["tags"]) for r in world.rows(t.handling_ratings, "seq")]
    assert counted == [(ONE, 2, "slow"), (TWO, 5, "fast,easy")]
    (order,) = world.rows(t.handling_orders)
    assert (order["kind"], order["case_no"]) == ("bad_review", ONE)
    assert order["due_at"] == at("2026-03-10", "00:00")  # called back by Monday
    assert world.rows(t.handling_ratings, "seq")[0]["order_no"] == order["number"]
    reconcile(world)
    world.receive(case_no(3), world.now)  # its case comes later
    rounds.until_quiet()
    assert len(world.rows(t.handling_ratings)) == 3
    assert len(world.rows(t.handling_orders)) == 2
    reconcile(world)


def reconcile(world: World) -> None:
    with world.store.read() as connection:
        sums = ratingbook.sums(connection)
    assert sums.pop("came") == sum(sums.values())


def test_many_ratings_of_two_ingest_workers_are_all_read(world: World) -> None:
    world.now = at("2026-03-06")
    for serial in range(450):
        world.receive(case_no(serial), world.now)
    rounds = Rounds(world.context, reporting=False)
    for seq in range(0, 450, 2):
        world.rate(seq, {"case_no": case_no(seq), "level": 4})
    rounds.until_quiet()
    for seq in range(1, 450, 2):
        world.rate(seq, {"case_no": case_no(seq), "level": 3})
    rounds.until_quiet()
    assert len(world.rows(t.handling_ratings)) == 450
    reconcile(world)


@given(st.binary())
def test_any_bytes_are_a_rating_or_none(data: bytes) -> None:
    rating = Tags.default().rating(data)
    assert rating.level in range(6)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_any_words_are_a_rating_or_none(value: Any) -> None:
    data = msgspec.json.encode({"case_no": value, "level": value, "tags": value})
    rating = Tags.default().rating(data)
    assert set(rating.tags) <= {"fast", "clear", "easy", "few_papers"}


def test_kinds_are_complete() -> None:
    assert set(OrderRules.default().kinds) == set(OrderKind)
    assert Complaint("a1b2c3d4", "x").line == ""
