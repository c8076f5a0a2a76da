"""The provider's callbacks: signed, as often as it likes, in any order."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from fastapi import APIRouter, HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from sqlalchemy import update

from fleet.payment import money, signature
from fleet.payment.alarms import MoneyAlarm, raise_alarm
from fleet.payment.contract import Told
from fleet.payment.messages import OrderAnswer, decoded, told
from fleet.store.database import Store
from fleet.store.payment_tables import payment_orders as orders

PATH = "/api/v1/payment/notify"
MAX_BODY = 16 * 1024
PRIVATE = {"Cache-Control": "no-store"}

log = structlog.get_logger("fleet.payment")


class Notices:
    """`public_key`: the provider's, when it is here. `wake`: somebody should ask the provider."""

    def __init__(
        self,
        store: Store,
        public_key: Callable[[], Ed25519PublicKey | None],
        wake: Callable[[], None],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._public_key = public_key
        self._wake = wake
        self._clock = clock

    def take(self, body: bytes, signed: str) -> int:
        """The HTTP status: 200 once it is committed; anything else, and the provider repeats it."""
        public = self._public_key()
        if public is None:
            return 503
        if not signature.holds(public, signature.CALLBACK, body, signed):
            self._alarm(MoneyAlarm.FORGED_NOTICE, "")
            return 401
        answer = decoded(body, OrderAnswer)
        if answer is None:
            return 400
        known = self._file(told(answer))
        if not known:
            self._alarm(MoneyAlarm.UNKNOWN_PAYMENT, answer.order)
            return 404
        self._wake()
        return 200

    def _file(self, notice: Told) -> bool:
        """Money of the right amount is taken; everything else only makes us ask the provider."""
        now = self._clock()
        with self._store.write() as connection:
            row = money.locked(connection, notice.order_no)
            if row is None:
                return False
            wrong = [trade for trade in notice.trades if trade.amount != row.amount]
            for trade in notice.trades:
                if trade not in wrong:
                    money.receive(connection, row, trade, now)
                    row = money.locked(connection, notice.order_no)
                    assert row is not None
            if wrong:
                kind = MoneyAlarm.WRONG_AMOUNT
                raise_alarm(connection, now, kind, row.terminal, row.order_no)
            if wrong or not notice.trades:
                change = update(orders).where(orders.c.order_no == notice.order_no)
                connection.execute(change.values(looking=True, look_at=now))
        log.info("notice", order=notice.order_no, state=notice.state.value)
        return True

    def _alarm(self, kind: MoneyAlarm, number: str) -> None:
        with self._store.write() as connection:
            raise_alarm(connection, self._clock(), kind, "", number)


def router(notices: Notices) -> APIRouter:
    """No token: the signature says who speaks."""
    routes = APIRouter(tags=["payment"])
    described: dict[int | str, dict[str, Any]] = {
        400: {"description": "Signed, but outside the contract"},
        401: {"description": "Not signed by the provider"},
        404: {"description": "No such order"},
        413: {"description": "Too long"},
        503: {"description": "The provider's key is not here yet"},
    }

    @routes.post(PATH, responses=described)
    async def notify(request: Request) -> dict[str, str]:
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_BODY:
                raise HTTPException(413, "too long", PRIVATE)
        signed = request.headers.get(signature.HEADER, "")
        status = await run_in_threadpool(notices.take, bytes(body), signed)
        if status != 200:
            raise HTTPException(status, "not taken", PRIVATE)
        return {"code": "ok"}

    return routes
