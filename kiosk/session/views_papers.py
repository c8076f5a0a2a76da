"""The pages after submitting: what became of each case, the papers, the rating, the end."""

from __future__ import annotations

from kiosk import view as v
from kiosk.model import Rung, Text
from kiosk.services.days import day_in_words
from kiosk.session.terminal import Terminal
from kiosk.session.views_identity import text
from kiosk.session.visit import PaperJob, Visit

SEVERAL = "several"
_ENDED = (Rung.PRESENTED, Rung.TAKEN, Rung.RETRACTED, Rung.UNCONFIRMED)


def papers(_terminal: Terminal, visit: Visit) -> v.Body:
    several = len(visit.cases) > 1
    dates = {filing.due_date for filing in visit.cases}
    results = (lines for lines in visit.vault.results.values())
    return v.PapersBody(
        case_no=visit.bundle or visit.case_no,
        standing=str(visit.standing) if visit.standing else SEVERAL,
        papers=_shown(visit.papers),
        done=visit.printed,
        due=day_in_words(dates.pop() if len(dates) == 1 else ""),
        result=tuple((Text(zh, en), value) for lines in results for zh, en, value in lines),
        cases=tuple(
            v.FiledCase(
                text(one.item.task_name), one.case_no, str(one.standing), day_in_words(one.due_date)
            )
            for one in visit.cases
        )
        if several
        else (),
    )


def thanks(_terminal: Terminal, visit: Visit) -> v.Body:
    card = ("card",) if visit.card_found else ()
    ticket = ("ticket",) if visit.ticket else ()  # its number counts, printed or not
    there = [job.name for job in visit.papers if not job.trouble and job.name != "ticket"]
    certificates = there.count("certificate")
    names = tuple(dict.fromkeys(there))
    if certificates > 1:
        names = tuple("certificates" if name == "certificate" else name for name in names)
    return v.ThanksBody(
        card + names + ticket,
        visit.seconds_left,
        again=visit.printed and not visit.ticket,
        next_citizen=visit.helper is not None,
        certificates=certificates if certificates > 1 else 0,
    )


def _shown(jobs: list[PaperJob]) -> tuple[v.Paper, ...]:
    """Papers of one name as one: that which moves, or the first that failed, or the last."""
    names = dict.fromkeys(job.name for job in jobs)
    return tuple(_one([job for job in jobs if job.name == name]) for name in names)


def _one(jobs: list[PaperJob]) -> v.Paper:
    moving = [job for job in jobs if not (job.trouble or job.rung in _ENDED)]
    failed = [job for job in jobs if job.trouble]
    shown = (moving or failed or jobs[-1:])[0]
    return v.Paper(shown.name, shown.rung, shown.trouble, jobs.index(shown) + 1, len(jobs))
