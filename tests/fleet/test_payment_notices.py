"""Callbacks: signed, repeated, out of order, forged, cut, hostile."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fleet.payment import signature
from fleet.payment.contract import Trading
from fleet.payment.ledger import Account
from fleet.payment.messages import OrderAnswer, TradeLine
from fleet.payment.notices import MAX_BODY, PATH, router
from paymentwork import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(f"sqlite:///{tmp_path}/fleet.db")
    yield desk
    desk.store.close()


@pytest.fixture
def http(desk: Desk) -> Iterator[TestClient]:
    app = FastAPI()
    app.include_router(router(desk.notices))
    with TestClient(app) as client:
        yield client


def post(desk: Desk, http: TestClient, body: bytes) -> httpx.Response:
    signed = signature.sign(desk.key, signature.CALLBACK, body, desk.now)
    return http.post(PATH, content=body, headers={signature.HEADER: signed})


def test_the_answer_says_ok_only_when_it_is_committed(desk: Desk, http: TestClient) -> None:
    number = desk.ask().order_no
    trade = desk.provider.pay(number)
    lines = [TradeLine(trade.trade_no, trade.amount, trade.paid_at)]
    body = msgspec.json.encode(OrderAnswer(number, Trading.PAID, trades=lines))
    for _ in range(3):
        assert post(desk, http, body).json() == {"code": "ok"}
    assert desk.state(number) == "paid"
    assert desk.balances()[Account.HELD] == -500


def test_a_forged_callback_changes_nothing(desk: Desk) -> None:
    number = desk.ask().order_no
    line = TradeLine("T1", 500, desk.now)
    assert desk.notify(number, trades=[line], key=Ed25519PrivateKey.generate()) == 401
    assert desk.state(number) == "open"
    assert desk.alarms() == ["forged_notice"]


def test_an_answer_cannot_be_shown_as_a_callback(desk: Desk) -> None:
    number = desk.ask().order_no
    line = TradeLine("T1", 500, desk.now)
    body = msgspec.json.encode(OrderAnswer(number, Trading.PAID, trades=[line]))
    signed = signature.sign(desk.key, signature.answer_to("00"), body, desk.now)
    assert desk.notices.take(body, signed) == 401
    later = signature.sign(desk.key, signature.CALLBACK, body, desk.now).partition(".")[2]
    assert desk.notices.take(body, f"1.{later}") == 401


def test_a_callback_of_an_order_that_nobody_made(desk: Desk) -> None:
    assert desk.notify("N0000000000000000000000001", trades=[TradeLine("T1", 5, 1.0)]) == 404
    assert desk.alarms() == ["unknown_payment"]
    assert desk.receipts() == []


def test_out_of_order_a_refusal_after_the_money(desk: Desk) -> None:
    number = desk.paid()
    body = msgspec.json.encode(OrderAnswer(number, Trading.REFUSED))
    signed = signature.sign(desk.key, signature.CALLBACK, body, desk.now)
    assert desk.notices.take(body, signed) == 200
    desk.tick(0)
    assert desk.state(number) == "paid"


def test_without_the_providers_key_nothing_is_taken(desk: Desk) -> None:
    desk.notices._public_key = lambda: None
    number = desk.ask().order_no
    desk.provider.pay(number)
    assert desk.notify(number) == 503
    assert desk.state(number) == "open"


def test_too_long_a_body_is_not_read(desk: Desk, http: TestClient) -> None:
    assert post(desk, http, b"x" * (MAX_BODY + 1)).status_code == 413
    assert post(desk, http, b"{}").status_code == 400
    assert http.post(PATH, content=b"").status_code == 401


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=400), st.text(max_size=200))
def test_any_bytes_are_refused(desk: Desk, body: bytes, signed: str) -> None:
    assert desk.notices.take(body, signed) == 401
    good = signature.sign(desk.key, signature.CALLBACK, body, desk.now)
    assert desk.notices.take(body, good) == 400
    assert desk.receipts() == []
