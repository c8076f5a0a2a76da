"""Appointments: what is free, hold a place, confirm it with the case, let it go; see what one has,
move it, cancel it."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from kiosk.gateway.line import decoded
from kiosk.gateway.proven import ProvenLine
from kiosk.ports import (
    Appointment,
    BookingFault,
    Change,
    Changed,
    FreeSlot,
    Place,
    Reservation,
)

APPOINTMENTS = "/api/v1/gateway/appointments"


class _Item(msgspec.Struct, frozen=True):
    task_code: str
    catalogue: str
    task_version: str


class _Hold(msgspec.Struct, frozen=True):
    task_code: str
    catalogue: str
    day: str
    slot: str
    task_version: str
    office: str


class _Confirm(msgspec.Struct, frozen=True):
    case_no: str


class _Nothing(msgspec.Struct, frozen=True):
    """Nothing more is said."""


class _Move(_Hold, frozen=True):
    case_no: str


class _Free(msgspec.Struct, frozen=True):
    task_code: str
    slots: list[FreeSlot]


class _Mine(msgspec.Struct, frozen=True):
    appointments: list[Appointment]


class _Fault(msgspec.Struct, frozen=True):
    fault: BookingFault


class HttpAppointments:
    """Implements `kiosk.ports.Appointments`."""

    def __init__(self, line: ProvenLine) -> None:
        self._line = line

    async def free(
        self, task_code: str, catalogue: str, task_version: str, seconds: float
    ) -> Sequence[FreeSlot] | BookingFault:
        said = _Item(task_code, catalogue, task_version)
        body = await self._line.ask(f"{APPOINTMENTS}/free", "booking/free", said, seconds)
        told = decoded(body, _Free)
        if told is None or told.task_code != task_code:
            return _fault(body)
        return told.slots

    async def hold(self, place: Place, seconds: float) -> Reservation | BookingFault:
        said = _Hold(
            place.task_code, place.catalogue, place.day, place.slot, place.task_version,
            place.office,
        )  # fmt: skip
        return await self._ask("hold", place.request_no, said, seconds, place.number)

    async def confirm(
        self, request_no: str, case_no: str, seconds: float
    ) -> Reservation | BookingFault:
        return await self._ask("confirm", request_no, _Confirm(case_no), seconds)

    async def release(self, request_no: str, seconds: float) -> Reservation | BookingFault:
        return await self._ask("release", request_no, _Nothing(), seconds)

    async def mine(self, number: str, seconds: float) -> Sequence[Appointment] | BookingFault:
        path, purpose = f"{APPOINTMENTS}/mine", "booking/mine"
        body = await self._line.ask(path, purpose, _Nothing(), seconds, number)
        told = decoded(body, _Mine)
        return _fault(body) if told is None else told.appointments

    async def move(self, change: Change, seconds: float) -> Changed | BookingFault:
        said = _Move(
            change.task_code, change.catalogue, change.day, change.slot, change.task_version,
            change.office, change.case_no,
        )  # fmt: skip
        return await self._change("move", change, said, seconds)

    async def cancel(self, change: Change, seconds: float) -> Changed | BookingFault:
        return await self._change("cancel", change, _Confirm(change.case_no), seconds)

    async def settle(self, request_no: str, seconds: float) -> Changed | BookingFault:
        return await self._change("settle", Change(request_no, "", ""), _Nothing(), seconds)

    async def _change(
        self, what: str, change: Change, said: msgspec.Struct, seconds: float
    ) -> Changed | BookingFault:
        path = f"{APPOINTMENTS}/{change.request_no}/{what}"
        purpose = f"booking/{what}/{change.request_no}"
        body = await self._line.ask(path, purpose, said, seconds, change.number)
        told = decoded(body, Changed)
        return told if told and told.request_no == change.request_no else _fault(body)

    async def end(self) -> None:
        await self._line.end()

    async def _ask(
        self, what: str, request_no: str, said: msgspec.Struct, seconds: float, number: str = ""
    ) -> Reservation | BookingFault:
        path, purpose = f"{APPOINTMENTS}/{request_no}/{what}", f"booking/{what}/{request_no}"
        body = await self._line.ask(path, purpose, said, seconds, number)
        told = decoded(body, Reservation)
        return told if told and told.request_no == request_no else _fault(body)


def _fault(body: bytes) -> BookingFault:
    told = decoded(body, _Fault)
    return BookingFault.UNREACHABLE if told is None else told.fault
