"""Finding a case, what it tells, and having its result printed."""

from __future__ import annotations

import secrets

from kiosk import events as e
from kiosk import wire
from kiosk.model import CaseStory, EnquiryFault, TooOften
from kiosk.session.errand import Around, Enquiry, How, Purpose
from kiosk.session.terminal import Terminal
from kiosk.session.visit import Problem, Visit
from kiosk.view import State
from kiosk.wire import NumberFault, read_bundle_number, read_case_number

LONGEST = 128  # characters of a number or code that are looked at


def enquiry_opened(_terminal: Terminal, visit: Visit, _event: e.EnquiryOpened) -> None:
    """What was begun of a service is given up."""
    visit.next_item()
    visit.around = Around(Purpose.ENQUIRE)


def code_scanned(terminal: Terminal, visit: Visit, event: e.CodeScanned) -> None:
    _number(terminal, visit, How.CODE, event.data)


def number_answered(terminal: Terminal, visit: Visit, event: e.Answered) -> None:
    _number(terminal, visit, How.NUMBER, event.value)


def number_wanted(_terminal: Terminal, visit: Visit, _event: e.NumberWanted) -> None:
    visit.around.enquiry, visit.vault.attempt = Enquiry(), ""


def card_wanted(_terminal: Terminal, visit: Visit, _event: e.CardWanted) -> None:
    """From a case that was found by its number: the same case, with what only its owner sees."""
    shown = visit.around.enquiry.case_no
    visit.around.enquiry = Enquiry(How.CARD, case_no=shown)
    visit.around.purpose, visit.item, visit.problem = Purpose.ENQUIRE, None, None


def stories_told(terminal: Terminal, visit: Visit, event: e.StoriesTold) -> None:
    enquiry, told = visit.around.enquiry, event.outcome
    outcome = _outcome(told)
    enquiry.wait = told.seconds if isinstance(told, TooOften) else 0
    terminal.journal.append("enquiry", {"how": enquiry.how, "outcome": outcome}, visit.id)
    visit.vault.stories = told if isinstance(told, tuple) else ()
    enquiry.error = "" if outcome == "told" else f"error.cases.{outcome}"
    if enquiry.error:
        enquiry.case_no = ""
        return
    known = [story.case_no for story in visit.vault.stories]
    if (enquiry.how is How.CARD or enquiry.bundle) and enquiry.case_no not in known:
        enquiry.case_no = known[0] if len(known) == 1 else ""


def _outcome(told: tuple[CaseStory, ...] | EnquiryFault | TooOften) -> str:
    if isinstance(told, TooOften):
        return "too_often"
    return str(told) if isinstance(told, EnquiryFault) else "told" if told else "nothing"


def case_chosen(_terminal: Terminal, visit: Visit, event: e.CaseChosen) -> None:
    if any(story.case_no == event.case_no for story in visit.vault.stories):
        visit.around.enquiry.case_no = event.case_no
        visit.around.purpose, visit.around.job = Purpose.ENQUIRE, ""


def collect_wanted(terminal: Terminal, visit: Visit, _event: e.CollectWanted) -> None:
    """The item says how surely the owner must be known; without it nobody can tell."""
    story = shown(visit)
    item = terminal.catalogue.find(story.task_code) if story else None
    visit.problem = None
    if item is None:
        visit.problem = Problem("collect.desk", "case", State.CASE)
        return
    around = visit.around
    visit.item, around.purpose = item, Purpose.COLLECT
    visit.papers, visit.printed = [], False
    around.job = around.job or f"{around.enquiry.case_no}-result-{secrets.token_hex(4)}"


def result_collected(_terminal: Terminal, visit: Visit, event: e.ResultCollected) -> None:
    visit.problem = None
    if event.fault != "":
        code = "unfit" if event.fault is None else str(event.fault)
        visit.problem = Problem(f"collect.{code}", "case", State.CASE)


def went_back(_terminal: Terminal, visit: Visit, _event: e.WentBack) -> None:
    """From a case to the list, from a list or a number to the ways to find one, and out."""
    enquiry = visit.around.enquiry
    match visit.page:
        case State.CASES:
            visit.around = Around()
        case State.CASE if len(visit.vault.stories) > 1:
            enquiry.case_no = ""
        case _:
            visit.around.enquiry = Enquiry()
            visit.vault.stories, visit.vault.attempt = (), ""


def shown(visit: Visit) -> CaseStory | None:
    """The case that is shown."""
    number = visit.around.enquiry.case_no
    return next((story for story in visit.vault.stories if story.case_no == number), None)


def _number(terminal: Terminal, visit: Visit, how: How, text: str) -> None:
    """A mistyped number is told at once; nothing is asked of the fleet for it."""
    together = wire.BUNDLE in text[:LONGEST].upper()
    read = read_bundle_number if together else read_case_number
    number = read(text) if len(text) <= LONGEST else NumberFault.SHAPE
    visit.vault.attempt = text[:LONGEST].strip() if how is How.NUMBER else ""
    if isinstance(number, NumberFault):
        visit.around.enquiry = Enquiry(how, f"error.case_no.{how}.{number}")
        terminal.journal.append("enquiry", {"how": how, "outcome": str(number)}, visit.id)
        return
    visit.around.enquiry = Enquiry(how, bundle=number) if together else Enquiry(how, case_no=number)
    visit.vault.attempt = ""
