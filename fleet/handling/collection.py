"""A result handed out at any terminal, to whoever's case it is; each paper is counted.

One paper is the original: the one that came out first, in the case's own visit or later. Every
other is a copy with a number. A job that asks again, because the answer was lost on the way, gets
the same number again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import Connection, func, select

from fleet.booking.places import moved
from fleet.handling import book, papersout
from fleet.handling import events as e
from fleet.handling.context import Context
from fleet.handling.states import CaseState
from fleet.store.handling_tables import handling_collections as collections
from fleet.store.handling_tables import handling_people
from fleet.store.tables import certificates


class CollectFault(StrEnum):
    """Why nothing is handed out."""

    NOT_YOURS = "not_yours"  # nor is it told whether there is such a case
    NOT_YET = "not_yet"
    WITHHELD = "withheld"  # something that was promised has not come
    REFUSED = "refused"  # the case did not end well
    NO_CERTIFICATE = "no_certificate"  # it ended without one


@dataclass(frozen=True, slots=True)
class Asked:
    """`number`: of the ID card of whoever asks. `job`: of the print that it is for."""

    case_no: str
    number: str = field(repr=False)
    terminal: str
    job: str


@dataclass(frozen=True, slots=True)
class Collected:
    """`copy`: 0 for the original, then 1, 2, ...: what the paper has to say."""

    certificate_no: str
    copy: int
    pdf: bytes = field(repr=False)


def collect(connection: Connection, context: Context, asked: Asked) -> Collected | CollectFault:
    """Adds to the count, and tells the case so."""
    case_no = asked.case_no
    mine = select(func.count()).select_from(handling_people)
    mine = mine.where(
        handling_people.c.person == context.marks.person(asked.number),
        handling_people.c.case_no == case_no,
    )
    if not connection.scalar(mine):
        return CollectFault.NOT_YOURS
    now = context.clock()
    state = book.settle(connection, context.calendar, now, [case_no])[case_no].state
    fault = _obstacle(state) if isinstance(state, CaseState) else CollectFault.NOT_YET
    if fault is not None:
        return fault
    query = select(certificates).where(certificates.c.case_no == case_no)
    paper = connection.execute(query).first()
    if paper is None or moved(connection, case_no):  # a paper that names another day is none
        return CollectFault.NO_CERTIFICATE
    first = not _count(connection, case_no)
    number = _numbered(connection, asked, now)
    if first:
        told = e.Notified(at=now, how=e.Told.COLLECTED)
        book.add(connection, context.calendar, now, {case_no: [told]})
    return Collected(paper.number, number, paper.pdf)


def _numbered(connection: Connection, asked: Asked, now: float) -> int:
    """What the paper of this job has to say; the same when it asks again."""
    case_no, job = asked.case_no, asked.job
    known = select(collections.c.number).filter_by(case_no=case_no, job=job)
    number = connection.scalar(known)
    if number is not None:
        return int(number)
    number = len(papersout.out(connection, case_no) - {job})
    row = {
        "case_no": case_no, "copy": _count(connection, case_no) + 1, "terminal": asked.terminal,
        "job": job, "number": number, "at": now,
    }  # fmt: skip
    connection.execute(collections.insert().values(row))
    return number


def _count(connection: Connection, case_no: str) -> int:
    asked = select(func.count()).select_from(collections).where(collections.c.case_no == case_no)
    return int(connection.scalar(asked) or 0)


def withheld(connection: Connection, context: Context, case_no: str) -> bool:
    """Must the result of this case not leave the fleet yet?"""
    state = book.read(connection, context.calendar, [case_no])[case_no].state
    return isinstance(state, CaseState) and state.withheld and not state.rejected


def _obstacle(state: CaseState) -> CollectFault | None:
    if state.rejected:
        return CollectFault.REFUSED
    if state.ended_at is None:
        return CollectFault.NOT_YET
    return CollectFault.WITHHELD if state.withheld else None
