"""What has to be paid, as its page draws it: from the catalogue and the answers alone."""

from __future__ import annotations

from kiosk import view as v
from kiosk.session.bills import OPEN
from kiosk.session.payment import pending
from kiosk.session.payment_slip import payee_of
from kiosk.session.terminal import Terminal
from kiosk.session.views_identity import text
from kiosk.session.visit import Visit


def payment(terminal: Terminal, visit: Visit) -> v.Body:
    bill = pending(visit)
    unable = visit.unable and bill.phase in OPEN
    return v.PaymentBody(
        item=text(bill.item.task_name),
        lines=tuple((text(fee.fee_name), fen) for fee, fen in bill.lines),
        total=bill.amount,
        payee=payee_of(fee for fee, _ in bill.lines),
        phase="unable" if unable else str(bill.phase),
        qr="" if unable else bill.qr,
        seconds_left=bill.seconds_left,
        number=visit.bills.index(bill) + 1,
        count=len(visit.bills),
        printer=terminal.condition.usable("receipt"),
    )
