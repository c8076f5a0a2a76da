"""Places in slots: held for minutes, confirmed with a case, released or run out.

One row of the item is locked while a place changes hands; beneath that, two constraints of the
table make a second person on one seat, and a second booking of one person, impossible.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Connection, Row, func, select

from fleet.booking import places
from fleet.booking.answers import ACTIVE, Asked
from fleet.booking.slots import Slot, find, offered
from fleet.identity.marks import Marks
from fleet.payment.items import Items
from fleet.payment.items import find as find_item
from fleet.store.booking_tables import bookings
from fleet.store.database import Store
from kiosk.services.item import Item
from kiosk.wire import BookingFault, BookingState, FreeSlot, Reservation

HOLD_SECONDS = 600.0  # the whole form, without haste

log = structlog.get_logger("fleet.booking")


class Bookings:
    """`clock`: epoch seconds; `zone`: whose days the calendar's are. All calls block."""

    def __init__(
        self,
        store: Store,
        marks: Marks,
        items: Items,
        clock: Callable[[], float] = time.time,
        zone: str = "Asia/Shanghai",
    ) -> None:
        self._store = store
        self._marks = marks
        self._items = items
        self._clock = clock
        self._zone = ZoneInfo(zone)

    def free(
        self, task_code: str, catalogue: str, task_version: str = ""
    ) -> Sequence[FreeSlot] | BookingFault:
        """Every slot with room."""
        item = self._item(task_code, catalogue, task_version)
        if isinstance(item, BookingFault):
            return item
        place = (bookings.c.office, bookings.c.day, bookings.c.slot)
        query = select(*place, func.count()).where(
            bookings.c.task_code == task_code,
            bookings.c.seat.is_not(None),
            ~places.run_out(self._clock()),
        )
        with self._store.read() as connection:
            rows = connection.execute(query.group_by(*place))
            taken = {(office, day, slot): count for office, day, slot, count in rows}
        left = [
            FreeSlot(one.day, one.code,
                 one.capacity - taken.get((one.office, one.day, one.code), 0), one.office)
            for one in offered(item, self._today())
        ]  # fmt: skip
        return [one for one in left if one.left > 0]

    def hold(self, asked: Asked) -> Reservation | BookingFault:
        """Keep a place. A place that the same person holds elsewhere is let go for it."""
        item = self._item(asked.task_code, asked.catalogue, asked.task_version)
        if isinstance(item, BookingFault):
            return item
        if not asked.number:
            return BookingFault.NOBODY
        person = self._marks.person(f"{asked.task_code}/{asked.number}")
        slot = find(item, self._today(), asked.day, asked.slot, asked.office)
        with self._store.write() as connection:
            places.alone(connection, asked.task_code, self._clock())
            row = places.find(connection, asked.request_no)
            if row is not None:
                same = (row.owner, row.task_code, row.office, row.day, row.slot, row.person) == (
                    asked.owner, asked.task_code, asked.office, asked.day, asked.slot, person,
                )  # fmt: skip
                return self._told(row) if same else BookingFault.CONFLICT
            if slot is None:
                return BookingFault.NOT_OFFERED
            told = self._take(connection, asked, slot, person)
        outcome = told.value if isinstance(told, BookingFault) else told.state.value
        log.info("booking_hold", request=asked.request_no, outcome=outcome)
        return told

    def confirm(self, owner: str, request_no: str, case_no: str) -> Reservation | BookingFault:
        """Keep it for good. One that ran out is taken again, if nobody else has come."""
        with self._store.write() as connection:
            row = self._owned(connection, owner, request_no)
            if row is None:
                return BookingFault.UNKNOWN_REQUEST
            if row.state == BookingState.CONFIRMED:
                return self._told(row) if row.case_no == case_no else BookingFault.CONFLICT
            if row.state not in (BookingState.HELD, BookingState.EXPIRED):
                return BookingFault.GONE
            values: dict[str, Any] = {"state": BookingState.CONFIRMED.value, "case_no": case_no}
            if row.seat is None:
                seat = places.free_seat(connection, row.task_code, places.slot_of(row))
                if seat is None or self._held_by(connection, row.task_code, row.person):
                    return BookingFault.GONE
                values |= {"seat": seat, "holder": row.person}
            places.change(connection, request_no, **values)
            return self._told(places.known(connection, request_no))

    def release(self, owner: str, request_no: str) -> Reservation | BookingFault:
        """Give it up: a held one, or one that was confirmed (a cancellation)."""
        with self._store.write() as connection:
            row = self._owned(connection, owner, request_no)
            if row is None:
                return BookingFault.UNKNOWN_REQUEST
            if row.state in ACTIVE:
                places.change(
                    connection, request_no, state=BookingState.RELEASED.value, **places.OVER
                )
            return self._told(places.known(connection, request_no))

    # ---- Within a transaction ----------------------------------------------------------------

    def _owned(self, connection: Connection, owner: str, request_no: str) -> Row[Any] | None:
        row = places.find(connection, request_no)
        if row is None or row.owner != owner:
            return None
        places.alone(connection, row.task_code, self._clock())
        return places.find(connection, request_no)

    def _take(
        self, connection: Connection, asked: Asked, slot: Slot, person: str
    ) -> Reservation | BookingFault:
        other = self._held_by(connection, asked.task_code, person)
        if other is not None and other.state == BookingState.CONFIRMED:
            return BookingFault.ALREADY_BOOKED
        if other is not None:
            places.change(
                connection, other.request_no, state=BookingState.RELEASED.value, **places.OVER
            )
        seat = places.free_seat(connection, asked.task_code, slot)
        if seat is None:
            return BookingFault.FULL
        now = self._clock()
        row = {
            "request_no": asked.request_no, "owner": asked.owner, "task_code": asked.task_code,
            "office": slot.office, "day": slot.day, "slot": slot.code,
            "person": person, "holder": person,
            "state": BookingState.HELD.value, "seat": seat, "capacity": slot.capacity,
            "until": now + HOLD_SECONDS, "made_at": now,
        }  # fmt: skip
        connection.execute(bookings.insert().values(row))
        return self._told(places.known(connection, asked.request_no))

    def _held_by(self, connection: Connection, task_code: str, person: str) -> Row[Any] | None:
        """A confirmed appointment whose day is over stands in nobody's way."""
        query = select(bookings).where(
            bookings.c.task_code == task_code, bookings.c.holder == person
        )
        row = connection.execute(query).first()
        if row is not None and row.day < self._today().isoformat():
            places.change(connection, row.request_no, holder=None)
            return None
        return row

    def _told(self, row: Row[Any]) -> Reservation:
        """A hold that has run out is told so, although nobody has written it down yet."""
        state, left = BookingState(row.state), 0
        if state is BookingState.HELD:
            left = max(0, int(row.until - self._clock()))
            state = state if row.until > self._clock() else BookingState.EXPIRED
        return Reservation(row.request_no, state, row.day, row.slot, left, row.office)

    def _item(self, task_code: str, catalogue: str, task_version: str) -> Item | BookingFault:
        item = find_item(self._items, catalogue, task_code, task_version)
        if item is None and not self._items.knows(catalogue):
            return BookingFault.UNKNOWN_CATALOGUE
        return BookingFault.UNKNOWN_ITEM if item is None or item.booking is None else item

    def _today(self) -> date:
        return datetime.fromtimestamp(self._clock(), self._zone).date()
