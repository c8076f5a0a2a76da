"""A visit in a state → the frozen body that its screen draws. One small function per state."""

from __future__ import annotations

from collections.abc import Callable

from kiosk import view as v
from kiosk.services.asked import asked_of
from kiosk.services.form import display
from kiosk.services.item import ItemKind
from kiosk.session import (
    supplement_slip,
    views_appointment,
    views_complaint,
    views_enquiry,
    views_identity,
    views_information,
    views_materials,
    views_papers,
    views_practice,
)
from kiosk.session.errand import Purpose
from kiosk.session.pace import overdue
from kiosk.session.staff import staff_body
from kiosk.session.terminal import Terminal
from kiosk.session.views_browse import services, wanted_tiles
from kiosk.session.views_form import question
from kiosk.session.views_identity import identity_rows, text
from kiosk.session.views_payment import payment
from kiosk.session.visit import PaperJob, Visit
from kiosk.view import State

STEPS = ("step.service", "step.identity", "step.questions", "step.check", "step.papers")
_STEP_OF = {
    State.SERVICES: 0,
    State.GUIDE: 0,
    State.CARD: 1,
    State.CONSENT: 1,
    State.FACE: 1,
    State.WAYS: 1,
    State.PIN: 1,
    State.WITNESS: 1,
    State.QUESTION: 2,
    State.MATERIALS: 2,
    State.SCAN: 2,
    State.COMMITMENT: 2,
    State.CHECK: 3,
    State.SIGN: 3,
    State.PAYMENT: 3,
    State.SUBMITTING: 4,
    State.PAPERS: 4,
}
_BACK = {
    State.SERVICES,
    State.GUIDE,
    State.CARD,
    State.CONSENT,
    State.WAYS,
    State.PIN,
    State.WITNESS,
    State.QUESTION,
    State.MATERIALS,
    State.SCAN,
    State.COMMITMENT,
    State.CHECK,
    State.SIGN,
    State.PAYMENT,
}
_BACK |= {
    State.APPOINTMENT,
    State.APPOINTMENT_PLACE,
    State.APPOINTMENT_ASK,
    State.CASES,
    State.CASE_NUMBER,
    State.CASE_LIST,
    State.CASE,
    State.HOTLINE,
    State.COMPLAINT,
    State.COMPLAINT_CHECK,
    State.INFORMATION,
    State.ARTICLE,
    State.PRACTICE,
    State.PRACTICE_QUESTION,
    State.PRACTICE_CHECK,
}
_LEAVE = (
    _BACK
    | {State.LOOKUP, State.LODGED, State.PRACTICE_END}
    | {State.FACE, State.RATING, State.PROBLEM, State.STILL_THERE}
)
_ASIDE = (State.PROBLEM, State.STILL_THERE)
_SUMMARY = ("materials", "time_limit", "fee")
_SOON = ("starting", "identify", "test_print")  # over in a moment: nobody is sent away


def _attract(terminal: Terminal, visit: Visit) -> v.Body:
    place, notices = terminal.place, terminal.condition.notices()
    tiles = wanted_tiles(terminal, visit)
    missed = bool(notices) or any(tile.why_not for tile in tiles)
    return v.AttractBody(
        tiles, place.site, place.hotline, notices, terminal.staffed(),
        elsewhere=place.elsewhere if missed else None,
    )  # fmt: skip


def _guide(terminal: Terminal, visit: Visit) -> v.Body:
    item = visit.item
    assert item is not None
    entries = {
        name: v.GuideEntry(name, text(getattr(item.guide, name)))
        for name in item.guide.__struct_fields__
    }
    summary = tuple(entries[name] for name in _SUMMARY)
    details = tuple(entry for name, entry in entries.items() if name not in _SUMMARY)
    result = v.GuideEntry("result", text(item.result_name))
    return v.GuideBody(
        name=text(item.task_name),
        kind=str(item.kind),
        summary=(*summary, result),
        details=details,
        questions=len(asked_of(visit.form, {})),
        minutes=item.minutes,
        slip=terminal.condition.usable("receipt"),
    )


def _check(_terminal: Terminal, visit: Visit) -> v.Body:
    assert visit.item is not None
    if visit.around.supplement is not None:
        return supplement_slip.check(visit)
    rows = list(identity_rows(visit))
    rows.extend(
        v.CheckRow(
            text(field.short or field.label),
            display(field, visit.vault.answers.get(field.name, "")),
            field.name,
        )
        for field in visit.fields
    )
    rows.extend(views_materials.check_rows(visit))
    return v.CheckBody(text(visit.item.task_name), tuple(rows), text(visit.item.declaration))


