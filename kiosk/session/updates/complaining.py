"""A complaint, from its first question to its number."""

from __future__ import annotations

from kiosk import events as e
from kiosk.services.form import canonical, check_answer
from kiosk.session.clock import today
from kiosk.session.complaint import fields, lodge
from kiosk.session.errand import Around, Complaint, Purpose
from kiosk.session.terminal import Terminal
from kiosk.session.updates.enquiring import shown
from kiosk.session.visit import Problem, Visit
from kiosk.view import State


def complaint_opened(_terminal: Terminal, visit: Visit, _event: e.ComplaintOpened) -> None:
    """From a case it is about that case; from anywhere else what was begun is given up."""
    if visit.page is not State.CASE:
        visit.next_item()
        visit.around = Around(Purpose.COMPLAIN)
    story = shown(visit)
    visit.around.complaint = Complaint(about_case=story.case_no if story else "")


def complaint_started(_terminal: Terminal, visit: Visit, _event: e.ComplaintStarted) -> None:
    complaint = visit.around.complaint
    complaint.asking, complaint.changing, visit.error = 0, False, ""


def answered(_terminal: Terminal, visit: Visit, event: e.Answered) -> None:
    complaint = visit.around.complaint
    field = fields()[complaint.asking]
    if field.name != event.name:
        return  # a second press that belonged to the question before
    value = canonical(field, event.value)
    visit.error = check_answer(field, value, today())
    visit.vault.attempt = event.value[: field.max_length].strip() if visit.error else ""
    if visit.error:
        return
    visit.vault.complaint[field.name] = value
    complaint.asking = len(fields()) if complaint.changing else complaint.asking + 1
    complaint.changing = False


def change_asked(_terminal: Terminal, visit: Visit, event: e.ChangeAsked) -> None:
    complaint = visit.around.complaint
    complaint.asking = [field.name for field in fields()].index(event.name)
    complaint.changing = True


def confirmed(terminal: Terminal, visit: Visit, _event: e.AnswersConfirmed) -> None:
    visit.problem = None
    if not lodge(terminal, visit):
        visit.problem = Problem("complaint.not_ready", "end", State.ATTRACT)
        return
    visit.vault.complaint.clear()
    visit.outcome = "finished"


def went_back(_terminal: Terminal, visit: Visit, _event: e.WentBack) -> None:
    complaint = visit.around.complaint
    visit.error = visit.vault.attempt = ""
    if visit.page is State.HOTLINE:
        visit.vault.complaint.clear()
        if visit.around.purpose is Purpose.COMPLAIN:
            visit.around = Around()
    elif complaint.changing:
        complaint.asking, complaint.changing = len(fields()), False
    else:
        complaint.asking -= 1


def slip_wanted(_terminal: Terminal, visit: Visit, _event: e.SlipWanted) -> None:
    slips = {State.CASE: "progress", State.ARTICLE: "information", State.GUIDE: "blank"}
    visit.around.slip = slips.get(visit.page, "complaint")
    visit.papers, visit.printed = [], False


def slip_collected(_terminal: Terminal, visit: Visit, _event: e.PapersCollected) -> None:
    """After a blank form or an article nothing has ended: papers of a service may still come."""
    if visit.around.slip in ("blank", "information") and visit.printed:
        visit.around.slip, visit.outcome = "", "left"
        visit.papers, visit.printed = [], False
