"""Messages to people and other systems, written in the transaction that they tell of.

A row is one delivery to one channel, and its `delivery` is the same for every try: who has seen it
needs no second one. Whoever wants to tell something else calls `post`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, select, update

from fleet.store.alarm_tables import alarm_outbox as outbox
from fleet.store.database import put

BACKOFF = (5.0, 15.0, 60.0, 300.0, 900.0)
GIVE_UP_SECONDS = 3 * 86_400.0


class Standing(StrEnum):
    WAITING = "waiting"
    SENDING = "sending"  # a try has begun
    SENT = "sent"
    GIVEN_UP = "given_up"


def post(
    connection: Connection, channel: str, delivery: str, body: Any, now: float, *, event: str,
    alarm: int = 0,
) -> None:  # fmt: skip
    """Once for each `delivery`, however often it is asked for. `body`: what JSON can say."""
    row = {
        "delivery": delivery, "channel": channel, "event": event, "alarm": alarm,
        "body": msgspec.json.encode(body).decode(), "state": Standing.WAITING.value,
        "try_at": now, "made_at": now,
    }  # fmt: skip
    put(connection, outbox, row, ("delivery",))


def recover(connection: Connection, channel: str) -> None:
    """After a stop: a try that has no outcome may have arrived, and is made again."""
    cut = update(outbox).filter_by(channel=channel, state=Standing.SENDING.value)
    connection.execute(cut.values(state=Standing.WAITING.value, unsure=True))


def due(connection: Connection, channel: str, now: float) -> Row[Any] | None:
    """The oldest that may be tried now."""
    query = select(outbox).filter_by(channel=channel, state=Standing.WAITING.value)
    return connection.execute(
        query.where(outbox.c.try_at <= now).order_by(outbox.c.id).limit(1)
    ).first()


def next_at(connection: Connection, channel: str) -> float | None:
    """When the next one may be tried."""
    query = select(outbox.c.try_at).filter_by(channel=channel, state=Standing.WAITING.value)
    found = connection.scalar(query.order_by(outbox.c.try_at).limit(1))
    return None if found is None else float(found)


def begin(connection: Connection, row: Row[Any]) -> None:
    """The intent: committed before anything is sent."""
    values = {"state": Standing.SENDING.value, "tries": row.tries + 1}
    connection.execute(update(outbox).filter_by(id=row.id).values(values))


def sent(connection: Connection, row: Row[Any], now: float) -> None:
    values = {"state": Standing.SENT.value, "done_at": now, "fault": ""}
    connection.execute(update(outbox).filter_by(id=row.id).values(values))


def failed(connection: Connection, row: Row[Any], now: float, fault: str, unsure: bool) -> bool:
    """Again later; False when it has been tried for long enough."""
    over = now - row.made_at >= GIVE_UP_SECONDS
    values: dict[str, Any] = {"fault": fault[:64], "unsure": row.unsure or unsure}
    if over:
        values |= {"state": Standing.GIVEN_UP.value, "done_at": now}
    else:
        rest = BACKOFF[min(row.tries, len(BACKOFF) - 1)]
        values |= {"state": Standing.WAITING.value, "try_at": now + rest}
    connection.execute(update(outbox).filter_by(id=row.id).values(values))
    return not over
