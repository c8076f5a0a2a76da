"""A new command in three steps: what, for which terminals, and a look at whom it hits."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial

from fastapi import Request
from nicegui import ui
from sqlalchemy.exc import SQLAlchemyError

from fleet.console import orderlines as lines
from fleet.console.acting import Acting
from fleet.console.desk import Desk
from fleet.console.feed import Picture
from fleet.console.hits import Hits
from fleet.console.parts import button, enable, icon, panel, text
from fleet.console.whom import Whom
from fleet.rollouts.desk import Act, RolloutDesk, may
from fleet.rollouts.orders import Preview, Wanted
from fleet.rollouts.shapes import ARGUMENTS, LONGEST
from kiosk.wire import Operation

READ_SECONDS = 3.0  # everything that is known is read for it
# As people look for them: what is wanted every day first.
OFFERED = (
    Operation.RESTART, Operation.OUT_OF_SERVICE, Operation.IN_SERVICE, Operation.MAINTENANCE,
    Operation.IDENTIFY, Operation.COLLECT_LOGS, Operation.SCREEN_PICTURE, Operation.TEST_PRINT,
    Operation.REPORT, Operation.RENEW_CERTIFICATE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody is looking at: that is what they give."""

    wanted: Wanted
    preview: Preview


class NewOrder:
    """`?terminal=<id>&operation=<name>` in the address: chosen from the beginning."""

    def __init__(self, desk: Desk, office: RolloutDesk, acting: Acting, request: Request) -> None:
        self._desk, self._office, self._acting = desk, office, acting
        asked = request.query_params.get("operation", "")
        self._operation = Operation(asked) if asked in list(Operation) else None
        self._seen: Seen | None = None
        self._read_at = -READ_SECONDS
        words = desk.words
        _head(words("orders.new"), words("orders.all"))
        if not may(acting.who, Act.ORDER):
            text("p", words("new.viewer"), "k-panel k-acts")
            return
        with ui.element("div").classes("k-grid"):
            with ui.element("div").classes("k-main k-stack"):
                with panel(words("new.what")):
                    self._draw_what()
                with panel(words("new.whom")), ui.element("div").classes("k-acts"):
                    chosen = request.query_params.get("terminal", "")[:64]
                    self._whom = Whom(words, chosen, self._renew)
            with ui.element("div").classes("k-side k-stack"), panel(words("new.check")):
                self._draw_check()

    def _draw_what(self) -> None:
        words = self._desk.words
        self._tiles: dict[Operation, ui.element] = {}
        group = ui.element("div").classes("k-tiles").props("role=group")
        group.props["aria-label"] = words("new.what")
        with group:
            for one in OFFERED:
                tile = ui.element("button").classes("k-tile").props("type=button")
                tile.on("click", partial(self._choose, one), args=[])
                with tile:
                    icon(lines.ICONS[one])
                    text("b", lines.operation(words, one))
                    text("span", words(f"operation.{one}.more"))
                self._tiles[one] = tile
        with ui.element("div").classes("k-acts") as self._messages:
            self._message = {
                name: ui.input(label=words(f"new.{name}")).props(
                    f"dense outlined maxlength={LONGEST}"
                )
                for name in ("zh", "en")
            }
        self._mark()

    def _draw_check(self) -> None:
        words = self._desk.words
        with ui.element("div").classes("k-acts"):
            self._hits = Hits(words)
            self._reason = ui.input(label=words("new.reason"))
            self._reason.props(f"dense outlined maxlength={LONGEST}")
            self._give = button(words("new.give.none"), self._press).classes("k-main-act")
            self._said = text("div", "", "k-said").props("role=status")
        enable(self._give, False)

    async def _choose(self, one: Operation) -> None:
        self._operation = one
        self._mark()
        await self._renew()

    def _mark(self) -> None:
        for one, tile in self._tiles.items():
            tile.props(f"aria-pressed={'true' if one is self._operation else 'false'}")
        speaks = self._operation is not None and bool(ARGUMENTS.get(self._operation))
        self._messages.set_visibility(speaks)

    async def show(self, picture: Picture) -> None:
        """Who stands how changes while somebody thinks: what is shown is never older than a few
        seconds."""
        if may(self._acting.who, Act.ORDER) and hasattr(self, "_whom"):
            self._whom.offer(picture.terminals)
            if self._desk.feed.clock() - self._read_at >= READ_SECONDS:
                await self._renew()

    async def _renew(self) -> None:
        self._read_at = self._desk.feed.clock()
        where = self._whom.where()
        if self._operation is None or where is None:
            self._seen = None
            self._show()
            return
        wanted = Wanted(self._operation, where, {})
        try:
            found = await asyncio.to_thread(self._office.view.preview, wanted)
        except SQLAlchemyError:
            return  # the frame says so
        self._seen = Seen(wanted, found)
        self._show()

    def _show(self) -> None:
        words, seen = self._desk.words, self._seen
        self._hits.show(seen.preview if seen else None, self._whom.ids())
        enable(self._give, bool(seen and seen.preview.terminals))
        name = "new.give.none"
        if seen is not None:
            name = "new.ask" if seen.preview.second else "new.give"
            told = lines.operation(words, seen.wanted.operation)
            self._give.text = words(name, operation=told)
        else:
            self._give.text = words(name)

    async def _press(self) -> None:
        seen, words = self._seen, self._desk.words
        if seen is None:
            return
        reason = str(self._reason.value or "").strip()
        if seen.preview.second and not reason:
            self._said.text = words("refused.reason")
            self._reason.run_method("focus")
            return
        chosen = seen.wanted.operation
        needed = ARGUMENTS.get(chosen, ())
        told = {name: str(self._message[name].value or "").strip() for name in needed}
        wanted = Wanted(chosen, seen.wanted.where, told, reason=reason)
        names = [one.terminal for one in seen.preview.terminals]
        why, number = await self._acting.do(lambda who: self._office.order(who, wanted, names))
        if why:
            self._said.text = words(f"refused.{why}")
            await self._renew()
        else:
            ui.navigate.to(f"/commands/{number}")


def _head(title: str, back: str) -> None:
    with ui.element("div").classes("k-title"):
        with ui.element("a").props("href=/commands").classes("k-back"):
            icon("arrow_back")
            text("span", back)
        text("h1", title)
