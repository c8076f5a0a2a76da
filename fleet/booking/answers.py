"""What is asked of the appointments' book; its answers are the wire's own."""

from __future__ import annotations

from dataclasses import dataclass, field

from kiosk.wire import BookingState

ACTIVE = (BookingState.HELD, BookingState.CONFIRMED)


@dataclass(frozen=True, slots=True)
class Asked:
    """`owner`: of the terminal's token. `number`: the person's; kept as a hash alone.
    `task_version`: of the item, where nobody here names the terminal's catalogue."""

    request_no: str
    owner: str
    task_code: str
    catalogue: str
    day: str
    slot: str
    number: str = field(repr=False)
    task_version: str = ""
    office: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What is asked for of the case's appointment. `number`: of the card of whoever asks. Only a
    move names `office`, `day` and `slot`, and the catalogue that they were chosen from."""

    request_no: str
    owner: str
    case_no: str
    number: str = field(repr=False)
    catalogue: str = ""
    task_version: str = ""
    office: str = ""
    day: str = ""
    slot: str = ""
