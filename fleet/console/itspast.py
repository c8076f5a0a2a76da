"""What a terminal has and is to have, and in which states it was these two weeks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from fastapi.concurrency import run_in_threadpool
from nicegui import ui
from sqlalchemy import Connection, func, select
from sqlalchemy.exc import SQLAlchemyError

from fleet.console import phrases
from fleet.console.desk import Desk
from fleet.console.feed import Picture
from fleet.console.parts import Tone, Watched, panel
from fleet.console.phrases import DAY_SECONDS, Truth
from fleet.console.sheets import Cell, Sheet, draw_sheet
from fleet.console.words import Words
from fleet.live import Serving, TerminalRow
from fleet.rollouts.pointers import Pieces, pieces_of
from fleet.store.report_tables import serving_history as history
from kiosk.wire import PieceKind

DAYS = 14
MOST = 40  # changes in the list
KINDS = {
    PieceKind.SOFTWARE: "software",
    PieceKind.SETTINGS: "settings",
    PieceKind.CATALOGUE: "catalogue",
}


@dataclass(frozen=True, slots=True)
class Span:
    """Epoch seconds. `end` None: it is so now."""

    serving: Serving
    begin: float
    end: float | None


@dataclass(frozen=True, slots=True)
class _Found:
    pieces: Pieces
    spans: tuple[Span, ...]


class ItsPast:
    """Two panels; `versions` is made at once, `states` where its place is."""

    def __init__(self, desk: Desk, terminal: str) -> None:
        self._desk, self._terminal = desk, terminal
        self._picture: Picture | None = None
        with panel(desk.words("versions")):
            self._versions = Watched(draw_sheet)

    def states(self) -> None:
        with panel(self._desk.words("states")):
            self._strip = Watched(_draw_strip, "k-strip")
            self._states = Watched(draw_sheet, "k-scroll k-short")

    async def show(self, picture: Picture, row: TerminalRow) -> None:
        if picture is self._picture:
            return
        try:
            found = await run_in_threadpool(self._read, picture.read_at)
        except SQLAlchemyError:
            return  # the frame says so; the next picture asks again
        self._picture = picture
        words, now = self._desk.words, picture.read_at
        self._versions.show(versions(words, row, found.pieces))
        self._strip.show(strip(found.spans, now))
        self._states.show(states(words, found.spans, now))

    def _read(self, now: float) -> _Found:
        with self._desk.feed.live.store.read() as connection:
            pieces = pieces_of(connection, self._terminal)
            return _Found(pieces, spans(connection, self._terminal, now - DAYS * DAY_SECONDS))


def spans(connection: Connection, terminal: str, since: float) -> tuple[Span, ...]:
    """In order; the first one may have begun before `since`."""
    mine = history.c.terminal == terminal
    before = select(func.max(history.c.since)).where(mine, history.c.since <= since)
    first = connection.scalar(before) or since
    query = select(history.c.since, history.c.serving).where(mine, history.c.since >= first)
    rows: Sequence[Any] = connection.execute(query.order_by(history.c.since)).all()
    return tuple(
        Span(Serving(row.serving), row.since, None if later is None else later.since)
        for row, later in pairwise([*rows, None])
    )


def versions(words: Words, row: TerminalRow, pieces: Pieces) -> Sheet:
    lines: list[tuple[Cell, ...]] = []
    for kind, name in KINDS.items():
        has: str = getattr(row, name)
        wanted = pieces.get(kind)
        lines.append((
            words(name), has or words("unknown"), wanted.version if wanted else "–",
            _standing(words, row, has, wanted.version if wanted else ""),
        ))  # fmt: skip
    heads = tuple(map(words, ("col.kind", "col.has", "col.wanted", "col.state")))
    return Sheet(heads, tuple(lines), "")


def _standing(words: Words, row: TerminalRow, has: str, wanted: str) -> Truth:
    if not wanted:
        return Truth(Tone.DIM, words("wanted.nothing"))
    if has == wanted:
        return Truth(Tone.GOOD, words("wanted.same"))
    return Truth(Tone.WARN, words("wanted.drift" if row.online else "wanted.away"))


def states(words: Words, found: Sequence[Span], now: float) -> Sheet:
    """The latest first."""
    heads = tuple(map(words, ("col.state", "col.from", "col.until", "col.lasted")))
    lines = tuple(
        (
            Truth(phrases.SERVING_TONES[one.serving], words(f"served.{one.serving}")),
            phrases.clock(one.begin, now),
            words("states.now") if one.end is None else phrases.clock(one.end, now),
            phrases.age(words, (now if one.end is None else one.end) - one.begin),
        )
        for one in reversed(found[-MOST:])
    )
    return Sheet(heads, lines, words("states.none"))


def strip(found: Sequence[Span], now: float) -> tuple[tuple[Tone, float, float], ...]:
    """(tone, where it begins, how long it is), in percent of the two weeks."""
    begin, whole = now - DAYS * DAY_SECONDS, DAYS * DAY_SECONDS
    parts = []
    for one in found:
        first, last = max(one.begin, begin), now if one.end is None else one.end
        at, length = round(100 * (first - begin) / whole, 1), round(100 * (last - first) / whole, 1)
        parts.append((phrases.SERVING_TONES[one.serving], at, length))
    return tuple(parts)


def _draw_strip(parts: tuple[tuple[Tone, float, float], ...]) -> None:
    """Only to be looked at: the list below says the same."""
    if not parts:
        return
    with ui.element("div").props("aria-hidden=true"):
        for tone, at, length in parts:
            ui.element("i").classes(str(tone)).style(f"left: {at}%; width: {max(length, 0.3)}%")
