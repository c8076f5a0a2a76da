"""A visit that is tried out first: told, asked, checked, and forgotten. It has no journal."""

from __future__ import annotations

from kiosk import events as e
from kiosk.services.form import canonical, check_answer
from kiosk.services.practice import exercise
from kiosk.session.clock import today
from kiosk.session.errand import Around, Purpose
from kiosk.session.terminal import Terminal
from kiosk.session.visit import Visit
from kiosk.view import State


def opened(_terminal: Terminal, visit: Visit, _event: e.PracticeOpened) -> None:
    visit.around = Around(Purpose.PRACTISE)


def turned(_terminal: Terminal, visit: Visit, _event: e.PracticeTurned) -> None:
    practice = visit.around.practice
    practice.told += 1
    practice.asking = 0


def answered(_terminal: Terminal, visit: Visit, event: e.Answered) -> None:
    practice, fields = visit.around.practice, exercise().fields
    field = fields[practice.asking]
    if field.name != event.name:
        return  # a second press that belonged to the question before
    value = canonical(field, event.value)
    visit.error = check_answer(field, value, today())
    visit.vault.attempt = event.value[: field.max_length].strip() if visit.error else ""
    if visit.error:
        return
    visit.vault.answers[field.name] = value
    practice.asking = len(fields) if practice.changing else practice.asking + 1
    practice.changing = False


def change_asked(_terminal: Terminal, visit: Visit, event: e.ChangeAsked) -> None:
    practice = visit.around.practice
    practice.asking = [field.name for field in exercise().fields].index(event.name)
    practice.changing = True


def confirmed(_terminal: Terminal, visit: Visit, _event: e.AnswersConfirmed) -> None:
    """Here a visit would be submitted; of this one nothing stays."""
    visit.vault.forget_item()


def went_back(_terminal: Terminal, visit: Visit, _event: e.WentBack) -> None:
    practice = visit.around.practice
    visit.error = visit.vault.attempt = ""
    if visit.page is State.PRACTICE:
        practice.told -= 1
    elif practice.changing:
        practice.asking, practice.changing = len(exercise().fields), False
    elif practice.asking == 0:
        practice.told -= 1
    else:
        practice.asking -= 1
