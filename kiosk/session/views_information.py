"""The bodies of the pages of public information."""

from __future__ import annotations

from collections.abc import Callable

from kiosk import view as v
from kiosk.model import Text
from kiosk.services.days import date_in_words
from kiosk.services.information import Kind
from kiosk.session.information import blocks, items_of, mark_of, on_shelf, text
from kiosk.session.terminal import Terminal
from kiosk.session.views_browse import tiles_of
from kiosk.session.visit import Visit
from kiosk.view import State

NOTHING = Text("", "")


def _information(terminal: Terminal, visit: Visit) -> v.Body:
    """Shelves where something stands."""
    entries, key = terminal.catalogue.information, visit.around.reading.shelf
    stock = {kind: on_shelf(terminal, kind) for kind in Kind}
    shelves = tuple(
        v.InformationShelf(str(kind), text(entries[names[0]].title))
        for kind, names in stock.items()
        if names
    )
    names = stock[Kind(key)] if key else []
    return v.InformationBody(shelves, key, tuple(_row(terminal, name) for name in names))


def _row(terminal: Terminal, name: str) -> v.ArticleRow:
    entry = terminal.catalogue.information[name]
    mark = mark_of(terminal, entry)
    return v.ArticleRow(name, str(entry.kind), text(entry.title), text(entry.summary), mark)


def _article(terminal: Terminal, visit: Visit) -> v.Body:
    reading = visit.around.reading
    entry = terminal.catalogue.information[reading.article]
    return v.ArticleBody(
        name=reading.article,
        kind=str(entry.kind),
        title=text(entry.title),
        summary=text(entry.summary),
        day=date_in_words(entry.published),
        blocks=tuple(blocks(terminal, entry)),
        until=date_in_words(entry.valid_until) if entry.valid_until else NOTHING,
        mark=mark_of(terminal, entry),
        services=tiles_of(terminal, visit, items_of(terminal, entry)),
        choosing=reading.choosing,
        slip=terminal.condition.usable("receipt"),
    )


BODIES: dict[State, Callable[[Terminal, Visit], v.Body]] = {
    State.INFORMATION: _information,
    State.ARTICLE: _article,
}
