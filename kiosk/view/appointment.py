"""Pages about the appointment of a case: what it is, and changing it."""

from __future__ import annotations

from dataclasses import dataclass, field

from kiosk.model import Text

NOTHING = Text("", "")


@dataclass(frozen=True, slots=True)
class AppointmentBody:
    """What a case's appointment is. `day` and `slot` in words; `move`, `cancel`: '' or locale key
    why it can't be now; `until`: the last moment for either, in words; `moves`: how often it can
    still be moved; `slip`: it can be printed."""

    case_no: str
    item: Text = field(repr=False)
    day: Text = field(default=NOTHING, repr=False)
    slot: Text = field(default=NOTHING, repr=False)
    office: Text = field(default=NOTHING, repr=False)
    address: Text = field(default=NOTHING, repr=False)
    hours: Text = NOTHING
    bring: Text = NOTHING
    cancelled: bool = False
    move: str = ""
    cancel: str = ""
    until: Text = NOTHING
    moves: int = 0
    slip: bool = True


@dataclass(frozen=True, slots=True)
class AppointmentAskBody:
    """Shall it really be done? `act`: move, cancel. `again`: asked for the second time. `old`,
    `new`: lines that tell a place. `withdraws`: the case ends with it."""

    act: str
    again: bool = False
    old: tuple[Text, ...] = field(default=(), repr=False)
    new: tuple[Text, ...] = field(default=(), repr=False)
    withdraws: bool = False

    @property
    def page(self) -> str:
        """Each time of asking is a page of its own: a second press counts for neither."""
        return f"{self.act}-{self.again}"
