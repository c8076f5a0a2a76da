"""A terminal's supplies: how full they are now, and when each of them ends."""

from __future__ import annotations

from nicegui import ui
from sqlalchemy.exc import SQLAlchemyError

from fleet.console import cells
from fleet.console import supplylines as lines
from fleet.console.desk import Desk
from fleet.console.parts import Watched, panel, text
from fleet.console.phrases import Truth
from fleet.live import TerminalRow

Ends = tuple[tuple[str, Truth], ...]  # name of a supply, and when it ends


class ItsSupplies:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        with panel(desk.words("supplies")):
            self._levels = Watched(cells.draw_supplies)
            self._ends = Watched(self._draw_ends)

    async def show(self, row: TerminalRow) -> None:
        words = self._desk.words
        self._levels.show(cells.supplies(words, row))
        try:
            outlook = await self._desk.supplies.outlook()
        except SQLAlchemyError:
            return  # the frame says so
        if outlook is None:
            return
        told = outlook.rows.get(row.id, ())
        self._ends.show(
            tuple((lines.name(words, one), lines.ends(words, one.told, outlook.today))
                  for one in told)
        )  # fmt: skip

    def _draw_ends(self, found: Ends) -> None:
        if not found:
            return
        with ui.element("ul").classes("k-ends"):
            for name, told in found:
                with ui.element("li"):
                    text("b", name)
                    text("span", told.sentence, f"k-tone {told.tone}")
        text("p", self._desk.words("supplies.how"), "k-about k-sub k-last")
