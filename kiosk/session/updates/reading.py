"""Reading what is made public: shelves, one shelf, one article."""

from __future__ import annotations

from kiosk import events as e
from kiosk.services.information import Kind
from kiosk.session.errand import Around, Purpose, Reading
from kiosk.session.information import readable
from kiosk.session.terminal import Terminal
from kiosk.session.visit import Visit
from kiosk.view import State


def information_opened(_terminal: Terminal, visit: Visit, _event: e.InformationOpened) -> None:
    """What was begun of a service is given up."""
    visit.next_item()
    visit.around = Around(Purpose.READ)


def shelf_opened(_terminal: Terminal, visit: Visit, event: e.ShelfOpened) -> None:
    if event.key in set(Kind):
        visit.around.reading = Reading(event.key)


def article_chosen(terminal: Terminal, visit: Visit, event: e.ArticleChosen) -> None:
    """What is over since it was listed is not opened."""
    if readable(terminal, event.name):
        visit.around.reading.article = event.name


def services_wanted(_terminal: Terminal, visit: Visit, _event: e.ArticleServicesWanted) -> None:
    visit.around.reading.choosing = True


def went_back(_terminal: Terminal, visit: Visit, _event: e.WentBack) -> None:
    """From the services of an article to its text, to its shelf, to all shelves, and out."""
    reading = visit.around.reading
    if visit.page is State.ARTICLE:
        reading.article = reading.article if reading.choosing else ""
        reading.choosing = False
    elif reading.shelf:
        visit.around.reading = Reading()
    else:
        visit.around = Around()
