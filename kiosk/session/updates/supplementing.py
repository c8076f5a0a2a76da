"""Handing in what a case waits for, from the case's page and back to it."""

from __future__ import annotations

from kiosk import events as e
from kiosk.session.errand import How, Purpose
from kiosk.session.gathering import Gathering
from kiosk.session.supplement import supplement_of
from kiosk.session.terminal import Terminal
from kiosk.session.updates import materials, paying
from kiosk.session.updates.enquiring import shown
from kiosk.session.visit import Problem, Visit
from kiosk.view import State


def supplement_wanted(terminal: Terminal, visit: Visit, _event: e.SupplementWanted) -> None:
    """To whoever the card shows to be its owner. What can't be given here, a desk takes."""
    story, around = shown(visit), visit.around
    item = terminal.catalogue.find(story.task_code) if story else None
    visit.problem = None
    made = supplement_of(story, item) if story else None
    known = around.enquiry.how is How.CARD and visit.card is not None
    if made is None or item is None or not (known and made.needs):
        visit.problem = Problem("supplement.desk", "case", State.CASE)
        return
    visit.vault.forget_materials()
    visit.item, visit.gathering = item, Gathering()
    visit.papers, visit.printed = [], False
    around.purpose, around.supplement = Purpose.SUPPLEMENT, made


def went_back(terminal: Terminal, visit: Visit, event: e.WentBack) -> None:
    """From the list of what is missing to the case: what was scanned here is forgotten."""
    paying.went_back(terminal, visit, event)
    leaves = visit.page is State.MATERIALS and visit.asking < len(visit.fields)
    if visit.around.purpose is Purpose.SUPPLEMENT and leaves:
        visit.around.purpose, visit.around.supplement = Purpose.ENQUIRE, None
        visit.item = None
        visit.vault.forget_materials()


def materials_confirmed(terminal: Terminal, visit: Visit, event: e.MaterialsConfirmed) -> None:
    """A part of it is enough: the case waits for the rest."""
    materials.confirmed(terminal, visit, event)
    if visit.around.purpose is Purpose.SUPPLEMENT:
        visit.gathering = Gathering()


def confirmed(terminal: Terminal, visit: Visit, event: e.AnswersConfirmed) -> None:
    """Nothing is asked, and nothing is paid for, twice."""
    if visit.around.purpose is not Purpose.SUPPLEMENT:
        paying.answers_confirmed(terminal, visit, event)
