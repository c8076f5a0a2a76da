"""What is wanted of an appointment: another place, or none."""

from __future__ import annotations

from kiosk import events as e
from kiosk.ports import BookingFault
from kiosk.session.appointment import appointment_of, item_of
from kiosk.session.booking import TAKEN, places_asked
from kiosk.session.errand import Changing
from kiosk.session.terminal import Terminal
from kiosk.session.visit import Problem, Visit
from kiosk.view import State

# What a citizen need not tell apart.
_WORDS: dict[BookingFault, str] = {
    **dict.fromkeys(TAKEN, "taken"),
    **dict.fromkeys(
        (BookingFault.UNKNOWN_ITEM, BookingFault.UNKNOWN_CATALOGUE, BookingFault.CONFLICT,
         BookingFault.UNKNOWN_REQUEST, BookingFault.ALREADY_BOOKED, BookingFault.NOBODY),
        "not_possible",
    ),
}  # fmt: skip
# Another place may be free, or the same one be looked at again.
_ELSEWHERE = (*TAKEN, BookingFault.SAME_PLACE)


def opened(_terminal: Terminal, visit: Visit, _event: e.AppointmentOpened) -> None:
    visit.around.changing, visit.problem = Changing(), None


def move_wanted(terminal: Terminal, visit: Visit, _event: e.MoveWanted) -> None:
    item, around = item_of(terminal, visit), visit.around
    questions = places_asked(item.booking) if item and item.booking else ()
    around.changing = Changing("move", questions=questions)
    around.places, around.places_told, visit.problem = None, False, None


def cancel_wanted(_terminal: Terminal, visit: Visit, _event: e.CancelWanted) -> None:
    visit.around.changing = Changing("cancel")


def places_told(_terminal: Terminal, visit: Visit, _event: e.PlacesTold) -> None:
    """Nothing to choose from is told as it is."""
    visit.problem = None
    if not visit.around.places:
        why = "no_network" if visit.around.places is None else "full"
        visit.problem = Problem(f"appointment.{why}", "back", State.APPOINTMENT)


def answered(terminal: Terminal, visit: Visit, event: e.Answered) -> None:
    """The office, the day, the time: only what is free can be chosen."""
    item, changing = item_of(terminal, visit), visit.around.changing
    if item is None or item.booking is None or event.name != changing.question:
        return  # a second press that belonged to the question before
    name = {item.booking.office: "office", item.booking.day: "day"}.get(event.name, "slot")
    chosen = {"office": changing.office, "day": changing.day, "slot": changing.slot}
    chosen[name] = event.value
    free = visit.around.places or ()
    if not any(_fits(place, name, chosen, event.value) for place in free):
        return
    setattr(changing, name, event.value)
    changing.asking += 1


def _fits(place: object, name: str, chosen: dict[str, str], value: str) -> bool:
    """Is it free, as what was chosen before goes?"""
    before = ("office", "day", "slot")[: ("office", "day", "slot").index(name)]
    same = all(chosen[one] in ("", getattr(place, one)) for one in before)
    return same and getattr(place, name) == value


def agreed(_terminal: Terminal, visit: Visit, _event: e.ChangeAgreed) -> None:
    """A move once, a cancelling twice."""
    changing = visit.around.changing
    changing.agreed = changing.act == "move" or changing.again
    changing.again = True


def changed(_terminal: Terminal, visit: Visit, event: e.AppointmentChanged) -> None:
    visit.problem = None
    if event.act:
        visit.around.slip, visit.outcome = event.act, "finished"
        visit.around.changing.done = True
        return
    told = BookingFault(event.fault)
    target = State.APPOINTMENT_PLACE if told in _ELSEWHERE else State.LOOKUP
    way_out = "again" if target is State.APPOINTMENT_PLACE else "case"
    visit.problem = Problem(f"appointment.{_WORDS.get(told, told)}", way_out, target)
    if told in _ELSEWHERE:
        questions = visit.around.changing.questions
        visit.around.changing = Changing("move", questions=questions)
        visit.around.places, visit.around.places_told = None, False


def went_back(_terminal: Terminal, visit: Visit, _event: e.WentBack) -> None:
    """To the question before, or to the appointment as it is."""
    changing = visit.around.changing
    if visit.page is State.APPOINTMENT_PLACE:
        changing.asking -= 1
        return
    visit.around.changing = Changing()


def slip_wanted(_terminal: Terminal, visit: Visit, _event: e.SlipWanted) -> None:
    one = appointment_of(visit)
    assert one is not None
    visit.papers, visit.printed = [], False
    visit.around.slip = "appointment" if str(one.state) == "confirmed" else "cancelled"
