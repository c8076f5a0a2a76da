"""Orders in the database: opened once, moved by people; an alarm when one is not answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select, update

from fleet.handling.orders import UNANSWERED, Act, OrderFault, OrderKind, OrderRules, OrderState
from fleet.handling.orders import after as next_state
from fleet.store.database import insert, put
from fleet.store.handling_tables import handling_order_acts as acts
from fleet.store.handling_tables import handling_orders as orders
from fleet.store.tables import alarms, counters
from kiosk.services.calendar import Calendar, china_day

OVERDUE = "order_overdue"  # the alarm's kind
COUNTER = "handling.order"
LONGEST_NAME = 64
ROUND = 200


@dataclass(frozen=True, slots=True)
class Order:
    """`due_at`: epoch seconds, the first moment that is too late."""

    number: str
    kind: OrderKind
    state: OrderState
    owner: str
    opened_at: float
    due_at: float
    case_no: str = ""
    terminal: str = ""
    sealed: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """What an order is opened for. `origin`: the same for one that comes again. `number`: that a
    terminal has given it; "" for the fleet's own."""

    kind: OrderKind
    origin: str
    case_no: str = ""
    terminal: str = ""
    sealed: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """`person`: who does it, or to whom it is assigned; `actor`: who does it, "" for the same.
    `sealed`: words, needed for an answer. `seen`: how many turns somebody was shown who acts on
    them; None for whoever looks at nothing."""

    what: Act
    person: str
    sealed: str = ""
    actor: str = ""
    seen: int | None = None


def open_order(
    connection: Connection, rules: OrderRules, calendar: Calendar, now: float, wanted: Request
) -> Order:
    """The order of this origin: made now, or as it is if there is one."""
    known = _by(connection, orders.c.origin == wanted.origin)
    if known is not None:
        return known
    serial = _next_serial(connection)
    row = {
        "number": wanted.number or rules.number(wanted.kind, china_day(now), serial),
        "serial": serial,
        "kind": wanted.kind.value,
        "origin": wanted.origin,
        "case_no": wanted.case_no,
        "terminal": wanted.terminal,
        "owner": rules.kinds[wanted.kind].owner,
        "state": OrderState.OPEN.value,
        "opened_at": now,
        "due_at": rules.due_at(wanted.kind, now, calendar),
        "sealed": wanted.sealed,
    }
    connection.execute(
        insert(connection, orders).values(row).on_conflict_do_nothing(index_elements=("origin",))
    )
    made = _by(connection, orders.c.origin == wanted.origin)
    assert made is not None
    return made


def find(connection: Connection, number: str) -> Order | None:
    return _by(connection, orders.c.number == number)


def act(connection: Connection, now: float, number: str, turn: Turn) -> OrderState | OrderFault:
    """The state that it is in then."""
    query = select(orders.c.state).where(orders.c.number == number).with_for_update()
    state = connection.scalar(query)
    if state is None:
        return OrderFault.UNKNOWN
    turns = turns_of(connection, number)
    reached = _judge(OrderState(state), turns, turn)
    if isinstance(reached, OrderFault):
        return reached
    values = {"state": reached.value}
    if turn.what is Act.ASSIGN:
        values["owner"] = turn.person
    connection.execute(update(orders).where(orders.c.number == number).values(values))
    row = {
        "number": number,
        "turn": turns + 1,
        "act": turn.what.value,
        "person": turn.person,
        "actor": turn.actor or turn.person,
        "at": now,
        "sealed": turn.sealed,
    }
    connection.execute(acts.insert().values(row))
    return reached


def turns_of(connection: Connection, number: str) -> int:
    """How often something was done with it."""
    query = select(func.count()).select_from(acts).where(acts.c.number == number)
    return int(connection.scalar(query) or 0)


def _judge(state: OrderState, turns: int, turn: Turn) -> OrderState | OrderFault:
    """Where it leads to, or why not."""
    faults = {
        OrderFault.MOVED_ON: turn.seen is not None and turn.seen != turns,
        OrderFault.NO_PERSON: not turn.person.strip() or len(turn.person) > LONGEST_NAME,
        OrderFault.NO_WORDS: turn.what is Act.ANSWER and not turn.sealed,
    }
    fault = next((one for one, is_so in faults.items() if is_so), None)
    return fault or next_state(state, turn.what)


def overdue(connection: Connection, now: float) -> Sequence[Any]:
    """Orders that are not answered past their limit, and of which nobody has been told."""
    late = select(orders.c.number, orders.c.serial, orders.c.case_no, orders.c.terminal)
    late = late.where(
        orders.c.state.in_([state.value for state in UNANSWERED]),
        orders.c.due_at <= now,
        orders.c.alarmed.is_(False),
    )
    return connection.execute(late.order_by(orders.c.due_at).limit(ROUND)).all()


def raise_alarms(connection: Connection, now: float, rows: Sequence[Any]) -> None:
    """One alarm for each order."""
    for row in rows:
        key = {
            "kind": OVERDUE,
            "terminal": row.terminal,
            "journal": row.number,
            "seq": row.serial,
            "case_no": row.case_no,
        }
        put(connection, alarms, {**key, "first_at": now, "last_at": now, "times": 1}, tuple(key))
    numbers = [row.number for row in rows]
    connection.execute(update(orders).where(orders.c.number.in_(numbers)).values(alarmed=True))


def _next_serial(connection: Connection) -> int:
    put(
        connection, counters, {"name": COUNTER, "value": 1}, ("name",),
        {"value": counters.c.value + 1},
    )  # fmt: skip
    return int(connection.scalar(select(counters.c.value).filter_by(name=COUNTER)) or 0)


def _by(connection: Connection, condition: object) -> Order | None:
    row = connection.execute(select(orders).where(condition)).first()  # type: ignore[arg-type]
    if row is None:
        return None
    return Order(
        row.number, OrderKind(row.kind), OrderState(row.state), row.owner, row.opened_at,
        row.due_at, row.case_no, row.terminal, row.sealed,
    )  # fmt: skip
