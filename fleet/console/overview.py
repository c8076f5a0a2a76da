"""The first page: counts, what to do now, all terminals, the latest transactions."""

from __future__ import annotations

from dataclasses import replace

from fastapi import Request
from nicegui import ui

from fleet.console.counts import FILTERS, Counts
from fleet.console.desk import Desk
from fleet.console.feed import Picture
from fleet.console.tasklist import TaskList
from fleet.console.terminals import Terminals
from fleet.console.transactions import Transactions
from fleet.console.views import View
from fleet.console.visits import Visit


class Overview:
    """The address holds the view of the terminals, over reloads and in bookmarks. `person`: whose
    own views are offered."""

    def __init__(self, desk: Desk, request: Request, person: str) -> None:
        self._view = View.read(request.query_params, FILTERS)
        self._picture: Picture | None = None
        self._desk = desk
        self._counts = Counts(desk, self._choose)
        with ui.element("div").classes("k-grid"):
            with ui.element("div").classes("k-side k-pinned"):
                self._todo = TaskList(desk)
            with ui.element("div").classes("k-main k-stack"):
                self._terminals = Terminals(desk, self._view, person, self._searched)
                self._transactions = Transactions(desk, desk.words("transactions"))
        self._counts.show(None, self._view.show)

    async def show(self, picture: Picture) -> None:
        first = self._picture is None
        self._picture = picture
        self._counts.show(picture, self._view.show)
        await self._counts.show_alarms()
        await self._todo.show(picture)
        self._terminals.show(picture)
        self._transactions.show(picture)
        if first:
            await self._terminals.tools.show()
        if first and self._view.show:
            await self._filter(picture)

    def _searched(self, view: View) -> None:
        self._view = replace(view, show=self._view.show)
        ui.navigate.history.replace(self._view.path)

    async def _choose(self, name: str) -> None:
        self._view = replace(self._view, show=name)
        self._terminals.view = self._view
        ui.navigate.history.replace(self._view.path)
        self._counts.show(self._picture, name)
        if self._picture is not None:
            await self._filter(self._picture)
        if name and FILTERS[name].visit:
            self._transactions.reveal()

    async def _filter(self, picture: Picture) -> None:
        chosen = FILTERS.get(self._view.show)
        self._terminals.keep(chosen.terminal if chosen else None)
        rule = chosen.visit if chosen else None
        midnight = picture.tally.midnight

        def today(visit: Visit) -> bool:
            return rule is not None and visit.last_at >= midnight and rule(visit)

        await self._transactions.keep(today if rule else None, midnight if rule else 0.0)
