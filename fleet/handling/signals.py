"""What the calendar makes of a case: warnings, cards, reminders, and deadlines that pass.

Each has a moment that follows from the state alone, so that whoever looks late gives the same
ones; the database gives each once (`book`). A card that was given stays given.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from fleet.handling.clock import Run, passed_at, warn_after
from fleet.handling.events import CorrectionLapsed, PromiseLapsed
from fleet.handling.states import CaseState
from kiosk.services.calendar import Calendar, day_end, day_start

PROMISE, LEGAL = "promise", "legal"  # subjects of the cards of the two limits


class SignalKind(StrEnum):
    """Cards, after the supervision rules of cities (domain 2.3); and reminders to the citizen."""

    WARNING = "warning"  # 80 % of the promise
    YELLOW = "yellow"  # past the promise
    RED = "red"  # past the legal limit, or a fee that no list has
    REMINDER = "reminder"  # something has to come by the next working day


CARDS = (SignalKind.WARNING, SignalKind.YELLOW, SignalKind.RED)


@dataclass(frozen=True, slots=True, order=True)
class Signal:
    """`subject`: which limit, payment (`fee:…`) or material it is about; `at`: epoch seconds."""

    at: float
    kind: SignalKind
    subject: str


Lapse = CorrectionLapsed | PromiseLapsed


def signals(state: CaseState, calendar: Calendar) -> list[Signal]:
    """Every one that is given if nothing more happens to the case, at its moment."""
    found = [*_cards(state, calendar), *_reminders(state, calendar)]
    first: dict[tuple[SignalKind, str], Signal] = {}
    for signal in sorted(found):
        first.setdefault((signal.kind, signal.subject), signal)
    return sorted(first.values())


def lapses(state: CaseState) -> list[Lapse]:
    """Deadlines that pass if nothing more happens; `at` is their moment."""
    found: list[Lapse] = []
    if state.ended_at is None:
        found += [
            CorrectionLapsed(at=day_end(notice.due.day), step=notice.step)
            for notice in state.notices
            if notice.open
        ]
    if not state.rejected:
        found += [
            PromiseLapsed(at=day_end(date.fromisoformat(one.due)), material=one.material)
            for one in state.promised
            if one.came_at is None and one.lapsed_at is None
        ]
    return sorted(found, key=lambda lapse: lapse.at)


def _cards(state: CaseState, calendar: Calendar) -> Iterator[Signal]:
    for fee in state.fees:
        if not fee.listed:
            yield Signal(fee.at, SignalKind.RED, f"fee:{fee.name}")
    promise, legal = state.plan.promise, state.plan.legal
    limits = (
        (SignalKind.WARNING, PROMISE, warn_after(promise)),
        (SignalKind.YELLOW, PROMISE, promise),
        (SignalKind.RED, LEGAL, legal),
    )
    for run in state.runs:
        for kind, subject, days in limits:
            at = passed_at(run, days, calendar) if days >= 0 else None
            if at is not None and _in(run, at):
                yield Signal(at, kind, subject)


def _in(run: Run, at: float) -> bool:
    return run.ended is None or at <= run.ended


def _reminders(state: CaseState, calendar: Calendar) -> Iterator[Signal]:
    ended = state.ended_at
    for notice in state.notices:
        over = notice.answered_at or notice.lapsed_at or ended
        at = max(_day_before(notice.due.day, calendar), notice.asked_at)
        if over is None or at < over:
            yield Signal(at, SignalKind.REMINDER, f"correction:{notice.step}")
    for one in state.promised:
        over = one.came_at or one.lapsed_at or (ended if state.rejected else None)
        at = max(_day_before(date.fromisoformat(one.due), calendar), state.opened_at)
        if over is None or at < over:
            yield Signal(at, SignalKind.REMINDER, f"promise:{one.material}")


def _day_before(due: date, calendar: Calendar) -> float:
    return day_start(calendar.before(due, 1))
