"""Looking for a service: by shelves of a kind, or by words."""

from __future__ import annotations

from kiosk import events as e
from kiosk.services.search import Facet
from kiosk.session.terminal import Terminal
from kiosk.session.visit import Browse, Visit

LONGEST = 40  # characters of a search


def facet_chosen(_terminal: Terminal, visit: Visit, event: e.FacetChosen) -> None:
    if event.facet in set(Facet):
        visit.browse = Browse(event.facet)


def shelf_opened(_terminal: Terminal, visit: Visit, event: e.ShelfOpened) -> None:
    visit.browse = Browse(visit.browse.facet, event.key)


def searched(_terminal: Terminal, visit: Visit, event: e.Searched) -> None:
    visit.browse = Browse(visit.browse.facet, words=event.words[:LONGEST])


def went_back(visit: Visit) -> None:
    visit.browsed = not visit.browse.narrow
    visit.browse = Browse(visit.browse.facet)