def _sign(_terminal: Terminal, visit: Visit) -> v.Body:
    assert visit.item is not None
    return v.SignBody(text(visit.item.task_name), text(visit.item.declaration), visit.error)


def _submitting(_terminal: Terminal, visit: Visit) -> v.Body:
    assert visit.item is not None
    decides = visit.item.kind is not ItemKind.PROMISE and visit.around.supplement is None
    return v.SubmittingBody(visit.stage, decides)


def _ticket(_terminal: Terminal, visit: Visit) -> v.Body:
    assert visit.item is not None
    job = visit.papers[0] if visit.papers else PaperJob("ticket")
    trouble = "paper.trouble.ticket" if job.trouble else ""
    paper = v.Paper("ticket", job.rung, trouble)
    return v.TicketBody(visit.ticket, paper, text(visit.item.task_name), visit.printed)


def _problem(_terminal: Terminal, visit: Visit) -> v.Body:
    problem = visit.problem
    assert problem is not None
    return v.ProblemBody(
        problem.code,
        problem.way_out,
        problem.case_no,
        visit.seconds_left,
        other_ways=problem.other_ways,
        tries_left=problem.tries_left,
        still=problem.still,
    )


def _still_there(terminal: Terminal, visit: Visit) -> v.Body:
    return v.StillThereBody(visit.seconds_left, overdue=overdue(terminal, visit))


def _out_of_service(terminal: Terminal, _visit: Visit) -> v.Body:
    place, code = terminal.place, terminal.out_of_service() or "starting"
    condition, sought = terminal.condition, code == "identify"
    notices = () if code in {"starting", "identify"} else condition.notices()
    return v.OutOfServiceBody(
        code, place.site, place.hotline, notices, terminal.staffed(),
        message=condition.message if code == "message" else None,
        terminal=place.terminal if sought else "",
        flash=sought and condition.flash,
        elsewhere=None if code in _SOON else place.elsewhere,
    )  # fmt: skip


def _papers(terminal: Terminal, visit: Visit) -> v.Body:
    if visit.around.supplement is not None:
        return supplement_slip.handed(visit)
    collects = visit.around.purpose is Purpose.COLLECT
    return views_enquiry.collected(visit) if collects else views_papers.papers(terminal, visit)


BODIES: dict[State, Callable[[Terminal, Visit], v.Body]] = {
    State.ATTRACT: _attract,
    State.SERVICES: services,
    State.GUIDE: _guide,
    **views_identity.BODIES,
    State.QUESTION: question,
    **views_materials.BODIES,
    State.CHECK: _check,
    State.SIGN: _sign,
    State.PAYMENT: payment,
    State.SUBMITTING: _submitting,
    State.PAPERS: _papers,
    State.TICKET: _ticket,
    State.RATING: views_complaint.rating,
    **views_enquiry.BODIES,
    **views_appointment.BODIES,
    **views_complaint.BODIES,
    **views_information.BODIES,
    **views_practice.BODIES,
    State.THANKS: views_papers.thanks,
    State.PROBLEM: _problem,
    State.STILL_THERE: _still_there,
    State.OUT_OF_SERVICE: _out_of_service,
    State.STAFF: staff_body,
}


def make(state: State, terminal: Terminal, visit: Visit, serial: int) -> v.View:
    """The whole view; `serial` must grow with each."""
    index, practice = _step(state, visit), visit.around.purpose is Purpose.PRACTISE
    sample = "demonstration" if terminal.place.demonstration else ""
    body = BODIES[state](terminal, visit)
    held = isinstance(body, v.PaymentBody) and body.done
    return v.View(
        state=state,
        language=visit.language,
        body=body,
        serial=serial,
        progress=None if index is None else v.Progress(STEPS, index),
        can_go_back=state in _BACK and not held,
        can_leave=state in _LEAVE and not held,
        ribbon="practice" if practice else sample,
    )


def _step(state: State, visit: Visit) -> int | None:
    """How far the visit has come; None where that is not shown."""
    if visit.around.purpose is Purpose.PRACTISE:
        return None if state in _ASIDE else views_practice.step(state, visit)
    applies = visit.around.purpose is Purpose.APPLY
    return _STEP_OF.get(state) if applies and (visit.item or state is State.SERVICES) else None
