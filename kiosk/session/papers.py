"""The papers step: receipt and certificate, each with its intent before and its outcome after.

Nothing is ever printed twice here: a paper is tried once, and what nobody can know is recorded as
unconfirmed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from kiosk import events as e
from kiosk.model import Fault, FaultAction, PrintOutcome, Rung
from kiosk.session.post import Post
from kiosk.session.slip import slip_of
from kiosk.session.terminal import Terminal
from kiosk.session.visit import PaperJob, Visit

OnRung = Callable[[Rung], None]
Printing = Callable[[str, OnRung], Awaitable[PrintOutcome]]

# Fault codes of printers → locale key `paper.trouble.<key>`.
TROUBLE = {
    "paper_out": "no_paper",
    "media_empty": "no_paper",
    "cover_open": "cover_open",
    "power_off": "power",
    "unreachable": "power",
    "offline": "power",
    "jam": "jam",
}


async def print_papers(terminal: Terminal, visit: Visit, post: Post) -> None:
    """Prints what this visit yields, both papers at the same time; ends in `PrintingEnded`."""
    devices = terminal.devices
    jobs: dict[str, Printing] = {
        "receipt": lambda job, rung: devices.receipt.print(job, slip_of(terminal, visit), rung)
    }
    if visit.certificate:
        jobs["certificate"] = lambda job, rung: devices.document.print(job, visit.certificate, rung)
    visit.papers = [PaperJob(name) for name in jobs]
    await asyncio.gather(
        *(_print(terminal, visit, paper, jobs[paper.name], post) for paper in visit.papers)
    )
    post(e.PrintingEnded())


async def _print(
    terminal: Terminal, visit: Visit, paper: PaperJob, printing: Printing, post: Post
) -> None:
    job = f"{visit.case_no}-{paper.name}"
    named = {"job": job, "paper": paper.name, "case_no": visit.case_no}
    intent = terminal.journal.begin("print", named, visit.id)
    try:
        outcome = await printing(job, lambda rung: post(e.PaperProgressed(paper.name, rung)))
    except Exception as error:  # noqa: BLE001 (a driver's defect must not hide an uncertain paper)
        fault = Fault(f"driver_{type(error).__name__}", FaultAction.MAINTENANCE)
        outcome = PrintOutcome(Rung.UNCONFIRMED, fault)
    paper.trouble = trouble_of(outcome)
    terminal.journal.end(intent, named | outcome_data(outcome))
    post(e.PaperProgressed(paper.name, outcome.rung))


def outcome_data(outcome: PrintOutcome) -> dict[str, str]:
    fault = outcome.fault
    return {
        "rung": str(outcome.rung),
        "fault": fault.code if fault else "",
        "action": str(fault.action) if fault else "",
    }


def trouble_of(outcome: PrintOutcome) -> str:
    """Locale key for the citizen, '' when the paper is there."""
    if outcome.done:
        return ""
    if outcome.rung is Rung.QUEUED and outcome.fault is not None:
        return f"paper.trouble.{TROUBLE.get(outcome.fault.code, 'printer_fault')}"
    return "paper.trouble.unconfirmed"
