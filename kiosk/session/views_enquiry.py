"""The bodies of the pages about cases that were submitted, and their results."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kiosk import view as v
from kiosk.identity.numbers import mask_name
from kiosk.model import CasePhase, CaseStep, CaseStory, Text
from kiosk.services.days import date_in_words, parse_date
from kiosk.services.item import Item
from kiosk.services.needed import Here, by_card, ways
from kiosk.session.appointment import appointment_of
from kiosk.session.clock import today
from kiosk.session.errand import How
from kiosk.session.supplement import supplement_of, waits
from kiosk.session.terminal import Terminal
from kiosk.session.updates.enquiring import shown
from kiosk.session.views_appointment import case_lines, now_lines
from kiosk.session.views_identity import text
from kiosk.session.visit import PaperJob, Visit
from kiosk.view import State

NOTHING = Text("", "")
NUMBER = 40  # characters of a case number that can be typed
_NUMBER = Text("请输入办件编号", "Type the case number")
_NUMBER_HINT = Text(
    "在受理回执上，例如 KT0001-20261121-00042-N", "It is on your receipt: KT0001-20261121-00042-N"
)
WITHDRAWN = "withdrawn"  # as the fleet gives the reason, and the pages the phase
ENDED = (CasePhase.COMPLETION, CasePhase.NOTICE, CasePhase.REFUSED, CasePhase.NOT_ACCEPTED)


def _cases(terminal: Terminal, visit: Visit) -> v.Body:
    condition = terminal.condition
    offline = "" if condition.online and terminal.enquiries else "why_not.offline"
    reader = "" if condition.usable("idcard") else "why_not.no_reader"
    return v.CasesBody(
        scanner=condition.usable("scanner"),
        number_why_not=offline,
        card_why_not=offline or reader,
        error=visit.around.enquiry.error,
        wait=-(-visit.around.enquiry.wait // 60),
    )


def _number(_terminal: Terminal, visit: Visit) -> v.Body:
    count = str(len(visit.vault.attempt))
    return v.QuestionBody(
        "case_no", "text", _NUMBER, _NUMBER_HINT, 0, 0, value=visit.vault.attempt,
        error=visit.around.enquiry.error, figures=(("count", Text(count, count)),),
        max_length=NUMBER,
    )  # fmt: skip


def _lookup(_terminal: Terminal, visit: Visit) -> v.Body:
    return v.LookupBody("cases")


def _collecting(_terminal: Terminal, _visit: Visit) -> v.Body:
    return v.LookupBody("result")


def _list(terminal: Terminal, visit: Visit) -> v.Body:
    known = visit.around.enquiry.how == How.CARD
    rows = tuple(
        v.CaseRow(
            case_no=story.case_no,
            item=name_of(terminal, story) if known else NOTHING,
            phase=phase_of(story),
            due=_due(story),
            wants=bool(story.missing) and not story.ended,
            ready=story.certificate,
        )
        for story in visit.vault.stories
    )
    mine = mask_name(visit.card.name) if visit.card and known else ""
    return v.CaseListBody(rows, mine, visit.around.enquiry.bundle)


def _case(terminal: Terminal, visit: Visit) -> v.Body:
    """Found by its number it tells its state alone: no service, no material, nobody's name."""
    story = shown(visit)
    assert story is not None
    known = visit.around.enquiry.how == How.CARD
    item = terminal.catalogue.find(story.task_code)
    return v.CaseBody(
        case_no=story.case_no,
        phase=phase_of(story),
        due=_due(story),
        late=story.days_left is not None and story.days_left < 0,
        standing=story.standing,
        ended=bool(story.ended),
        wanted=len(story.missing),
        known=known,
        item=name_of(terminal, story) if known else NOTHING,
        missing=tuple(_gaps(story, item)) if known else (),
        steps=tuple(_steps(story, item)) if known else (),
        words=tuple(Text(zh, en) for zh, en in story.words) if known else (),
        appointment=case_lines(terminal, visit) if known else (),
        change=_change(visit, story, item) if known else "",
        collect=_collect(terminal, story) if known else "",
        supplement=_supplement(terminal, story, item) if known else "",
        rate=known and bool(story.ended) and not story.rated,
        card_why_not=_card(terminal),
        slip=terminal.condition.usable("receipt"),
    )


