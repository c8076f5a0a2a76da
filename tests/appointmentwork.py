"""A fleet's calendar that is a list, and one appointment of a case, for tests of the session."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import fakes
from kiosk.ports import (
    Act,
    Appointment,
    BookingFault,
    BookingState,
    Change,
    Changed,
    FreeSlot,
    Place,
    Reservation,
)

DAY, NEXT = ((fakes.TODAY + timedelta(days=ahead)).isoformat() for ahead in (7, 8))
FREE = (
    FreeSlot(DAY, "morning", 3, "county"), FreeSlot(DAY, "afternoon", 1, "county"),
    FreeSlot(NEXT, "morning", 8, "county"), FreeSlot(NEXT, "morning", 2, "hexi"),
)  # fmt: skip


@dataclass
class FakeAppointments:
    """`lost`: so many answers to a change do not come, although it is done; -1: it is not even
    heard."""

    told: Sequence[FreeSlot] | BookingFault = FREE
    held: BookingFault | None = None
    confirmed: BookingFault | None = None
    own: Sequence[Appointment] | BookingFault = ()
    changed: BookingFault | None = None
    lost: int = 0
    acts: list[tuple[str, str]] = field(default_factory=list)
    done: dict[str, Changed] = field(default_factory=dict)

    async def free(
        self, task_code: str, catalogue: str, task_version: str, seconds: float
    ) -> Sequence[FreeSlot] | BookingFault:
        return self.told

    async def hold(self, place: Place, seconds: float) -> Reservation | BookingFault:
        self.acts.append(("hold", f"{place.office} {place.day} {place.slot}"))
        told = Reservation(place.request_no, BookingState.HELD, place.day, place.slot, 600)
        return self.held or told

    async def confirm(
        self, request_no: str, case_no: str, seconds: float
    ) -> Reservation | BookingFault:
        self.acts.append(("confirm", case_no))
        return self.confirmed or Reservation(request_no, BookingState.CONFIRMED, DAY, "morning")

    async def release(self, request_no: str, seconds: float) -> Reservation | BookingFault:
        self.acts.append(("release", request_no))
        return Reservation(request_no, BookingState.RELEASED, DAY, "morning")

    async def mine(self, number: str, seconds: float) -> Sequence[Appointment] | BookingFault:
        self.acts.append(("mine", number))
        return self.own

    async def move(self, change: Change, seconds: float) -> Changed | BookingFault:
        return self._change("move", change, Act.MOVED)

    async def cancel(self, change: Change, seconds: float) -> Changed | BookingFault:
        return self._change("cancel", change, Act.CANCELLED)

    async def settle(self, request_no: str, seconds: float) -> Changed | BookingFault:
        self.acts.append(("settle", request_no))
        if self.lost < 0:
            return BookingFault.UNREACHABLE
        return self.done.get(request_no) or Changed(request_no, Act.CLOSED, "")

    async def end(self) -> None:
        """Nothing is open."""

    def _change(self, what: str, change: Change, act: Act) -> Changed | BookingFault:
        self.acts.append((what, change.request_no))
        if self.lost < 0:
            return BookingFault.UNREACHABLE
        if self.changed is not None:
            return self.changed
        told = Changed(change.request_no, act, change.case_no, change.office, change.day,
                       change.slot)  # fmt: skip
        if change.request_no not in self.done:
            self.done[change.request_no] = told
        if self.lost:
            self.lost -= 1
            return BookingFault.UNREACHABLE
        return self.done[change.request_no]


def appointment(case_no: str, **more: object) -> Appointment:
    """At the county's office, on `DAY`, in the morning."""
    one = Appointment(
        case_no, fakes.MARRIAGE, "county", DAY, "morning", BookingState.CONFIRMED,
        until=1_900_000_000.0, moves_left=3,
    )  # fmt: skip
    return replace(one, **more)  # type: ignore[arg-type]
