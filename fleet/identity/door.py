"""Who may ask, and how often: a request is opened once, while it is fresh, and not too many."""

from __future__ import annotations

import time
from collections.abc import Callable
from enum import StrEnum

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import Connection, delete, select

from fleet.identity.answers import Answer, Fault, seconds_until
from fleet.identity.marks import Marks
from fleet.records import NOT_JSON
from fleet.store.database import Store, insert, put
from fleet.store.identity_tables import identity_nonces as nonces
from fleet.store.identity_tables import identity_terminals as terminals
from kiosk import wire

FRESH_SECONDS = 300.0  # how far a terminal's clock may be off, either way
BURST = 20  # requests of one terminal at once
REFILL_SECONDS = 15.0  # and one more after each of these: a busy terminal needs half of that
SHORTEST_NONCE = 32  # hex digits


class Closed(StrEnum):
    """Why a request was not even opened. Whoever made it cannot be told more."""

    SEAL = "seal"  # not sealed to this fleet, or for another purpose
    STALE = "stale"  # made too long ago, or on a clock that is wrong
    REPLAYED = "replayed"  # seen before


class Door:
    """`clock`: epoch seconds."""

    def __init__(
        self,
        store: Store,
        key: X25519PrivateKey,
        marks: Marks,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._key = key
        self._marks = marks
        self._clock = clock

    def open(self, purpose: str, sealed: str) -> wire.IdentityRequest | Closed:
        try:
            request = wire.unseal_identity(self._key, purpose, sealed)
        except (InvalidTag, ValueError, *NOT_JSON):
            return Closed.SEAL
        if len(request.nonce) < SHORTEST_NONCE:
            return Closed.SEAL
        fresh = abs(request.time - self._clock()) <= FRESH_SECONDS
        return request if fresh else Closed.STALE

    def admit(self, terminal: str, request: wire.IdentityRequest) -> Answer | Closed | None:
        """None; or that this terminal asks too often: numbers cannot be tried out in bulk."""
        now = self._clock()
        with self._store.write() as connection:
            left = _left(connection, terminal, now)
            if left < 1:
                enough = now + (1 - left) * REFILL_SECONDS
                return Answer(Fault.TOO_SOON, wait=seconds_until(enough, now))
            if not self._first(connection, request, now):
                return Closed.REPLAYED
            values = {"left": left - 1, "at": now}
            put(connection, terminals, {"terminal": terminal, **values}, ("terminal",), values)
        return None

    def _first(self, connection: Connection, request: wire.IdentityRequest, now: float) -> bool:
        connection.execute(delete(nonces).where(nonces.c.until < now))
        row = {"nonce": self._marks.nonce(request.nonce), "until": request.time + FRESH_SECONDS}
        statement = insert(connection, nonces).values(row).on_conflict_do_nothing()
        return connection.execute(statement).rowcount == 1


def _left(connection: Connection, terminal: str, now: float) -> float:
    query = select(terminals).where(terminals.c.terminal == terminal).with_for_update()
    known = connection.execute(query).first()
    if known is None:
        return float(BURST)
    filled: float = known.left + max(0.0, now - known.at) / REFILL_SECONDS
    return min(filled, float(BURST))
