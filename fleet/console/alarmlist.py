"""All alarms, grouped as the rules group them: counted, filtered, searched, taken over."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from fastapi import Request
from nicegui import ui
from nicegui.events import ValueChangeEventArguments

from fleet.alarms.rules import Severity
from fleet.alarms.view import GroupRow
from fleet.console import alarmlines as lines
from fleet.console.acting import Acting
from fleet.console.alarmfeed import AlarmFeed, Alarms
from fleet.console.desk import Desk
from fleet.console.feed import Picture
from fleet.console.parts import Vacancy, button, empty, icon, panel, text
from fleet.console.tables import Column, KeyedTable
from fleet.people.roles import Permission

MOST = 200  # rows in sight

# Filter -> which alarms; of (alarm, my name, now). What is over is a list of its own.
SHOW: dict[str, Callable[[GroupRow, str, float], bool]] = {
    "open": lambda row, me, now: True,
    "critical": lambda row, me, now: row.severity is Severity.CRITICAL,
    "nobody": lambda row, me, now: not row.owner,
    "mine": lambda row, me, now: row.owner == me,
    "silent": lambda row, me, now: row.silent_until is not None and row.silent_until > now,
    "over": lambda row, me, now: True,
}
ICONS = {
    "open": "notifications_active", "critical": "report", "nobody": "person_off",
    "mine": "person", "silent": "notifications_off", "over": "task_alt",
}  # fmt: skip


class AlarmList:
    """`?show=<filter>` in the address keeps the chosen filter."""

    def __init__(
        self, desk: Desk, feed: AlarmFeed | None, acting: Acting, request: Request
    ) -> None:
        asked = request.query_params.get("show", "")
        self._chosen = asked if asked in SHOW else "open"
        self._desk, self._feed, self._acting = desk, feed, acting
        self._who = acting.who
        self._may = self._who.may(Permission.ALARMS)
        self._alarms: Alarms | None = None
        self._wanted = ""
        self._now = 0.0
        self._cards: dict[str, tuple[ui.element, ui.element]] = {}
        text("h1", desk.words("alarms"), "k-hidden")
        self._draw_cards()
        self._draw_table()

    def _draw_cards(self) -> None:
        words = self._desk.words
        with (
            ui.element("div")
            .classes("k-counts")
            .props(f'role=group aria-label="{words("filters")}"')
        ):
            for name in SHOW:
                card = ui.element("button").classes("k-count").props("type=button")
                card.on("click", partial(self._choose, name), args=[])
                with card:
                    number = text("b", "–")
                    icon(ICONS[name])
                    text("span", words(f"alarms.show.{name}"))
                self._cards[name] = (card, number)

    def _draw_table(self) -> None:
        words = self._desk.words
        with panel(words("alarms")) as tools:
            with tools:
                self._unsent = text("span", "", "k-sub")
                search = ui.input(placeholder=words("alarms.search"), on_change=self._search)
                search.props("dense outlined clearable debounce=200").classes("k-search")
                search.props["aria-label"] = words("alarms.search")
            self._said = text("div", "", "k-said").props("role=status")
            self._table = KeyedTable(words("alarms"), self._columns(), lambda row: row.id)
            self._vacancy = Vacancy(
                loading=empty("hourglass_empty", words("loading")),
                off=empty("notifications_off", words("alarms.off"), words("alarms.off.more")),
                nothing=empty("task_alt", words("alarms.none"), words("alarms.none.more")),
                none=empty("filter_alt_off", words("none_match"), words("none_match.more")),
            )
        self._vacancy.say("loading" if self._feed else "off")
        self._table.element.set_visibility(False)

    def _columns(self) -> list[Column[GroupRow]]:
        words = self._desk.words
        found: list[Column[GroupRow]] = [
            Column(words("col.what_alarm"), partial(lines.what, words), lines.draw_what, "k-what"),
            Column(words("col.where"), partial(lines.where, words), lines.draw_where),
            Column(
                words("col.since"),
                lambda row: lines.since(words, row, self._now),
                lines.draw_since,
            ),
            Column(
                words("col.owner"),
                lambda row: lines.owned(words, row, self._now),
                partial(lines.draw_owned, words),
            ),
        ]
        if self._may:
            found.append(Column("", self._takable, self._draw_take, "k-num"))
        return found

    async def show(self, picture: Picture) -> None:
        if self._feed is None:
            return
        self._alarms = await self._feed.alarms()
        self._now = self._desk.feed.clock()
        self._draw()

    def _choose(self, name: str) -> None:
        self._chosen = name
        ui.navigate.history.replace(f"/alarms?show={name}")
        self._draw()

    def _search(self, event: ValueChangeEventArguments[str | None]) -> None:
        self._wanted = (event.value or "").strip().casefold()
        self._draw()

    def _rows(self, name: str) -> list[GroupRow]:
        assert self._alarms is not None
        rows = self._alarms.over if name == "over" else self._alarms.open
        return [row for row in rows if SHOW[name](row, self._who.name, self._now)]

    def _draw(self) -> None:
        if self._alarms is None:
            return
        for name, (card, number) in self._cards.items():
            number.text = str(len(self._rows(name)))  # type: ignore[attr-defined]
            card.props(f"aria-pressed={'true' if name == self._chosen else 'false'}")
        rows = self._rows(self._chosen)
        kept = [row for row in rows if self._wanted in self._text(row)][:MOST]
        self._table.show(kept)
        vacant = "none" if self._alarms.open or self._wanted else "nothing"
        self._vacancy.say("" if kept else vacant)
        unsent = self._alarms.unsent
        self._unsent.text = self._desk.words("alarms.unsent", count=unsent) if unsent else ""

    def _text(self, row: GroupRow) -> str:
        names = " ".join(member.terminal for member in row.members)
        return f"{lines.title(self._desk.words, row)} {names} {row.owner}".casefold()

    def _takable(self, row: GroupRow) -> tuple[int, int]:
        """(id, turn), or (0, 0) where there is nothing to take."""
        return (row.id, row.turn) if not row.owner and row.resolved_at is None else (0, 0)

    def _draw_take(self, of: tuple[int, int]) -> None:
        if of[0]:
            button(self._desk.words("act.take"), partial(self._take, *of))

    async def _take(self, alarm: int, turn: int) -> None:
        assert self._feed is not None
        desk = self._feed.desk
        told = await self._acting.act(
            "alarm.take", str(alarm), lambda person: desk.take(alarm, turn, person)
        )
        self._feed.forget()
        words = self._desk.words
        self._said.text = words(f"refused.{told}") if told else words("act.done")
        self._alarms = await self._feed.alarms()
        self._draw()
