"""What a case whose answers are right still waits for, by its item: without a clock of its own."""

from __future__ import annotations

from datetime import date

from fleet.platform import parties
from fleet.platform.contract import Decision, Reason, Standing
from kiosk.services import workdays
from kiosk.services.item import Assurance, Item, ItemKind
from kiosk.wire import CasePayload


def waiting(item: Item, case: CasePayload, unmatched: bool, today: date) -> Decision | None:
    """What a case whose answers and people are possible still waits for; None: nothing.

    `unmatched`: a face that was framed but not compared with the card is enough.
    """
    reason = _wait(item, case, unmatched, today)
    if reason is None:
        return None
    return pending(reason, _due(item, reason, today))


def _wait(item: Item, case: CasePayload, unmatched: bool, today: date) -> Reason | None:
    if not parties.handled(case):
        return Reason.IDENTITY_CHECK
    if case.handling == parties.CARRY:  # the office that accepts it looks at everything else
        return Reason.CARRIED
    if not _identified(item, case, unmatched, today):
        return Reason.IDENTITY_CHECK
    if case.handling == parties.ACCEPT:
        return Reason.ACCEPTED_ON_BEHALF
    return Reason.REVIEW if item.kind is ItemKind.PROMISE else None


def _due(item: Item, reason: Reason, today: date) -> date | None:
    """None: the promise's clock starts when an office accepts the case."""
    if reason is Reason.CARRIED:
        return None
    days = 1 if reason is Reason.IDENTITY_CHECK else max(item.promise_day, 1)
    return workdays.after(today, days)


def _identified(item: Item, case: CasePayload, unmatched: bool, today: date) -> bool:
    if item.assurance is Assurance.NONE:
        return True
    if case.identity != "card":
        return False
    if item.assurance is Assurance.CARD:
        return True
    if not parties.proven(case.proof, unmatched) or not parties.guarded(case, today):
        return False
    return item.assurance is not Assurance.TWO_PERSONS or parties.second(case, unmatched)


def refused(reason: Reason) -> Decision:
    return Decision(Standing.REFUSED, reason=reason)


def pending(reason: Reason, due: date | None) -> Decision:
    return Decision(Standing.PENDING, due_date=due.isoformat() if due else "", reason=reason)
