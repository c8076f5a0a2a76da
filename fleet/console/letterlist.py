"""Messages that could not be taken: why, from whom, how often; what is in them only where it is
sure to hold nobody's data (`fleet.letters`)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial

from nicegui import ui
from nicegui.events import ValueChangeEventArguments
from sqlalchemy.exc import SQLAlchemyError

from fleet.console import phrases
from fleet.console.desk import Desk
from fleet.console.feed import Picture
from fleet.console.parts import Vacancy, button, empty, panel, text
from fleet.console.tables import Column, KeyedTable
from fleet.letters import PAGE, LetterRow, Letters

READ_SECONDS = 2.0
MOST = 20 * PAGE


class LetterList:
    def __init__(self, desk: Desk, letters: Letters) -> None:
        self._desk, self._letters = desk, letters
        self._reason = self._terminal = ""
        self._rows: list[LetterRow] = []
        self._depth = 1  # pages in sight
        self._read_at = -READ_SECONDS
        self._counts: Mapping[str, tuple[int, int]] = {}
        words = desk.words
        text("h1", words("nav.letters"), "k-hidden")
        with panel(words("nav.letters")) as tools:
            with tools:
                search = ui.input(placeholder=words("letters.search"), on_change=self._search)
                search.props("dense outlined clearable debounce=300").classes("k-search")
                search.props["aria-label"] = words("letters.search")
            text("p", words("letters.more"), "k-about")
            self._chips = ui.element("div").classes("k-row k-about")
            self._table = KeyedTable(words("nav.letters"), self._columns(), lambda row: row.id)
            self._vacancy = Vacancy(
                loading=empty("hourglass_empty", words("loading")),
                nothing=empty("mark_email_read", words("letters.none"), words("letters.none.more")),
                none=empty("filter_alt_off", words("none_match"), words("none_match.more")),
            )
            with ui.element("div").classes("k-foot") as self._foot:
                button(words("letters.older"), self._older)
        self._foot.set_visibility(False)
        self._table.element.set_visibility(False)
        self._vacancy.say("loading")

    def _columns(self) -> list[Column[LetterRow]]:
        words = self._desk.words
        now = self._desk.feed.clock
        return [
            Column(
                words("col.last"), lambda row: phrases.clock(row.time, now()), _draw, "k-nowrap"
            ),
            Column(words("col.times"), lambda row: f"×{row.times}", _draw, "k-num"),
            Column(words("col.reason"), lambda row: _reason(self._desk, row.reason), _draw),
            Column(words("col.terminal"), lambda row: row.terminal, _draw_terminal),
            Column(words("col.topic"), lambda row: row.leaf or "–", _draw),
            Column(
                words("col.size"), lambda row: words("bytes", count=row.size), _draw, "k-nowrap"
            ),
            Column(words("col.hash"), lambda row: row.digest, _draw_hash),
            Column(words("col.content"), lambda row: row.text, self._draw_text),
        ]

    async def show(self, picture: Picture) -> None:
        now = self._desk.feed.clock()
        if now - self._read_at >= READ_SECONDS:
            await self._read()

    async def _read(self) -> None:
        self._read_at = self._desk.feed.clock()
        try:
            self._counts, self._rows = await asyncio.to_thread(self._fetch)
        except SQLAlchemyError:
            return  # the frame says so
        self._draw_chips()
        self._table.show(self._rows)
        kept = any(kept for kept, _ in self._counts.values())
        self._vacancy.say("" if self._rows else "none" if kept else "nothing")
        more = len(self._rows) == self._depth * PAGE and len(self._rows) < MOST
        self._foot.set_visibility(more)

    def _fetch(self) -> tuple[Mapping[str, tuple[int, int]], list[LetterRow]]:
        rows: list[LetterRow] = []
        for _ in range(self._depth):
            before = (rows[-1].time, rows[-1].id) if rows else None
            some = self._letters.page(self._reason, self._terminal, before)
            rows += some
            if len(some) < PAGE:
                break
        return self._letters.counts(), rows

    def _draw_chips(self) -> None:
        words = self._desk.words
        self._chips.clear()
        all_kept = sum(kept for kept, _ in self._counts.values())
        with self._chips:
            self._chip("", f"{words('letters.all')} {all_kept}")
            for reason, (kept, _) in sorted(self._counts.items()):
                self._chip(reason, f"{_reason(self._desk, reason)} {kept}")

    def _chip(self, reason: str, name: str) -> None:
        chosen = "true" if reason == self._reason else "false"
        made = button(name, partial(self._choose, reason))
        made.props(f"aria-pressed={chosen}").classes("k-chip")

    async def _choose(self, reason: str) -> None:
        self._reason, self._depth = reason, 1
        await self._read()

    async def _search(self, event: ValueChangeEventArguments[str | None]) -> None:
        self._terminal, self._depth = (event.value or "").strip(), 1
        await self._read()

    async def _older(self) -> None:
        self._depth += 1
        await self._read()

    def _draw_text(self, content: str) -> None:
        words = self._desk.words
        if not content:
            text("span", words("letters.hidden"), "k-sub")
            return
        with ui.element("details"):
            text("summary", words("letters.open"))
            text("pre", content, "k-pre")


def _reason(desk: Desk, reason: str) -> str:
    return desk.words(f"dead.{reason}") if reason else ""


def _draw(words: str) -> None:
    text("span", words)


def _draw_hash(digest: str) -> None:
    text("span", digest[:12] + "…", "k-mono").props["title"] = digest


def _draw_terminal(name: str) -> None:
    if name:
        text("a", name, "k-code").props["href"] = f"/terminals/{name}"
    else:
        text("span", "–")
