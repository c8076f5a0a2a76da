"""What would you like to do? Every item as a tile; of many, shelves and a field to search in."""

from __future__ import annotations

from kivy.uix.gridlayout import GridLayout
from kivy.uix.widget import Widget

from kiosk.view import ServicesBody
from screens.made import Made
from screens.screen import Kit, Screen
from screens.search import Search
from screens.shelf import OpenShelf
from screens.shelves import Shelves
from screens.tiles import Tile
from screens.widgets.box import Box, Column, Row, fix
from screens.widgets.lend import lend
from screens.widgets.marks import Notice
from screens.widgets.scroll import Scroll
from screens.widgets.searchbar import SearchBar
from screens.widgets.text import Label

_FEW = 3  # so many tiles have the whole width of a portrait window each


_ALONG = {True: "vertical", False: "horizontal"}  # how notices follow one another


class Services(Screen[ServicesBody]):
    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, gap=28)
        look = kit.look
        self._all = _All(kit)
        self._bar = SearchBar(look, self._search_opened, self._cleared)
        self._shelves = Shelves(kit, self._bar)
        self._shelf = OpenShelf(kit, self._search_opened)
        self._made: Made[str, Search] = Made({"search": lambda: Search(kit, self._bar)})
        self._helper, self._known = Notice(look, tone="accent"), Notice(look, tone="good")
        for notice in (self._helper, self._known):
            notice.pos_hint = {"center_y": 0.5}
        self._who = Box(look, gap=16, flow=True, orientation=_ALONG[look.portrait])

    @property
    def _search(self) -> Search:
        """Its keyboard is slow to build, and the first page does not need it."""
        return self._made["search"]

    def prepare(self) -> bool:
        return self._made.prepare()

    def enter(self) -> None:
        self._all.rewind()
        for search in self._made.values():
            search.enter()

    def fill(self, body: ServicesBody) -> None:
        who = self._tell(body)
        if body.shelf is None:
            self._shelf.close()
        if not body.searchable:
            self._all.fill(body, self)
            self._who.orientation = _ALONG[self.look.portrait]
            lend(self, *who)
            self.hold(self._all.head, *who, self._all)
        elif body.words:
            self._search.fill(body, self)
            self.hold(self._search)
        elif body.shelf is not None:
            self._shelf.fill(body, self, who)
            self.hold(self._shelf)
        else:
            self._bar.show("", self.say("search.hint"), typing=False)
            self._shelves.fill(body, self, who)
            self.hold(self._shelves)

    def wipe(self) -> None:
        super().wipe()
        for notice in (self._helper, self._known):
            notice.say("")
        for part in (self._shelves, self._shelf, *self._made.values()):
            part.wipe()

    def kept(self) -> object:
        return self._search.kept() if self._made else None

    def restore(self, kept: tuple[str, bool] | None) -> None:
        if kept is not None:
            self._search.restore(kept)

    def _tell(self, body: ServicesBody) -> tuple[Box, ...]:
        """Who helps, and who is known already."""
        helper = self.say("services.helper", name=body.helper) if body.helper else ""
        known = self.say("services.known", name=body.known) if body.known else ""
        self._helper.say(helper, "account-star", "accent")
        self._known.say(known, "account-check", "good")
        told = [n for n, words in ((self._helper, helper), (self._known, known)) if words]
        self._who.hold(*told)
        return (self._who,) if told else ()

    def _search_opened(self) -> None:
        self._search.open()

    def _cleared(self) -> None:
        self._search.clear()


class _All(Scroll):
    """A catalogue of few items: a tile for each. `head` stands above."""

    def __init__(self, kit: Kit) -> None:
        look = kit.look
        self._kit = kit
        self._tiles: list[Tile] = []
        self._grid = GridLayout(cols=2 if look.portrait else 3, size_hint_y=None)
        self._grid.spacing = look.u(20)
        self._grid.bind(minimum_height=self._grid.setter("height"))
        content = Column(look, self._grid, flow=True, pad=(4, 4, 4, 8))
        super().__init__(look, content, bar=look.portrait)
        self._title = Label(look, "title", bold=True, box=not look.portrait, even=look.portrait)
        self.head: Widget = self._title
        if not look.portrait:
            self.bar.size_hint_x = 0.7
            self.head = fix(look, Row(look, self._title, self.bar, gap=32), height=100)

    def fill(self, body: ServicesBody, screen: Services) -> None:
        self._title.say(screen.say("services.title"))
        self.name(screen.say("page.up"), screen.say("page.down"))
        while len(self._tiles) < len(body.tiles):
            self._tiles.append(Tile(self._kit))
        shown = self._tiles[: len(body.tiles)]
        for widget, tile in zip(shown, body.tiles, strict=True):
            widget.fill(tile, screen)
        self._lay_out(shown)

    def _lay_out(self, shown: list[Tile]) -> None:
        few = len(shown) <= _FEW
        self._grid.cols = (1 if few else 2) if self.look.portrait else 3
        if list(reversed(self._grid.children)) != shown:
            self._grid.clear_widgets()
            for widget in shown:
                self._grid.add_widget(widget)
