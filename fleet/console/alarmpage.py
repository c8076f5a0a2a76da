"""One alarm: what it is about, what to do, what has been done, and who was told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

from nicegui import ui
from sqlalchemy.exc import SQLAlchemyError

from fleet.alarms.desk import HOURS
from fleet.alarms.states import Refusal, State
from fleet.alarms.view import DeliveryRow, Member, NoteRow, Story
from fleet.console import alarmlines as lines
from fleet.console import phrases
from fleet.console.acting import Acting
from fleet.console.alarmfeed import AlarmFeed
from fleet.console.desk import Desk
from fleet.console.feed import Picture
from fleet.console.parts import Tone, Watched, button, icon, panel, text
from fleet.console.phrases import Truth
from fleet.console.sentence import detail
from fleet.console.sheets import Cell, Sheet, draw_facts, draw_sheet
from fleet.people.roles import Permission

SENT = {"sent": Tone.GOOD, "waiting": Tone.DIM, "sending": Tone.DIM, "given_up": Tone.BAD}


class AlarmPage:
    """Drawn again where something changed; the note that is being written stays."""

    def __init__(self, desk: Desk, feed: AlarmFeed, acting: Acting, alarm: int) -> None:
        self._desk, self._feed, self._acting, self._id = desk, feed, acting, alarm
        self._story: Story | None = None
        self._may = acting.who.may(Permission.ALARMS)
        words = desk.words
        self._head = Watched(self._draw_head, "k-title")
        with ui.element("div").classes("k-grid"):
            with ui.element("div").classes("k-side k-stack"):
                self._draw_acts()
                with panel(words("alarm.messages")):
                    self._messages = Watched(draw_sheet)
            with ui.element("div").classes("k-main k-stack"):
                with panel(words("alarm.stands")):
                    self._facts = Watched(draw_facts)
                with panel(words("alarm.members")):
                    self._members = Watched(self._draw_members)
                with panel(words("alarm.history")):
                    self._history = Watched(draw_sheet)

    def _draw_acts(self) -> None:
        words = self._desk.words
        with panel(words("alarm.acts")), ui.element("div").classes("k-acts"):
            if not self._may:
                text("p", words("alarm.viewer"), "k-sub")
                return
            self._buttons = Watched(self._draw_buttons, "k-stack")
            self._words = ui.textarea(label=words("act.note.words"))
            self._words.props("outlined dense autogrow maxlength=500")
            self._ending = Watched(self._draw_ending, "k-row")
            self._said = text("div", "", "k-said").props("role=status")

    async def show(self, picture: Picture) -> None:
        try:
            story = await asyncio.to_thread(self._feed.view.story, self._id)
        except SQLAlchemyError:
            return  # the frame says so
        if story is None:
            return
        self._story = story
        words, now, row = self._desk.words, self._desk.feed.clock(), story.alarm
        self._head.show(lines.what(words, row))
        self._facts.show(self._about(story, now))
        rows = {one.id: one for one in picture.terminals}
        self._members.show(
            tuple(
                (
                    one.terminal,
                    rows[one.terminal].site if one.terminal in rows else "",
                    detail(words, row.when, one.detail, rows.get(one.terminal)),
                    phrases.clock(one.since, now),
                    self._standing(one, row.state, now),
                )
                for one in row.members
            )
        )
        self._history.show(self._told(story.notes, now))
        self._messages.show(self._sent(story.deliveries, now))
        if self._may:
            silent = row.silent_until is not None and row.silent_until > now
            self._buttons.show((row.state, row.owner, silent))
            self._ending.show((row.state, row.by_hand))

    def _about(self, story: Story, now: float) -> tuple[tuple[str, Cell], ...]:
        words, row = self._desk.words, story.alarm
        owner = lines.owned(words, row, now)
        state = " · ".join([owner.owner or words("alarm.nobody"), *owner.notes])
        ending = words("alarm.by_hand" if row.by_hand else "alarm.by_itself")
        began, lasted = lines.since(words, row, now)
        action = words.pick(row.action.zh, row.action.en)
        return (
            (words("alarm.todo"), action),
            (words("col.since"), f"{began} · {lasted}"),
            (words("col.owner"), state),
            ("", "" if row.state is State.RESOLVED else ending),
        )

    def _standing(self, one: Member, state: State, now: float) -> Truth:
        words = self._desk.words
        if one.gone_at is None:
            return Truth(Tone.BAD, words("alarm.still"))
        return Truth(Tone.GOOD, words("alarm.gone", time=phrases.clock(one.gone_at, now)))

    def _told(self, notes: tuple[NoteRow, ...], now: float) -> Sheet:
        words = self._desk.words
        headings = (words("col.time"), words("col.who"), words("col.what"), "")
        found: list[tuple[Cell, ...]] = []
        for one in notes:
            free = one.act in ("note", "resolved")
            said = words("told.rule_gone") if one.text == "rule_gone" else one.text
            name = words(f"told.{one.act}", text=one.text)
            who = one.person or words("told.rules")
            found.append((phrases.clock(one.at, now), who, name, said if free else ""))
        return Sheet(headings, tuple(found), words("no_moments"))

    def _sent(self, deliveries: tuple[DeliveryRow, ...], now: float) -> Sheet:
        words = self._desk.words
        headings = (words("col.channel"), words("col.event"), words("col.state"))
        found: list[tuple[Cell, ...]] = []
        for one in deliveries:
            notes = [words(f"sent.{one.state}")]
            if one.state != "sent" and one.fault:
                notes += [one.fault, words("sent.tries", count=one.tries)]
            if one.state == "sent" and one.unsure:
                notes.append(words("sent.unsure"))
            if one.done_at is not None:
                notes.append(phrases.clock(one.done_at, now))
            told = Truth(SENT.get(one.state, Tone.DIM), words("and").join(notes))
            found.append((one.channel, words(f"event.{one.event}"), told))
        return Sheet(headings, tuple(found), words("alarm.messages.none"))

    def _draw_head(self, what: lines.What) -> None:
        with ui.element("a").props("href=/alarms").classes("k-back"):
            icon("arrow_back")
            text("span", self._desk.words("alarms.all"))
        text("h1", what.title)
        with ui.element("span").classes("k-sub"):
            lines.draw_severity(what)

    def _draw_members(self, rows: tuple[tuple[str, str, str, str, Truth], ...]) -> None:
        words = self._desk.words
        with ui.element("div").classes("k-wide k-scroll"), ui.element("table").classes("k-table"):
            for name, site, told, since, standing in rows:
                with ui.element("tr"):
                    with ui.element("td"):
                        lines.draw_terminal(words, name, site)
                    for cell in (told, since):
                        with ui.element("td"):
                            text("span", cell)
                    with ui.element("td"):
                        lines.draw_truth(standing)

    # ---- acts --------------------------------------------------------------------------------

    def _draw_buttons(self, of: tuple[State, str, bool]) -> None:
        state, owner, silent = of
        if state is State.RESOLVED:
            return
        words, desk = self._desk.words, self._feed.desk
        with ui.element("div").classes("k-row"):
            if owner:
                self._button("release", lambda person: desk.release(self._id, self._turn, person))
            else:
                self._button("take", lambda person: desk.take(self._id, self._turn, person))
            self._button("escalate", lambda person: desk.escalate(self._id, self._turn, person))
        with ui.element("div").classes("k-row"):
            if silent:
                self._button("speak", partial(self._silence, 0))
                return
            text("span", words("act.silence"), "k-sub")
            for hours in HOURS:
                self._button(f"silence.{hours}", partial(self._silence, hours))

    def _silence(self, hours: int, person: str) -> Refusal | None:
        return self._feed.desk.silence(self._id, self._turn, person, hours)

    def _draw_ending(self, of: tuple[State, bool]) -> None:
        state, by_hand = of
        desk = self._feed.desk
        self._button("note", lambda person: desk.note(self._id, person, self._text))
        if by_hand and state is not State.RESOLVED:
            self._button(
                "resolve", lambda person: desk.resolve(self._id, self._turn, person, self._text)
            )

    @property
    def _turn(self) -> int:
        """Of what this page shows: that is what somebody acts on."""
        return self._story.alarm.turn if self._story else -1

    @property
    def _text(self) -> str:
        return str(self._words.value or "")

    def _button(self, name: str, do: Callable[[str], Refusal | None]) -> None:
        words = self._desk.words

        async def press() -> None:
            told = await self._acting.act(f"alarm.{name}", str(self._id), do)
            self._said.text = words(f"refused.{told}") if told else words("act.done")
            if not told and name in ("note", "resolve"):
                self._words.value = ""
            self._feed.forget()
            picture = await self._desk.feed.picture()
            if picture is not None:
                await self.show(picture)

        button(words(f"act.{name}"), press)
