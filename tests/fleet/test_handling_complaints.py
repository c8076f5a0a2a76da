"""Complaints that terminals' journals bring: each one order, under the number that was told."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any

import msgspec
import pytest

from fleet.handling.complaintbook import PURPOSE
from fleet.handling.orders import OrderKind, OrderRules
from fleet.handling.rounds import Rounds
from fleet.store import handling_tables as t
from handlingstore import World, case_no, world
from handlingwork import at
from kiosk import wire
from kiosk.services.feedback import complaints

__all__ = ["world"]
NUMBER = wire.order_number("TS", "KT-0001", date(2026, 3, 2), 42)


def sealed(world: World, purpose: str = PURPOSE, **said: Any) -> str:
    inside = msgspec.json.encode({"id": secrets.token_hex(8), **said}).decode()
    request = wire.IdentityRequest(secrets.token_hex(32), world.now, "", inside)
    return wire.seal_identity(world.key.public_key().public_bytes_raw(), purpose, request)


def rounds(world: World) -> None:
    Rounds(world.context, reporting=False).until_quiet()


@pytest.fixture(autouse=True)
def _clock(world: World) -> None:
    world.now = at("2026-03-02")


def test_it_becomes_an_order_once_and_keeps_its_number(world: World) -> None:
    words = sealed(world, about="delay", text="等了三个月", case_no=case_no(1))
    world.complain(1, {"order_no": NUMBER, "about": "delay"}, words)
    rounds(world)
    rounds(world)
    [order] = world.rows(t.handling_orders)
    assert (order["number"], order["kind"], order["case_no"], order["state"]) == (
        NUMBER, "complaint", case_no(1), "open",
    )  # fmt: skip
    assert "三个月" not in repr(order)
    assert wire.unseal_identity(world.key, PURPOSE, order["sealed"]).secret.count("三个月")
    [row] = world.rows(t.handling_complaints)
    assert (row["number"], row["outcome"]) == (NUMBER, "entered")


def test_the_days_that_terminals_tell_are_the_fleets(world: World) -> None:
    rules = OrderRules.default().kinds[OrderKind.COMPLAINT]
    assert (rules.days, rules.prefix) == (complaints().answer_days, complaints().prefix)


def test_one_that_comes_again_under_another_record_is_the_same(world: World) -> None:
    words = sealed(world, about="fee")
    world.complain(1, {"order_no": NUMBER}, words)
    world.complain(2, {"order_no": NUMBER}, words)
    rounds(world)
    assert len(world.rows(t.handling_orders)) == 1
    assert [row["number"] for row in world.rows(t.handling_complaints)] == [NUMBER, NUMBER]


@pytest.mark.parametrize("number", ["", "TS-1", NUMBER[:-1] + "0", "x" * 1000, case_no(1)])
def test_a_number_that_is_none_is_replaced(world: World, number: str) -> None:
    world.complain(1, {"order_no": number}, sealed(world, about="other"))
    rounds(world)
    [order] = world.rows(t.handling_orders)
    assert order["number"].startswith("TS-20260302-")


def test_a_number_is_nobody_elses(world: World) -> None:
    world.complain(1, {"order_no": NUMBER}, sealed(world, about="other"))
    world.complain(2, {"order_no": NUMBER}, sealed(world, about="fee"))
    rounds(world)
    assert len({order["number"] for order in world.rows(t.handling_orders)}) == 2


@pytest.mark.parametrize("wrong", ["garbage", "other purpose", "silent", "emergency"])
def test_what_is_no_complaint_is_kept_with_its_reason_and_read_once(
    world: World, wrong: str
) -> None:
    words = {
        "garbage": "AAAA",
        "other purpose": sealed(world, "progress", about="fee"),
        "silent": sealed(world, text="  "),
        "emergency": sealed(world, about="other", line="119"),
    }[wrong]
    world.complain(1, {"order_no": NUMBER}, words)
    rounds(world)
    assert world.rows(t.handling_orders) == []
    [row] = world.rows(t.handling_complaints)
    assert row["outcome"] in {"undecodable", "no_order"}
