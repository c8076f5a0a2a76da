"""A new rollout: what, in which groups, when a group is good; and a look at it before it is
proposed. Another person has to approve its first group."""

from __future__ import annotations

import asyncio

from nicegui import ui
from sqlalchemy.exc import SQLAlchemyError

from fleet.console import orderlines as drawn
from fleet.console.acting import Acting
from fleet.console.chips import Chips
from fleet.console.desk import Desk
from fleet.console.feed import Picture
from fleet.console.noted import group as group_name
from fleet.console.parts import Tone, Watched, button, empty, enable, icon, panel, text
from fleet.console.whom import split
from fleet.errors import RolloutError
from fleet.rollouts.desk import Act, Offered, Proposal, RolloutDesk, may
from fleet.rollouts.shapes import Group, Terms, Where

READ_SECONDS = 5.0
USUAL = Terms()


class NewRollout:
    def __init__(self, desk: Desk, office: RolloutDesk, acting: Acting) -> None:
        self._desk, self._office, self._acting = desk, office, acting
        self._offered: list[Offered] = []
        self._piece, self._each, self._read_at = "", "first", -READ_SECONDS
        words = desk.words
        with ui.element("div").classes("k-title"):
            with ui.element("a").props("href=/rollouts").classes("k-back"):
                icon("arrow_back")
                text("span", words("rollouts.all"))
            text("h1", words("rollouts.new"))
        self._may = may(acting.who, Act.PROPOSE)
        if not self._may:
            text("p", words("propose.viewer"), "k-panel k-acts")
            return
        with ui.element("div").classes("k-grid"):
            with ui.element("div").classes("k-main k-stack"):
                self._draw_choices()
            with ui.element("div").classes("k-side k-stack"), panel(words("propose.check")):
                self._draw_check()

    def _draw_choices(self) -> None:
        words = self._desk.words
        with panel(words("propose.what")), ui.element("div").classes("k-acts"):
            self._pieces = Chips(words("propose.what"), self._choose, "")
            self._nothing = empty(
                "inventory_2", words("propose.nothing"), words("propose.nothing.more")
            )
            self._nothing.set_visibility(False)
        with panel(words("propose.groups")), ui.element("div").classes("k-acts"):
            self._canary = self._field("canary", "")
            self._shares = self._field("shares", "10 50")
            text("p", words("propose.last"), "k-sub")
            self._waits = Chips(words("group.approve"), self._choose_waits, "")
        with panel(words("propose.terms")), ui.element("div").classes("k-acts"):
            self._hours = self._field("hours", f"{USUAL.observe / 3600:g}")
            self._visits = self._field("visits", str(USUAL.visits))
            self._window = self._field("window", "")
        self._show_waits()

    def _field(self, name: str, value: str) -> ui.input:
        made = ui.input(label=self._desk.words(f"propose.{name}"), value=value)
        made.on_value_change(self._renew)
        return made.props("dense outlined debounce=300 maxlength=400")

    def _draw_check(self) -> None:
        words = self._desk.words
        with ui.element("div").classes("k-acts"):
            self._groups = Watched(self._draw_groups)
            text("p", words("propose.more"), "k-sub")
            self._give = button(words("propose.give"), self._press).classes("k-main-act")
            self._said = text("div", "", "k-said").props("role=status")
        enable(self._give, False)

    async def show(self, picture: Picture) -> None:
        if self._may and self._desk.feed.clock() - self._read_at >= READ_SECONDS:
            await self._renew()

    async def _choose(self, piece: str) -> None:
        self._piece = piece
        await self._renew()

    async def _choose_waits(self, which: str) -> None:
        self._each = which
        self._show_waits()
        await self._renew()

    def _show_waits(self) -> None:
        words = self._desk.words
        choices = tuple((one, words(f"propose.{one}")) for one in ("first", "each"))
        self._waits.show(choices, self._each)

    async def _renew(self) -> None:
        """What is on the list, and how many terminals each group would have."""
        self._read_at = self._desk.feed.clock()
        words, shares = self._desk.words, list[int]()
        try:
            self._offered = await asyncio.to_thread(self._office.offered)
            groups = self._made_groups()
            wheres = [one.where for one in groups]
            shares = await asyncio.to_thread(self._office.view.shares, wheres)
        except SQLAlchemyError:
            return  # the frame says so
        except RolloutError as error:
            groups, fault = [], words(f"refused.{error.code}")
        else:
            fault = "" if self._piece else words("propose.choose")
        named = tuple(
            (one.value, words("rollout.title", kind=words(f"kind.{one.kind}"), version=one.version))
            for one in map(_Named, self._offered)
        )
        self._pieces.show(named, self._piece)
        self._nothing.set_visibility(not named)
        told = tuple(
            (one.name, one.approve, count) for one, count in zip(groups, shares, strict=True)
        )
        self._groups.show((told, fault))
        enable(self._give, not fault)

    def _made_groups(self) -> list[Group]:
        """Raises `RolloutError`."""
        every, groups = self._each == "each", list[Group]()
        if ids := split(str(self._canary.value or "")):
            groups.append(Group("canary", Where(ids=ids), True))
        for share in split(str(self._shares.value or "")):
            number = share.removesuffix("%")
            if not (number.isdecimal() and 1 <= int(number) <= 99):
                raise RolloutError("a share is 1 to 99 per cent", "share")
            part = int(number) / 100
            groups.append(Group(f"{part:.0%}", Where(share=part), every or not groups))
        groups.append(Group("everybody", Where(), every or not groups))
        return groups

    def _proposal(self) -> Proposal:
        """Raises `RolloutError`."""
        piece = next((one for one in map(_Named, self._offered) if one.value == self._piece), None)
        if piece is None:
            raise RolloutError("no version is chosen", "no_piece")
        try:
            hours, visits = float(self._hours.value or 0), int(self._visits.value or 0)
        except ValueError:
            raise RolloutError("hours and visits are numbers", "numbers") from None
        if not (0 <= hours <= 24 * 31 and 0 <= visits <= 10**6):
            raise RolloutError("hours and visits are numbers", "numbers")
        terms, window = Terms(observe=hours * 3600, visits=visits), str(self._window.value or "")
        return Proposal(piece.kind, piece.version, self._made_groups(), terms, window.strip())

    async def _press(self) -> None:
        words = self._desk.words
        try:
            wanted = self._proposal()
        except RolloutError as error:
            self._said.text = words(f"refused.{error.code}")
            return
        told, number = await self._acting.do(lambda who: self._office.propose(who, wanted))
        if told:
            self._said.text = words(f"refused.{told}")
        else:
            ui.navigate.to(f"/rollouts/{number}")

    def _draw_groups(self, of: tuple[tuple[tuple[str, bool, int], ...], str]) -> None:
        rows, fault = of
        words = self._desk.words
        if fault:
            text("p", fault, "k-sub")
        with ui.element("ol").classes("k-groups k-flat"):
            for name, waits, count in rows:
                with ui.element("li"), ui.element("div"):
                    text("b", group_name(words, name))
                    text("span", drawn.terminals(words, count), "k-sub")
                    if waits:
                        drawn.draw_pill((Tone.DIM, "how_to_reg", words("group.approve")))


class _Named:
    """Something offered, with one word for it."""

    def __init__(self, one: Offered) -> None:
        self.kind, self.version = one.kind, one.piece.version
        self.value = f"{one.kind}/{one.piece.version}"
