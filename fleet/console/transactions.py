"""Transactions as they arrive, newest first; older ones on request."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from functools import partial

from nicegui import ui
from sqlalchemy.exc import SQLAlchemyError

from fleet.console import cells
from fleet.console.desk import Desk
from fleet.console.feed import PAGE, WINDOW, Picture
from fleet.console.parts import Tone, Vacancy, button, empty, panel, pill, text
from fleet.console.tables import Column, KeyedTable
from fleet.console.visits import Visit, fold
from fleet.live import TransactionRow

SHOWN = 50  # visits at first, and more at each press of "older"
KEPT = 6000  # acts that one page holds at most
LOOKS = 8  # readings at most for one press, when a filter finds little


class Transactions:
    """`terminal`: only those of this one; '' for all."""

    def __init__(self, desk: Desk, heading: str, terminal: str = "") -> None:
        self._desk = desk
        self._terminal = terminal
        self._acts: dict[int, TransactionRow] = {}
        self._keep: Callable[[Visit], bool] | None = None
        self._since = 0.0  # a filter of today needs nothing older
        self._shown = SHOWN
        self._ended = False  # the oldest act of all is here
        self._picture: Picture | None = None
        words = desk.words
        with panel(heading):
            self._table = KeyedTable(heading, self._columns(), lambda visit: visit.position)
            self._vacancy = Vacancy(
                loading=empty("hourglass_empty", words("loading")),
                empty=empty(
                    "receipt_long", words("no_transactions"), words("no_transactions.more")
                ),
                none=empty("filter_alt_off", words("none_match"), words("none_match.more")),
            )
            with ui.element("div").classes("k-foot") as self._foot:
                button(words("older"), self.older)

    def _columns(self) -> list[Column[Visit]]:
        desk, words = self._desk, self._desk.words
        columns: list[Column[Visit]] = [
            Column(words("col.time"), self._moment, self._draw_moment, "k-nowrap"),
            Column(words("col.terminal"), lambda visit: visit.terminal, _draw_terminal),
            Column(words("col.item"), lambda visit: desk.item(visit.task_code), _draw_text),
            Column(words("col.case"), lambda visit: visit.case_no, _draw_code),
            Column(words("col.standing"), lambda visit: visit, partial(cells.draw_standing, words)),
            Column(
                words("col.papers"),
                lambda visit: visit.papers,
                partial(cells.draw_papers, words),
            ),
            Column(
                words("col.rating"), lambda visit: visit.rating, partial(cells.draw_rating, words)
            ),
        ]
        return [one for one in columns if not (self._terminal and one.draw is _draw_terminal)]

    def _moment(self, visit: Visit) -> tuple[str, bool]:
        return cells.moment(visit, self._desk.feed.clock())

    def _draw_moment(self, moment: tuple[str, bool]) -> None:
        told, late = moment
        text("span", told)
        if late:
            pill(Tone.DIM, self._desk.words("late"), "history")

    async def open(self) -> None:
        """Read what the page starts with, when it is more than the shared picture holds."""
        if self._terminal and self._picture is None:
            await self._read(WINDOW)

    async def keep(self, rule: Callable[[Visit], bool] | None, since: float) -> None:
        """Show only visits that pass; look back to `since` when few of the newest do."""
        self._keep, self._since, self._shown = rule, since, SHOWN
        if rule:
            await self._look_back()
        self._redraw(arriving=False)

    async def older(self) -> None:
        self._shown += SHOWN
        await self._look_back()
        self._redraw(arriving=False)

    def reveal(self) -> None:
        """Scroll to the list, which may be below a long one."""
        self._table.element.run_method("scrollIntoView", {"block": "center"})

    def show(self, picture: Picture) -> None:
        if picture is self._picture:
            return
        arriving = self._picture is not None
        self._picture = picture
        self._take(picture.acts)
        self._forget()
        self._redraw(arriving)

    def _forget(self) -> None:
        """A page that stays open for weeks holds no more than a fresh one."""
        for position in sorted(self._acts)[: max(0, len(self._acts) - KEPT)]:
            del self._acts[position]

    def _redraw(self, arriving: bool) -> None:
        visits = self._visits()
        self._table.show(visits[: self._shown], arriving)
        vacant = "none" if self._acts else "empty" if self._picture else "loading"
        self._vacancy.say("" if visits else vacant)
        self._foot.set_visibility(len(visits) > self._shown or not self._all_here())

    def _visits(self) -> list[Visit]:
        visits = fold(self._acts.values())
        return [visit for visit in visits if self._keep is None or self._keep(visit)]

    def _all_here(self) -> bool:
        """Looking further back would bring nothing to this list."""
        if not self._acts or self._ended or len(self._acts) >= KEPT:
            return True
        return self._acts[min(self._acts)].received_at < self._since

    async def _look_back(self) -> None:
        for _ in range(LOOKS):
            if self._all_here() or len(self._visits()) >= self._shown:
                return
            await self._read(PAGE)

    async def _read(self, limit: int) -> None:
        oldest = min(self._acts, default=None)
        read = self._desk.feed.live.transactions
        try:
            found = await asyncio.to_thread(read, limit, oldest, self._terminal or None)
        except SQLAlchemyError:
            return  # the banner of the page tells it; "older" asks again
        self._ended = len(found) < limit
        self._take(found)

    def _take(self, found: Iterable[TransactionRow]) -> None:
        mine = (act for act in found if self._terminal in ("", act.terminal))
        self._acts.update((act.position, act) for act in mine)


def _draw_terminal(terminal: str) -> None:
    text("a", terminal, "k-nowrap").props["href"] = f"/terminals/{terminal}"


def _draw_text(words: str) -> None:
    text("span", words)


def _draw_code(code: str) -> None:
    text("span", code, "k-mono")
