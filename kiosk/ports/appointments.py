"""Places in an office's calendar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from kiosk.wire import Appointment, BookingFault, Changed, FreeSlot, Reservation


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a slot that is asked for. `request_no`: from the journal, as an order's number.

    `number`: of the person's card; it travels sealed and is kept as a keyed hash.
    """

    request_no: str
    task_code: str
    catalogue: str
    day: str
    slot: str
    number: str = field(repr=False)
    task_version: str = ""
    office: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A move of this case's appointment, or, without `day`, its cancelling. `number`: of the card,
    as in `Place`; `request_no`: from the journal, the same when it is asked again."""

    request_no: str
    case_no: str
    number: str = field(repr=False)
    task_code: str = ""
    catalogue: str = ""
    task_version: str = ""
    office: str = ""
    day: str = ""
    slot: str = ""


class Appointments(Protocol):
    """Appointments (预约), kept by the fleet. Every call can be repeated."""

    async def free(
        self, task_code: str, catalogue: str, task_version: str, seconds: float
    ) -> Sequence[FreeSlot] | BookingFault:
        """Every slot with room, by day and in the form's order."""

    async def hold(self, place: Place, seconds: float) -> Reservation | BookingFault:
        """Keep the place while the form is filled in; the person's other held place is let go."""

    async def confirm(
        self, request_no: str, case_no: str, seconds: float
    ) -> Reservation | BookingFault:
        """Before the case is written. One that ran out is taken again, if it is still free."""

    async def release(self, request_no: str, seconds: float) -> Reservation | BookingFault:
        """Give it up, also when it was confirmed."""

    async def mine(self, number: str, seconds: float) -> Sequence[Appointment] | BookingFault:
        """Of the cases of whoever has this number, cancelled ones too."""

    async def move(self, change: Change, seconds: float) -> Changed | BookingFault:
        """To another free place, which is taken before the old one is let go."""

    async def cancel(self, change: Change, seconds: float) -> Changed | BookingFault: ...

    async def settle(self, request_no: str, seconds: float) -> Changed | BookingFault:
        """What became of a move or a cancelling; one that never came to the fleet is closed."""

    async def end(self) -> None:
        """Let the connection go."""
