"""The collection step: the sealed result of a finished case, checked, and marked if it is a copy.

It is asked for by the name of the print job that follows. So the fleet tells the same paper's
number again when the answer is lost, and counts what came out by what the journal says of the job.
"""

from __future__ import annotations

import asyncio
from datetime import datetime

from kiosk import events as e
from kiosk.model import CollectedPaper, EnquiryFault
from kiosk.session.papers import certificate_job, print_certificate
from kiosk.session.post import Post
from kiosk.session.terminal import Terminal
from kiosk.session.visit import Visit

SECONDS = 12.0


async def collect_result(terminal: Terminal, visit: Visit, post: Post) -> None:
    """Ends in `ResultCollected`; what is to be printed is in the vault then."""
    enquiries, card = terminal.enquiries, visit.card
    if enquiries is None or card is None:
        post(e.ResultCollected(EnquiryFault.UNREACHABLE))
        return
    around = visit.around
    case_no = around.enquiry.case_no
    told = await enquiries.collect(case_no, card.number, around.job, SECONDS)
    if isinstance(told, EnquiryFault):
        post(e.ResultCollected(told))
        return
    paper = await asyncio.to_thread(_printable, terminal, told)
    if not paper:
        post(e.ResultCollected(None))
        return
    visit.vault.certificates[case_no] = paper
    around.copy = told.copy
    post(e.ResultCollected(""))


async def print_result(terminal: Terminal, visit: Visit, post: Post) -> None:
    """As after a case: once, with its intent before and its outcome after. Ends in
    `PrintingEnded`."""
    around = visit.around
    case_no = around.enquiry.case_no
    paper = await certificate_job(visit, around.job, case_no)
    visit.papers = [paper]
    await print_certificate(terminal, visit, paper, post)
    post(e.PrintingEnded())


def _printable(terminal: Terminal, told: CollectedPaper) -> bytes:
    """b"": a seal that does not hold, or a copy that can't be marked, is never printed."""
    if not terminal.check_certificate(told.pdf):
        return b""
    if told.copy == 0:
        return told.pdf
    if terminal.mark_copy is None:
        return b""
    note = f"{terminal.place.terminal} {datetime.now().astimezone():%Y-%m-%d %H:%M}"
    return terminal.mark_copy(told.pdf, told.copy, note)
