"""The slip of what was handed in later; how its page and its check page say it."""

from __future__ import annotations

from collections.abc import Awaitable, Iterator
from datetime import datetime

from kiosk import events as e
from kiosk import view as v
from kiosk.identity.numbers import mask_name, mask_number
from kiosk.model import HandedIn, PrintOutcome, Receipt, Text
from kiosk.services.days import parse_date
from kiosk.session.given import given_of
from kiosk.session.papers import OnRung, print_paper
from kiosk.session.post import Post
from kiosk.session.supplement import REFUSED, Received, Supplement
from kiosk.session.terminal import Terminal
from kiosk.session.views_identity import text
from kiosk.session.views_materials import material_rows
from kiosk.session.visit import PaperJob, Visit
from kiosk.slips.errands import Supplement as Facts
from kiosk.slips.facts import Promised
from kiosk.slips.fill import fill

NOTHING = Text("", "")
_CASE = Text("办件编号", "Case no.")
STATES: dict[Received | HandedIn, Text] = {
    Received.SAVED: Text("已保存，待发送", "Saved here, not yet sent"),
    Received.RECEIVED: Text("已收到", "Received"),
    Received.TAKEN: Text("已收下", "Added to the case"),
    **dict.fromkeys(REFUSED, Text("没有收下", "Not taken")),
}
WHY = {
    HandedIn.UNDECODABLE: Text("内容无法读取", "It could not be read"),
    HandedIn.UNKNOWN_CASE: Text("没有这个办件", "There is no such case"),
    HandedIn.NOT_THEIRS: Text("这不是您的办件", "It is not your case"),
    HandedIn.CLOSED: Text("这个办件已经结束", "The case has ended"),
    HandedIn.TOO_LATE: Text("已过补交期限", "The last day is over"),
    HandedIn.ALREADY_HERE: Text("这些材料先前已经收到", "It came before"),
    HandedIn.UNFIT: Text("这样交不符合要求", "It cannot be given in this way"),
    HandedIn.NOT_WANTED: Text("这个办件不缺这些材料", "The case does not need it"),
}


async def print_supplement(terminal: Terminal, visit: Visit, post: Post) -> None:
    """Once; ends in `PrintingEnded`."""
    supplement, printer = visit.around.supplement, terminal.devices.receipt
    assert supplement is not None
    assert supplement.intent is not None
    name = f"{supplement.case_no}-supplement-{supplement.intent.seq}"
    paper = PaperJob("receipt", name, supplement.case_no)
    visit.papers = [paper]
    slip = slip_of(terminal, visit, supplement)

    def printing(job: str, rung: OnRung) -> Awaitable[PrintOutcome]:
        return printer.print(job, slip, rung)

    await print_paper(terminal, visit, paper, printing, post)
    post(e.PrintingEnded())


def slip_of(terminal: Terminal, visit: Visit, supplement: Supplement) -> Receipt:
    """What was handed in, how it stands, and what is still missing."""
    place, intent, item, card = terminal.place, supplement.intent, visit.item, visit.card
    assert intent is not None
    assert item is not None
    standing, missing = supplement.standing, tuple(_missing(visit, supplement))
    facts = Facts(
        place.terminal, place.site, place.hotline,
        datetime.fromisoformat(intent.time).astimezone(), visit.language, place.demonstration,
        item=text(item.task_name),
        case_no=supplement.case_no,
        name=mask_name(card.name) if card else "",
        number=mask_number(card.number) if card else "",
        state=STATES[standing],
        why=WHY[standing] if isinstance(standing, HandedIn) else NOTHING,
        given=given_of(visit),
        missing=missing,
        saved=standing is Received.SAVED,
        received=standing is Received.RECEIVED,
        taken=standing is Received.TAKEN and not missing,
        part=standing is Received.TAKEN and bool(missing),
        proof=f"{intent.seq} {intent.hash[:16]}",
    )  # fmt: skip
    return fill("supplement", facts, visit.language)


def _missing(visit: Visit, supplement: Supplement) -> Iterator[Promised]:
    """Of the case's gaps, those that stay; all of them, when nothing was taken."""
    assert visit.item is not None
    names = {one.code: text(one.material_name) for one in visit.item.materials}
    for code, day in supplement.days.items():
        due = parse_date(day)
        if due is not None and (supplement.refused or code not in visit.given):
            yield Promised(names.get(code, Text(code, code)), due)


def check(visit: Visit) -> v.Body:
    """The case, then each thing with how it is given."""
    supplement, item = visit.around.supplement, visit.item
    assert supplement is not None
    assert item is not None
    number = Text(supplement.case_no, supplement.case_no)
    rows = (v.CheckRow(_CASE, number), *material_rows(visit))
    return v.CheckBody(text(item.task_name), rows)


def handed(visit: Visit) -> v.Body:
    """How it came out, while the slip is printed."""
    supplement = visit.around.supplement
    assert supplement is not None
    part = supplement.standing is Received.TAKEN and any(_missing(visit, supplement))
    return v.PapersBody(
        case_no=supplement.case_no,
        standing="handed.part" if part else f"handed.{supplement.standing}",
        papers=tuple(v.Paper(job.name, job.rung, job.trouble) for job in visit.papers),
        done=visit.printed,
    )
