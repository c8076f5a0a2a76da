"""The step that hands in what a case waits for: written, sealed, into the journal with its pages.

As with a case (`submit`): from that record on it is safe whatever breaks, and what follows only
finds out how much can be told now.
"""

from __future__ import annotations

import asyncio
import time
from datetime import datetime
from typing import Any

from kiosk import events as e
from kiosk import wire
from kiosk.errors import JournalError
from kiosk.model import HandedIn
from kiosk.services.needed import of_case
from kiosk.session.payloads import parties, pictures
from kiosk.session.post import Post
from kiosk.session.supplement import Received, Supplement
from kiosk.session.terminal import Terminal
from kiosk.session.vault import Role
from kiosk.session.visit import Visit

ASK_SECONDS = 2.0


async def hand_in(terminal: Terminal, visit: Visit, post: Post) -> None:
    """Ends in `SubmissionEnded`, or in `SubmissionFailed` with nothing handed in."""
    supplement = visit.around.supplement
    assert supplement is not None
    try:
        supplement.intent = intent = save(terminal, visit, supplement)
        post(e.SubmissionProgressed("saved"))
        await _follow(terminal, supplement, intent, post)
        data = {"case_no": supplement.case_no, "standing": str(supplement.standing)}
        terminal.journal.end(intent, data)
    except JournalError:
        post(e.SubmissionFailed("journal_full"))
        return
    post(e.SubmissionEnded())


def save(terminal: Terminal, visit: Visit, supplement: Supplement) -> wire.Record:
    """One transaction: the record with all of its pages, or nothing. Raises `JournalError`."""
    key = terminal.case_key()
    if key is None:
        raise JournalError("the fleet's case key is not here")
    case = _payload(terminal, visit, supplement)
    data: dict[str, Any] = {
        "case_no": case.case_no,
        "task_code": case.task_code,
        "materials": [one.code for one in case.materials],
    }
    if visit.helper is not None:
        data["staff"] = visit.helper.id
    pages = [wire.seal_page(key, picture) for picture in pictures(visit)]
    acts = [(data, wire.seal(key, case))]
    return terminal.journal.begin_all("supplement", acts, visit.id, pages)[0]


def _payload(terminal: Terminal, visit: Visit, supplement: Supplement) -> wire.CasePayload:
    """Of a whole case, what counts: which one, who gives, and what. The fleet has the rest."""
    assert visit.item is not None
    person = visit.vault.people[Role.APPLICANT]
    card = person.card
    return wire.CasePayload(
        case_no=supplement.case_no,
        terminal=terminal.place.terminal,
        task_code=visit.item.task_code,
        task_version=visit.item.task_version,
        apply_date=datetime.now().astimezone().isoformat(timespec="seconds"),
        applicant=wire.CaseApplicant(card.name, card.number, card.card_type),
        answers={},
        identity="card",
        proof=str(person.proof),
        parties=list(parties(visit)),
        language=visit.language,
        materials=of_case(visit.needs, visit.given),
        catalogue=terminal.catalogue.version,
    )


async def _follow(
    terminal: Terminal, supplement: Supplement, intent: wire.Record, post: Post
) -> None:
    """Wait a little for the fleet's acknowledgement, then for what it makes of it."""
    journal, limits = terminal.journal, terminal.limits
    deadline = time.monotonic() + limits.ack
    while journal.acked_through < intent.seq:
        if time.monotonic() >= deadline:
            return
        await asyncio.sleep(limits.poll)
    supplement.standing = Received.RECEIVED
    post(e.SubmissionProgressed("accepted"))
    deadline = time.monotonic() + limits.decision
    while terminal.enquiries is not None and time.monotonic() < deadline:
        told = await terminal.enquiries.handed_in(intent.id, ASK_SECONDS)
        if told is not None and told is not HandedIn.AWAITED:
            supplement.standing = Received.TAKEN if told is HandedIn.TAKEN else told
            return
        await asyncio.sleep(limits.poll * 2)
