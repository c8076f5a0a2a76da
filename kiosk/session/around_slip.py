"""The slip step: a complaint's number, how a case stands, or an article of what is made public, on
paper for whoever wishes it."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from kiosk import events as e
from kiosk.model import CaseStory, PrintOutcome, Receipt, Text
from kiosk.services.days import parse_date
from kiosk.services.feedback import complaints
from kiosk.session.appointment import appointment_of, item_of
from kiosk.session.blank import blank_lines
from kiosk.session.information import blocks
from kiosk.session.papers import OnRung, print_paper
from kiosk.session.post import Post
from kiosk.session.terminal import Terminal
from kiosk.session.updates.enquiring import shown
from kiosk.session.views_appointment import address_of, now_lines
from kiosk.session.views_enquiry import ENDED, phase_of
from kiosk.session.views_identity import text
from kiosk.session.visit import PaperJob, Visit
from kiosk.slips import Appointment, Complaint, Information, Line, Progress
from kiosk.slips.fill import fill
from kiosk.view import Block, BlockKind

NOTHING = Text("", "")
PHASES = {
    "acceptance": Text("受理", "Accepted"),
    "handling": Text("承办", "Being handled"),
    "review": Text("审核", "Being reviewed"),
    "approval": Text("批准", "Being approved"),
    "completion": Text("办结", "Finished"),
    "notice": Text("告知", "Finished, result told"),
    "correction": Text("待补正", "Waits for you"),
    "not_accepted": Text("不予受理", "Not accepted"),
    "refused": Text("不予批准", "Refused"),
    "withdrawn": Text("已撤回", "Withdrawn by you"),
}


async def print_slip(terminal: Terminal, visit: Visit, post: Post) -> None:
    """Once; ends in `PrintingEnded`."""
    printer, around = terminal.devices.receipt, visit.around
    paper = PaperJob(around.slip, f"{terminal.place.terminal}-{secrets.token_hex(8)}-{around.slip}")
    visit.papers = [paper]
    slip = _SLIPS[around.slip](terminal, visit)

    def printing(job: str, rung: OnRung) -> Awaitable[PrintOutcome]:
        return printer.print(job, slip, rung)

    await print_paper(terminal, visit, paper, printing, post)
    post(e.PrintingEnded())


def complaint_slip(terminal: Terminal, visit: Visit) -> Receipt:
    """Names nobody, and not what was said."""
    complaint = visit.around.complaint
    facts = Complaint(
        **_place(terminal, visit),
        order_no=complaint.order_no,
        kind=_kind(complaint.about),
        about=complaint.about_case,
        department=terminal.place.site,
        due=parse_date(complaint.due),
    )
    return fill("complaint", facts, visit.language)


def progress_slip(terminal: Terminal, visit: Visit) -> Receipt:
    """What the page says, and no more: without a card not even for which service it is."""
    story = shown(visit)
    assert story is not None
    known = visit.around.enquiry.how == "card"
    item = terminal.catalogue.find(story.task_code) if known else None
    due = None if story.phase in ENDED else parse_date(story.due_date)
    facts = Progress(
        **_place(terminal, visit),
        item=text(item.task_name) if item else NOTHING,
        case_no=story.case_no,
        state=_state(story),
        due=due,
    )
    return fill("progress", facts, visit.language)


_LINES: dict[BlockKind, Callable[[Block], Line]] = {
    BlockKind.HEAD: lambda block: Line(head=block.text),
    BlockKind.TEXT: lambda block: Line(said=block.text),
    BlockKind.PAIR: lambda block: Line(label=block.text, value=block.value),
    BlockKind.ROW: lambda block: Line(label=block.text, value=block.value, below=block.below),
}


def information_slip(terminal: Terminal, visit: Visit) -> Receipt:
    """The article, but for what changes by the minute."""
    entry = terminal.catalogue.information[visit.around.reading.article]
    facts = Information(
        **_place(terminal, visit),
        title=text(entry.title),
        summary=text(entry.summary),
        lines=tuple(_LINES[block.kind](block) for block in blocks(terminal, entry, lasting=True)),
        published=entry.published,
        until=entry.valid_until,
    )
    return fill("information", facts, visit.language)


def appointment_slip(terminal: Terminal, visit: Visit) -> Receipt:
    """What holds now. Only after the fleet has committed it."""
    around, item = visit.around, item_of(terminal, visit)
    booking = item.booking if item else None
    one = appointment_of(visit)
    code = around.changing.office if around.slip == "moved" else one.office if one else ""
    office = booking.find_office(code) if booking else None
    when, *_ = now_lines(terminal, visit)
    late = booking.grace_minutes if booking else 0
    facts = Appointment(
        **_place(terminal, visit),
        item=text(item.task_name) if item else NOTHING,
        case_no=around.enquiry.case_no,
        when=when,
        office=text(office.name) if office else NOTHING,
        address=address_of(item, code),
        bring=text(booking.bring) if booking else NOTHING,
        late=str(late) if late and around.slip != "cancelled" else "",
        hold=around.slip != "cancelled",
        moved=around.slip == "moved",
        cancelled=around.slip == "cancelled",
        withdrawn=around.slip == "cancelled" and booking is not None and booking.withdraws,
    )
    return fill("appointment", facts, visit.language)


def blank_slip(terminal: Terminal, visit: Visit) -> Receipt:
    """What to bring, and what will be asked."""
    item = visit.item
    assert item is not None
    facts = Information(
        **_place(terminal, visit),
        title=text(item.task_name),
        summary=text(item.dept_name),
        lines=blank_lines(visit),
    )
    return fill("blank", facts, visit.language)


_SLIPS: dict[str, Callable[[Terminal, Visit], Receipt]] = {
    "complaint": complaint_slip,
    "progress": progress_slip,
    "information": information_slip,
    "blank": blank_slip,
    "appointment": appointment_slip,
    "moved": appointment_slip,
    "cancelled": appointment_slip,
}


def _place(terminal: Terminal, visit: Visit) -> dict[str, Any]:
    place = terminal.place
    return {
        "terminal": place.terminal, "site": place.site, "hotline": place.hotline,
        "time": datetime.now().astimezone(), "language": visit.language,
        "demonstration": place.demonstration,
    }  # fmt: skip


def _state(story: CaseStory) -> Text:
    return PHASES[phase_of(story)]


def _kind(code: str) -> Text:
    kind = complaints().kind(code)
    return text(kind.name) if kind else NOTHING
