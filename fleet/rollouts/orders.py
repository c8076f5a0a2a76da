"""Commands for one terminal or many: seen before they are given, given by two people where that is
wise, sent until they are heard, followed to their end.

`actor`: the name of the person who does it, from whoever has checked who that is.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, insert, select, update

from fleet.errors import RolloutError
from fleet.rollouts import tidings
from fleet.rollouts.book import note
from fleet.rollouts.shapes import ARGUMENTS, LONGEST, OPEN, RULES, Ordered, Sent, Where
from fleet.rollouts.where import Known, chosen, known
from fleet.store.rollout_tables import order_terminals, orders
from fleet.store.tables import terminals
from kiosk.wire import LONGEST_SECONDS, Operation

REASON = ": "  # before it, in the first note of an order
AGAIN_SECONDS = 20.0  # until what nobody has answered is sent again
BATCH = 500
_ENDS = {one.value for one in Sent} - {one.value for one in OPEN}


@dataclass(frozen=True, slots=True)
class Wanted:
    """`seconds`: how long it may wait for its terminals; 0: as the operation's rule says.
    `reason`: for who approves it, and for the record."""

    operation: Operation
    where: Where
    arguments: Mapping[str, str]
    seconds: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """Whom it would hit. `second`: another person has to approve it."""

    terminals: tuple[Known, ...]
    second: bool

    @property
    def away(self) -> int:
        return sum(not one.online for one in self.terminals)

    @property
    def visited(self) -> int:
        """Those at which somebody is: they do it afterwards."""
        return sum(one.visited for one in self.terminals)


def preview(connection: Connection, wanted: Wanted) -> Preview:
    """Nothing is done."""
    found = tuple(chosen(known(connection), wanted.where))
    return Preview(found, len(found) > RULES[wanted.operation].alone)


def order(
    connection: Connection, wanted: Wanted, actor: str, now: float,
    seen: Collection[str] | None = None,
) -> int:  # fmt: skip
    """Its number; sent at once, or when a second person has approved it. `seen`: the terminals that
    the person was shown: if these have changed, it is not given. Raises `RolloutError`."""
    _check(wanted)
    hit = preview(connection, wanted)
    if not hit.terminals:
        raise RolloutError("no terminal is meant by that", "nobody")
    if seen is not None and set(seen) != {one.terminal for one in hit.terminals}:
        count = len(hit.terminals)
        raise RolloutError(f"other terminals are meant now than were shown: {count}", "changed")
    state = Ordered.APPROVAL if hit.second else Ordered.SENDING
    row = {
        "operation": wanted.operation.value, "state": state.value, "asked_by": actor,
        "arguments": msgspec.json.encode(dict(wanted.arguments)).decode(),
        "seconds": wanted.seconds or RULES[wanted.operation].seconds,
        "chosen": msgspec.json.encode(wanted.where).decode(), "asked_at": now,
    }  # fmt: skip
    made = connection.execute(insert(orders).values(row)).inserted_primary_key
    assert made is not None
    number = int(made[0])
    rows = [_row(number, one.terminal, now) for one in hit.terminals]
    connection.execute(insert(order_terminals), rows)
    what = f"asks {len(rows)} terminals to {wanted.operation}{REASON}{wanted.reason}"
    note(connection, ("order", number), now, actor, what.removesuffix(REASON))
    return number


def _row(number: int, terminal: str, now: float) -> dict[str, Any]:
    return {
        "order_id": number, "terminal": terminal, "command": secrets.token_hex(16),
        "state": Sent.QUEUED.value, "changed_at": now,
    }  # fmt: skip


def _check(wanted: Wanted) -> None:
    missing = [
        name for name in ARGUMENTS.get(wanted.operation, ()) if not wanted.arguments.get(name)
    ]
    texts = {**wanted.arguments, "reason": wanted.reason}
    long_ones = [name for name, text in texts.items() if len(text) > LONGEST]
    if missing or long_ones:
        told = ", ".join(missing or long_ones)
        raise RolloutError(f"these are missing or too long: {told}", "words")
    if not 0 <= wanted.seconds <= LONGEST_SECONDS:
        raise RolloutError(f"a command waits {LONGEST_SECONDS} seconds at most", "invalid")


def answer(connection: Connection, number: int, actor: str, now: float, *, approved: bool) -> None:
    """The second person's word. Raises `RolloutError`."""
    row = find(connection, number)
    if row.state != Ordered.APPROVAL:
        raise RolloutError(f"order {number} is {row.state}", "moved_on")
    if row.asked_by == actor:
        raise RolloutError("somebody else has to approve it", "same_person")
    state = Ordered.SENDING if approved else Ordered.REFUSED
    _set(connection, number, state, answered_by=actor, answered_at=now)
    if not approved:
        _end_queued(connection, number, now)
    note(connection, ("order", number), now, actor, "approves" if approved else "refuses")


