"""Sealed requests of terminals about money and appointments, and proven answers to them.

As for codes and PINs (`fleet.identity.routes`): a body is sealed to the fleet's key for one
purpose, and the answer carries a MAC that only whoever opened it can make, so that nobody on the
way can say *paid*. Every act here can be repeated, so that one which was recorded does no harm.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Annotated, Any, Generic, TypeVar

import structlog
from fastapi import HTTPException, Path, Request, Response
from pydantic import BaseModel, Field

from fleet.identity.door import Closed, Door
from fleet.payment.messages import decoded
from fleet.shapes import Shape
from kiosk import wire

PRIVATE = {"Cache-Control": "no-store"}
REFUSED = {Closed.SEAL: 400, Closed.STALE: 409, Closed.REPLAYED: 409}
T = TypeVar("T")

Number = Annotated[str, Path(pattern=r"^[A-Za-z0-9]{8,40}$")]
log = structlog.get_logger("fleet.window")


class SealedShape(Shape):
    """A `kiosk.wire.IdentityRequest`; what is asked is JSON in its `secret`."""

    sealed: str = Field(max_length=8192)


class FaultShape(Shape):
    fault: str


class Window(Generic[T]):
    """`statuses`: fault -> HTTP status; `kind`: what the JSON inside is. `too_often`: the fault of
    a terminal that asks more than the door admits, where that counts; such a request is taken once.

    `act` is given the token's owner, the person's number (or ''), and what was inside.
    """

    def __init__(
        self,
        door: Door,
        kind: type[T],
        statuses: Mapping[Any, int],
        too_often: StrEnum | None = None,
    ) -> None:
        self._door = door
        self._too_often = too_often
        self._kind = kind
        self._statuses = statuses

    def serve(
        self,
        request: Request,
        purpose: str,
        sealed: str,
        act: Callable[[str, str, T], BaseModel | StrEnum],
    ) -> Response:
        owner: str = request.state.terminal
        what = purpose.rpartition("/")[0]
        opened = self._door.open(purpose, sealed)
        if isinstance(opened, Closed):
            raise _refused(what, owner, opened)
        if self._too_often is not None:
            stopped = self._door.admit(owner, opened)
            if isinstance(stopped, Closed):
                raise _refused(what, owner, stopped)
            if stopped is not None:
                return self._answer(self._too_often, opened.nonce, what, owner)
        inside = decoded(opened.secret.encode("utf-8", "replace"), self._kind)
        if inside is None:
            log.warning("refused", what=what, terminal=owner, why="malformed")
            raise HTTPException(422, "malformed", PRIVATE)
        return self._answer(act(owner, opened.number, inside), opened.nonce, what, owner)

    def _answer(self, told: BaseModel | StrEnum, nonce: str, what: str, owner: str) -> Response:
        status = 200
        if isinstance(told, StrEnum):
            status = self._statuses[told]
            log.info("refused", what=what, terminal=owner, why=told.value)
            told = FaultShape(fault=told.value)
        body = told.model_dump_json().encode()
        headers = {**PRIVATE, wire.ANSWER_MAC: wire.mac(nonce, body)}
        return Response(body, status, headers, "application/json")


def _refused(what: str, owner: str, why: Closed) -> HTTPException:
    log.warning("refused", what=what, terminal=owner, why=why.value)
    return HTTPException(REFUSED[why], why.value, PRIVATE)
