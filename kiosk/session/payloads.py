"""The point of no return: every case of a visit, and its scanned pages, sealed into the journal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec

from kiosk import wire
from kiosk.errors import JournalError
from kiosk.model import Handling
from kiosk.services.item import Item
from kiosk.services.materials import Source
from kiosk.session.filing import Filing
from kiosk.session.payment import bill_of
from kiosk.session.shares import Share, digests, handling_of, joint_answers, shares
from kiosk.session.terminal import Terminal
from kiosk.session.vault import Proof, Role
from kiosk.session.visit import Visit


def save(terminal: Terminal, visit: Visit) -> None:
    """One transaction: all cases with all their pages, or nothing. Raises `JournalError`."""
    key = terminal.case_key()
    if key is None:
        raise JournalError("the fleet's case key is not here")
    now = datetime.now().astimezone()
    parts = shares(visit)
    bills = [bill_of(visit, share.item.task_code) for share in parts]
    fresh = _numbers(terminal, now, len(parts))
    # What was paid for has its number from then on.
    numbers = [bill.case_no if bill else one for bill, one in zip(bills, fresh, strict=True)]
    if (kept := visit.around.kept) is not None:  # its place was kept under this number
        numbers[0] = kept.case_no
    visit.bundle = wire.BUNDLE + numbers[0] if len(parts) > 1 else ""
    whole = _whole(terminal, visit, now)
    acts = []
    for share, case_no, bill in zip(parts, numbers, bills, strict=True):
        payment = bill.order_no if bill else ""
        case = _of_share(whole, visit, share, case_no)
        sealed = wire.seal(key, msgspec.structs.replace(case, payment=payment))
        known = _known(visit, share.item, case_no)
        acts.append((known | ({"payment": payment} if payment else {}), sealed))
    pages = [wire.seal_page(key, picture) for picture in pictures(visit)]
    intents = terminal.journal.begin_all("case", acts, visit.id, pages)
    visit.cases = [
        Filing(share.item, case_no, intent, handling_of(visit, share.item) is Handling.CARRY)
        for share, case_no, intent in zip(parts, numbers, intents, strict=True)
    ]


def _numbers(terminal: Terminal, now: datetime, count: int) -> list[str]:
    journal = terminal.journal
    # A lost journal starts again at 1: its random id keeps the day's numbers apart.
    first = int(journal.id[:8], 16) + journal.last_seq + 1
    return [
        wire.case_number(terminal.place.terminal, now.date(), (first + one) % 100_000)
        for one in range(count)
    ]


def _known(visit: Visit, item: Item, case_no: str) -> dict[str, Any]:
    """What the journal says of a case in clear."""
    data = {
        "case_no": case_no,
        "task_code": item.task_code,
        "task_version": item.task_version,
        "kind": str(item.kind),
    }
    if visit.bundle:
        data["bundle"] = visit.bundle
    if staff := visit.helper or visit.witness:
        data["staff"] = staff.id
    return data


def _whole(terminal: Terminal, visit: Visit, now: datetime) -> wire.CasePayload:
    """What all cases of this visit have in common."""
    person = visit.vault.people.get(Role.APPLICANT)
    applicant = wire.CaseApplicant("", "")
    if person is not None:
        card = person.card
        applicant = wire.CaseApplicant(card.name, card.number, card.card_type, card.address)
    said = dict(visit.vault.signature)
    if said and visit.parts:
        said["parts"] = ",".join(digests(visit))
    return wire.CasePayload(
        case_no="",
        terminal=terminal.place.terminal,
        task_code="",
        task_version="",
        apply_date=now.isoformat(timespec="seconds"),
        applicant=applicant,
        answers={},
        identity="card" if person else "none",
        proof=str(person.proof) if person else "",
        parties=list(parties(visit)),
        language=visit.language,
        signature=said,
        catalogue=terminal.catalogue.version,
        bundle=visit.bundle,
        joint=joint_answers(visit),
    )


def _of_share(
    whole: wire.CasePayload, visit: Visit, share: Share, case_no: str
) -> wire.CasePayload:
    return msgspec.structs.replace(
        whole,
        case_no=case_no,
        task_code=share.item.task_code,
        task_version=share.item.task_version,
        answers=share.answers,
        handling=str(handling_of(visit, share.item) or ""),
        materials=share.materials,
    )


def parties(visit: Visit) -> Iterator[wire.CaseParty]:
    """Everybody but the applicant. A helper's PIN has shown who they are."""
    helper = visit.helper or visit.witness
    for role in (Role.SECOND, Role.GUARDIAN, Role.HELPER):
        person = visit.vault.people.get(role)
        if person is None or (role is Role.HELPER and helper is None):
            continue
        card, staff = person.card, helper.id if helper and role is Role.HELPER else ""
        proof = str(Proof.PIN if staff else person.proof)
        yield wire.CaseParty(role, card.name, card.number, card.card_type, proof, staff)


def pictures(visit: Visit) -> Iterator[bytes]:
    """Of the materials that were scanned and are still asked for, each page once."""
    scanned = {code for code, given in visit.given.items() if given.source == Source.SCAN}
    pages = {
        page.digest: page
        for code, scans in visit.vault.scans.items()
        if code in scanned
        for page in scans
    }
    return (bytes(page.jpeg) for page in pages.values())
