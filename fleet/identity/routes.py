"""What terminals ask about a person over HTTP: send a code, check it, check a PIN.

Bodies are sealed to the fleet's key; a recorded one is refused. An answer carries the proof that
whoever gave it had opened the request, so that nobody on the way can say *accepted*.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

import structlog
from fastapi import APIRouter, HTTPException, Path, Request, Response

from fleet.identity.answers import Answer, Fault, Sent
from fleet.identity.codes import Codes
from fleet.identity.door import Closed, Door
from fleet.identity.pins import Pins
from fleet.metrics import Metrics
from fleet.platform.contract import PlatformError
from fleet.shapes import CodeSentShape, SealedShape, SecretShape
from kiosk import wire

STATUS = {
    None: 200,
    Fault.WRONG: 403,
    Fault.EXPIRED: 410,
    Fault.LOCKED: 423,
    Fault.NOT_REGISTERED: 404,
    Fault.TOO_SOON: 429,
    Fault.UNREACHABLE: 503,
}
REFUSED = {Closed.SEAL: 400, Closed.STALE: 409, Closed.REPLAYED: 409}
PRIVATE = {"Cache-Control": "no-store"}
RESPONSES: dict[int | str, dict[str, Any]] = {
    **{status: {"model": SecretShape} for status in STATUS.values() if status != 200},
    400: {"description": "Not sealed to this fleet's case key, or for another purpose"},
    409: {"description": "Made too long ago, on a wrong clock, or seen before"},
}

Challenge = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Act = Callable[[str, wire.IdentityRequest], Sent | Answer]
log = structlog.get_logger("fleet.identity")


@dataclass(frozen=True, slots=True)
class Identity:
    door: Door
    codes: Codes
    pins: Pins


def router(identity: Identity, known_terminal: Any, metrics: Metrics) -> APIRouter:
    """`known_terminal`: the gateway's dependency; it puts the token's owner into the state."""
    window = _Window(identity.door, metrics)
    routes = APIRouter(
        prefix=wire.IDENTITY,
        tags=["identity"],
        dependencies=[known_terminal],
        responses={401: {"description": "No token, or an unknown one"}, **RESPONSES},
    )

    @routes.post("/codes", response_model=CodeSentShape)
    def send_code(body: SealedShape, request: Request) -> Response:
        def act(terminal: str, opened: wire.IdentityRequest) -> Sent | Answer:
            return identity.codes.send(terminal, opened.number)

        return window.serve(request, wire.SEND_CODE, body.sealed, act)

    @routes.post("/codes/{challenge}", response_model=SecretShape)
    def check_code(challenge: Challenge, body: SealedShape, request: Request) -> Response:
        def act(terminal: str, opened: wire.IdentityRequest) -> Sent | Answer:
            return identity.codes.check(terminal, challenge, opened.secret)

        return window.serve(request, wire.check_code(challenge), body.sealed, act)

    @routes.post("/pins", response_model=SecretShape)
    def check_pin(body: SealedShape, request: Request) -> Response:
        def act(_terminal: str, opened: wire.IdentityRequest) -> Sent | Answer:
            return identity.pins.check(opened.number, opened.secret)

        return window.serve(request, wire.CHECK_PIN, body.sealed, act)

    return routes


class _Window:
    """Takes a request through the door, has it answered, and says so without naming anybody."""

    def __init__(self, door: Door, metrics: Metrics) -> None:
        self._door = door
        self._metrics = metrics

    def serve(self, request: Request, purpose: str, sealed: str, act: Act) -> Response:
        terminal: str = request.state.terminal
        what = purpose.partition("/")[0]
        opened = self._door.open(purpose, sealed)
        if isinstance(opened, Closed):
            raise self._refused(what, terminal, opened)
        stopped = self._door.admit(terminal, opened)
        if isinstance(stopped, Closed):
            raise self._refused(what, terminal, stopped)
        told = stopped or _asked(act, terminal, opened)
        self._note(what, terminal, told)
        return _response(told, opened.nonce)

    def _refused(self, what: str, terminal: str, why: Closed) -> HTTPException:
        self._metrics.identity.labels(what, why.value).inc()
        log.warning("identity_refused", what=what, terminal=terminal, why=why.value)
        return HTTPException(REFUSED[why], why.value, PRIVATE)

    def _note(self, what: str, terminal: str, told: Sent | Answer) -> None:
        outcome = str(getattr(told, "fault", None) or "ok")
        self._metrics.identity.labels(what, outcome).inc()
        log.info("identity", what=what, terminal=terminal, outcome=outcome)


def _asked(act: Act, terminal: str, opened: wire.IdentityRequest) -> Sent | Answer:
    try:
        return act(terminal, opened)
    except PlatformError:
        return Answer(Fault.UNREACHABLE)


def _response(told: Sent | Answer, nonce: str) -> Response:
    shape = CodeSentShape if isinstance(told, Sent) else SecretShape
    body = shape.model_validate(told).model_dump_json().encode()
    status = 200 if isinstance(told, Sent) else STATUS[told.fault]
    headers = {**PRIVATE, wire.ANSWER_MAC: wire.mac(nonce, body)}
    if isinstance(told, Answer) and told.wait:
        headers["Retry-After"] = str(told.wait)
    return Response(body, status, headers, "application/json")
