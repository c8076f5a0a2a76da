"""The list "what to do now", drawn again only when a task comes or goes."""

from __future__ import annotations

from fastapi.concurrency import run_in_threadpool
from nicegui import ui

from fleet.console.desk import Desk
from fleet.console.feed import Picture
from fleet.console.parts import SHAPES, Vacancy, Watched, empty, icon, panel, text
from fleet.console.todo import Task, tasks

MOST = 40


class TaskList:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._picture: Picture | None = None
        words = desk.words
        with panel(words("todo")) as tools:
            with tools:
                self._tally = text("span", "", "k-tally")
            with ui.element("div").props("aria-live=polite"):
                self._list = Watched(self._draw_all)
            self._vacancy = Vacancy(
                loading=empty("hourglass_empty", words("loading")),
                nobody=empty("add_to_queue", words("no_terminals")),
                none=empty("task_alt", words("todo.none"), words("todo.none.more")),
            )
        self._vacancy.say("loading")

    async def show(self, picture: Picture) -> None:
        """Of ten thousand terminals the sentences alone take a fifth of a second."""
        if picture is self._picture:
            return
        self._picture = picture
        found = await run_in_threadpool(tasks, self._desk.words, picture)
        self._tally.text = str(len(found))
        vacant = "none" if picture.terminals else "nobody"
        self._vacancy.say("" if found else vacant)
        self._list.show(found)

    def _draw_all(self, found: list[Task]) -> None:
        if not found:
            return
        with ui.element("ul").classes("k-todo"):
            for task in found[:MOST]:
                self._draw(task)
            if len(found) > MOST:
                text("li", self._desk.words("more", count=len(found) - MOST), "k-sub")

    def _draw(self, task: Task) -> None:
        with ui.element("li").classes(str(task.tone)):
            icon(SHAPES[task.tone])
            with ui.element("div"):
                if task.terminal:
                    link = text("a", task.terminal, "k-code")
                    link.props["href"] = f"/terminals/{task.terminal}"
                if task.site:
                    text("span", task.site, "k-place")
                text("div", task.what)
                with ui.element("div").classes("k-then"):
                    text("span", task.action, "k-do")
                    text("span", task.since, "k-sub")