def withdraw(connection: Connection, number: int, actor: str, now: float) -> None:
    """What was not sent yet is not sent any more. Raises `RolloutError`."""
    row = find(connection, number)
    if row.state not in {Ordered.APPROVAL, Ordered.SENDING}:
        raise RolloutError(f"order {number} is {row.state}", "moved_on")
    _end_queued(connection, number, now)
    _set(connection, number, Ordered.WITHDRAWN)
    note(connection, ("order", number), now, actor, "withdraws")


def find(connection: Connection, number: int) -> Row[Any]:
    row = connection.execute(select(orders).where(orders.c.id == number)).first()
    if row is None:
        raise RolloutError(f"there is no order {number}", "unknown")
    return row


def _set(connection: Connection, number: int, state: Ordered, **values: Any) -> None:
    change = update(orders).where(orders.c.id == number)
    connection.execute(change.values(state=state.value, **values))


def _end_queued(connection: Connection, number: int, now: float) -> None:
    table = order_terminals.c
    change = update(order_terminals).where(
        table.order_id == number, table.state == Sent.QUEUED.value
    )
    connection.execute(change.values(state=Sent.WITHDRAWN.value, changed_at=now))


# ---- Sending --------------------------------------------------------------------------------


def due(connection: Connection, now: float) -> Iterator[Row[Any]]:
    """What is to be sent now, to terminals that are there: the same bytes again while nobody has
    answered, for a terminal takes each command once."""
    table = order_terminals.c
    late = table.sent_at < now - AGAIN_SECONDS
    query = (
        select(order_terminals, orders.c.operation, orders.c.arguments, orders.c.seconds)
        .join(orders, orders.c.id == table.order_id)
        .join(terminals, terminals.c.terminal == table.terminal)
        .where(
            orders.c.state == Ordered.SENDING.value,
            terminals.c.online.is_(True),
            (table.state == Sent.QUEUED.value) | ((table.state == Sent.SENT.value) & late),
        )
        .limit(BATCH)
    )
    yield from connection.execute(query).all()


def sent(connection: Connection, row: Row[Any], wire: str, expires: float, now: float) -> None:
    _change(connection, row.command, state=Sent.SENT.value, wire=wire, expires=expires,
            sent_at=now, changed_at=now)  # fmt: skip


def any_open(connection: Connection) -> bool:
    """Is there an order that has not come to its end?"""
    states = [Ordered.SENDING.value, Ordered.APPROVAL.value]
    return (
        connection.scalar(select(orders.c.id).where(orders.c.state.in_(states)).limit(1))
        is not None
    )


def settle(connection: Connection, now: float) -> None:
    """What is over is over: signed ones by their end, others by the wait that was granted."""
    table = order_terminals.c
    unsent = select(orders.c.id).where(
        orders.c.state.in_([Ordered.SENDING.value, Ordered.APPROVAL.value]),
        orders.c.asked_at + orders.c.seconds < now,
    )
    over = ((table.state == Sent.QUEUED.value) & table.order_id.in_(unsent)) | (
        table.state.in_([one.value for one in OPEN if one is not Sent.QUEUED])
        & (table.expires < now - 600)
    )
    gone = update(order_terminals).where(over)
    connection.execute(gone.values(state=Sent.EXPIRED.value, changed_at=now))
    still = select(table.order_id).where(table.state.in_([one.value for one in OPEN]))
    ended = update(orders).where(
        orders.c.state.in_([Ordered.SENDING.value, Ordered.APPROVAL.value]),
        orders.c.id.not_in(still),
    )
    connection.execute(ended.values(state=Ordered.ENDED.value))


def take_in(connection: Connection) -> int:
    """What terminals said of commands since the last time; how many sayings."""
    return tidings.take_in(connection, "command", Sent, _apply)


def _apply(connection: Connection, said: Row[Any]) -> None:
    """An end stays an end, whatever comes late; another terminal's word counts for nothing."""
    table = order_terminals.c
    change = update(order_terminals).where(
        table.command == said.ref,
        table.terminal == said.terminal,
        table.state.not_in(sorted(_ENDS - {Sent.EXPIRED.value})),
    )
    connection.execute(change.values(state=said.outcome, why=said.why, changed_at=said.received_at))


def _change(connection: Connection, command: str, **values: Any) -> None:
    where = order_terminals.c.command == command
    connection.execute(update(order_terminals).where(where).values(**values))
