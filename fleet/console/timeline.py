"""What people did at a terminal, newest first: staff, maintenance, who was identified and how."""

from __future__ import annotations

import asyncio

from nicegui import ui
from sqlalchemy.exc import SQLAlchemyError

from fleet.console import cells, phrases
from fleet.console.desk import Desk
from fleet.console.feed import Picture
from fleet.console.parts import Tone, Watched, panel
from fleet.console.phrases import Truth
from fleet.console.sheets import Cell, Named, Sheet, draw_sheet
from fleet.live import MomentRow

SHOWN = 100
SHAPES = {
    "staff": "badge",
    "maintenance": "build",
    "card": "credit_card",
    "consent": "fact_check",
    "face": "face",
    "way": "alt_route",
    "code": "sms",
    "pin": "pin",
    "witness": "how_to_reg",
    "ticket": "confirmation_number",
    "session": "cleaning_services",
    "case": "assignment_ind",
}
# Outcomes that somebody who looks for trouble has to see.
WARNED = frozenset(
    {
        *("refused_wrong", "refused_locked", "refused_unreachable"),
        *("swapped", "wrong", "locked", "unreachable", "not_matched", "not_live", "changed"),
        *("declined", "crashed"),
    }
)


class Timeline:
    """A long list in a box of its own: it must not push the transactions out of sight."""

    def __init__(self, desk: Desk, terminal: str) -> None:
        self._desk = desk
        self._terminal = terminal
        self._picture: Picture | None = None
        heading = desk.words("moments")
        with panel(heading):
            box = ui.element("div").classes("k-scroll").props("role=region tabindex=0")
            box.props["aria-label"] = heading
            with box:
                self._sheet = Watched(draw_sheet)

    async def show(self, picture: Picture) -> None:
        if picture is self._picture:
            return
        self._picture = picture
        read = self._desk.feed.live.moments
        try:
            found = await asyncio.to_thread(read, self._terminal, SHOWN)
        except SQLAlchemyError:
            return  # the banner of the page tells it; the next picture asks again
        self._sheet.show(sheet(self._desk, picture, found))


def sheet(desk: Desk, picture: Picture, found: list[MomentRow]) -> Sheet:
    words = desk.words
    lines = tuple(
        (cells.when(one.time, one.received_at, picture.read_at), _who(desk, one), _what(desk, one))
        for one in found
    )
    headings = tuple(map(words, ("col.time", "col.who", "col.what")))
    return Sheet(headings, lines, words("no_moments"))


def _who(desk: Desk, one: MomentRow) -> str:
    """A role, or a member of staff by their id: nobody is named here."""
    words = desk.words
    role = words.start("role", one.role) if one.role else ""
    return words("and").join(filter(None, (one.staff, role)))


def _what(desk: Desk, one: MomentRow) -> Cell:
    words = desk.words
    told = phrases.start(words.of("moment", f"{one.kind}.{one.outcome}"))
    if one.count:
        told = words("wiped", told=told, count=one.count)
    if one.outcome in WARNED:
        return Truth(Tone.WARN, told)
    return Named(SHAPES.get(one.kind, "history"), told)
