"""The submit step: a case is submitted by writing it, sealed, into the journal.

From that record on the case is safe whatever breaks: the agent sends it until the fleet has
committed it. What follows here only finds out how much can be told to the citizen now.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import datetime

from kiosk import events as e
from kiosk import wire
from kiosk.errors import JournalError
from kiosk.ports import CaseProgress, CaseState
from kiosk.receipts import case_number
from kiosk.services.item import ItemKind
from kiosk.session.post import Post
from kiosk.session.terminal import Terminal
from kiosk.session.visit import FaceStanding, Standing, Visit

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
        _save(terminal, visit)
        post(e.SubmissionProgressed("saved"))
        await _follow(terminal, visit, post)
        assert visit.case is not None
        outcome = {"case_no": visit.case_no, "standing": str(visit.standing)}
        terminal.journal.end(visit.case, outcome)
    except JournalError:
        post(e.SubmissionFailed("journal_full"))
        return
    unanswered = query and visit.standing is not Standing.DECIDED
    post(e.SubmissionFailed("query_offline") if unanswered else e.SubmissionEnded())


def _save(terminal: Terminal, visit: Visit) -> None:
    """The point of no return: the intent with the sealed case."""
    key = terminal.case_key()
    if key is None:
        raise JournalError("the fleet's case key is not here")
    journal, item = terminal.journal, visit.item
    assert item is not None
    now = datetime.now().astimezone()
    # A lost journal starts again at 1: its random id keeps the day's numbers apart.
    serial = (int(journal.id[:8], 16) + journal.last_seq + 1) % 100_000
    visit.case_no = case_number(terminal.place.terminal, now.date(), serial)
    payload = _payload(terminal, visit, now)
    data = {
        "case_no": visit.case_no,
        "task_code": item.task_code,
        "task_version": item.task_version,
        "kind": str(item.kind),
    }
    visit.case = journal.begin("case", data, visit.id, wire.seal(key, payload))


def _payload(terminal: Terminal, visit: Visit, now: datetime) -> wire.CasePayload:
    card, item = visit.card, visit.item
    assert item is not None
    applicant = wire.CaseApplicant("", "")
    if card is not None:
        applicant = wire.CaseApplicant(card.name, card.number, card.card_type, card.address)
    captured = visit.face is FaceStanding.CAPTURED
    return wire.CasePayload(
        case_no=visit.case_no,
        terminal=terminal.place.terminal,
        task_code=item.task_code,
        task_version=item.task_version,
        apply_date=now.isoformat(timespec="seconds"),
        applicant=applicant,
        answers=dict(visit.answers),
        identity="card_face" if captured else "card",
        face=FaceStanding.CAPTURED if captured else "none",
        language=visit.language,
    )


async def _follow(terminal: Terminal, visit: Visit, post: Post) -> None:
    """Wait a little for the fleet's acknowledgement, then for what it decides."""
    assert visit.case is not None
    assert visit.item is not None
    seq, journal, limits = visit.case.seq, terminal.journal, terminal.limits
    visit.standing = Standing.PROVISIONAL

    async def held() -> bool:
        return journal.acked_through >= seq

    if not await _until(held, limits.ack, limits.poll):
        return
    visit.standing = Standing.ACCEPTED
    post(e.SubmissionProgressed("accepted"))
    post(e.SubmissionProgressed("deciding"))
    await _until(lambda: _decided(terminal, visit), limits.decision, limits.poll * 2)


async def _decided(terminal: Terminal, visit: Visit) -> bool:
    progress = await terminal.devices.gateway.progress(visit.case_no, 2)
    if progress is None or progress.state not in _DECIDED:
        return False
    _take_over(visit, progress)
    if progress.certificate_no:
        pdf = await terminal.devices.gateway.certificate(visit.case_no, 5)
        if pdf is None:
            return False
        # A seal that does not hold is never printed; the case itself stands.
        visit.certificate = pdf if terminal.check_certificate(pdf) else b""
    return True


def _take_over(visit: Visit, progress: CaseProgress) -> None:
    visit.standing = _DECIDED[progress.state]
    visit.due_date = progress.due_date
    visit.reason = progress.reason
    visit.certificate_no = progress.certificate_no
    visit.result = progress.result


async def _until(condition: Callable[[], Awaitable[bool]], seconds: float, pause: float) -> bool:
    deadline = time.monotonic() + seconds
    while not await condition():
        if time.monotonic() >= deadline:
            return False
        await asyncio.sleep(pause)
    return True
