"""What terminals ask over HTTP about the life of a case.

Bodies are sealed as those about a person's identity are, to the same door: opened once, while
fresh, and not too many from one terminal; an answer carries the proof that it is the fleet's.
"""

from __future__ import annotations

import base64
import re
import secrets
from collections.abc import Callable
from typing import Annotated, Any

import structlog
from fastapi import APIRouter, HTTPException, Path, Request, Response
from pydantic import BaseModel

from fleet.handling import complaintbook, complaints, progress, supplements
from fleet.handling.collection import Asked, Collected, CollectFault, collect
from fleet.handling.context import Context
from fleet.handling.desk import Order
from fleet.handling.orders import OrderFault
from fleet.handling.shapes import (
    CollectedShape,
    FoundShape,
    LongSealedShape,
    NumberFaultShape,
    OrderShape,
    ProgressShape,
    SupplementShape,
)
from fleet.identity.answers import Answer
from fleet.identity.door import Closed, Door
from fleet.lookups import Lookups
from fleet.shapes import SealedShape
from kiosk import wire
from kiosk.services.calendar import ONE, china_day
from kiosk.wire import NumberFault, read_bundle_number, read_case_number

# Purposes of sealed requests; or `to_collect`.
SEARCH, COMPLAIN = "progress", complaintbook.PURPOSE
PRIVATE = {"Cache-Control": "no-store"}
CLOSED = {Closed.SEAL: 400, Closed.STALE: 409, Closed.REPLAYED: 409}
COLLECT_STATUS = {
    None: 200,
    CollectFault.NOT_YOURS: 403,
    CollectFault.NOT_YET: 409,
    CollectFault.WITHHELD: 409,
    CollectFault.REFUSED: 409,
    CollectFault.NO_CERTIFICATE: 404,
}
ORDER_STATUS = {None: 201, OrderFault.EMERGENCY: 409, OrderFault.MALFORMED: 422}
RESPONSES: dict[int | str, dict[str, Any]] = {
    400: {"description": "Not sealed to this fleet's case key, or for another purpose"},
    401: {"description": "No token, or an unknown one"},
    429: {"description": "This terminal asks too often"},
}

JOB = re.compile(r"[A-Za-z0-9._-]{8,128}")

# A slip's QR text is let in as it is, so that a terminal need not understand it.
Number = Annotated[str, Path(max_length=128)]
Record = Annotated[str, Path(pattern=r"^[A-Za-z0-9._-]{1,40}-[0-9]{1,18}$")]
Act = Callable[[str, wire.IdentityRequest], tuple[int, BaseModel]]
log = structlog.get_logger("fleet.handling")


def to_collect(case_no: str) -> str:
    """The purpose of a request for the result of this case."""
    return f"collect/{case_no}"


def router(
    context: Context, door: Door, known_terminal: Any, lookups: Lookups | None = None
) -> APIRouter:
    """`known_terminal`: the gateway's dependency; it puts the token's owner into the state.
    `lookups`: how many cases a terminal may ask for by number; None: as many as it likes."""
    routes = APIRouter(
        prefix="/api/v1/gateway",
        tags=["handling"],
        dependencies=[known_terminal],
        responses=RESPONSES,
    )
    _add_progress(routes, context, lookups)
    _add_together(routes, context, lookups)
    _add_sealed(routes, context, _Window(door))
    return routes


def _add_progress(routes: APIRouter, context: Context, lookups: Lookups | None) -> None:
    @routes.get(
        "/cases/{number}/progress",
        response_model=ProgressShape,
        responses={
            404: {"description": "Not (yet) committed"},
            422: {"model": NumberFaultShape, "description": "No case number"},
        },
    )
    def case_progress(number: Number, request: Request) -> Response:
        case_no = read_case_number(number)
        if isinstance(case_no, NumberFault):
            return _answer(422, NumberFaultShape(fault=case_no))
        if lookups is not None:
            lookups.check(request, case_no)
        with context.store.read() as connection:
            found = progress.by_number(connection, context, case_no)
        if found is None:
            raise HTTPException(404, "no such case", PRIVATE)
        return _answer(200, ProgressShape.model_validate(found))


