"""The payment step: an order for each bill, and what the phone did about it.

Its intent stands in the journal before the order is made; its outcome after the case is written.
In between, whatever ends the visit gives the payment up (`till`), and the money goes back.
"""

from __future__ import annotations

import asyncio
import time
from datetime import datetime

from kiosk import events as e
from kiosk import wire
from kiosk.errors import JournalError
from kiosk.ports import Payment, PaymentFault, PaymentState
from kiosk.services import fees
from kiosk.session.bills import OPEN, Bill, PaymentOutcome, Phase
from kiosk.session.post import Post
from kiosk.session.terminal import Terminal
from kiosk.session.till import outcome
from kiosk.session.visit import Visit

SECONDS = 5.0  # for one answer

# What the fleet says of an order that cannot be paid any more → how its page says it.
_OVER = {
    PaymentState.PAID: Phase.PAID,
    PaymentState.REFUSED: Phase.REFUSED,
    PaymentState.EXPIRED: Phase.LATE,
    PaymentState.CLOSED: Phase.LATE,
    PaymentState.REFUNDING: Phase.RETURNED,
    PaymentState.REFUNDED: Phase.RETURNED,
}
_OUTCOMES = {
    Phase.REFUSED: PaymentOutcome.REFUSED,
    Phase.LATE: PaymentOutcome.EXPIRED,
    Phase.RETURNED: PaymentOutcome.REFUSED,
    Phase.SILENT: PaymentOutcome.UNANSWERED,
}


async def take_payment(terminal: Terminal, visit: Visit, post: Post) -> None:
    """Ends in `PaymentsMade` once every bill is paid; otherwise the page says why not.

    Called again, it goes on where it was: the same order, never a second one.
    """
    try:
        for bill in visit.bills:
            if not await _paid(terminal, visit, bill, post):
                return
    except JournalError:
        post(e.PaymentFailed("journal_full"))
        return
    await asyncio.sleep(terminal.limits.paid)  # so that it can be read
    post(e.PaymentsMade())


def pending(visit: Visit) -> Bill:
    """The bill that the page is about."""
    return next((bill for bill in visit.bills if bill.phase is not Phase.PAID), visit.bills[-1])


def settle(terminal: Terminal, visit: Visit) -> None:
    """The cases are written: what was paid is paid for good. Raises `JournalError`."""
    intents = [bill.intent for bill in visit.bills if bill.intent is not None]
    for bill in visit.bills:
        bill.intent = None
    for intent in intents:
        terminal.journal.end(intent, outcome(intent, PaymentOutcome.PAID))


def let_go(terminal: Terminal, visit: Visit) -> None:
    """No case is to come: whatever was paid goes back. What a case was written for stays paid,
    should the journal have failed since; the next start says so."""
    filed = {filing.item.task_code for filing in visit.cases}
    for bill in visit.bills:
        if bill.intent is not None and bill.item.task_code not in filed:
            _give_up(terminal, bill, PaymentOutcome.GIVEN_UP)
            bill.anew()


def bill_of(visit: Visit, task_code: str) -> Bill | None:
    """What was paid for this item's case."""
    return next((bill for bill in visit.bills if bill.item.task_code == task_code), None)


def case_number(terminal: Terminal) -> str:
    """The next one. A lost journal starts again at 1: its random id keeps the day's apart."""
    journal, today = terminal.journal, datetime.now().astimezone().date()
    serial = (int(journal.id[:8], 16) + journal.last_seq + 1) % 100_000
    return wire.case_number(terminal.place.terminal, today, serial)


async def _paid(terminal: Terminal, visit: Visit, bill: Bill, post: Post) -> bool:
    if terminal.till is None:
        bill.phase = Phase.SILENT
        post(e.PaymentHeard())
    elif not bill.order_no and bill.phase is Phase.ASKING:
        _begin(terminal, visit, bill)
    patience = time.monotonic() + terminal.limits.payment_silence
    while bill.phase in OPEN:
        told = await _ask(terminal, visit, bill)
        if isinstance(told, Payment):
            patience = _hear(terminal, bill, told, patience)
        elif told is not PaymentFault.UNREACHABLE:
            bill.phase = Phase.SILENT
        if bill.phase in OPEN and time.monotonic() > patience:
            bill.phase = Phase.LATE if bill.qr and isinstance(told, Payment) else Phase.SILENT
        if bill.phase in _OUTCOMES:
            _give_up(terminal, bill, _OUTCOMES[bill.phase])
        post(e.PaymentHeard())
        if bill.phase in OPEN:
            await asyncio.sleep(terminal.limits.payment_poll)
    return bill.phase is Phase.PAID


def _begin(terminal: Terminal, visit: Visit, bill: Bill) -> None:
    """The intent, before the order. `case_no` is only meant until its case is written."""
    journal = terminal.journal
    bill.case_no = bill.case_no or case_number(terminal)
    bill.order_no = fees.order_number(journal.id, journal.last_seq + 1)
    data = {
        "order_no": bill.order_no,
        "amount": bill.amount,
        "case_no": bill.case_no,
        "task_code": bill.item.task_code,
    }
    bill.intent = journal.begin("payment", data, visit.id)


async def _ask(terminal: Terminal, visit: Visit, bill: Bill) -> Payment | PaymentFault:
    """For the order until it has a code, then how it stands."""
    assert terminal.till is not None
    payments = terminal.till.payments
    if bill.qr:
        return await payments.state(bill.order_no, SECONDS)
    return await payments.order(bill.charge(terminal.catalogue.version), SECONDS)


def _hear(terminal: Terminal, bill: Bill, told: Payment, patience: float) -> float:
    """Until when silence is borne: some seconds past the time that the code can be paid."""
    if told.state is not PaymentState.OPEN:
        bill.phase, bill.qr = _OVER[told.state], ""
        return patience
    if not told.qr:
        return patience  # no code yet, or its time is over: the fleet asks the provider once more
    bill.phase, bill.qr = Phase.WAITING, told.qr
    bill.deadline = time.monotonic() + told.seconds
    return bill.deadline + terminal.limits.payment_grace


def _give_up(terminal: Terminal, bill: Bill, why: PaymentOutcome) -> None:
    """The fleet is told until it has heard it."""
    intent, bill.intent, bill.qr = bill.intent, None, ""
    if intent is not None and terminal.till is not None:
        terminal.till.give_up(intent, why)
