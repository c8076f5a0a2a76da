"""Above the list of terminals: its order, its columns, and somebody's own views of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from fastapi.concurrency import run_in_threadpool
from nicegui import ui
from nicegui.events import ValueChangeEventArguments
from sqlalchemy.exc import SQLAlchemyError

from fleet.console.desk import Desk
from fleet.console.parts import Watched, button, icon, text
from fleet.console.views import COLUMNS, LONGEST_NAME, SORTS, View, Views


class ViewTools:
    """`now`: the view as it is by now; order and columns are new addresses."""

    def __init__(self, desk: Desk, views: Views, person: str, now: Callable[[], View]) -> None:
        self._desk, self._views, self._person, self._now = desk, views, person, now
        words, view = desk.words, now()
        sorts = {name: words(f"sort.{name}") for name in SORTS}
        order = ui.select(sorts, value=view.sort, on_change=self._sort)
        order.props("dense outlined options-dense").classes("k-search k-sort")
        order.props["aria-label"] = words("view.sort")
        with _menu(words("view.columns"), "view_column"):
            for name in COLUMNS:
                chosen = name in view.columns
                box = ui.checkbox(words(f"col.{name}"), value=chosen)
                box.on_value_change(partial(self._toggle, name)).props("dense")
        with _menu(words("view.mine"), "bookmark_border"):
            self._list = Watched(self._draw_list)
            self._name = ui.input(placeholder=words("view.name"))
            self._name.props(f"dense outlined maxlength={LONGEST_NAME}")
            self._name.props["aria-label"] = words("view.name")
            button(words("view.save"), self._save)
            self._said = text("span", "", "k-sub").props("role=status")

    async def show(self) -> None:
        try:
            self._list.show(await run_in_threadpool(self._views.of, self._person))
        except SQLAlchemyError:
            return  # the frame says so

    def _draw_list(self, found: list[tuple[str, str]]) -> None:
        words = self._desk.words
        if not found:
            text("span", words("view.none"), "k-sub")
        for name, query in found:
            with ui.element("div").classes("k-view"):
                text("a", name).props["href"] = f"/?{query}" if query else "/"
                gone = ui.element("button").props("type=button")
                gone.props["aria-label"] = words("view.remove", name=name)
                gone.on("click", partial(self._remove, name), args=[])
                with gone:
                    icon("close")

    def _sort(self, event: ValueChangeEventArguments[str]) -> None:
        ui.navigate.to(replace(self._now(), sort=event.value).path)

    def _toggle(self, column: str, _event: object) -> None:
        ui.navigate.to(self._now().toggled(column).path)

    async def _save(self) -> None:
        name, now = str(self._name.value or ""), self._desk.feed.clock()
        try:
            saved = await run_in_threadpool(
                self._views.save, self._person, name, self._now().query, now
            )
        except SQLAlchemyError:
            saved = False
        self._said.text = self._desk.words("view.saved" if saved else "view.refused")
        if saved:
            self._name.value = ""
            await self.show()

    async def _remove(self, name: str) -> None:
        try:
            await run_in_threadpool(self._views.remove, self._person, name)
        except SQLAlchemyError:
            self._said.text = self._desk.words("view.refused")
        await self.show()


def _menu(label: str, shape: str) -> ui.element:
    """A box that opens below its button; closed by the same button."""
    box = ui.element("details").classes("k-menu")
    with box:
        with ui.element("summary").classes("k-button"):
            icon(shape)
            text("span", label)
        return ui.element("div")
