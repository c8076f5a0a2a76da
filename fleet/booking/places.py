"""Places in the database, within a transaction that has the item's row to itself."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, select, update

from fleet.booking.slots import Slot
from fleet.store.booking_tables import booking_items, bookings
from fleet.store.database import put
from kiosk.wire import BookingState

OVER = {"seat": None, "holder": None}


def run_out(now: float) -> ColumnElement[bool]:
    """A place that was held, and not confirmed in time."""
    return (bookings.c.state == BookingState.HELD) & (bookings.c.until <= now)


def alone(connection: Connection, task_code: str, now: float) -> None:
    """Nobody else changes this item's places until the end; what has run out is let go."""
    put(connection, booking_items, {"task_code": task_code}, ("task_code",))
    query = select(booking_items).where(booking_items.c.task_code == task_code)
    connection.execute(query.with_for_update())
    over = update(bookings).where(bookings.c.task_code == task_code, run_out(now))
    connection.execute(over.values(state=BookingState.EXPIRED.value, **OVER))


def free_seat(connection: Connection, task_code: str, slot: Slot) -> int | None:
    query = select(bookings.c.seat).where(
        bookings.c.task_code == task_code,
        bookings.c.office == slot.office,
        bookings.c.day == slot.day,
        bookings.c.slot == slot.code,
        bookings.c.seat.is_not(None),
    )
    taken = set(connection.scalars(query))
    if len(taken) >= slot.capacity:
        return None
    return next(seat for seat in range(slot.capacity) if seat not in taken)


def slot_of(row: Row[Any]) -> Slot:
    """As it was when the place was taken."""
    return Slot(row.day, row.slot, row.capacity, row.office)


def change(connection: Connection, request_no: str, **values: Any) -> None:
    connection.execute(update(bookings).where(bookings.c.request_no == request_no).values(**values))


def find(connection: Connection, request_no: str) -> Row[Any] | None:
    return connection.execute(select(bookings).where(bookings.c.request_no == request_no)).first()


def known(connection: Connection, request_no: str) -> Row[Any]:
    return connection.execute(select(bookings).where(bookings.c.request_no == request_no)).one()


def moved(connection: Connection, case_no: str) -> bool:
    """Is the place that the case was filed with another one by now, or none?"""
    gone = (BookingState.MOVED.value, BookingState.CANCELLED.value)
    query = select(bookings.c.case_no).where(
        bookings.c.case_no == case_no, bookings.c.state.in_(gone)
    )
    return connection.scalar(query.limit(1)) is not None


def of_case(connection: Connection, case_no: str) -> Row[Any] | None:
    """The place that the case has; or the one that it had last, if it was cancelled."""
    lasting = (BookingState.CONFIRMED.value, BookingState.CANCELLED.value)
    query = select(bookings).where(bookings.c.case_no == case_no, bookings.c.state.in_(lasting))
    newest = query.order_by(bookings.c.moves.desc(), bookings.c.made_at.desc())
    return connection.execute(newest).first() if case_no else None
