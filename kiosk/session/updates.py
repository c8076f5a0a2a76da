"""What an event does to the visit (and to the journal), before the table says where it leads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from kiosk import events as e
from kiosk.model import CARD_ACTIONS, CardFault, FaceFault
from kiosk.services.form import check_answer
from kiosk.session import routes
from kiosk.session.terminal import Terminal
from kiosk.session.visit import FaceStanding, PaperJob, Problem, Visit
from kiosk.view import State

Update = Callable[[Terminal, Visit, Any], None]

# After these, trying the same again would fail the same way.
_NOT_AGAIN = {CardFault.EXPIRED, CardFault.NO_READER, CardFault.BAD_NUMBER}


def language_chosen(_terminal: Terminal, visit: Visit, event: e.LanguageChosen) -> None:
    visit.language = event.language


def service_chosen(terminal: Terminal, visit: Visit, event: e.ServiceChosen) -> None:
    item = terminal.catalogue.find(event.task_code)
    visit.problem = None
    if item is None or terminal.condition.why_not(item):
        visit.problem = Problem("item_unavailable", "services", State.SERVICES)
        return
    if item is not visit.item:
        visit.answers.clear()
    visit.item, visit.asking, visit.error, visit.changing = item, 0, "", False
    data = {"task_code": item.task_code, "task_version": item.task_version}
    terminal.journal.append("service.chosen", data, visit.id)


def guide_accepted(_terminal: Terminal, visit: Visit, _event: e.GuideAccepted) -> None:
    visit.asking, visit.error = 0, ""


def card_found(_terminal: Terminal, visit: Visit, _event: e.CardFound) -> None:
    visit.card_found = True


def card_read(terminal: Terminal, visit: Visit, event: e.CardRead) -> None:
    visit.card = event.card
    for field in visit.fields:
        if field.prefill:
            visit.answers.setdefault(field.name, str(getattr(event.card, field.prefill)))
    data = {"card_type": event.card.card_type.name.lower(), "outcome": "read"}
    terminal.journal.append("identity.card", data, visit.id)


def card_failed(terminal: Terminal, visit: Visit, event: e.CardFailed) -> None:
    again = event.fault not in _NOT_AGAIN
    way_out, target = ("again", State.CARD) if again else ("services", State.SERVICES)
    visit.problem = Problem(f"card.{event.fault}", way_out, target)
    action = str(CARD_ACTIONS.get(event.fault, ""))
    data = {"card_type": "", "outcome": str(event.fault), "action": action}
    terminal.journal.append("identity.card", data, visit.id)


def consent_given(terminal: Terminal, visit: Visit, _event: e.ConsentGiven) -> None:
    terminal.journal.append("consent.face", {"given": True}, visit.id)


def consent_refused(terminal: Terminal, visit: Visit, _event: e.ConsentRefused) -> None:
    visit.face = FaceStanding.REFUSED
    terminal.journal.append("consent.face", {"given": False}, visit.id)


def face_hinted(_terminal: Terminal, visit: Visit, event: e.FaceHinted) -> None:
    visit.face_hint = event.hint


def face_captured(terminal: Terminal, visit: Visit, _event: e.FaceCaptured) -> None:
    # Nothing compares it yet, so nothing keeps it: the picture ends here.
    visit.face = FaceStanding.CAPTURED
    terminal.journal.append("identity.face", {"outcome": str(visit.face)}, visit.id)


def face_failed(terminal: Terminal, visit: Visit, event: e.FaceFailed) -> None:
    """Up to so many tries, then on without the face: the camera never ends a visit."""
    visit.face_tries += 1
    code = f"face.{event.fault}"
    tries_left = visit.face_tries < terminal.limits.face_tries
    if event.fault is FaceFault.TIMED_OUT and tries_left:
        visit.problem = Problem(code, "again", State.FACE)
    else:
        visit.face = FaceStanding.UNAVAILABLE
        visit.problem = Problem(code, "without_face", routes.after_identity(visit))
    terminal.journal.append("identity.face", {"outcome": str(event.fault)}, visit.id)


def answered(_terminal: Terminal, visit: Visit, event: e.Answered) -> None:
    field = visit.fields[visit.asking]
    if field.name != event.name:
        return  # a second press that belonged to the question before
    value = event.value.strip()
    visit.error = check_answer(field, value, date.today())  # noqa: DTZ011 (the wall's calendar)
    visit.attempt = value if visit.error else ""
    if visit.error:
        return
    visit.answers[field.name] = value
    visit.asking = len(visit.fields) if visit.changing else visit.asking + 1
    visit.changing = False


def change_asked(_terminal: Terminal, visit: Visit, event: e.ChangeAsked) -> None:
    names = [field.name for field in visit.fields]
    visit.asking, visit.changing = names.index(event.name), True


def went_back(_terminal: Terminal, visit: Visit, _event: e.WentBack) -> None:
    visit.error = visit.attempt = ""
    if visit.changing:
        visit.asking, visit.changing = len(visit.fields), False
    else:
        visit.asking -= 1


def submission_progressed(_terminal: Terminal, visit: Visit, event: e.SubmissionProgressed) -> None:
    visit.stage = event.stage


def submission_failed(_terminal: Terminal, visit: Visit, event: e.SubmissionFailed) -> None:
    way_out, target = ("services", State.SERVICES)
    if event.reason == "journal_full":
        way_out, target = ("end", State.ATTRACT)
    visit.problem = Problem(event.reason, way_out, target)


def paper_progressed(_terminal: Terminal, visit: Visit, event: e.PaperProgressed) -> None:
    job: PaperJob = next(job for job in visit.papers if job.name == event.paper)
    job.rung = event.rung


def printing_ended(_terminal: Terminal, visit: Visit, _event: e.PrintingEnded) -> None:
    visit.printed = True
    visit.outcome = "finished"


def rated(terminal: Terminal, visit: Visit, event: e.Rated) -> None:
    assert visit.item is not None
    data = {"case_no": visit.case_no, "task_code": visit.item.task_code, "level": event.level}
    terminal.journal.append("rating", data | {"tags": list(event.tags)}, visit.id)


UPDATES: dict[type[e.Event], Update] = {
    e.LanguageChosen: language_chosen,
    e.ServiceChosen: service_chosen,
    e.GuideAccepted: guide_accepted,
    e.CardFound: card_found,
    e.CardRead: card_read,
    e.CardFailed: card_failed,
    e.ConsentGiven: consent_given,
    e.ConsentRefused: consent_refused,
    e.FaceHinted: face_hinted,
    e.FaceCaptured: face_captured,
    e.FaceFailed: face_failed,
    e.Answered: answered,
    e.ChangeAsked: change_asked,
    e.WentBack: went_back,
    e.SubmissionProgressed: submission_progressed,
    e.SubmissionFailed: submission_failed,
    e.PaperProgressed: paper_progressed,
    e.PrintingEnded: printing_ended,
    e.Rated: rated,
}
