"""Appointments of cases: seen, moved to another place, cancelled, each request once.

A change is one transaction: the new place is taken before the old one is let go, and a kill in
between leaves the old one as it was. Whose an appointment is, the people of its case tell.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Connection, Row, select

from fleet.booking import places
from fleet.booking.answers import Change
from fleet.booking.slots import Slot, find
from fleet.booking.terms import Terms
from fleet.payment.items import Items
from fleet.payment.items import find as find_item
from fleet.store.booking_tables import booking_acts, bookings
from fleet.store.database import Store, insert
from fleet.store.handling_tables import handling_people
from kiosk.services.item import Item
from kiosk.wire import Act, Appointment, BookingFault, BookingState, Changed

MOST = 20  # appointments that are told of one person


class People(Protocol):
    """Hashes under which the people of cases are known (`fleet.handling.sealing.CaseMarks`)."""

    def person(self, number: str) -> str: ...


Withdraw = Callable[[Connection, str, float], None]
Told = Changed | BookingFault

log = structlog.get_logger("fleet.booking")


class Changes:
    """`withdraw`: the case with this number is given up at this moment (epoch seconds), within
    the transaction. `clock`, `zone`: as `Bookings`. All calls block."""

    def __init__(
        self,
        store: Store,
        marks: People,
        items: Items,
        withdraw: Withdraw,
        *,
        clock: Callable[[], float] = time.time,
        zone: str = "Asia/Shanghai",
    ) -> None:
        self._store = store
        self._marks = marks
        self._items = items
        self._withdraw = withdraw
        self._clock = clock
        self._terms = Terms(items, ZoneInfo(zone))

    def mine(self, number: str) -> list[Appointment]:
        """Of the cases of whoever has this number, the newest day first; cancelled ones too."""
        mark = self._marks.person(number)
        cases = select(handling_people.c.case_no).where(handling_people.c.person == mark)
        query = select(bookings.c.case_no).where(bookings.c.case_no.in_(cases)).distinct()
        with self._store.read() as connection:
            found = [places.of_case(connection, name) for name in connection.scalars(query).all()]
        rows = sorted((row for row in found if row is not None), key=lambda row: row.day)
        now = self._clock()
        return [self._terms.told(row, now) for row in rows[: -MOST - 1 : -1]]

    def move(self, asked: Change) -> Told:
        """To another place; a request that comes again changes nothing."""
        return self._done(asked, Act.MOVED, self._move)

    def cancel(self, asked: Change) -> Told:
        return self._done(asked, Act.CANCELLED, self._cancel)

    def settle(self, owner: str, request_no: str) -> Told:
        """What became of it; if it never came, it has no effect any more, should it come later."""
        asked = Change(request_no, owner, "", "")
        with self._store.write() as connection:
            self._claim(connection, asked, Act.CLOSED)
            row = _act(connection, request_no)
        if row is None or row.owner != owner:
            return BookingFault.UNKNOWN_REQUEST
        return _changed(row)

    # ---- Within a transaction ----------------------------------------------------------------

    def _done(
        self, asked: Change, act: Act, change: Callable[[Connection, Change, Row[Any]], Told]
    ) -> Told:
        with self._store.write() as connection:
            told = self._once(connection, asked, act, change)
        outcome = told.value if isinstance(told, BookingFault) else told.act.value
        log.info("booking_change", request=asked.request_no, act=act.value, outcome=outcome)
        if isinstance(told, Changed):
            self._store.changes.notify()
        return told

    def _once(
        self,
        connection: Connection,
        asked: Change,
        act: Act,
        change: Callable[[Connection, Change, Row[Any]], Told],
    ) -> Told:
        if not self._owns(connection, asked):
            return BookingFault.NOT_YOURS
        row = places.of_case(connection, asked.case_no)
        if row is None:
            return BookingFault.NO_APPOINTMENT
        places.alone(connection, row.task_code, self._clock())
        known = _act(connection, asked.request_no)
        if known is not None:
            return _again(known, asked, act)
        row = places.of_case(connection, asked.case_no)
        return BookingFault.NO_APPOINTMENT if row is None else change(connection, asked, row)

    def _owns(self, connection: Connection, asked: Change) -> bool:
        query = select(handling_people.c.case_no).where(
            handling_people.c.person == self._marks.person(asked.number),
            handling_people.c.case_no == asked.case_no,
        )
        return bool(asked.number) and connection.scalar(query) is not None

    def _claim(self, connection: Connection, asked: Change, act: Act) -> bool:
        """Before anything is changed. False: this request was taken before, or closed."""
        row = {
            "request_no": asked.request_no, "owner": asked.owner, "act": act.value,
            "case_no": asked.case_no, "office": asked.office, "day": asked.day,
            "slot": asked.slot, "at": self._clock(),
        }  # fmt: skip
        statement = insert(connection, booking_acts).values(row).on_conflict_do_nothing()
        return connection.execute(statement).rowcount == 1

    def _move(self, connection: Connection, asked: Change, row: Row[Any]) -> Told:
        wanted = (asked.office, asked.day, asked.slot)
        fault = self._terms.of_moving(row, self._clock())
        if fault is not None:
            return fault
        if wanted == (row.office, row.day, row.slot):
            return BookingFault.SAME_PLACE
        slot = self._slot(asked, row.task_code)
        if isinstance(slot, BookingFault):
            return slot
        seat = places.free_seat(connection, row.task_code, slot)
        if seat is None:
            return BookingFault.FULL
        if not self._claim(connection, asked, Act.MOVED):
            return BookingFault.GONE
        self._take(connection, asked, row, slot, seat)
        _let_go(connection, row, BookingState.MOVED)
        places.change(connection, asked.request_no, holder=row.holder)
        return Changed(asked.request_no, Act.MOVED, row.case_no, *wanted)

    def _cancel(self, connection: Connection, asked: Change, row: Row[Any]) -> Told:
        fault = self._terms.of_cancelling(row, self._clock())
        if fault is not None:
            return fault
        if not self._claim(connection, asked, Act.CANCELLED):
            return BookingFault.GONE
        _let_go(connection, row, BookingState.CANCELLED)
        if self._terms.withdraws(row):
            self._withdraw(connection, row.case_no, self._clock())
        return Changed(asked.request_no, Act.CANCELLED, row.case_no)

    def _take(
        self, connection: Connection, asked: Change, row: Row[Any], slot: Slot, seat: int
    ) -> None:
        """A second place of this case, which nobody holds until the first is let go."""
        now = self._clock()
        values = {
            "request_no": asked.request_no, "owner": asked.owner, "task_code": row.task_code,
            "office": slot.office, "day": slot.day, "slot": slot.code, "person": row.person,
            "state": BookingState.CONFIRMED.value, "seat": seat, "capacity": slot.capacity,
            "case_no": row.case_no, "moves": row.moves + 1, "until": now, "made_at": now,
        }  # fmt: skip
        connection.execute(bookings.insert().values(values))

    def _slot(self, asked: Change, task_code: str) -> Slot | BookingFault:
        """As the terminal offered it."""
        item: Item | None = find_item(
            self._items, asked.catalogue, task_code, asked.task_version
        )  # fmt: skip
        if item is None or item.booking is None:
            return BookingFault.UNKNOWN_ITEM
        today = self._terms.day(self._clock())
        slot = find(item, today, asked.day, asked.slot, asked.office)
        return slot or BookingFault.NOT_OFFERED


def _let_go(connection: Connection, row: Row[Any], state: BookingState) -> None:
    places.change(connection, row.request_no, state=state.value, **places.OVER)


def _act(connection: Connection, request_no: str) -> Row[Any] | None:
    query = select(booking_acts).where(booking_acts.c.request_no == request_no)
    return connection.execute(query).first()


def _again(row: Row[Any], asked: Change, act: Act) -> Told:
    """The same request is told the same; one that was closed comes too late."""
    if row.act == Act.CLOSED:
        return BookingFault.GONE
    before = (row.owner, row.act, row.case_no, row.office, row.day, row.slot)
    after = (asked.owner, act.value, asked.case_no, asked.office, asked.day, asked.slot)
    return _changed(row) if before == after else BookingFault.CONFLICT


def _changed(row: Row[Any]) -> Changed:
    return Changed(row.request_no, Act(row.act), row.case_no, row.office, row.day, row.slot)
