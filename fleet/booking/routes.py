"""What terminals ask about appointments over HTTP: free slots, hold, confirm, release; and for
whoever's case it is: see, move, cancel."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Request, Response
from msgspec import Meta
from pydantic import BaseModel, Field

from fleet.booking.answers import Asked, Change
from fleet.booking.book import Bookings
from fleet.booking.changes import Changes
from fleet.identity.door import Door
from fleet.payment.window import FaultShape, Number, SealedShape, Window
from fleet.shapes import Shape
from kiosk.wire import BookingFault, Changed, Reservation

PREFIX = "/api/v1/gateway/appointments"
STATUSES = {
    BookingFault.FULL: 409,
    BookingFault.NOT_OFFERED: 422,
    BookingFault.ALREADY_BOOKED: 409,
    BookingFault.UNKNOWN_ITEM: 404,
    BookingFault.UNKNOWN_CATALOGUE: 404,
    BookingFault.CONFLICT: 409,
    BookingFault.UNKNOWN_REQUEST: 404,
    BookingFault.GONE: 410,
    BookingFault.NOBODY: 422,
    BookingFault.NOT_YOURS: 403,
    BookingFault.NO_APPOINTMENT: 404,
    BookingFault.TOO_LATE: 409,
    BookingFault.OVER: 409,
    BookingFault.MOVED_OFTEN: 409,
    BookingFault.SAME_PLACE: 409,
    BookingFault.CANCELLED: 409,
    BookingFault.TOO_OFTEN: 429,
}
RESPONSES: dict[int | str, dict[str, Any]] = {
    **{status: {"model": FaultShape} for status in STATUSES.values()},
    400: {"description": "Not sealed to this fleet's case key, or for another purpose"},
    401: {"description": "No token, or an unknown one"},
}
Short = Annotated[str, Meta(max_length=64)]


class FreeBody(msgspec.Struct, frozen=True):
    task_code: Short
    catalogue: Short
    task_version: Short = ""


class HoldBody(msgspec.Struct, frozen=True):
    task_code: Short
    catalogue: Short
    day: Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    slot: Short
    task_version: Short = ""
    office: Short = ""


class ConfirmBody(msgspec.Struct, frozen=True):
    case_no: Annotated[str, Meta(pattern=r"^[A-Za-z0-9._-]{1,64}$")]


class ReleaseBody(msgspec.Struct, frozen=True):
    """Nothing more is said."""


class MoveBody(HoldBody, frozen=True, kw_only=True):
    """As the terminal offered it. `task_code` is the case's own, whatever is said."""

    case_no: Annotated[str, Meta(pattern=r"^[A-Za-z0-9._-]{1,64}$")]


class BookedShape(Shape):
    request_no: str
    state: Literal["held", "confirmed", "released", "expired", "moved", "cancelled"]
    day: str
    slot: str
    seconds: int = Field(description="how long a held place is still kept")
    office: str = ""


class SlotShape(Shape):
    day: str
    slot: str
    left: int
    office: str = ""


class FreeShape(Shape):
    task_code: str
    slots: list[SlotShape]


class AppointmentShape(Shape):
    case_no: str
    task_code: str
    office: str
    day: str
    slot: str
    state: Literal["confirmed", "cancelled"]
    fault: str = Field(description="why it can't be changed any more, or empty")
    until: float = Field(description="the last moment to move or cancel it, epoch seconds")
    moves_left: int


class MineShape(Shape):
    appointments: list[AppointmentShape]


class ChangedShape(Shape):
    """`office`, `day`, `slot`: of a moved one, its place now."""

    request_no: str
    act: Literal["moved", "cancelled", "closed"]
    case_no: str
    office: str
    day: str
    slot: str


def router(bookings: Bookings, changes: Changes, door: Door, known_terminal: Any) -> APIRouter:
    """`known_terminal`: the gateway's dependency; it puts the token's owner into the state."""
    routes = APIRouter(
        prefix=PREFIX, tags=["appointments"], dependencies=[known_terminal], responses=RESPONSES
    )
    _free(routes, bookings, Window(door, FreeBody, STATUSES))
    _hold(routes, bookings, Window(door, HoldBody, STATUSES, BookingFault.TOO_OFTEN))
    _confirm(routes, bookings, Window(door, ConfirmBody, STATUSES))
    _release(routes, bookings, Window(door, ReleaseBody, STATUSES))
    often = BookingFault.TOO_OFTEN
    _mine(routes, changes, Window(door, ReleaseBody, STATUSES, often))
    _move(routes, changes, Window(door, MoveBody, STATUSES, often))
    _cancel(routes, changes, Window(door, ConfirmBody, STATUSES, often))
    _settle(routes, changes, Window(door, ReleaseBody, STATUSES))
    return routes


