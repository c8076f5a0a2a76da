"""Journal records go after their time, and what is left of each chain can still be verified.

Of a journal always the beginning goes: a chain's `pruned` and `pruned_hash` say up to where, and
what the next record must follow. So a record that is sent again is known to have been there, though
its bytes are gone; `fleet.backup.verify` looks through what is left. It stops before whatever is
still needed:

- a gap, and the newest record
- a record of a case that is not ended, or that no platform has taken
- a rating, a complaint or a supplement that nobody has entered yet
- everything of a terminal that has a payment of which nobody knows yet what becomes of it
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Table,
    and_,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)  # fmt: skip

from fleet.acts import data_of
from fleet.handling import complaintbook, supplements
from fleet.handling.papersout import came
from fleet.payment.states import OrderState
from fleet.ranges import Held, Ranges
from fleet.store.alarm_tables import kept_papers
from fleet.store.database import Store, put
from fleet.store.handling_tables import (
    handling_cases,
    handling_complaints,
    handling_ratings,
    handling_ratings_left,
    handling_supplements,
)
from fleet.store.payment_tables import payment_orders
from fleet.store.tables import acts, cases, chains, records

SLICE = 500
PAUSE_SECONDS = 0.05
KEY = ("terminal", "journal", "seq")
UNDECIDED = [state.value for state in (OrderState.OPEN, OrderState.PAID, OrderState.REFUNDING)]
OPEN_CASES = ("received", "pending")

Pause = Callable[[float], bool]


def prune_all(store: Store, cutoff: float, pause: Pause) -> tuple[int, int]:
    """Records received before `cutoff`: how many have gone, and of how many journals some that are
    old have stayed."""
    with store.read() as connection:
        names = connection.execute(select(chains.c.terminal, chains.c.journal)).all()
    gone = kept = 0
    for terminal, journal in names:
        while _is_old(store, terminal, journal, cutoff):
            with store.write() as connection:
                rows = prune(connection, terminal, journal, cutoff)
            gone += rows
            if pause(PAUSE_SECONDS):
                return gone, kept
            if not rows:
                kept += 1
                break
    return gone, kept


def prune(connection: Connection, terminal: str, journal: str, cutoff: float) -> int:
    """One slice of one journal; returns how many records have gone."""
    query = select(chains).filter_by(terminal=terminal, journal=journal)
    chain = connection.execute(query.with_for_update()).one()
    old = _beginning(connection, chain, cutoff)
    if not old:
        return 0
    first_needed = _needed(connection, chain, old[-1].seq)
    if first_needed is not None:
        old = [row for row in old if row.seq < first_needed]
    if not old:
        return 0
    last = old[-1]
    _keep_papers(connection, chain, last.seq)
    mine = and_(records.c.terminal == terminal, records.c.journal == journal)
    connection.execute(delete(records).where(mine, records.c.seq <= last.seq))
    change = update(chains).filter_by(terminal=terminal, journal=journal)
    connection.execute(change.values(pruned=last.seq, pruned_hash=last.hash))
    return len(old)


def _is_old(store: Store, terminal: str, journal: str, cutoff: float) -> bool:
    """The oldest record that is left; without a lock, for most have none."""
    query = select(records.c.received_at).filter_by(terminal=terminal, journal=journal)
    with store.read() as connection:
        oldest = connection.scalar(query.order_by(records.c.seq).limit(1))
    return oldest is not None and oldest < cutoff


def _beginning(connection: Connection, chain: Row[Any], cutoff: float) -> list[Any]:
    """The next old records without a gap between, but for the newest of all."""
    held = Held(chain.top, msgspec.json.decode(chain.missing, type=Ranges))
    limit = min(held.through, chain.top - 1)
    query = select(records.c.seq, records.c.hash, records.c.received_at)
    query = query.filter_by(terminal=chain.terminal, journal=chain.journal)
    query = query.where(records.c.seq <= limit).order_by(records.c.seq).limit(SLICE)
    found = []
    for row in connection.execute(query):
        if row.received_at >= cutoff:
            break
        found.append(row)
    return found


def _needed(connection: Connection, chain: Row[Any], last: int) -> int | None:
    """The first of them that somebody still needs."""
    money = select(func.count()).select_from(payment_orders)
    money = money.where(
        payment_orders.c.terminal == chain.terminal, payment_orders.c.state.in_(UNDECIDED)
    )
    if connection.scalar(money):
        return 0
    mine = {"terminal": chain.terminal, "journal": chain.journal}
    told = select(func.min(acts.c.seq)).filter_by(**mine).where(acts.c.seq <= last)
    told = told.where(or_(_of_open_case(), _unentered_rating()))
    raw = select(func.min(records.c.seq)).filter_by(**mine).where(records.c.seq <= last)
    raw = raw.where(_unentered_record())
    found = [seq for seq in (connection.scalar(told), connection.scalar(raw)) if seq is not None]
    return min(found, default=None)


def _of_open_case() -> ColumnElement[bool]:
    waits = or_(cases.c.state.in_(OPEN_CASES), cases.c.handed_over.is_(False))
    return or_(
        exists().where(cases.c.case_no == acts.c.case_no, waits),
        exists().where(
            handling_cases.c.case_no == acts.c.case_no, handling_cases.c.ended_at.is_(None)
        ),
    )


def _unentered_rating() -> ColumnElement[bool]:
    entered = [exists().where(_same(table, acts)) for table in (handling_ratings,
               handling_ratings_left)]  # fmt: skip
    return and_(acts.c.kind == "rating", ~or_(*entered))


def _unentered_record() -> ColumnElement[bool]:
    taken = and_(_same(handling_supplements, records), handling_supplements.c.handed_over.is_(True))
    return or_(
        and_(
            records.c.type == complaintbook.RECORD,
            ~exists().where(_same(handling_complaints, records)),
        ),
        and_(records.c.type == supplements.RECORD, ~exists().where(taken)),
    )


def _same(one: Table, other: Table) -> ColumnElement[bool]:
    return and_(*(one.c[name] == other.c[name] for name in KEY))


def _keep_papers(connection: Connection, chain: Row[Any], last: int) -> None:
    """A certificate can be collected for years: the numbers of its copies must go on."""
    query = select(acts.c.case_no, records.c.data).join(records, _same(records, acts))
    query = query.where(
        acts.c.terminal == chain.terminal, acts.c.journal == chain.journal, acts.c.seq <= last,
        acts.c.kind == "print", acts.c.paper == "certificate",
    )  # fmt: skip
    for case_no, raw in connection.execute(query.order_by(acts.c.position)).all():
        data = data_of(raw)
        key = {"case_no": case_no, "job": str(data.get("job", ""))[:128]}
        told = {"came": came(data)}
        put(connection, kept_papers, {**key, **told}, tuple(key), told)
