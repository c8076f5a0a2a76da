"""Submitting, papers, and the end of a visit."""

from __future__ import annotations

from kiosk import events as e
from kiosk.session.booking import booking_of, places_asked
from kiosk.session.terminal import Terminal
from kiosk.session.visit import Problem, Visit
from kiosk.view import State


def submission_progressed(_terminal: Terminal, visit: Visit, event: e.SubmissionProgressed) -> None:
    visit.stage = event.stage


def submission_failed(_terminal: Terminal, visit: Visit, event: e.SubmissionFailed) -> None:
    way_out, target = ("services", State.SERVICES)
    if event.reason == "journal_full":
        way_out, target = ("end", State.ATTRACT)
    if event.reason in ("booking.taken", "booking.unreachable"):
        way_out, target = "again", State.CHECK
    if event.reason == "booking.taken" and (booking := booking_of(visit)) is not None:
        names = [field.name for field in visit.fields]
        visit.asking, visit.changing = names.index(places_asked(booking)[0]), False
        target = State.QUESTION
    visit.problem = Problem(event.reason, way_out, target)


def paper_progressed(_terminal: Terminal, visit: Visit, event: e.PaperProgressed) -> None:
    for paper in visit.papers:
        if paper.job == event.paper:
            paper.rung = event.rung


def printing_ended(_terminal: Terminal, visit: Visit, _event: e.PrintingEnded) -> None:
    visit.printed = True
    visit.outcome = "finished"


def rated(terminal: Terminal, visit: Visit, event: e.Rated) -> None:
    """Of a bundle once, for all: on its first case."""
    data = {
        "case_no": visit.case_no,
        "task_code": visit.cases[0].item.task_code,
        "level": event.level,
    }
    if visit.bundle:
        data["bundle"] = visit.bundle
    terminal.journal.append("rating", data | {"tags": list(event.tags)}, visit.id)


def another_wanted(_terminal: Terminal, visit: Visit, _event: e.AnotherWanted) -> None:
    visit.next_item()
