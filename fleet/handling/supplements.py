"""What was missing, handed in at a terminal: from the record of its journal to its place here.

The record (`RECORD`) brings a `wire.CasePayload` of which case, giver and materials count; its
scanned pages come by themselves. Until all of them are here it is `AWAITED`; what becomes of it
then is `judging`'s.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import ColumnElement, Connection, and_, exists, func, select, update

from fleet.archive.pages import AWAITED_LATER, digests
from fleet.handling.context import Context
from fleet.handling.places import place, set_place
from fleet.incidents import AlarmKind, alarm
from fleet.records import NOT_JSON
from fleet.store.archive_tables import pages
from fleet.store.database import insert, put
from fleet.store.handling_tables import handling_people
from fleet.store.handling_tables import handling_supplement_pages as listed
from fleet.store.handling_tables import handling_supplements as supplements
from fleet.store.tables import cases, records
from kiosk import wire

RECORD = "kiosk.supplement.intent"
SOURCE = "supplements"
ROUND = 50
AGAIN = 500  # records looked at once more: two ingest workers can commit out of turn
STRIDE = 5000  # records without any, after which the place moves on
KEY = ("terminal", "journal", "seq")


class Outcome(StrEnum):
    """What became of one; terminals are told in these words."""

    AWAITED = AWAITED_LATER  # its pages are not all here yet
    TAKEN = "taken"
    UNDECODABLE = "undecodable"
    UNKNOWN_CASE = "unknown_case"
    NOT_THEIRS = "not_theirs"  # nobody whose case it is
    CLOSED = "closed"  # the case has ended
    TOO_LATE = "too_late"  # the last day is over
    ALREADY_HERE = "already_here"  # it came before
    NOT_WANTED = "not_wanted"  # nobody has asked for it
    UNFIT = "unfit"  # not given in a way that its item allows, or not whole


def new(connection: Connection) -> Sequence[Any]:
    """Records that have not been taken yet."""
    query = select(
        records.c.position, records.c.terminal, records.c.journal, records.c.seq,
        records.c.sealed, records.c.received_at,
    )  # fmt: skip
    query = query.join(supplements, _same(), isouter=True)
    query = query.where(
        records.c.position > known(connection) - AGAIN,
        records.c.type == RECORD,
        supplements.c.case_no.is_(None),
    )
    return connection.execute(query.order_by(records.c.position).limit(ROUND)).all()


def known(connection: Connection) -> int:
    """The position up to which records were read."""
    return int(place(connection, SOURCE) or 0)


def idle(connection: Connection) -> int:
    """How many records have come since."""
    newest = connection.scalar(select(func.max(records.c.position))) or 0
    return int(newest) - known(connection)


def take(connection: Connection, context: Context, rows: Sequence[Any]) -> None:
    """`at` is when it reached the fleet: that counts before a last day, whenever its pages come."""
    for row in rows:
        case = opened(context.key, row.sealed)
        outcome = _outcome(connection, context, case)
        key = key_of(row)
        values = {
            **key,
            "case_no": case.case_no[:64] if case else "",
            "outcome": outcome.value,
            "sealed": row.sealed,
            "handed_over": outcome is not Outcome.AWAITED,
            "at": row.received_at,
        }
        put(connection, supplements, values, KEY)
        if outcome is Outcome.UNDECODABLE:
            alarm(connection, row.received_at, AlarmKind.CASE_UNDECODABLE, row.terminal)
        wanted = digests(case) if case and outcome is Outcome.AWAITED else set()
        if wanted:
            pending = [{**key, "digest": digest} for digest in sorted(wanted)]
            connection.execute(insert(connection, listed).on_conflict_do_nothing(), pending)
    move(connection, rows[-1].position)


def move(connection: Connection, position: int) -> None:
    set_place(connection, SOURCE, str(max(known(connection), position)))


def complete(connection: Connection) -> Sequence[Any]:
    """Those that all pages have come for, the oldest first."""
    query = select(supplements).where(supplements.c.outcome == Outcome.AWAITED.value)
    query = query.where(supplements.c.handed_over.is_(False), ~lacking())
    return connection.execute(query.order_by(*_order()).limit(ROUND)).all()


def lacking() -> ColumnElement[bool]:
    """Of a query for supplements: a page that it lists is not here."""
    here = exists().where(pages.c.digest == listed.c.digest)
    mine = and_(*(listed.c[name] == supplements.c[name] for name in KEY))
    return exists().where(mine, ~here)


def waiting(connection: Connection) -> Sequence[Any]:
    """Taken, and their platform has the case but not this; the oldest first."""
    query = select(supplements).join(cases, cases.c.case_no == supplements.c.case_no)
    query = query.where(
        supplements.c.handed_over.is_(False),
        supplements.c.outcome == Outcome.TAKEN.value,
        cases.c.handed_over.is_(True),
    )
    return connection.execute(query.order_by(*_order()).limit(ROUND)).all()


def outcome(connection: Connection, record: str) -> Outcome | None:
    """`record`: its id in the journal, which only its terminal knows; None: it is not here yet."""
    journal, _, seq = record.rpartition("-")
    query = select(supplements.c.outcome).filter_by(journal=journal, seq=int(seq))
    found = connection.scalar(query)
    return None if found is None else Outcome(found)


def hand_over(connection: Connection, row: Any) -> None:
    """Note that the platform has it."""
    change = update(supplements).filter_by(**key_of(row))
    connection.execute(change.values(handed_over=True))


def opened(key: X25519PrivateKey, sealed: str) -> wire.CasePayload | None:
    try:
        return wire.unseal(key, sealed)
    except (InvalidTag, ValueError, *NOT_JSON):
        return None


def key_of(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in KEY}


def _outcome(connection: Connection, context: Context, case: wire.CasePayload | None) -> Outcome:
    """As far as it can be told before the pages are here."""
    if case is None:
        return Outcome.UNDECODABLE
    there = select(cases.c.case_no).where(cases.c.case_no == case.case_no)
    if connection.scalar(there) is None:
        return Outcome.UNKNOWN_CASE
    mine = select(func.count()).select_from(handling_people)
    mine = mine.where(
        handling_people.c.person == context.marks.person(case.applicant.number),
        handling_people.c.case_no == case.case_no,
    )
    return Outcome.AWAITED if connection.scalar(mine) else Outcome.NOT_THEIRS


def _order() -> tuple[ColumnElement[Any], ...]:
    return (supplements.c.at, *(supplements.c[name] for name in KEY))


def _same() -> ColumnElement[bool]:
    return and_(*(supplements.c[name] == records.c[name] for name in KEY))
