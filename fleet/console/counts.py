"""The big counts. Each is a switch: pressed, it filters the terminals or the transactions below."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fastapi.concurrency import run_in_threadpool
from nicegui import ui
from sqlalchemy.exc import SQLAlchemyError

from fleet.console.desk import Desk
from fleet.console.feed import Picture
from fleet.console.parts import Tone, icon, text
from fleet.console.todo import in_trouble
from fleet.console.visits import CERTIFICATE_OUT, Visit
from fleet.live import TerminalRow


@dataclass(frozen=True, slots=True)
class Filter:
    """`terminal` and `visit` say what stays; `count` what the card shows."""

    name: str
    shape: str
    tone: Tone
    count: Callable[[Picture], int]
    terminal: Callable[[TerminalRow], bool] | None = None
    visit: Callable[[Visit], bool] | None = None


def _certificate(visit: Visit) -> bool:
    return any(one.paper == "certificate" and one.rung in CERTIFICATE_OUT for one in visit.papers)


def _of(keep: Callable[[TerminalRow], bool]) -> Callable[[Picture], int]:
    return lambda picture: sum(map(keep, picture.terminals))


def _by_terminal(name: str, shape: str, tone: Tone, keep: Callable[[TerminalRow], bool]) -> Filter:
    return Filter(name, shape, tone, _of(keep), terminal=keep)


FILTERS: dict[str, Filter] = {
    one.name: one
    for one in (
        _by_terminal("online", "sensors", Tone.GOOD, lambda row: row.online),
        _by_terminal("silent", "sensors_off", Tone.BAD, lambda row: row.stale),
        _by_terminal("trouble", "build", Tone.WARN, in_trouble),
        Filter(
            "cases",
            "assignment_turned_in",
            Tone.GOOD,
            lambda picture: picture.tally.cases,
            visit=lambda visit: bool(visit.standing),
        ),
        Filter(
            "certificates",
            "workspace_premium",
            Tone.GOOD,
            lambda picture: picture.tally.certificates,
            visit=_certificate,
        ),
        Filter(
            "unconfirmed",
            "print_disabled",
            Tone.WARN,
            lambda picture: picture.tally.unconfirmed,
            visit=lambda visit: any(one.rung == "unconfirmed" for one in visit.papers),
        ),
    )
}


class Counts:
    """`choose` is called with the name of the filter that was pressed, '' to show everything."""

    def __init__(self, desk: Desk, choose: Callable[[str], Any]) -> None:
        self._desk = desk
        self._picture: Picture | None = None
        self._chosen: str | None = None
        self._cards: dict[str, _Card] = {}
        with (
            ui.element("div")
            .classes("k-counts")
            .props(f'role=group aria-label="{desk.words("filters")}"')
        ):
            for one in FILTERS.values():
                self._cards[one.name] = _Card(desk, one, choose)
            self._alarms = _AlarmCard(desk) if desk.alarms else None

    async def show_alarms(self) -> None:
        if self._alarms is not None:
            await self._alarms.show()

    def show(self, picture: Picture | None, chosen: str) -> None:
        if picture is self._picture and chosen == self._chosen:
            return
        self._picture, self._chosen = picture, chosen
        for name, card in self._cards.items():
            card.show(picture, name == chosen)


class _Card:
    def __init__(self, desk: Desk, one: Filter, choose: Callable[[str], Any]) -> None:
        self._filter = one
        self._words = desk.words
        self._pressed = False
        self.button = ui.element("button").classes("k-count").props("type=button")
        self.button.on("click", lambda: choose("" if self._pressed else one.name), args=[])
        with self.button:
            with ui.element("div"):
                self._number = text("b", "–")
                self._whole = text("small", "")
            self._tone = ui.element("div")
            with self._tone:
                icon(one.shape)
            text("span", self._words(f"count.{one.name}"))

    def show(self, picture: Picture | None, pressed: bool) -> None:
        self._pressed = pressed
        self.button.props(f"aria-pressed={'true' if pressed else 'false'}")
        if picture is None:
            return
        number = self._filter.count(picture)
        self._number.text = str(number)
        if self._filter.name == "online":
            self._whole.text = f" / {len(picture.terminals)}"
        quiet = number == 0
        self._tone.classes(replace=f"k-tone {Tone.DIM if quiet else self._filter.tone}")


class _AlarmCard:
    """How many alarms are open; a link to them."""

    def __init__(self, desk: Desk) -> None:
        self._feed = desk.alarms
        with ui.element("a").classes("k-count").props("href=/alarms"):
            self._number = text("b", "–")
            self._tone = ui.element("div")
            with self._tone:
                icon("notifications_active")
            text("span", desk.words("count.alarms"))

    async def show(self) -> None:
        if self._feed is None:
            return
        try:
            number = await run_in_threadpool(self._feed.view.open_count)
        except SQLAlchemyError:
            return  # the frame says so
        self._number.text = str(number)
        self._tone.classes(replace=f"k-tone {Tone.BAD if number else Tone.DIM}")
