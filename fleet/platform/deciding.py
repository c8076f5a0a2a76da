"""What an office decides about a case by its item alone: replayable, without a clock of its own."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from datetime import date
from typing import Protocol

from fleet.platform import given, parties, rules
from fleet.platform.contract import Decision, Reason, Standing, Table
from kiosk.services import workdays
from kiosk.services.item import Assurance, Item, ItemKind, Stage
from kiosk.wire import CasePayload

_CROCKFORD = bytes.maketrans(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", b"0123456789ABCDEFGHJKMNPQRSTVWXYZ"
)


class Facts(Protocol):
    """What the registers know: lines of an answer, (label zh, label en, value), and a table."""

    @property
    def lines(self) -> tuple[tuple[str, str, str], ...]: ...

    @property
    def table(self) -> Table | None: ...


# (item, number, answers, today); None: nobody of that number is on record.
LookUp = Callable[[Item, str, Mapping[str, str], date], Facts | None]


def certificate_number(case_no: str) -> str:
    """CB-XXXX-XXXX-XXXX: 60 bits of the case number's hash, without I, L, O and U."""
    digest = hashlib.sha256(b"certificate " + case_no.encode()).digest()
    letters = base64.b32encode(digest).translate(_CROCKFORD)[:12].decode()
    return f"CB-{letters[:4]}-{letters[4:8]}-{letters[8:]}"


def decide(
    item: Item, case: CasePayload, unmatched: bool, today: date, look_up: LookUp
) -> Decision:
    """Refused, sent back, pending, or approved; a certificate has its number, not yet its paper.

    `unmatched`: a face that was framed but not compared with the card is enough.
    """
    wrong = _refusal(item, case, today)
    if wrong is not None:
        return rules.refused(wrong)
    if given.missing(item, case):
        return Decision(Standing.PENDING, reason=Reason.MATERIALS)
    stopped = rules.waiting(item, case, unmatched, today)
    return stopped or _at_once(item, case, today, look_up)


def _refusal(item: Item, case: CasePayload, today: date) -> Reason | None:
    if not _nobody(item, case) and not parties.possible(case):
        return Reason.BAD_HOLDER
    return None if given.answered(item, case, today) else Reason.BAD_ANSWERS


def _at_once(item: Item, case: CasePayload, today: date, look_up: LookUp) -> Decision:
    """Some items are decided at once only when the registers hold nothing doubtful."""
    if given.promised(item, case):
        return rules.pending(Reason.MATERIALS, workdays.after(today, max(item.promise_day, 1)))
    decision = conclude(item, case, today, look_up)
    looked_at = any(step.stage is Stage.APPROVAL for step in item.steps)
    if decision.reason is Reason.NOT_INSURED and looked_at:  # no clear answer: a person's turn
        return rules.pending(Reason.REVIEW, workdays.after(today, max(item.anticipate_day, 1)))
    return decision


def conclude(item: Item, case: CasePayload, today: date, look_up: LookUp) -> Decision:
    """The result of a case against which nothing stands."""
    found = look_up(item, case.applicant.number, case.answers, today)
    return _approved(item, case, found) if found else rules.refused(Reason.NOT_INSURED)


def _approved(item: Item, case: CasePayload, found: Facts) -> Decision:
    later = item.kind is ItemKind.PROMISE and bool(item.template)
    number = certificate_number(case.case_no) if item.certificate or later else ""
    return Decision(Standing.APPROVED, certificate_no=number, result=found.lines, table=found.table)


def _nobody(item: Item, case: CasePayload) -> bool:
    """Some items ask for nobody's card: a bill can be paid by whoever brings it."""
    alone = not (case.applicant.name or case.applicant.number or case.parties)
    return alone and item.assurance is Assurance.NONE
