"""The service, its questions and the signature."""

from __future__ import annotations

from kiosk import events as e
from kiosk import signature
from kiosk.model import IdCard
from kiosk.services.fields import FieldType
from kiosk.services.form import canonical, check_answer
from kiosk.services.people import NOBODY
from kiosk.session.clock import today
from kiosk.session.errand import Around
from kiosk.session.shares import answers_digest
from kiosk.session.terminal import Terminal
from kiosk.session.updates import browsing, people
from kiosk.session.visit import Errand, Problem, Visit
from kiosk.view import State


def language_chosen(_terminal: Terminal, visit: Visit, event: e.LanguageChosen) -> None:
    visit.language = event.language


def service_chosen(terminal: Terminal, visit: Visit, event: e.ServiceChosen) -> None:
    item = terminal.catalogue.find(event.task_code)
    visit.problem, visit.around = None, Around()
    if item is None or terminal.why_not(item, visit.helper):
        visit.problem = Problem("item_unavailable", "services", State.SERVICES)
        return
    if item is not visit.item:
        visit.vault.answers.clear()
    visit.item, visit.asking, visit.error, visit.changing = item, 0, "", False
    parts = (terminal.catalogue.find(code) for code in item.parts)
    visit.parts = tuple(part for part in parts if part is not None)
    data = {"task_code": item.task_code, "task_version": item.task_version}
    terminal.journal.append("service.chosen", data, visit.id)


def guide_accepted(_terminal: Terminal, visit: Visit, _event: e.GuideAccepted) -> None:
    visit.asking, visit.error = 0, ""
    visit.row = None
    visit.errand, visit.pin = Errand.SERVICE, None
    if visit.card is not None:
        prefill(visit, visit.card)


def prefill(visit: Visit, card: IdCard) -> None:
    """What the card says need not be typed; what was answered is kept."""
    for field in visit.form:
        if field.prefill:
            visit.vault.answers.setdefault(field.name, str(getattr(card, field.prefill)))


def answered(_terminal: Terminal, visit: Visit, event: e.Answered) -> None:
    field = visit.fields[visit.asking]
    if visit.row is not None:
        people.row_answered(visit, field, event)
        return
    if field.name != event.name:
        return  # a second press that belonged to the question before
    value = canonical(field, event.value)
    if field.type is FieldType.PEOPLE:
        value = visit.vault.answers.get(field.name, NOBODY)
    visit.error = check_answer(field, value, today())
    visit.vault.attempt = event.value.strip() if visit.error else ""
    if visit.error:
        return
    visit.vault.answers[field.name] = value
    visit.asking = _next(visit)
    visit.changing = visit.changing and visit.asking < len(visit.fields)


def _next(visit: Visit) -> int:
    """After a change on the check page, only what has become a question through it."""
    if not visit.changing:
        return visit.asking + 1
    known = visit.vault.answers
    return next((i for i, one in enumerate(visit.fields) if one.name not in known),
                len(visit.fields))  # fmt: skip


def change_asked(_terminal: Terminal, visit: Visit, event: e.ChangeAsked) -> None:
    names = [field.name for field in visit.fields]
    visit.asking, visit.changing = names.index(event.name), True


def answers_confirmed(_terminal: Terminal, visit: Visit, _event: e.AnswersConfirmed) -> None:
    visit.error, visit.vault.signature = "", {}


def signed(terminal: Terminal, visit: Visit, event: e.Signed) -> None:
    given = signature.record(event.strokes)
    wrong = signature.problem(given)
    visit.error = f"error.signature.{wrong}" if wrong else ""
    if wrong:
        return
    visit.vault.signature = signature.signed(given, answers_digest(visit))
    terminal.journal.append("signature", {"by_hand": True}, visit.id)


def signature_declined(terminal: Terminal, visit: Visit, _event: e.SignatureDeclined) -> None:
    visit.error, visit.vault.signature = "", signature.declared(answers_digest(visit))
    terminal.journal.append("signature", {"by_hand": False}, visit.id)


def went_back(_terminal: Terminal, visit: Visit, _event: e.WentBack) -> None:
    visit.error = visit.vault.attempt = ""
    if visit.page is State.SERVICES:
        browsing.went_back(visit)
    elif visit.row is not None:
        people.went_back(visit)
    elif visit.changing:
        visit.asking, visit.changing = len(visit.fields), False
    else:
        visit.asking -= 1
