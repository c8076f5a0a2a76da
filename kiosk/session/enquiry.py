"""The enquiry steps: find a case by code, number or card, and tell how it stands."""

from __future__ import annotations

import asyncio
from typing import cast

from kiosk import events as e
from kiosk.model import CaseStory, EnquiryFault, ScanFault, TooOften
from kiosk.ports import CodeScanner
from kiosk.session.appointment import ask_mine
from kiosk.session.errand import How
from kiosk.session.post import Post
from kiosk.session.terminal import Terminal
from kiosk.session.visit import Visit

SCAN_SECONDS = 20.0  # one turn of the scanner; there is another while the page is shown
PAUSE_SECONDS = 1.0  # after what was no code, or from a scanner that answers at once
ASK_SECONDS = 6.0


async def scan_codes(terminal: Terminal, post: Post) -> None:
    """Posts `CodeScanned` for the first code; ends at once where there is no scanner."""
    scanner = terminal.devices.beside.get("scanner")
    while scanner is not None and terminal.condition.usable("scanner"):
        code = await cast(CodeScanner, scanner).scan(SCAN_SECONDS)
        if not isinstance(code, ScanFault):
            post(e.CodeScanned(code.data))
            return
        if code is ScanFault.NO_SCANNER:
            return
        if code is not ScanFault.TIMED_OUT:
            post(e.CodeScanned(""))  # something was held to it, but no code of ours
            return
        await asyncio.sleep(PAUSE_SECONDS)


async def look_up(terminal: Terminal, visit: Visit, post: Post) -> None:
    """Ends in `StoriesTold`."""
    enquiries, card = terminal.enquiries, visit.card
    if enquiries is None:
        post(e.StoriesTold(EnquiryFault.UNREACHABLE))
    elif visit.around.enquiry.how is How.CARD and card is not None:
        told = _several(await enquiries.stories(card.number, ASK_SECONDS))
        if isinstance(told, tuple):
            visit.vault.appointments = await ask_mine(terminal, visit, told)
        post(e.StoriesTold(told))
    elif visit.around.enquiry.bundle:
        post(
            e.StoriesTold(
                _several(await enquiries.bundle(visit.around.enquiry.bundle, ASK_SECONDS))
            )
        )
    else:
        one = await enquiries.story(visit.around.enquiry.case_no, ASK_SECONDS)
        post(e.StoriesTold((one,) if isinstance(one, CaseStory) else one))


def _several(told: object) -> tuple[CaseStory, ...] | EnquiryFault | TooOften:
    return told if isinstance(told, EnquiryFault | TooOften) else tuple(cast(list[CaseStory], told))
