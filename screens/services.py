"""What would you like to do? One large tile for each item."""

from __future__ import annotations

from typing import Any

from kivy.uix.gridlayout import GridLayout

from kiosk.events import ServiceChosen
from kiosk.view import ServicesBody, ServiceTile
from screens.screen import Kit, Screen
from screens.widgets.box import Column, Row, Surface, fix, gap
from screens.widgets.marks import Badge, Medallion
from screens.widgets.press import Pressable
from screens.widgets.scroll import Scroll
from screens.widgets.text import Label


def kind_words(screen: Screen[Any], tile: ServiceTile) -> str:
    """How the item ends: at once, within so many working days, or answered."""
    one = ".one" if tile.kind == "promise" and tile.promise_days == 1 else ""
    return screen.say(f"kind.{tile.kind}{one}", days=tile.promise_days)


class _Tile(Pressable):
    def __init__(self, kit: Kit) -> None:
        look = kit.look
        super().__init__(look, "", self._chosen, orientation="vertical", pad=26, gap=4)
        fix(look, self, height=340 if look.portrait else 354)
        self._kit = kit
        self._surface = Surface(look, self, "paper", border="line", shadow=True)
        self._icon = Medallion(look, "file-document", 84)
        self._badge = Badge(look)
        self._badge.pos_hint = {"center_y": 0.5}
        self._name = Label(look, "lead", bold=True, box=True, even=True)
        self._under = Label(look, "small", colour="muted", box=True)
        fix(look, self._under, height=88)
        top = fix(look, Row(look, self._icon, gap(look), self._badge), height=84)
        for widget in (top, self._name, self._under):
            self.add_widget(widget)

    def fill(self, tile: ServiceTile, screen: Services) -> None:
        self.action = f"service:{tile.task_code}"
        self._code, free = tile.task_code, not tile.why_not
        self.enabled = free
        self._icon.change(tile.icon, *(("accent", "accent_soft") if free else ("on_idle", "idle")))
        self._name.say(screen.text(tile.name))
        self._name.paint("ink" if free else "on_idle")
        self._under.say(screen.say(tile.why_not) if tile.why_not else screen.text(tile.department))
        self._under.paint("muted" if free else "warn")
        self._badge.say(
            kind_words(screen, tile), *(KINDS[tile.kind] if free else ("on_idle", "idle"))
        )

    def _chosen(self) -> None:
        self._kit.post(ServiceChosen(self._code))

    def dress(self) -> None:
        down = self.state == "down"
        fill = "press" if down else "paper" if self._enabled else "ground"
        self._surface.show(fill, "accent" if down else "line")


_FEW = 3  # so many tiles have the whole width of a portrait window each
KINDS = {
    "instant": ("good", "good_soft"),
    "promise": ("accent", "accent_soft"),
    "query": ("muted", "idle"),
}


class Services(Screen[ServicesBody]):
    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, gap=28)
        look = kit.look
        self._title = Label(look, "title", bold=True, box=True)
        self._tiles: list[_Tile] = []
        self._grid = GridLayout(cols=2 if look.portrait else 3, size_hint_y=None)
        self._grid.spacing = look.u(20)
        self._grid.bind(minimum_height=self._grid.setter("height"))
        content = Column(look, self._grid, flow=True, pad=(4, 4, 4, 8))
        self._scroll = Scroll(look, content, bar=look.portrait)
        if look.portrait:
            self._title = Label(look, "title", bold=True, even=True)
            self.hold(self._title, self._scroll)
        else:
            self._scroll.bar.size_hint_x = 0.7
            head = fix(look, Row(look, self._title, self._scroll.bar, gap=32), height=100)
            self.hold(head, self._scroll)

    def enter(self) -> None:
        self._scroll.rewind()

    def fill(self, body: ServicesBody) -> None:
        self._title.say(self.say("services.title"))
        self._scroll.name(self.say("page.up"), self.say("page.down"))
        while len(self._tiles) < len(body.tiles):
            self._tiles.append(_Tile(self.kit))
        shown = self._tiles[: len(body.tiles)]
        for widget, tile in zip(shown, body.tiles, strict=True):
            widget.fill(tile, self)
        few = len(shown) <= _FEW
        self._grid.cols = (1 if few else 2) if self.look.portrait else 3
        if list(reversed(self._grid.children)) != shown:
            self._grid.clear_widgets()
            for widget in shown:
                self._grid.add_widget(widget)
