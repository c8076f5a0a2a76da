"""The papers step: receipt and certificate, each with its intent before and its outcome after.

Nothing is ever printed twice here: a paper is tried once, and what nobody can know is recorded as
unconfirmed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

from kiosk import events as e
from kiosk.model import Fault, FaultAction, PrintOutcome, Rung, Text
from kiosk.session.payment_slip import payment_slips
from kiosk.session.post import Post
from kiosk.session.slip import slip_of
from kiosk.session.terminal import Terminal
from kiosk.session.visit import PaperJob, Visit
from kiosk.tickets import ticket_slip

OnRung = Callable[[Rung], None]
Printing = Callable[[str, OnRung], Awaitable[PrintOutcome]]

# Fault codes of printers → locale key `paper.trouble.<key>`.
TROUBLE = {
    "paper_out": "no_paper",
    "media_not_loaded": "no_paper",
    "tray_missing": "no_paper",
    "cover_open": "cover_open",
    "unreachable": "power",
    "shut_down": "power",
    "jam": "jam",
}


async def print_papers(terminal: Terminal, visit: Visit, post: Post) -> None:
    """Prints what this visit yields: the receipt, then a slip of each payment; beside them one
    certificate after the other.

    Ends in `PrintingEnded`.
    """
    receipt = PaperJob("receipt", f"{visit.case_no}-receipt", visit.case_no)
    certificates = [
        await certificate_job(visit, f"{case_no}-certificate", case_no)
        for case_no in visit.vault.certificates
    ]
    payments = list(payment_slips(terminal, visit))
    visit.papers = [receipt, *(job for job, _ in payments), *certificates]

    def slip(job: str, rung: OnRung) -> Awaitable[PrintOutcome]:
        return terminal.devices.receipt.print(job, slip_of(terminal, visit), rung)

    async def slips() -> None:
        for paper, printing in ((receipt, slip), *payments):
            await print_paper(terminal, visit, paper, printing, post)

    await asyncio.gather(
        slips(),
        _print_certificates(terminal, visit, certificates, post),
    )
    post(e.PrintingEnded())


async def _print_certificates(
    terminal: Terminal, visit: Visit, papers: list[PaperJob], post: Post
) -> None:
    """One that fails does not keep the next from being tried."""
    for paper in papers:
        await print_certificate(terminal, visit, paper, post)


async def certificate_job(visit: Visit, job: str, case_no: str) -> PaperJob:
    """`case_no` names it in the vault. Its pages are counted: see `kiosk.stationery`."""
    pages = await asyncio.to_thread(_count_pages, visit.vault.certificates[case_no])
    return PaperJob("certificate", job, case_no, pages)


async def print_certificate(terminal: Terminal, visit: Visit, paper: PaperJob, post: Post) -> None:
    """`paper`: see `certificate_job`."""
    pdf, printer = visit.vault.certificates[paper.case_no], terminal.devices.document

    def printing(job: str, rung: OnRung) -> Awaitable[PrintOutcome]:
        return printer.print(job, pdf, rung)

    await print_paper(terminal, visit, paper, printing, post)


def _count_pages(pdf: bytes) -> int:
    from kiosk.certificates.pdf import count_pages  # late: a start need not wait for pyHanko

    return count_pages(pdf)


async def print_ticket(terminal: Terminal, visit: Visit, post: Post) -> None:
    """The queue ticket for the desk; ends in `PrintingEnded`."""
    assert visit.item is not None
    now = datetime.now().astimezone()
    item, place, printer = visit.item, terminal.place, terminal.devices.receipt
    name = Text(item.task_name.zh, item.task_name.en)
    slip = ticket_slip(place.site, visit.ticket, name, now, visit.language)
    paper = PaperJob("ticket", f"{place.terminal}-{now:%Y%m%d}-{visit.ticket}")
    visit.papers = [paper]
    data = {"number": visit.ticket, "task_code": item.task_code}
    terminal.journal.append("ticket", data, visit.id)

    def printing(job: str, rung: OnRung) -> Awaitable[PrintOutcome]:
        return printer.print(job, slip, rung)

    await print_paper(terminal, visit, paper, printing, post)
    post(e.PrintingEnded())


async def print_paper(
    terminal: Terminal, visit: Visit, paper: PaperJob, printing: Printing, post: Post
) -> None:
    """One paper, once, whatever becomes of it."""
    case_no = paper.case_no or visit.case_no
    known: dict[str, str | int] = {"job": paper.job, "paper": paper.name, "case_no": case_no}
    known |= {"pages": paper.pages} if paper.pages else {}
    intent = terminal.journal.begin("print", known, visit.id)
    try:
        outcome = await printing(paper.job, lambda rung: post(e.PaperProgressed(paper.job, rung)))
    except Exception as error:  # noqa: BLE001 (a driver's defect must not hide an uncertain paper)
        fault = Fault("driver_failed", FaultAction.MAINTENANCE, type(error).__name__)
        outcome = PrintOutcome(Rung.UNCONFIRMED, fault)
    paper.trouble = trouble_of(outcome)
    terminal.journal.end(intent, known | outcome_data(outcome))
    post(e.PaperProgressed(paper.job, outcome.rung))


def outcome_data(outcome: PrintOutcome) -> dict[str, str | int]:
    fault = outcome.fault
    data: dict[str, str | int] = {
        "rung": str(outcome.rung),
        "fault": fault.code if fault else "",
        "action": str(fault.action) if fault else "",
    }
    return data if outcome.sheets is None else data | {"sheets": outcome.sheets}


def trouble_of(outcome: PrintOutcome) -> str:
    """Locale key for the citizen, '' when the paper is there."""
    if outcome.done:
        return ""
    nothing_came = outcome.rung is Rung.QUEUED or outcome.sheets == 0
    if nothing_came and outcome.fault is not None:
        return f"paper.trouble.{TROUBLE.get(outcome.fault.code, 'printer_fault')}"
    return "paper.trouble.unconfirmed"
