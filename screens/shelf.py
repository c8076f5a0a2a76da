"""One shelf: its name, and what stands on it."""

from __future__ import annotations

from typing import Any

from kivy.uix.widget import Widget

from kiosk.model.amounts import grouped
from kiosk.view import ServicesBody, ServiceTile, ShelfTile
from screens.screen import Kit, Screen
from screens.shelves import shelf_icon, shelf_name
from screens.tiles import Tile
from screens.widgets.box import Box, Column, Row, fix
from screens.widgets.lend import lend
from screens.widgets.marks import Medallion
from screens.widgets.pages import Pages
from screens.widgets.press import Act, PushButton
from screens.widgets.text import Label


class OpenShelf(Column):
    """`search`: leads to the search field, for what is not among the first."""

    def __init__(self, kit: Kit, search: Act) -> None:
        look = kit.look
        super().__init__(look, gap=20)
        self._icon = Medallion(look, "bank", 112)
        self._name = Label(look, "title", bold=True, box=True)
        self._count = Label(look, "small", colour="muted", box=True)
        tall = look.portrait
        self._pages: Pages[ServiceTile] = Pages(
            look, lambda: Tile(kit, 18), cols=2 if tall else 3, least=338 if tall else 344,
            most=354, space=16, bar="below" if tall else "apart",
        )  # fmt: skip
        self._search = PushButton(look, "search", search, kind="secondary", icon="magnify",
                                  size="body", height=112)  # fmt: skip
        self._search.pos_hint = {"center_y": 0.5}
        fix(look, self._search, width=260)
        fix(look, self._name, height=90), fix(look, self._count, height=46)
        words = Column(look, self._name, self._count)
        self._words: tuple[Widget, ...] = (self._icon, words) if tall else (words,)
        self._pages.bar.pos_hint = {"center_y": 0.5}
        fix(look, self._pages.bar, width=760)
        self._head = fix(look, Row(look, gap=24), height=136)
        self._head.height = look.tall(136)  # two lines of words, one above the other
        self._shelf: ShelfTile | None = None

    def close(self) -> None:
        """Whoever opens it next begins at its first page."""
        self._shelf = None

    def wipe(self) -> None:
        """The page that was open stays open, for who comes back from a guide."""
        first = self._pages.first
        self._pages.wipe()
        self._pages.first = first

    def fill(self, body: ServicesBody, screen: Screen[Any], who: tuple[Box, ...]) -> None:
        shelf = body.shelf
        if shelf is None:
            return
        if shelf != self._shelf:
            self._shelf = shelf
            self._pages.rewind()
        self._icon.change(shelf_icon(shelf))
        self._name.say(shelf_name(screen, shelf))
        self._count.say(_count(body, screen))
        self._pages.bar.name(screen.say("page.up"), screen.say("page.down"))
        lend(self, *who)
        for box in who:
            box.orientation = "vertical" if self.look.portrait else "horizontal"
        self.hold(self._head, *who, self._pages)
        self._pages.show(body.tiles, lambda cell, tile: cell.fill(tile, screen), screen.language)
        self._arrange(screen.say("search.button"))

    def _arrange(self, search: str) -> None:
        """In a landscape window the buttons to turn pages leave room for a small one to search."""
        turn = self._pages.several and not self.look.portrait
        self._search.say("" if turn else search)
        fix(self.look, self._search, width=136 if turn else 260)
        self._head.hold(*self._words, *((self._pages.bar,) if turn else ()), self._search)


def _count(body: ServicesBody, screen: Screen[Any]) -> str:
    shown, found = len(body.tiles), body.found
    if found > shown:
        return screen.say("services.first", shown=shown, count=grouped(found))
    return screen.say("services.count", count=found)
