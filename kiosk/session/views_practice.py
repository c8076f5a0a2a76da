"""The bodies of a visit that is practised, and how far it has come."""

from __future__ import annotations

from collections.abc import Callable

from kiosk import view as v
from kiosk.services.form import display
from kiosk.services.practice import exercise
from kiosk.session.errand import TOLD
from kiosk.session.terminal import Terminal
from kiosk.session.views_form import question_body
from kiosk.session.views_identity import text
from kiosk.session.visit import Visit
from kiosk.view import State

_STEPS = {State.PRACTICE_QUESTION: 2, State.PRACTICE_CHECK: 3, State.PRACTICE_END: 4}


def step(state: State, visit: Visit) -> int:
    """Which step of a visit the page is about."""
    told = list(TOLD.values())
    return _STEPS.get(state) or told[min(visit.around.practice.told, len(told) - 1)]


def _told(_terminal: Terminal, visit: Visit) -> v.Body:
    return v.PracticeBody(list(TOLD)[visit.around.practice.told])


def _question(_terminal: Terminal, visit: Visit) -> v.Body:
    asked, index = exercise().fields, visit.around.practice.asking
    return question_body(asked[index], index, len(asked), visit)


def _check(_terminal: Terminal, visit: Visit) -> v.Body:
    told, said = exercise(), visit.vault.answers
    rows = [
        v.CheckRow(text(field.short), display(field, said.get(field.name, "")), field.name)
        for field in told.fields
    ]
    return v.CheckBody(text(told.name), tuple(rows), text(told.declaration))


def _end(_terminal: Terminal, _visit: Visit) -> v.Body:
    return v.PracticeBody("end")


BODIES: dict[State, Callable[[Terminal, Visit], v.Body]] = {
    State.PRACTICE: _told,
    State.PRACTICE_QUESTION: _question,
    State.PRACTICE_CHECK: _check,
    State.PRACTICE_END: _end,
}
