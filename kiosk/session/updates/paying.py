"""Paying: what has to be paid, and what becomes of it when the visit takes another way."""

from __future__ import annotations

from kiosk import events as e
from kiosk.session.bills import bills_of, paid
from kiosk.session.payment import let_go, pending
from kiosk.session.shares import shares
from kiosk.session.terminal import Terminal
from kiosk.session.updates import answers, ending, materials
from kiosk.session.visit import Problem, Visit
from kiosk.view import State


def answers_confirmed(terminal: Terminal, visit: Visit, event: e.AnswersConfirmed) -> None:
    """From here on no answer changes before it is paid for, or given up."""
    answers.answers_confirmed(terminal, visit, event)
    visit.bills = bills_of((share.item, share.answers) for share in shares(visit))
    visit.unable = False


def declined(_terminal: Terminal, visit: Visit, _event: e.PaymentDeclined) -> None:
    """The code is kept: who finds the phone after all goes on."""
    visit.unable = not paid(visit.bills)


def resumed(_terminal: Terminal, visit: Visit, _event: e.PaymentResumed) -> None:
    visit.unable = False


def again(_terminal: Terminal, visit: Visit, _event: e.PaymentAgain) -> None:
    bill = pending(visit)
    visit.unable = False
    if bill.intent is None:
        bill.anew()


def at_desk(terminal: Terminal, visit: Visit, _event: e.PaymentAtDesk) -> None:
    """Nothing is submitted: what was typed and scanned ends with the visit."""
    if paid(visit.bills):
        return
    let_go(terminal, visit)
    visit.papers, visit.printed = [], False
    visit.ticket, visit.outcome = terminal.next_ticket(), "ticket"


def left(terminal: Terminal, visit: Visit, _event: e.Left) -> None:
    if visit.page is State.PAYMENT and not paid(visit.bills):
        let_go(terminal, visit)


def went_back(terminal: Terminal, visit: Visit, event: e.WentBack) -> None:
    if visit.page is State.PAYMENT:
        if not paid(visit.bills):
            let_go(terminal, visit)
        visit.asking = len(visit.fields)
        return
    materials.went_back(terminal, visit, event)


def failed(_terminal: Terminal, visit: Visit, event: e.PaymentFailed) -> None:
    visit.problem = Problem(event.reason, "end", State.ATTRACT)


def submission_failed(terminal: Terminal, visit: Visit, event: e.SubmissionFailed) -> None:
    ending.submission_failed(terminal, visit, event)
    let_go(terminal, visit)
