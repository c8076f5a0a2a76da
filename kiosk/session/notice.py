"""The notice step: what is missing, on paper; and the materials of a case, as slips name them."""

from __future__ import annotations

from collections.abc import Awaitable
from datetime import datetime

from kiosk import events as e
from kiosk.model import PrintOutcome
from kiosk.services.needed import Need
from kiosk.session.papers import OnRung, print_paper
from kiosk.session.post import Post
from kiosk.session.terminal import Terminal
from kiosk.session.updates.materials import to_bring_again
from kiosk.session.views_identity import text
from kiosk.session.visit import PaperJob, Visit
from kiosk.slips.facts import Missing, Notice
from kiosk.slips.fill import fill


async def print_notice(terminal: Terminal, visit: Visit, post: Post) -> None:
    """Once; ends in `PrintingEnded`."""
    printer = terminal.devices.receipt
    slip = fill("missing", notice_of(terminal, visit), visit.language)
    paper = PaperJob("notice", f"{terminal.place.terminal}-{visit.id}-notice")
    visit.papers = [paper]

    def printing(job: str, rung: OnRung) -> Awaitable[PrintOutcome]:
        return printer.print(job, slip, rung)

    await print_paper(terminal, visit, paper, printing, post)
    post(e.PrintingEnded())


def notice_of(terminal: Terminal, visit: Visit) -> Notice:
    """Names nobody: it is a list of things."""
    assert visit.item is not None
    place, now = terminal.place, datetime.now().astimezone()
    missing = tuple(map(_thing, visit.missing_materials))
    again = tuple(map(_thing, to_bring_again(visit)))
    return Notice(
        place.terminal, place.site, place.hotline, now, visit.language, place.demonstration,
        item=text(visit.item.task_name), missing=missing, again=again,
    )  # fmt: skip


def _thing(need: Need) -> Missing:
    return Missing(text(need.material.material_name), text(need.material.accept_stand))
