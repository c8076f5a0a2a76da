"""The submit step: a case is submitted by writing it, sealed, into the journal.

From that record on the case is safe whatever breaks: the agent sends it until the fleet has
committed it. A bundle's cases are written together, all or none. What follows here only finds out
how much can be told to the citizen now.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from kiosk import events as e
from kiosk.errors import JournalError
from kiosk.ports import CaseProgress, CaseState
from kiosk.services.item import ItemKind
from kiosk.session.booking import keep, reserve
from kiosk.session.filing import Filing, Standing
from kiosk.session.payloads import save
from kiosk.session.payment import settle
from kiosk.session.post import Post
from kiosk.session.terminal import Terminal
from kiosk.session.visit import Visit

_DECIDED = {
    CaseState.APPROVED: Standing.DECIDED,
    CaseState.REFUSED: Standing.REFUSED,
    CaseState.PENDING: Standing.ACCEPTED,
}


async def submit_case(terminal: Terminal, visit: Visit, post: Post) -> None:
    """Ends in `SubmissionEnded`, or in `SubmissionFailed` with nothing submitted."""
    assert visit.item is not None
    query = visit.item.kind is ItemKind.QUERY
    if query and not await terminal.devices.gateway.reachable(2):
        post(e.SubmissionFailed("query_offline"))
        return
    try:
        if wrong := await reserve(terminal, visit):
            post(e.SubmissionFailed(wrong))
            return
        save(terminal, visit)
        settle(terminal, visit)
        keep(terminal, visit)
        post(e.SubmissionProgressed("saved"))
        await _follow(terminal, visit, post)
        for filing in visit.cases:
            outcome = {"case_no": filing.case_no, "standing": str(filing.standing)}
            terminal.journal.end(filing.intent, outcome)
    except JournalError:
        post(e.SubmissionFailed("journal_full"))
        return
    unanswered = query and visit.standing is not Standing.DECIDED
    post(e.SubmissionFailed("query_offline") if unanswered else e.SubmissionEnded())


async def _follow(terminal: Terminal, visit: Visit, post: Post) -> None:
    """Wait a little for the fleet's acknowledgement, then for what it decides, case by case."""
    last, journal, limits = visit.cases[-1].intent.seq, terminal.journal, terminal.limits

    async def held() -> bool:
        return journal.acked_through >= last

    if not await _until(held, limits.ack, limits.poll):
        return
    for filing in visit.cases:
        filing.standing = Standing.ACCEPTED
    post(e.SubmissionProgressed("accepted"))
    post(e.SubmissionProgressed("deciding"))
    waiting = list(visit.cases)

    async def decided() -> bool:
        answers = await asyncio.gather(*(_decided(terminal, visit, one) for one in waiting))
        waiting[:] = [one for one, done in zip(waiting, answers, strict=True) if not done]
        return not waiting

    await _until(decided, limits.decision, limits.poll * 2)


async def _decided(terminal: Terminal, visit: Visit, filing: Filing) -> bool:
    gateway, case_no = terminal.devices.gateway, filing.case_no
    progress = await gateway.progress(case_no, 2)
    if progress is None or progress.state not in _DECIDED:
        return False
    _take_over(visit, filing, progress)
    if progress.certificate_no:
        pdf = await gateway.certificate(case_no, 5)
        if pdf is None:
            return False
        # A seal that does not hold is never printed; the case itself stands.
        if terminal.check_certificate(pdf):
            visit.vault.certificates[case_no] = pdf
    return True


def _take_over(visit: Visit, filing: Filing, progress: CaseProgress) -> None:
    filing.standing = _DECIDED[progress.state]
    if progress.state is CaseState.PENDING and filing.carried:
        filing.standing = Standing.CARRIED
    filing.due_date = progress.due_date
    filing.reason = progress.reason
    filing.certificate_no = progress.certificate_no
    if progress.result:
        visit.vault.results[filing.case_no] = progress.result


async def _until(condition: Callable[[], Awaitable[bool]], seconds: float, pause: float) -> bool:
    deadline = time.monotonic() + seconds
    while not await condition():
        if time.monotonic() >= deadline:
            return False
        await asyncio.sleep(pause)
    return True
