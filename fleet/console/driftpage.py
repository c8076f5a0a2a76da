"""Terminals that have something else than they are to have, and why."""

from __future__ import annotations

import asyncio
from functools import partial

from nicegui import ui
from nicegui.events import ValueChangeEventArguments
from sqlalchemy.exc import SQLAlchemyError

from fleet.console import orderlines as drawn
from fleet.console import phrases
from fleet.console.desk import Desk
from fleet.console.feed import Picture
from fleet.console.parts import Tone, Vacancy, empty, icon, panel, text
from fleet.console.tables import Column, KeyedTable
from fleet.console.words import Words
from fleet.rollouts.desk import RolloutDesk
from fleet.rollouts.drift import Drift
from fleet.rollouts.shapes import At

READ_SECONDS = 5.0  # everything that is known is read for it
MOST = 200  # rows in sight


class DriftPage:
    def __init__(self, desk: Desk, office: RolloutDesk) -> None:
        self._desk, self._office = desk, office
        self._rows: list[Drift] | None = None
        self._wanted, self._read_at = "", -READ_SECONDS
        words = desk.words
        with ui.element("div").classes("k-title"):
            with ui.element("a").props("href=/rollouts").classes("k-back"):
                icon("arrow_back")
                text("span", words("rollouts.all"))
            text("h1", words("rollouts.drift"))
        with panel(words("rollouts.drift")) as tools:
            with tools:
                self._count = text("span", "", "k-sub")
                search = ui.input(placeholder=words("drift.search"), on_change=self._search)
                search.props("dense outlined clearable debounce=200").classes("k-search")
                search.props["aria-label"] = words("drift.search")
            self._table = KeyedTable(words("rollouts.drift"), self._columns(), _key)
            self._vacancy = Vacancy(
                loading=empty("hourglass_empty", words("loading")),
                nothing=empty("task_alt", words("drift.none"), words("drift.none.more")),
                none=empty("filter_alt_off", words("none_match"), words("none_match.more")),
            )
        self._table.element.set_visibility(False)
        self._vacancy.say("loading")

    def _columns(self) -> list[Column[Drift]]:
        words, now = self._desk.words, self._desk.feed.clock
        none = words("drift.none_yet")
        return [
            Column(words("col.terminal"), lambda row: row.terminal, drawn.draw_terminal),
            Column(words("col.what"), lambda row: words(f"kind.{row.kind}"), drawn.draw_text),
            Column(words("col.has"), lambda row: row.has or none, drawn.draw_text),
            Column(
                words("col.wanted"), lambda row: (row.wanted or none, row.rollout), _draw_wanted
            ),
            Column(
                words("col.since"), lambda row: phrases.clock(row.since, now()), drawn.draw_text,
                "k-nowrap",
            ),
            Column(words("col.why"), partial(why, words), drawn.draw_pill),
        ]  # fmt: skip

    async def show(self, picture: Picture) -> None:
        if self._desk.feed.clock() - self._read_at < READ_SECONDS:
            return
        self._read_at = self._desk.feed.clock()
        try:
            self._rows = await asyncio.to_thread(self._office.view.drift)
        except SQLAlchemyError:
            return  # the frame says so
        self._draw()

    def _search(self, event: ValueChangeEventArguments[str | None]) -> None:
        self._wanted = (event.value or "").strip().casefold()
        self._draw()

    def _draw(self) -> None:
        if self._rows is None:
            return
        kept = [row for row in self._rows if self._wanted in row.terminal.casefold()]
        self._table.show(kept[:MOST])
        self._vacancy.say("" if kept else "none" if self._rows else "nothing")
        words = self._desk.words
        count = drawn.terminals(words, len({row.terminal for row in self._rows}))
        self._count.text = words("drift.count", terminals=count) if self._rows else ""


def why(words: Words, row: Drift) -> tuple[Tone, str, str]:
    """What failed is told even of one that is away."""
    if row.step == At.FAILED:
        told = words.of("piece_why", row.why) if row.why else words("unknown")
        return Tone.BAD, "", words("drift.failed", why=told)
    if not row.online:
        return Tone.DIM, "cloud_off", words("drift.away")
    if not row.step:
        return Tone.WARN, "", words("drift.unknown")
    tone = Tone.WARN if row.step in (At.CONFIRMED, At.RETURNED) else Tone.DIM
    return tone, "schedule", words(f"drift.{row.step}")


def _draw_wanted(of: tuple[str, int]) -> None:
    version, rollout = of
    made = text("a" if rollout else "span", version)
    if rollout:
        made.props["href"] = f"/rollouts/{rollout}"


def _key(row: Drift) -> tuple[str, str]:
    return row.terminal, row.kind