def phase_of(story: CaseStory) -> str:
    """A case that its applicant gave up was not refused."""
    return WITHDRAWN if story.reason == WITHDRAWN else str(story.phase)


def name_of(terminal: Terminal, story: CaseStory) -> Text:
    item = terminal.catalogue.find(story.task_code)
    return text(item.task_name) if item else Text(story.task_code, story.task_code)


def collected(visit: Visit) -> v.Body:
    """A result that comes out: as after a case."""
    around = visit.around
    return v.PapersBody(
        case_no=around.enquiry.case_no,
        standing="copied" if around.copy else "collected",
        papers=tuple(v.Paper(job.name, job.rung, job.trouble) for job in visit.papers),
        done=visit.printed,
    )


def slip(terminal: Terminal, visit: Visit) -> v.Body:
    around = visit.around
    job = visit.papers[0] if visit.papers else PaperJob(around.slip)
    numbers = {"complaint": around.complaint.order_no, "information": "", "blank": ""}
    number = numbers.get(around.slip, around.enquiry.case_no)
    trouble = "paper.trouble.slip" if number else "paper.trouble.page"
    paper = v.Paper("slip", job.rung, job.trouble and trouble)
    about = around.slip in ("appointment", "moved", "cancelled")
    told = now_lines(terminal, visit) if about else ()
    return v.SlipBody(around.slip, number, paper, visit.printed, told)


def _card(terminal: Terminal) -> str:
    if not terminal.condition.usable("idcard"):
        return "why_not.no_reader"
    return "" if terminal.condition.online else "why_not.offline"


def _change(visit: Visit, story: CaseStory, item: Item | None) -> str:
    """As `_collect`, of the page about the appointment."""
    if visit.vault.appointments is None:
        return "why_not.appointment.not_told" if item and item.booking else ""
    return "ready" if appointment_of(visit) and story.reason != WITHDRAWN else ""


def _collect(terminal: Terminal, story: CaseStory) -> str:
    """'' when there is nothing to collect, `ready`, or the locale key why it can't be now."""
    if not story.certificate:
        return ""
    if not terminal.condition.usable("document"):
        return "why_not.no_certificate_printer"
    return "ready" if terminal.condition.online else "why_not.offline"


def _supplement(terminal: Terminal, story: CaseStory, item: Item | None) -> str:
    """As `_collect`. It needs no network: what is handed in is sent when there is one."""
    if not waits(story):
        return ""
    needs = supplement_of(story, item).needs
    here = any(not way.why_not for need in needs for way in ways(need.material, _here(terminal)))
    if not (here or any(by_card(need.material, card=True) for need in needs)):
        return "why_not.supplement_desk"
    return "ready"


def _here(terminal: Terminal) -> Here:
    scans = terminal.condition.usable("doccam")
    return Here(today(), card=True, scans=scans, asks=False)


def _due(story: CaseStory) -> Text:
    day = parse_date(story.due_date)
    return date_in_words(day) if day else NOTHING


def _gaps(story: CaseStory, item: Item | None) -> Iterator[v.CaseGapRow]:
    names = {one.code: text(one.material_name) for one in item.materials} if item else {}
    for gap in story.missing:
        if story.ended and not (gap.promised and story.withheld):
            continue
        day = parse_date(gap.due_date)
        name = names.get(gap.material, Text(gap.material, gap.material))
        due = date_in_words(day) if day else NOTHING
        yield v.CaseGapRow(name, due, gap.promised, gap.lapsed, gap.coming)


def _steps(story: CaseStory, item: Item | None) -> Iterator[v.CaseStepRow]:
    """Those that have a name in the catalogue."""
    names = {one.code: text(one.name) for one in item.steps} if item else {}
    for step in story.steps:
        if step.code in names and names[step.code].zh:
            yield v.CaseStepRow(names[step.code], step.phase, _day(step))


def _day(step: CaseStep) -> Text:
    day = parse_date((step.ended or step.started)[:10])
    return date_in_words(day) if day else NOTHING


BODIES: dict[State, Callable[[Terminal, Visit], v.Body]] = {
    State.CASES: _cases,
    State.CASE_NUMBER: _number,
    State.LOOKUP: _lookup,
    State.CASE_LIST: _list,
    State.CASE: _case,
    State.COLLECTING: _collecting,
    State.SLIP: slip,
}
