"""An item with appointments, and the fleet's book of them with a clock that is set by hand."""

from __future__ import annotations

import threading
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from fleet.booking.answers import Asked, Change
from fleet.booking.book import Bookings
from fleet.booking.changes import Changes
from fleet.identity.marks import Marks
from fleet.payment.items import Catalogues
from fleet.store.booking_tables import bookings
from fleet.store.database import Store, put
from fleet.store.handling_tables import handling_people
from kiosk.services.fields import FieldType, FormField
from kiosk.services.item import Booking, Item
from kiosk.services.item import Office as Office_
from kiosk.services.load import Catalogue
from kiosk.services.workdays import is_workday
from kiosk.wire import BookingFault, Reservation
from paymentwork import FLAT, W, choice, item

SLOTS = ["morning", "afternoon"]
CAPACITY = 3
WEDDING = item(
    "WEDDING", [FormField("day", FieldType.DATE, W), choice("slot", SLOTS)],
    booking=Booking("day", "slot", CAPACITY, (1, 30)),
)  # fmt: skip
CLINIC = item(
    "CLINIC",
    [choice("where", ["centre", "west"]), FormField("day", FieldType.DATE, W),
     choice("slot", SLOTS)],
    booking=Booking(
        "day", "slot", 2, (1, 30), office="where",
        offices=(Office_("centre", W, W, W),
                 Office_("west", W, W, W, capacity=1, slots=("morning",), weekdays=(1, 3, 5))),
        times={"morning": ("09:00", "11:30"), "afternoon": ("14:30", "17:00")},
        change_hours=24, moves=2, withdraws=True,
    ),
)  # fmt: skip
CATALOGUE = Catalogue((WEDDING, CLINIC, FLAT), "v1")
OWNER = "KT-0001"


def together(count: int, act: Any) -> list[Any]:
    """`act(n)` of so many threads that start at the same moment."""
    told: list[Any] = [None] * count
    gate = threading.Barrier(count)

    def run(number: int) -> None:
        gate.wait()
        told[number] = act(number)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return told


class Office:
    def __init__(self, url: str) -> None:
        self.now = 1_800_000_000.0  # Friday, 2027-01-15 16:00 in Shanghai
        self.store = Store(url)
        marks = Marks(b"k" * 32)
        items = Catalogues([CATALOGUE])
        self.book = Bookings(self.store, marks, items, lambda: self.now)
        self.withdrawn: list[str] = []
        self._marks = marks
        self.changes = self._changes(items)
        self._serial = 0

    def today(self) -> date:
        return datetime.fromtimestamp(self.now, ZoneInfo("Asia/Shanghai")).date()

    def day(self, nth: int = 0) -> str:
        """The n-th working day from tomorrow."""
        days = (self.today() + timedelta(days=ahead) for ahead in range(1, 60))
        return [day for day in days if is_workday(day)][nth].isoformat()

    def asked(self, person: str, slot: str = "morning", day: str = "", request: str = "") -> Asked:
        self._serial += 1
        number = request or f"0123456789abcdef{self._serial:010d}"
        return Asked(number, OWNER, "WEDDING", "v1", day or self.day(), slot, person)

    def hold(self, person: str, slot: str = "morning", day: str = "") -> Reservation | BookingFault:
        return self.book.hold(self.asked(person, slot, day))

    def held(self, person: str, slot: str = "morning", day: str = "") -> Reservation:
        told = self.hold(person, slot, day)
        assert isinstance(told, Reservation), told
        return told

    def given(self, case_no: str, person: str, day: str = "", where: str = "centre") -> None:
        """A case with a confirmed morning at the clinic."""
        self._serial += 1
        number = f"0123456789abcdef{self._serial:010d}"
        asked = Asked(number, OWNER, "CLINIC", "v1", day or self.day(4), "morning", person,
                      office=where)  # fmt: skip
        assert isinstance(self.book.hold(asked), Reservation)
        told = self.book.confirm(OWNER, number, case_no)
        assert isinstance(told, Reservation)
        self.owns(case_no, person)

    def catalogue(self, one: Item) -> None:
        """From now on this is the item."""
        self.changes = self._changes(Catalogues([CATALOGUE, Catalogue((one,), "v2")]))

    def _changes(self, items: Catalogues) -> Changes:
        return Changes(
            self.store, self._marks, items,
            lambda _connection, case_no, _at: self.withdrawn.append(case_no),
            clock=lambda: self.now,
        )  # fmt: skip

    def owns(self, case_no: str, person: str) -> None:
        row = {"person": self._marks.person(person), "case_no": case_no, "role": "applicant"}
        with self.store.write() as connection:
            put(connection, handling_people, row, ("person", "case_no"))

    def change(self, case_no: str, person: str, serial: int, **place: str) -> Change:
        """`place`: of a move: where, day, slot."""
        where = {"office": "centre", "day": self.day(5), "slot": "morning"} | place
        to = where if place else {}
        return Change(f"change{serial:010d}", OWNER, case_no, person, "v1", **to)

    def live(self, case_no: str) -> list[tuple[str, str, str]]:
        """The places that the case has now."""
        query = bookings.select().where(bookings.c.case_no == case_no, bookings.c.seat.is_not(None))
        with self.store.read() as connection:
            return [(row.office, row.day, row.slot) for row in connection.execute(query)]

    def left(self, slot: str = "morning", day: str = "") -> int:
        free = self.book.free("WEDDING", "v1")
        assert not isinstance(free, BookingFault)
        found = [one.left for one in free if (one.day, one.slot) == (day or self.day(), slot)]
        return found[0] if found else 0

    def rows(self) -> list[tuple[str, int | None, str]]:
        with self.store.read() as connection:
            found = connection.execute(bookings.select().order_by(bookings.c.request_no)).all()
        return [(row.state, row.seat, row.person) for row in found]
