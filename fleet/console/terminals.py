"""All terminals with their three truths, devices and supplies; searched, filtered, page by page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from nicegui import ui
from nicegui.events import ValueChangeEventArguments

from fleet.console import cells, phrases
from fleet.console.desk import Desk
from fleet.console.feed import Picture
from fleet.console.parts import Vacancy, button, empty, enable, panel, text
from fleet.console.tables import Column, KeyedTable
from fleet.console.views import LONGEST_SEARCH, SORTS, View
from fleet.console.viewtools import ViewTools
from fleet.live import TerminalRow

PAGE_ROWS = 10  # more would push the transactions out of sight


class Terminals:
    """`searched` gets the view when somebody has searched. `person`: whose own views there are."""

    def __init__(
        self, desk: Desk, view: View, person: str, searched: Callable[[View], object]
    ) -> None:
        self._desk, self.view, self._searched = desk, view, searched
        self._picture: Picture | None = None
        self._keep: Callable[[TerminalRow], bool] | None = None
        self._rows: list[TerminalRow] = []
        self._first = 0
        words = desk.words
        with panel(words("terminals")) as tools:
            with tools:
                self.tools = ViewTools(desk, desk.views, person, lambda: self.view)
                search = ui.input(
                    placeholder=words("search"), value=view.search, on_change=self._search
                )
                search.props("dense outlined clearable debounce=200").classes("k-search")
                search.props["aria-label"] = words("search")
            self._table = KeyedTable(words("terminals"), self._columns(), lambda row: row.id)
            self._vacancy = Vacancy(
                loading=empty("hourglass_empty", words("loading")),
                empty=empty(
                    "add_to_queue",
                    words("no_terminals"),
                    steps=tuple(words(f"no_terminals.{step}") for step in (1, 2, 3)),
                ),
                none=empty("filter_alt_off", words("none_match"), words("none_match.more")),
            )
            self._pager()

    def _pager(self) -> None:
        words = self._desk.words
        with ui.element("div").classes("k-foot") as self._foot:
            self._range = text("span", "")
            self._back = button(words("previous"), lambda: self._turn(-PAGE_ROWS))
            self._on = button(words("next"), lambda: self._turn(PAGE_ROWS))

    def _columns(self) -> list[Column[TerminalRow]]:
        words = self._desk.words
        chosen: dict[str, Column[TerminalRow]] = {
            "truths": Column(words("col.truths"), self._truths, cells.draw_truths, "k-told"),
            "devices": Column(
                words("col.devices"),
                partial(cells.devices, words),
                partial(cells.draw_devices, words),
                "k-able",
            ),
            "supplies": Column(
                words("col.supplies"), partial(cells.supplies, words), cells.draw_supplies
            ),
            "versions": Column(words("col.versions"), _versions, _draw_versions),
            "outbox": Column(words("col.outbox"), lambda row: str(row.outbox), _draw_text, "k-num"),
            "activity": Column(words("col.activity"), self._activity, _draw_text, "k-nowrap"),
        }
        name: Column[TerminalRow] = Column(
            words("col.terminal"),
            lambda row: cells.Name(row.id, row.site),
            cells.draw_name,
            "k-who",
        )
        return [name, *(chosen[one] for one in self.view.columns)]

    def _truths(self, row: TerminalRow) -> tuple[phrases.Truth, ...]:
        assert self._picture is not None
        heard = self._picture.heard(row, self._desk.feed.clock())
        return cells.truths(self._desk.words, row, heard)

    def _activity(self, row: TerminalRow) -> str:
        assert self._picture is not None
        at = self._picture.tally.last_at.get(row.id)
        return phrases.clock(at, self._desk.feed.clock()) if at else "–"

    def keep(self, rule: Callable[[TerminalRow], bool] | None) -> None:
        self._keep, self._first = rule, 0
        self._select()

    def show(self, picture: Picture) -> None:
        """Silence grows each second: the rows in sight are looked at even in the same picture."""
        if picture is self._picture:
            self._draw()
        else:
            self._picture = picture
            self._select()

    def _search(self, event: ValueChangeEventArguments[str | None]) -> None:
        self.view = replace(self.view, search=(event.value or "").strip()[:LONGEST_SEARCH])
        self._first = 0
        self._searched(self.view)
        self._select()

    def _turn(self, by: int) -> None:
        self._first = max(0, self._first + by)
        self._draw()

    def _select(self) -> None:
        picture, wanted = self._picture, self.view.search.casefold()
        if picture is None:
            return
        kept = [
            row
            for row in picture.terminals
            if (self._keep is None or self._keep(row))
            and (not wanted or wanted in f"{row.id} {row.site}".casefold())
        ]
        self._rows = sorted(kept, key=SORTS[self.view.sort](picture))
        self._draw()

    def _draw(self) -> None:
        count = len(self._rows)
        self._first = self._first if self._first < count else 0
        last = min(self._first + PAGE_ROWS, count)
        self._table.show(self._rows[self._first : last])
        anyone = self._picture and self._picture.terminals
        vacant = "none" if anyone else "empty" if self._picture else "loading"
        self._vacancy.say("" if count else vacant)
        self._foot.set_visibility(count > PAGE_ROWS)
        self._range.text = self._desk.words("page", first=self._first + 1, last=last, count=count)
        enable(self._back, self._first > 0)
        enable(self._on, last < count)


def _draw_text(words: str) -> None:
    text("span", words)


def _versions(row: TerminalRow) -> tuple[str, ...]:
    return row.software, row.settings, row.catalogue


def _draw_versions(of: tuple[str, ...]) -> None:
    for one in filter(None, of):
        text("div", one, "k-mono")
