"""Until when an appointment can be moved or cancelled, and how often: by its item's data."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row

from fleet.booking.slots import begins, over
from fleet.payment.items import Items
from kiosk.services.item import Booking
from kiosk.wire import Appointment, BookingFault, BookingState

HOUR = 3600.0


class Terms:
    """The rules of now count, also for an appointment that was made under older ones."""

    def __init__(self, items: Items, zone: ZoneInfo) -> None:
        self._items = items
        self._zone = zone

    def day(self, now: float) -> date:
        return datetime.fromtimestamp(now, self._zone).date()

    def of_cancelling(self, row: Row[Any], now: float) -> BookingFault | None:
        """Why it can't be any more; None: it can."""
        booking = self._booking(row)
        if row.state == BookingState.CANCELLED:
            return BookingFault.CANCELLED
        if booking is None:
            return BookingFault.UNKNOWN_ITEM
        if now >= over(booking, row.day, row.slot, self._zone):
            return BookingFault.OVER
        return BookingFault.TOO_LATE if now > self._until(booking, row) else None

    def of_moving(self, row: Row[Any], now: float) -> BookingFault | None:
        fault = self.of_cancelling(row, now)
        booking = self._booking(row)
        often = booking is not None and row.moves >= booking.moves
        return fault or (BookingFault.MOVED_OFTEN if often else None)

    def withdraws(self, row: Row[Any]) -> bool:
        booking = self._booking(row)
        return booking is not None and booking.withdraws

    def told(self, row: Row[Any], now: float) -> Appointment:
        booking, fault = self._booking(row), self.of_moving(row, now)
        return Appointment(
            row.case_no, row.task_code, row.office, row.day, row.slot, BookingState(row.state),
            fault=fault.value if fault else "",
            until=self._until(booking, row) if booking else 0.0,
            moves_left=max(0, booking.moves - row.moves) if booking else 0,
        )  # fmt: skip

    def _until(self, booking: Booking, row: Row[Any]) -> float:
        start = begins(booking, row.day, row.slot, self._zone)
        return start - booking.change_hours * HOUR

    def _booking(self, row: Row[Any]) -> Booking | None:
        item = self._items.newest(row.task_code)
        return item.booking if item else None
