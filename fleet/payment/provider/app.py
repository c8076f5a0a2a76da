"""The provider's HTTP: for the fleet (merchant), and for whoever holds the phone."""

from __future__ import annotations

import hmac
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import FastAPI, Path, Request, Response
from fastapi.concurrency import run_in_threadpool

from fleet.payment import signature
from fleet.payment.contract import Trading
from fleet.payment.messages import (
    NewOrder,
    NewRefund,
    OrderAnswer,
    StatementAnswer,
    StatementLine,
    decoded,
)
from fleet.payment.provider.acts import Phone
from fleet.payment.provider.book import Book
from fleet.payment.provider.hand import Answering, Hand, Payer, Power, Stating

Number = Annotated[str, Path(pattern=r"^[A-Za-z0-9]{1,63}$")]
GARBAGE = b"<html>502 Bad Gateway</html>"
SILENCE = 8.0  # seconds, longer than anybody waits


@dataclass(frozen=True, slots=True)
class Shop:
    """`merchant`: the bearer token that the fleet shows. `clock`: epoch seconds."""

    book: Book
    hand: Hand
    phone: Phone
    key: Ed25519PrivateKey
    merchant: str
    clock: Callable[[], float] = time.time


def build(shop: Shop) -> FastAPI:
    app = FastAPI(title="Simulated payment provider", docs_url=None, redoc_url=None)
    _merchant(app, shop)
    _outside(app, shop)
    return app


def _merchant(app: FastAPI, shop: Shop) -> None:
    @app.post("/v1/orders")
    async def create(request: Request) -> Response:
        new = decoded(await request.body(), NewOrder)
        return await run_in_threadpool(_answer, shop, request, lambda: _create(shop, new))

    @app.get("/v1/orders/{number}")
    def query(number: Number, request: Request) -> Response:
        return _answer(shop, request, lambda: shop.book.order(number))

    @app.post("/v1/orders/{number}/close")
    def close(number: Number, request: Request) -> Response:
        return _answer(shop, request, lambda: shop.book.close(number))

    @app.post("/v1/refunds")
    async def refund(request: Request) -> Response:
        new = decoded(await request.body(), NewRefund)
        act = None if new is None else lambda: shop.book.refund(new)
        return await run_in_threadpool(_answer, shop, request, act)

    @app.get("/v1/statements/{day}")
    def statement(day: date, request: Request) -> Response:
        return _answer(shop, request, lambda: _statement(shop, day))


def _outside(app: FastAPI, shop: Shop) -> None:
    """No token: this stands for a phone's camera on the terminal's screen."""

    @app.post("/hand/pay")
    def pay(body: dict[str, str]) -> dict[str, bool]:
        """`qr` or `order`, and `payer` as in the file; the newest code if it names none."""
        number = body.get("order") or shop.book.by_qr(body.get("qr", ""))
        number = number or ("" if "qr" in body else shop.book.newest_waiting())
        payer = Payer(body.get("payer", "pay"))
        return {"done": bool(number) and shop.phone.act(number, payer)}


def _create(shop: Shop, new: NewOrder | None) -> OrderAnswer | None:
    if new is None:
        return None
    if shop.hand.state.answer is Answering.REFUSED:
        return OrderAnswer(new.order, Trading.REFUSED)
    answer = shop.book.create(new)
    if shop.hand.state.answer is Answering.PAID_FIRST and answer is not None:
        shop.book.pay(new.order)
        time.sleep(1.0)  # the callback is on its way while this answer is not
    return answer


def _statement(shop: Shop, day: date) -> StatementAnswer:
    lines = shop.book.statement(day)
    match shop.hand.state.statement:
        case Stating.LEAVES_OUT:
            lines = lines[1:]
        case Stating.TWICE:
            lines = [*lines, *lines[:1]]
        case Stating.WRONG_AMOUNT:
            changed = [msgspec.structs.replace(one, amount=one.amount + 1) for one in lines[:1]]
            lines = [*changed, *lines[1:]]
        case Stating.ADDS:
            extra = [msgspec.structs.replace(one, number="T9", order="X9") for one in lines[:1]]
            lines = [*lines, *extra]
        case Stating.OK:
            pass
    return StatementAnswer(day.isoformat(), list[StatementLine](lines))


def _answer(shop: Shop, request: Request, act: Callable[[], Any] | None) -> Response:
    """Do it, and say so, signed; or fail as the hand says."""
    way = shop.hand.state
    if way.power is Power.OFF:
        return Response(GARBAGE, 503)
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not hmac.compare_digest(given.encode(), shop.merchant.encode()):
        return _signed(shop, request, b"{}", 401)
    if way.answer is Answering.SILENT:
        time.sleep(SILENCE)
        return Response(GARBAGE, 504)
    told = act() if act is not None else None
    return _said(shop, request, way.answer, told)


def _said(shop: Shop, request: Request, way: Answering, told: Any) -> Response:
    body, status = (b"{}", 409) if told is None else (msgspec.json.encode(told), 200)
    match way:
        case Answering.LOST:
            return Response(b"", 502)
        case Answering.GARBAGE:
            return _signed(shop, request, GARBAGE, 200)
        case Answering.UNSIGNED:
            return Response(body, status)
        case _:
            return _signed(shop, request, body, status)


def _signed(shop: Shop, request: Request, body: bytes, status: int) -> Response:
    occasion = signature.answer_to(request.headers.get(signature.NONCE, ""))
    signed = signature.sign(shop.key, occasion, body, shop.clock())
    return Response(body, status, {signature.HEADER: signed}, "application/json")
