"""What staff do at the terminal."""

from __future__ import annotations

from kiosk import events as e
from kiosk.session.terminal import Terminal
from kiosk.session.visit import Errand, Visit


def staff_entered(_terminal: Terminal, visit: Visit, _event: e.StaffEntered) -> None:
    visit.errand = Errand.SIGN_IN


def staff_acted(_terminal: Terminal, visit: Visit, event: e.StaffActed) -> None:
    visit.staff_act, visit.staff_said = event.act, ""


def staff_told(_terminal: Terminal, visit: Visit, event: e.StaffTold) -> None:
    visit.staff_act, visit.staff_said = "", event.said
