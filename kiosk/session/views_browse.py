"""The list of services: all of a few; of many, the shelves, or what is looked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kiosk import view as v
from kiosk.identity.numbers import mask_name
from kiosk.services.item import Item
from kiosk.services.search import Facet, Finder
from kiosk.session.terminal import Terminal
from kiosk.session.views_identity import text
from kiosk.session.visit import Browse, Visit

FEW = 8  # so many tiles are seen at once
MOST = 60  # tiles of a shelf, or of what was found


def services(terminal: Terminal, visit: Visit) -> v.Body:
    total, browse = len(terminal.catalogue.items), visit.browse
    many = total > FEW
    shelves = tuple(_shelves(terminal.finder(), browse.facet)) if many else ()
    codes, found = _looked_for(terminal.finder(), browse) if many else ([], total)
    tiles = _tiles(terminal, visit, codes) if many else wanted_tiles(terminal, visit)
    return v.ServicesBody(
        tiles,
        known=mask_name(visit.card.name) if visit.card else "",
        helper=mask_name(visit.helper.name) if visit.helper else "",
        searchable=many,
        total=total,
        facet=browse.facet,
        shelves=() if browse.narrow else shelves,
        shelf=next((one for one in shelves if one.key == browse.key), None),
        words=browse.words,
        found=found,
    )


def wanted_tiles(terminal: Terminal, visit: Visit) -> tuple[v.ServiceTile, ...]:
    """What is asked for most; of a small catalogue, everything in its own order."""
    items = terminal.catalogue.items
    if len(items) <= FEW:
        return tiles_of(terminal, visit, items)
    return _tiles(terminal, visit, terminal.finder().browse(limit=FEW))


def _looked_for(finder: Finder, browse: Browse) -> tuple[list[str], int]:
    """Task codes of the first, and how many there are; more than `MOST` hits are not counted."""
    if browse.words:
        hits = finder.find(browse.words, limit=MOST)
        return [hit.task_code for hit in hits], len(hits)
    if browse.key:
        chosen = {Facet(browse.facet): browse.key}
        return finder.browse(chosen, limit=MOST), _on_shelf(finder, browse)
    return finder.browse(limit=FEW), 0


def _on_shelf(finder: Finder, browse: Browse) -> int:
    shelves = finder.counts(Facet(browse.facet))
    return next((one.count for one in shelves if one.key == browse.key), 0)


def _shelves(finder: Finder, facet: str) -> Iterator[v.ShelfTile]:
    for one in finder.counts(Facet(facet)):
        yield v.ShelfTile(facet, one.key, one.count, text(one.name))


def _tiles(terminal: Terminal, visit: Visit, codes: Iterable[str]) -> tuple[v.ServiceTile, ...]:
    found = (terminal.catalogue.find(code) for code in codes)
    return tiles_of(terminal, visit, (item for item in found if item is not None))


def tiles_of(terminal: Terminal, visit: Visit, items: Iterable[Item]) -> tuple[v.ServiceTile, ...]:
    return tuple(_tile(terminal, visit, item) for item in items)


def _tile(terminal: Terminal, visit: Visit, item: Item) -> v.ServiceTile:
    helper = visit.helper
    return v.ServiceTile(
        task_code=item.task_code,
        name=text(item.task_name),
        department=text(item.dept_name),
        icon=item.icon,
        kind=str(item.kind),
        promise_days=item.promise_day,
        why_not=terminal.why_not(item, helper),
        handling=str(getattr(item.authority, helper.level)) if helper else "",
    )
