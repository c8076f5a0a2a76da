"""Changing an appointment: the page's, then the step's own."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.events.base import Event

# ---- Posted by screens ----


class AppointmentOpened(Event):
    """The appointment of the case that is shown is looked at."""


class MoveWanted(Event):
    """It is to be moved to another place."""


class CancelWanted(Event):
    """It is to be cancelled."""


class ChangeAgreed(Event):
    """Yes, really."""


# ---- Posted by the session ----


@dataclass(frozen=True, slots=True)
class AppointmentChanged(Event):
    """What the fleet says. `act`: moved or cancelled, committed; or `fault`: why it is not, a value
    of `kiosk.ports.BookingFault`."""

    act: str = ""
    fault: str = ""
