"""Appointments as both sides of the gateway say them: closed sets, and what holds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class BookingState(StrEnum):
    HELD = "held"  # until `seconds` have passed
    CONFIRMED = "confirmed"
    RELEASED = "released"  # given up
    EXPIRED = "expired"
    MOVED = "moved"  # to another place, which is held under the number of that request
    CANCELLED = "cancelled"


class BookingFault(StrEnum):
    """Why there is no such booking."""

    UNREACHABLE = "unreachable"  # said by no fleet: nobody answered
    FULL = "full"  # nobody else fits into that slot
    NOT_OFFERED = "not_offered"  # no such day or slot, a day off, too soon or too far ahead
    ALREADY_BOOKED = "already_booked"  # this person has one for this item
    UNKNOWN_ITEM = "unknown_item"  # or one without appointments
    UNKNOWN_CATALOGUE = "unknown_catalogue"
    CONFLICT = "conflict"  # this request number was used for something else
    UNKNOWN_REQUEST = "unknown_request"
    GONE = "gone"  # it was released, or ran out and somebody else has it
    NOBODY = "nobody"  # for whom? no number was given
    NOT_YOURS = "not_yours"  # the case is somebody else's, or there is none: which is not told
    NO_APPOINTMENT = "no_appointment"  # the case has none
    TOO_LATE = "too_late"  # it begins too soon to be changed
    OVER = "over"  # its time has passed
    MOVED_OFTEN = "moved_often"  # as often as the item allows
    SAME_PLACE = "same_place"  # that is where it is
    CANCELLED = "cancelled"  # already
    TOO_OFTEN = "too_often"  # this terminal asks too much


class Act(StrEnum):
    """What became of a request to change an appointment."""

    MOVED = "moved"
    CANCELLED = "cancelled"
    CLOSED = "closed"  # it never came to the fleet, and has no effect any more


@dataclass(frozen=True, slots=True)
class FreeSlot:
    """`day`: ISO date; `slot`, `office`: codes of the form's choices, `office` "" where there is
    but one; `left`: how many still fit."""

    day: str
    slot: str
    left: int
    office: str = ""


@dataclass(frozen=True, slots=True)
class Reservation:
    """`seconds`: how long a held one is still kept."""

    request_no: str
    state: BookingState
    day: str
    slot: str
    seconds: int = 0
    office: str = ""


@dataclass(frozen=True, slots=True)
class Appointment:
    """A case's place. `state`: confirmed or cancelled. `fault`: '' or why it can't be changed any
    more (`MOVED_OFTEN`: only not moved). `until`: the last moment for it, epoch seconds."""

    case_no: str
    task_code: str
    office: str
    day: str
    slot: str
    state: BookingState
    fault: str = ""
    until: float = 0.0
    moves_left: int = 0


@dataclass(frozen=True, slots=True)
class Changed:
    """Committed. `office`, `day`, `slot`: of a moved one, its place now."""

    request_no: str
    act: Act
    case_no: str
    office: str = ""
    day: str = ""
    slot: str = ""
