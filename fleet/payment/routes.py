"""What terminals ask about payments over HTTP: make an order, how is it, give it up."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Request, Response
from msgspec import Meta
from pydantic import BaseModel, Field

from fleet.identity.door import Door
from fleet.payment.orders import OrderFault, Orders, View, Wanted
from fleet.payment.window import FaultShape, Number, SealedShape, Window
from fleet.shapes import Shape

PREFIX = "/api/v1/gateway/payments"
STATUSES = {
    OrderFault.UNLISTED: 403,
    OrderFault.UNKNOWN_ITEM: 404,
    OrderFault.UNKNOWN_CATALOGUE: 404,
    OrderFault.UNKNOWN_ORDER: 404,
    OrderFault.CONFLICT: 409,
    OrderFault.NOTHING_TO_PAY: 422,
}
RESPONSES: dict[int | str, dict[str, Any]] = {
    **{status: {"model": FaultShape} for status in STATUSES.values()},
    400: {"description": "Not sealed to this fleet's case key, or for another purpose"},
    401: {"description": "No token, or an unknown one"},
    409: {"model": FaultShape, "description": "Another order's number, or a clock that is wrong"},
}
Short = Annotated[str, Meta(max_length=64)]


class OrderBody(msgspec.Struct, frozen=True):
    """`basis`: see `kiosk.services.fees`."""

    terminal: Short
    task_code: Short
    catalogue: Short
    amount: Annotated[int, Meta(ge=1, le=100_000_000_000)]
    basis: dict[Short, Annotated[str, Meta(max_length=200)]]
    task_version: Short = ""


class TerminalBody(msgspec.Struct, frozen=True):
    terminal: Short


class PaymentShape(Shape):
    """`qr` empty while open: the provider is away; ask for the order again."""

    order_no: str
    state: Literal["open", "paid", "refused", "expired", "closed", "refunding", "refunded"]
    amount: int = Field(description="fen")
    qr: str
    seconds: int = Field(description="how long it can still be paid")


def router(orders: Orders, door: Door, known_terminal: Any) -> APIRouter:
    """`known_terminal`: the gateway's dependency; it puts the token's owner into the state."""
    asking = Window(door, OrderBody, STATUSES)
    looking = Window(door, TerminalBody, STATUSES)
    routes = APIRouter(
        prefix=PREFIX, tags=["payments"], dependencies=[known_terminal], responses=RESPONSES
    )

    @routes.post("/{order_no}", response_model=PaymentShape)
    def order(order_no: Number, body: SealedShape, request: Request) -> Response:
        def act(owner: str, _number: str, told: OrderBody) -> BaseModel | OrderFault:
            return _shape(orders.ask(owner, Wanted(order_no, **msgspec.structs.asdict(told))))

        return asking.serve(request, f"payment/order/{order_no}", body.sealed, act)

    @routes.post("/{order_no}/state", response_model=PaymentShape)
    def state(order_no: Number, body: SealedShape, request: Request) -> Response:
        def act(owner: str, _number: str, _told: TerminalBody) -> BaseModel | OrderFault:
            return _shape(orders.state(owner, order_no))

        return looking.serve(request, f"payment/state/{order_no}", body.sealed, act)

    @routes.post("/{order_no}/close", response_model=PaymentShape)
    def close(order_no: Number, body: SealedShape, request: Request) -> Response:
        def act(owner: str, _number: str, told: TerminalBody) -> BaseModel | OrderFault:
            return _shape(orders.close(owner, told.terminal, order_no))

        return looking.serve(request, f"payment/close/{order_no}", body.sealed, act)

    return routes


def _shape(told: View | OrderFault) -> BaseModel | OrderFault:
    return told if isinstance(told, OrderFault) else PaymentShape.model_validate(asdict(told))
