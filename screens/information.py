"""What is made public: all shelves, and what stands on one."""

from __future__ import annotations

from typing import Any

from kivy.uix.gridlayout import GridLayout

from kiosk.events import ArticleChosen, ShelfOpened
from kiosk.view import ArticleRow, InformationBody, InformationShelf
from screens.screen import Kit, Screen
from screens.widgets.box import Column, Row, Surface, fix, gap
from screens.widgets.marks import Badge, Medallion
from screens.widgets.pages import Pages
from screens.widgets.press import Pressable
from screens.widgets.text import Icon, Label

ICONS = {
    "notice": "bullhorn",
    "list": "format-list-bulleted",
    "place": "map-marker",
    "department": "domain",
    "policy": "book-open-variant",
    "fee": "cash",
}
MARKS = {
    "here": ("good", "good_soft"),
    "before": ("warn", "warn_soft"),
    "after": ("accent", "accent_soft"),
}


_LOW, _TALL = 212, 272  # heights of a line: with a mark above its title it is tall
_ACROSS = (208, 216)  # in a landscape window, least and most


class _Shelf(Pressable):
    """Opens a shelf; says what stands first there."""

    def __init__(self, kit: Kit) -> None:
        look = kit.look
        super().__init__(look, "", lambda: kit.post(ShelfOpened(self._key)),
                         orientation="vertical", pad=(32, 28, 32, 24), gap=12)  # fmt: skip
        self._key = ""
        self._surface = Surface(look, self, "paper", border="line", shadow=True)
        self._icon = Medallion(look, "information", 84)
        self._name = Label(look, "lead", bold=True, box=True)
        self._first = Label(look, "body", colour="muted", box=True, top=True)
        head = fix(look, Row(look, self._icon, self._name, gap=24), height=96)
        self.hold(head, self._first)

    def fill(self, shelf: InformationShelf, screen: Screen[Any]) -> None:
        self.action, self._key = f"information:{shelf.key}", shelf.key
        self._icon.change(ICONS[shelf.key])
        self._name.say(screen.say(f"information.{shelf.key}"))
        self._first.say(screen.text(shelf.first))

    def dress(self) -> None:
        down = self.state == "down"
        self._surface.show("press" if down else "paper", "accent" if down else "line")


class _Article(Pressable):
    """One line of a shelf: opens its article."""

    def __init__(self, kit: Kit) -> None:
        look = kit.look
        super().__init__(look, "", lambda: kit.post(ArticleChosen(self._name)),
                         pad=(24, 14, 16, 12), gap=24)  # fmt: skip
        self._name = ""
        self._surface = Surface(look, self, "paper", border="line", shadow=True)
        self._icon = Medallion(look, "information", 84)
        self._title = Label(look, "lead", bold=True, box=True)
        self._below = Label(look, "small", colour="muted", box=True)
        fix(look, self._below, height=92)
        self._badge = Badge(look)
        self._on = Icon(look, "chevron-right", 56, "accent")
        for widget in (self._badge, self._on):
            widget.pos_hint = {"center_y": 0.5}
        self._words = Column(look)

    def fill(self, row: ArticleRow, screen: Screen[Any]) -> None:
        self.action, self._name = f"article:{row.name}", row.name
        self._icon.change(ICONS[row.kind])
        self._title.say(screen.text(row.title))
        self._below.say(screen.text(row.summary))
        if row.mark:
            self._badge.say(screen.say(f"information.mark.{row.mark}"), *MARKS[row.mark])
        badge = (self._badge,) if row.mark else ()
        above, beside = (badge, ()) if self.look.portrait else ((), badge)
        self._words.hold(*above, self._title, self._below)
        self.hold(self._icon, self._words, *beside, self._on)

    def dress(self) -> None:
        down = self.state == "down"
        self._surface.show("press" if down else "paper", "accent" if down else "line")


class Information(Screen[InformationBody]):
    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, gap=32)
        look = kit.look
        self._icon = Medallion(look, "information", 112)
        self._title = Label(look, "title", bold=True, even=True)
        self._lead = Label(look, "lead", colour="muted", even=True)
        words = Column(look, self._title, self._lead, gap=8, flow=True)
        words.pos_hint = {"center_y": 0.5}
        self._head = Row(look, self._icon, words, gap=28, flow=True)
        self._shelves: list[_Shelf] = []
        self._grid = GridLayout(cols=2 if look.portrait else 3, size_hint_y=None)
        self._grid.spacing = look.u(24)
        self._tall = look.u(330 if look.portrait else 300)
        self._rows: Pages[ArticleRow] = Pages(
            look, lambda: _Article(kit), least=_ACROSS[0], space=20,
            most=_TALL if look.portrait else _ACROSS[1],
        )  # fmt: skip
        self._open = ""

    def fill(self, body: InformationBody) -> None:
        if body.shelf != self._open:
            self._open = body.shelf
            self._rows.rewind()
        key = body.shelf or "title"
        self._icon.change(ICONS.get(body.shelf, "information-outline"))
        self._title.say(self.say(f"information.{key}"))
        lead = "information.lead" if not body.shelf else f"information.{body.shelf}.lead"
        self._lead.say(self.say(lead))
        self._rows.bar.name(self.say("page.up"), self.say("page.down"))
        if body.shelf:
            self.hold(self._head, self._rows)
            if self.look.portrait:
                marked = any(row.mark for row in body.rows)
                self._rows.least = self.look.u(_TALL if marked else _LOW)
            self._rows.show(body.rows, lambda cell, row: cell.fill(row, self), self.language)
            return
        self._arrange(body.shelves)
        self.hold(self._head, self._grid, gap(self.look))

    def _arrange(self, shelves: tuple[InformationShelf, ...]) -> None:
        while len(self._shelves) < len(shelves):
            self._shelves.append(_Shelf(self.kit))
        shown = self._shelves[: len(shelves)]
        for widget, shelf in zip(shown, shelves, strict=True):
            widget.fill(shelf, self)
        rows = -(-len(shelves) // self._grid.cols)
        space = self.look.u(24)
        self._grid.height = rows * (self._tall + space)
        if list(reversed(self._grid.children)) != shown:
            self._grid.clear_widgets()
            for widget in shown:
                self._grid.add_widget(widget)

    def wipe(self) -> None:
        """Nothing of a citizen is here; the page that was open stays open for who comes back."""
        first = self._rows.first
        self._rows.wipe()
        self._rows.first = first
        super().wipe()
