"""A case that its applicant gives up: here, an appointment that was cancelled."""

from __future__ import annotations

from sqlalchemy import Connection

from fleet.handling import book
from fleet.handling import events as e
from fleet.handling.context import Context
from fleet.handling.states import WITHDRAWN
from fleet.platform.contract import Standing

APPLICANT = "申请人本人"


def withdraw(connection: Connection, case_no: str, at: float, *, context: Context) -> None:
    """The case ends with this; one that has ended stays as it is. `at`: epoch seconds."""
    event = e.Decided(at=at, standing=Standing.REFUSED, person=APPLICANT, reason=WITHDRAWN)
    book.add(connection, context.calendar, context.clock(), {case_no: [event]})
