"""One work order: its clock, what was done with it, and what can be done now.

What a citizen said is opened only for somebody who may answer, at a press, which is on record.
"""

from __future__ import annotations

from functools import partial

from fastapi.concurrency import run_in_threadpool
from nicegui import ui
from sqlalchemy.exc import SQLAlchemyError

from fleet.console import worklines as lines
from fleet.console.acting import Acting
from fleet.console.desk import Desk
from fleet.console.feed import Picture
from fleet.console.parts import Watched, button, icon, panel, text
from fleet.console.phrases import Truth
from fleet.console.sheets import Facts, draw_cell, draw_facts, draw_sheet
from fleet.errors import WorkError
from fleet.handling.answering import LONGEST_WORDS, STEPS, AnswerDesk, Said, Wish, WorkAct, may
from fleet.handling.desk import LONGEST_NAME
from fleet.handling.orders import OrderKind
from fleet.handling.workview import TurnRow, WorkRow
from kiosk.services.feedback import complaints

READ_SECONDS = 1.0
LEADS = (WorkAct.CLOSE, WorkAct.ANSWER, WorkAct.ACCEPT)  # which of them is the way on


class WorkPage:
    def __init__(self, desk: Desk, office: AnswerDesk, acting: Acting, number: str) -> None:
        self._desk, self._office, self._acting, self._number = desk, office, acting, number
        self._read_at = -READ_SECONDS
        self._row: WorkRow | None = None
        self._opened: Said | None = None
        self._may = may(acting.who)
        words = desk.words
        self._head = Watched(self._draw_head, "k-title")
        with ui.element("div").classes("k-grid"):
            with ui.element("div").classes("k-side k-stack"):
                with panel(words("alarm.acts")), ui.element("div").classes("k-acts"):
                    self._draw_tools()
                with panel(words("work.about")):
                    self._facts = Watched(draw_facts)
            with ui.element("div").classes("k-main k-stack"):
                with panel(words("work.said")):
                    self._said = Watched(self._draw_said)
                with panel(words("history")):
                    self._history = Watched(draw_sheet)

    def _draw_tools(self) -> None:
        words = self._desk.words
        self._hint = text("p", "", "k-sub")
        with ui.element("div").classes("k-stack") as self._tools:
            self._text = ui.textarea(label=words("work.words"))
            self._text.props(f"outlined dense autogrow maxlength={LONGEST_WORDS}")
            self._to = ui.input(label=words("work.to"))
            self._to.props(f"outlined dense maxlength={LONGEST_NAME}")
            self._buttons = Watched(self._draw_buttons, "k-row")
        self._tools.set_visibility(False)
        self._told = text("div", "", "k-said").props("role=status")

    async def show(self, _picture: Picture) -> None:
        if self._desk.feed.clock() - self._read_at >= READ_SECONDS:
            await self._read()

    async def _read(self) -> None:
        self._read_at = self._desk.feed.clock()
        view = self._office.view
        try:
            row = await run_in_threadpool(view.one, self._number)
            turns = await run_in_threadpool(view.turns, self._number)
        except (SQLAlchemyError, WorkError):
            return  # the frame says so; an order is never taken away
        self._row = row
        self._draw(row, turns)

    def _draw(self, row: WorkRow, turns: list[TurnRow]) -> None:
        words, now = self._desk.words, self._desk.feed.clock()
        self._head.show(lines.standing(words, row))
        self._facts.show(lines.facts(words, row, now))
        self._history.show(lines.history(words, turns, self._opened, now))
        worded = any(one.worded for one in turns)
        self._said.show((row.kind == OrderKind.BAD_REVIEW and not worded, self._opened))
        acts = tuple(act for act in WorkAct if self._may and STEPS[act] in row.steps)
        self._tools.set_visibility(bool(acts))
        self._to.set_visibility(WorkAct.TRANSFER in acts)
        self._buttons.show(acts)
        looking = "" if self._may else words("work.looking")
        self._hint.text = looking if row.steps else words("work.over")
        self._hint.set_visibility(bool(self._hint.text))

    def _draw_head(self, standing: Truth) -> None:
        with ui.element("a").props(f"href={lines.PATH}").classes("k-back"):
            icon("arrow_back")
            text("span", self._desk.words("work.all"))
        text("h1", self._number)
        draw_cell(standing)

    # ---- What was said -----------------------------------------------------------------------

    def _draw_said(self, of: tuple[bool, Said | None]) -> None:
        words, (wordless, said) = self._desk.words, of
        if said is not None:
            draw_facts(self._words_of(said))
            return
        with ui.element("div").classes("k-about k-stack"):
            text("p", words("work.said.rating" if wordless else "work.said.sealed"), "k-sub")
            if self._may and not wordless:
                with ui.element("div").classes("k-row"):
                    button(words("work.said.show"), self._open)

    def _words_of(self, said: Said) -> Facts:
        words, kind = self._desk.words, complaints().kind(said.about)
        about = words.pick(kind.name.zh, kind.name.en) if kind else said.about
        known = (
            (words("work.said.about"), about),
            (words("work.said.text"), said.text or words("work.said.nothing")),
            (words("work.said.phone"), said.phone),
        )
        return tuple((name, value) for name, value in known if value)

    async def _open(self) -> None:
        told, said = await self._acting.do(lambda who: self._office.read(who, self._number))
        self._opened = said
        self._told.text = self._desk.words(f"refused.{told}") if told else ""
        await self._read()

    # ---- Acts --------------------------------------------------------------------------------

    def _draw_buttons(self, acts: tuple[WorkAct, ...]) -> None:
        lead = next((act for act in LEADS if act in acts), None)
        for act in acts:
            made = button(self._desk.words(f"work.act.{act}"), partial(self._do, act))
            made.classes("k-main-act" if act is lead else "")

    async def _do(self, act: WorkAct) -> None:
        """On what this page shows: that is what somebody acts on."""
        seen = self._row.turns if self._row else -1
        wish = Wish(act, seen, str(self._to.value or ""), str(self._text.value or ""))
        told, _ = await self._acting.do(lambda who: self._office.act(who, self._number, wish))
        words = self._desk.words
        if not told:
            self._text.value = self._to.value = ""
            self._opened = None  # there may be more words now, and reading them is an act
        await self._read()
        self._told.text = words(f"refused.{told}") if told else words("act.done")
