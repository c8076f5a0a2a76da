"""A visit in a state → the frozen body that its screen draws. One small function per state."""

from __future__ import annotations

from collections.abc import Callable

from kiosk import view as v
from kiosk.identity.numbers import mask_name
from kiosk.model import Text
from kiosk.services.form import display
from kiosk.services.item import Item, ItemKind, Words
from kiosk.session.terminal import Terminal
from kiosk.session.visit import Visit
from kiosk.view import State

STEPS = ("step.service", "step.identity", "step.questions", "step.check", "step.papers")
_STEP_OF = {
    State.SERVICES: 0,
    State.GUIDE: 0,
    State.CARD: 1,
    State.CONSENT: 1,
    State.FACE: 1,
    State.QUESTION: 2,
    State.CHECK: 3,
    State.SUBMITTING: 4,
    State.PAPERS: 4,
}
_BACK = {State.SERVICES, State.GUIDE, State.CARD, State.CONSENT, State.QUESTION, State.CHECK}
_LEAVE = _BACK | {State.FACE, State.RATING, State.PROBLEM, State.STILL_THERE}
_SUMMARY = ("materials", "time_limit", "fee")


def text(words: Words) -> Text:
    return Text(words.zh, words.en)


def _tile(terminal: Terminal, item: Item) -> v.ServiceTile:
    return v.ServiceTile(
        task_code=item.task_code,
        name=text(item.task_name),
        department=text(item.dept_name),
        icon=item.icon,
        kind=str(item.kind),
        promise_days=item.promise_day,
        why_not=terminal.condition.why_not(item),
    )


def _tiles(terminal: Terminal) -> tuple[v.ServiceTile, ...]:
    return tuple(_tile(terminal, item) for item in terminal.catalogue.items)


def _attract(terminal: Terminal, _visit: Visit) -> v.Body:
    place, notices = terminal.place, terminal.condition.notices()
    return v.AttractBody(_tiles(terminal), place.site, place.hotline, notices)


def _services(terminal: Terminal, _visit: Visit) -> v.Body:
    return v.ServicesBody(_tiles(terminal))


def _guide(_terminal: Terminal, visit: Visit) -> v.Body:
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
        questions=len(item.fields),
        minutes=item.minutes,
    )


def _card(_terminal: Terminal, visit: Visit) -> v.Body:
    return v.CardBody("reading" if visit.card_found else "waiting")


def _consent(_terminal: Terminal, visit: Visit) -> v.Body:
    assert visit.item is not None
    name = mask_name(visit.card.name) if visit.card else ""
    return v.ConsentBody(name, text(visit.item.purpose), matching=False)


def _face(_terminal: Terminal, visit: Visit) -> v.Body:
    return v.FaceBody(visit.face_hint, visit.seconds_left)


def _question(_terminal: Terminal, visit: Visit) -> v.Body:
    field = visit.fields[visit.asking]
    return v.QuestionBody(
        name=field.name,
        kind=str(field.type),
        label=text(field.label),
        hint=text(field.hint),
        number=visit.asking + 1,
        total=len(visit.fields),
        choices=tuple(v.Choice(c.code, text(c.label)) for c in field.choices),
        value=visit.attempt or visit.answers.get(field.name, ""),
        error=visit.error,
        unit=text(field.unit),
        max_length=field.max_length,
        optional=field.optional,
    )


def _check(_terminal: Terminal, visit: Visit) -> v.Body:
    assert visit.item is not None
    rows = []
    if visit.card is not None:
        name, number = visit.card.name, visit.card.number
        rows.append(v.CheckRow(Text("姓名", "Name"), Text(name, visit.card.name_en or name)))
        rows.append(v.CheckRow(Text("证件号码", "Number of your card"), Text(number, number)))
    rows.extend(
        v.CheckRow(
            text(field.short or field.label),
            display(field, visit.answers.get(field.name, "")),
            field.name,
        )
        for field in visit.fields
    )
    return v.CheckBody(text(visit.item.task_name), tuple(rows), text(visit.item.declaration))


def _submitting(_terminal: Terminal, visit: Visit) -> v.Body:
    assert visit.item is not None
    return v.SubmittingBody(visit.stage, visit.item.kind is not ItemKind.PROMISE)


def _papers(_terminal: Terminal, visit: Visit) -> v.Body:
    return v.PapersBody(
        case_no=visit.case_no,
        standing=str(visit.standing),
        papers=tuple(v.Paper(job.name, job.rung, job.trouble) for job in visit.papers),
        done=visit.printed,
        due_date=visit.due_date,
        result=tuple((Text(zh, en), value) for zh, en, value in visit.result),
    )


def _rating(_terminal: Terminal, visit: Visit) -> v.Body:
    return v.RatingBody(visit.seconds_left)


def _thanks(_terminal: Terminal, visit: Visit) -> v.Body:
    card = ("card",) if visit.card_found else ()
    papers = tuple(job.name for job in visit.papers if not job.trouble)
    return v.ThanksBody(card + papers, visit.seconds_left)


def _problem(_terminal: Terminal, visit: Visit) -> v.Body:
    problem = visit.problem
    assert problem is not None
    return v.ProblemBody(problem.code, problem.way_out, problem.case_no, visit.seconds_left)


def _still_there(_terminal: Terminal, visit: Visit) -> v.Body:
    return v.StillThereBody(visit.seconds_left)


def _out_of_service(terminal: Terminal, _visit: Visit) -> v.Body:
    place = terminal.place
    return v.OutOfServiceBody(terminal.out_of_service() or "starting", place.site, place.hotline)


BODIES: dict[State, Callable[[Terminal, Visit], v.Body]] = {
    State.ATTRACT: _attract,
    State.SERVICES: _services,
    State.GUIDE: _guide,
    State.CARD: _card,
    State.CONSENT: _consent,
    State.FACE: _face,
    State.QUESTION: _question,
    State.CHECK: _check,
    State.SUBMITTING: _submitting,
    State.PAPERS: _papers,
    State.RATING: _rating,
    State.THANKS: _thanks,
    State.PROBLEM: _problem,
    State.STILL_THERE: _still_there,
    State.OUT_OF_SERVICE: _out_of_service,
}


def make(state: State, terminal: Terminal, visit: Visit, serial: int) -> v.View:
    """The whole view; `serial` must grow with each."""
    index = _STEP_OF.get(state)
    return v.View(
        state=state,
        language=visit.language,
        body=BODIES[state](terminal, visit),
        serial=serial,
        progress=None if index is None else v.Progress(STEPS, index),
        can_go_back=state in _BACK,
        can_leave=state in _LEAVE,
        demonstration=terminal.place.demonstration,
    )
