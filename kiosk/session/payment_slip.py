"""The slip of each payment (缴费回单), printed after the receipt, on the same printer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime

from kiosk.identity.numbers import mask_name
from kiosk.model import PrintOutcome, Receipt, Rung, Text
from kiosk.services.fees import Fee as ListedFee
from kiosk.session.bills import Bill, Phase
from kiosk.session.filing import Filing, Standing
from kiosk.session.payment import bill_of
from kiosk.session.terminal import Terminal
from kiosk.session.views_identity import text
from kiosk.session.visit import PaperJob, Visit
from kiosk.slips import Fee, Payment, fill

OnRung = Callable[[Rung], None]
Printing = Callable[[str, OnRung], Awaitable[PrintOutcome]]
BY_PHONE = Text("手机扫码", "Phone, QR code")


def payment_slips(terminal: Terminal, visit: Visit) -> Iterator[tuple[PaperJob, Printing]]:
    """Of what was paid and is kept: the money of a refused case goes back, as its receipt says."""
    for filing in visit.cases:
        bill = bill_of(visit, filing.item.task_code)
        if bill is None or bill.phase is not Phase.PAID or filing.standing is Standing.REFUSED:
            continue
        job = PaperJob("payment", f"{filing.case_no}-payment", filing.case_no)
        yield job, _printing(terminal, slip_of_payment(terminal, visit, bill))


def refund_of(visit: Visit, filing: Filing) -> int:
    """Fen that go back, since their case was refused."""
    bill = bill_of(visit, filing.item.task_code)
    refused = filing.standing is Standing.REFUSED
    return bill.amount if bill is not None and refused and bill.phase is Phase.PAID else 0


def slip_of_payment(terminal: Terminal, visit: Visit, bill: Bill) -> Receipt:
    place = terminal.place
    facts = Payment(
        place.terminal, place.site, place.hotline, datetime.now().astimezone(), visit.language,
        place.demonstration,
        item=text(bill.item.task_name),
        case_no=bill.case_no,
        name=mask_name(visit.card.name) if visit.card else "",
        fees=tuple(Fee(text(fee.fee_name), fen) for fee, fen in bill.lines),
        total=bill.amount,
        payee=payee_of(fee for fee, _ in bill.lines),
        how=BY_PHONE,
        payment_no=bill.order_no,
    )  # fmt: skip
    return fill("payment", facts, visit.language)


def payee_of(fees: Iterator[ListedFee]) -> Text:
    """Whoever receives the money; most often one."""
    found = list(dict.fromkeys((fee.payee.zh, fee.payee.en) for fee in fees if fee.payee.zh))
    return Text("、".join(zh for zh, _ in found), ", ".join(en for _, en in found))


def _printing(terminal: Terminal, slip: Receipt) -> Printing:
    return lambda job, rung: terminal.devices.receipt.print(job, slip, rung)
