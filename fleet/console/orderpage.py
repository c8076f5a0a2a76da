"""One order: what was asked of whom, who approved it, and what became of it at each terminal."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

from nicegui import ui
from sqlalchemy.exc import SQLAlchemyError

from fleet.console import orderlines as lines
from fleet.console import phrases
from fleet.console.acting import Acting
from fleet.console.chips import Chips
from fleet.console.confirm import Acts, Choice
from fleet.console.desk import Desk
from fleet.console.feed import Picture
from fleet.console.noted import history
from fleet.console.parts import Watched, icon, panel, text
from fleet.console.sheets import Facts, draw_facts, draw_sheet
from fleet.console.tables import Column, KeyedTable
from fleet.rollouts.desk import Act, RolloutDesk, may
from fleet.rollouts.rows import NoteRow, OrderRow, SentRow
from fleet.rollouts.shapes import Ordered, Sent

READ_SECONDS = 1.0
MOST = 200  # terminals in sight


class OrderPage:
    def __init__(self, desk: Desk, office: RolloutDesk, acting: Acting, number: int) -> None:
        self._desk, self._office, self._acting, self._id = desk, office, acting, number
        self._state, self._read_at = "", -READ_SECONDS
        words = desk.words
        self._head = Watched(self._draw_head, "k-title")
        with ui.element("div").classes("k-grid"):
            with ui.element("div").classes("k-side k-stack"):
                with panel(words("alarm.acts")), ui.element("div").classes("k-acts"):
                    self._hint = text("p", "", "k-sub")
                    self._acts = Acts(words, acting, lambda: None, self._read)
                with panel(words("order.about")):
                    self._facts = Watched(draw_facts)
                with panel(words("history")):
                    self._history = Watched(draw_sheet)
            with ui.element("div").classes("k-main k-stack"), panel(words("terminals")):
                self._chips = Chips(words("filters"), self._choose)
                self._table = KeyedTable(words("terminals"), self._columns(), _key)
                self._more = text("p", "", "k-about k-sub")

    def _columns(self) -> list[Column[SentRow]]:
        words, now = self._desk.words, self._desk.feed.clock
        return [
            Column(words("col.terminal"), _key, lines.draw_terminal),
            Column(words("col.state"), partial(lines.sent, words), lines.draw_sent),
            Column(
                words("col.last"), lambda row: phrases.clock(row.changed_at, now()),
                lines.draw_text, "k-nowrap",
            ),
            Column(
                words("col.result"), lambda row: (row.terminal, row.command, row.brought),
                self._draw_result,
            ),
        ]  # fmt: skip

    async def show(self, picture: Picture) -> None:
        if self._desk.feed.clock() - self._read_at >= READ_SECONDS:
            await self._read()

    async def _read(self) -> None:
        self._read_at = self._desk.feed.clock()
        view, number = self._office.view, self._id
        try:
            order = await asyncio.to_thread(view.order, number)
            sent = await asyncio.to_thread(view.sent, number, self._state, "", MOST)
            notes = await asyncio.to_thread(view.notes, "order", number)
        except SQLAlchemyError:
            return  # the frame says so
        self._draw(order, sent, notes)

    def _draw(self, order: OrderRow, sent: list[SentRow], notes: list[NoteRow]) -> None:
        words, now = self._desk.words, self._desk.feed.clock()
        self._head.show((lines.title(words, order), lines.standing(words, order)))
        self._facts.show(self._about(order, now))
        self._history.show(history(words, notes, now))
        states = [(one.value, f"{words(f'sending.{one}')} {order.counts[one]}")
                  for one in Sent if order.counts.get(one)]  # fmt: skip
        count = sum(order.counts.values())
        self._chips.show((("", f"{words('letters.all')} {count}"), *states), self._state)
        self._table.show(sent)
        left = (order.counts.get(self._state, 0) if self._state else count) - len(sent)
        self._more.text = words("order.more", count=left) if left > 0 else ""
        self._show_acts(order, count)

    def _show_acts(self, order: OrderRow, count: int) -> None:
        words, who = self._desk.words, self._acting.who
        waits, own = order.state == Ordered.APPROVAL, order.asked_by == who.name
        choices: list[Choice] = []
        if waits and not own and may(who, Act.ORDER_APPROVE):
            choices += [Choice("order_approve", self._answer(approved=True)),
                        Choice("order_refuse", self._answer(approved=False))]  # fmt: skip
        open_ = waits or (order.state == Ordered.SENDING and order.counts.get(Sent.QUEUED))
        if open_ and may(who, Act.ORDER_WITHDRAW):
            choices.append(Choice("withdraw", self._withdraw, danger=True))
        self._acts.show(tuple(choices), terminals=lines.terminals(words, count))
        hint = "order.wait.own" if own else "order.wait.other"
        self._hint.text = words(hint) if waits else words("act.nothing") if not choices else ""

    def _answer(self, *, approved: bool) -> Callable[..., None]:
        return lambda who, _seen, _why: self._office.answer(who, self._id, approved=approved)

    def _withdraw(self, who: object, _seen: object, _why: str) -> None:
        self._office.withdraw(who, self._id)  # type: ignore[arg-type]

    def _about(self, row: OrderRow, now: float) -> Facts:
        words = self._desk.words
        until = phrases.clock(row.asked_at + row.seconds, now)
        when = phrases.clock(row.asked_at, now)
        return (
            (words("order.to"), lines.whom(words, row.where)),
            *lines.arguments(words, row.arguments),
            (words("order.reason"), row.reason or words("order.reason.none")),
            (words("order.by"), words("order.at", person=row.asked_by, time=when)),
            *(((words("order.answered"), row.answered_by),) if row.answered_by else ()),
            (words("order.until"), until),
        )

    async def _choose(self, state: str) -> None:
        self._state = state
        await self._read()

    def _draw_head(self, told: tuple[str, tuple[str, str, str]]) -> None:
        with ui.element("a").props("href=/commands").classes("k-back"):
            icon("arrow_back")
            text("span", self._desk.words("orders.all"))
        text("h1", told[0])
        with ui.element("span"):
            lines.draw_pill(told[1])  # type: ignore[arg-type]

    def _draw_result(self, of: tuple[str, str, str]) -> None:
        terminal, command, kind = of
        words, address = self._desk.words, f"/api/v1/commands/{command}/attachment"
        if kind == "picture":
            name = words("order.picture", terminal=terminal)
            with ui.element("a").classes("k-shot").props("target=_blank") as link:
                link.props["href"] = address
                ui.element("img").props(f'src={address} alt="{name}" loading=lazy')
        elif kind:
            link = text("a", words("order.logs")).props("download")
            link.props["href"] = address


def _key(row: SentRow) -> str:
    return row.terminal