def _free(routes: APIRouter, bookings: Bookings, window: Window[FreeBody]) -> None:
    @routes.post("/free", response_model=FreeShape)
    def free(body: SealedShape, request: Request) -> Response:
        def act(_owner: str, _number: str, told: FreeBody) -> BaseModel | BookingFault:
            found = bookings.free(told.task_code, told.catalogue, told.task_version)
            if isinstance(found, BookingFault):
                return found
            slots = [SlotShape.model_validate(one) for one in found]
            return FreeShape(task_code=told.task_code, slots=slots)

        return window.serve(request, "booking/free", body.sealed, act)


def _hold(routes: APIRouter, bookings: Bookings, window: Window[HoldBody]) -> None:
    @routes.post("/{number}/hold", response_model=BookedShape)
    def hold(number: Number, body: SealedShape, request: Request) -> Response:
        def act(owner: str, person: str, told: HoldBody) -> BaseModel | BookingFault:
            inside = msgspec.structs.asdict(told)
            return _shape(bookings.hold(Asked(number, owner, **inside, number=person)))

        return window.serve(request, f"booking/hold/{number}", body.sealed, act)


def _confirm(routes: APIRouter, bookings: Bookings, window: Window[ConfirmBody]) -> None:
    @routes.post("/{number}/confirm", response_model=BookedShape)
    def confirm(number: Number, body: SealedShape, request: Request) -> Response:
        def act(owner: str, _person: str, told: ConfirmBody) -> BaseModel | BookingFault:
            return _shape(bookings.confirm(owner, number, told.case_no))

        return window.serve(request, f"booking/confirm/{number}", body.sealed, act)


def _release(routes: APIRouter, bookings: Bookings, window: Window[ReleaseBody]) -> None:
    @routes.post("/{number}/release", response_model=BookedShape)
    def release(number: Number, body: SealedShape, request: Request) -> Response:
        def act(owner: str, _person: str, _told: ReleaseBody) -> BaseModel | BookingFault:
            return _shape(bookings.release(owner, number))

        return window.serve(request, f"booking/release/{number}", body.sealed, act)


def _mine(routes: APIRouter, changes: Changes, window: Window[ReleaseBody]) -> None:
    @routes.post("/mine", response_model=MineShape)
    def mine(body: SealedShape, request: Request) -> Response:
        def act(_owner: str, person: str, _told: ReleaseBody) -> BaseModel | BookingFault:
            if not person:
                return BookingFault.NOBODY
            found = [AppointmentShape.model_validate(one) for one in changes.mine(person)]
            return MineShape(appointments=found)

        return window.serve(request, "booking/mine", body.sealed, act)


def _move(routes: APIRouter, changes: Changes, window: Window[MoveBody]) -> None:
    @routes.post("/{number}/move", response_model=ChangedShape)
    def move(number: Number, body: SealedShape, request: Request) -> Response:
        def act(owner: str, person: str, told: MoveBody) -> BaseModel | BookingFault:
            asked = Change(
                number, owner, told.case_no, person, told.catalogue, told.task_version,
                told.office, told.day, told.slot,
            )  # fmt: skip
            return _changed(changes.move(asked))

        return window.serve(request, f"booking/move/{number}", body.sealed, act)


def _cancel(routes: APIRouter, changes: Changes, window: Window[ConfirmBody]) -> None:
    @routes.post("/{number}/cancel", response_model=ChangedShape)
    def cancel(number: Number, body: SealedShape, request: Request) -> Response:
        def act(owner: str, person: str, told: ConfirmBody) -> BaseModel | BookingFault:
            return _changed(changes.cancel(Change(number, owner, told.case_no, person)))

        return window.serve(request, f"booking/cancel/{number}", body.sealed, act)


def _settle(routes: APIRouter, changes: Changes, window: Window[ReleaseBody]) -> None:
    @routes.post("/{number}/settle", response_model=ChangedShape)
    def settle(number: Number, body: SealedShape, request: Request) -> Response:
        """What became of a request to move or cancel; one that never came is closed."""

        def act(owner: str, _person: str, _told: ReleaseBody) -> BaseModel | BookingFault:
            return _changed(changes.settle(owner, number))

        return window.serve(request, f"booking/settle/{number}", body.sealed, act)


def _changed(told: Changed | BookingFault) -> BaseModel | BookingFault:
    return told if isinstance(told, BookingFault) else ChangedShape.model_validate(told)


def _shape(told: Reservation | BookingFault) -> BaseModel | BookingFault:
    return told if isinstance(told, BookingFault) else BookedShape.model_validate(asdict(told))