def _add_together(routes: APIRouter, context: Context, lookups: Lookups | None) -> None:
    @routes.get(
        "/bundles/{number}/progress",
        response_model=FoundShape,
        responses={
            404: {"description": "Not (yet) committed"},
            422: {"model": NumberFaultShape, "description": "No bundle's number"},
        },
    )
    def bundle_progress(number: Number, request: Request) -> Response:
        bundle = read_bundle_number(number)
        if isinstance(bundle, NumberFault):
            return _answer(422, NumberFaultShape(fault=bundle))
        if lookups is not None:
            lookups.check(request, bundle)
        with context.store.read() as connection:
            found = progress.by_bundle(connection, context, bundle)
        if not found:
            raise HTTPException(404, "no such bundle", PRIVATE)
        return _answer(200, FoundShape(cases=[ProgressShape.model_validate(one) for one in found]))

    @routes.get(
        "/supplements/{record}",
        response_model=SupplementShape,
        responses={404: {"description": "Not (yet) looked at"}},
    )
    def supplement(record: Record) -> Response:
        """`record`: id of the journal's record that brought it."""
        with context.store.read() as connection:
            outcome = supplements.outcome(connection, record)
        if outcome is None:
            raise HTTPException(404, "no such record", PRIVATE)
        return _answer(200, SupplementShape(outcome=outcome))


def _add_sealed(routes: APIRouter, context: Context, window: _Window) -> None:
    @routes.post("/progress/search", response_model=FoundShape)
    def search(body: SealedShape, request: Request) -> Response:
        def act(_terminal: str, opened: wire.IdentityRequest) -> tuple[int, BaseModel]:
            with context.store.read() as connection:
                found = progress.by_person(connection, context, opened.number)
            return 200, FoundShape(cases=[ProgressShape.model_validate(one) for one in found])

        return window.serve(request, SEARCH, body.sealed, act)

    @routes.post("/cases/{number}/collection", response_model=CollectedShape)
    def collection(number: Number, body: SealedShape, request: Request) -> Response:
        case_no = read_case_number(number)
        if isinstance(case_no, NumberFault):
            return _answer(422, NumberFaultShape(fault=case_no))

        def act(terminal: str, opened: wire.IdentityRequest) -> tuple[int, BaseModel]:
            with context.store.write() as connection:
                asked = Asked(case_no, opened.number, terminal, _job(opened.secret))
                told = collect(connection, context, asked)
            return _collected(told)

        return window.serve(request, to_collect(case_no), body.sealed, act)

    @routes.post("/complaints", response_model=OrderShape, status_code=201)
    def complain(body: LongSealedShape, request: Request) -> Response:
        def act(terminal: str, opened: wire.IdentityRequest) -> tuple[int, BaseModel]:
            with context.store.write() as connection:
                told = complaints.enter(connection, context, terminal, opened.secret, body.sealed)
            context.store.changes.notify()
            return _entered(told)

        return window.serve(request, COMPLAIN, body.sealed, act)


class _Window:
    """Takes a request through the door and has it answered, without naming anybody."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def serve(self, request: Request, purpose: str, sealed: str, act: Act) -> Response:
        terminal: str = request.state.terminal
        what = purpose.partition("/")[0]
        opened = self._door.open(purpose, sealed)
        if isinstance(opened, Closed):
            raise _refused(what, terminal, opened)
        stopped = self._door.admit(terminal, opened)
        if isinstance(stopped, Closed):
            raise _refused(what, terminal, stopped)
        if isinstance(stopped, Answer):
            raise HTTPException(429, "too soon", {**PRIVATE, "Retry-After": str(stopped.wait)})
        status, shape = act(terminal, opened)
        log.info("handling", what=what, terminal=terminal, status=status)
        return _answer(status, shape, opened.nonce)


def _job(said: str) -> str:
    """The print job that a result is asked for; anything else is a job of its own."""
    return said if JOB.fullmatch(said) else secrets.token_hex(8)


def _refused(what: str, terminal: str, why: Closed) -> HTTPException:
    log.warning("handling_refused", what=what, terminal=terminal, why=why.value)
    return HTTPException(CLOSED[why], why.value, PRIVATE)


def _answer(status: int, shape: BaseModel, nonce: str = "") -> Response:
    body = shape.model_dump_json().encode()
    proof = {wire.ANSWER_MAC: wire.mac(nonce, body)} if nonce else {}
    return Response(body, status, {**PRIVATE, **proof}, "application/json")


def _collected(told: Collected | CollectFault) -> tuple[int, BaseModel]:
    if isinstance(told, CollectFault):
        return COLLECT_STATUS[told], CollectedShape(fault=told)
    pdf = base64.b64encode(told.pdf).decode()
    shape = CollectedShape(
        fault=None, certificate_no=told.certificate_no, copy_no=told.copy, pdf=pdf
    )
    return 200, shape


def _entered(told: Order | OrderFault) -> tuple[int, BaseModel]:
    if isinstance(told, OrderFault):
        return ORDER_STATUS[told], OrderShape(fault=told)
    last_day = china_day(told.due_at) - ONE
    shape = OrderShape(
        fault=None,
        number=told.number,
        kind=told.kind,
        state=told.state,
        due_date=last_day.isoformat(),
    )
    return 201, shape
