"""All shelves: what is asked for most, and services by subject, life event, office and level."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from kivy.uix.widget import Widget

from kiosk.events import FacetChosen, ShelfOpened
from kiosk.model import Language
from kiosk.model.amounts import grouped
from kiosk.services.item import LifeEvent, Theme, UseLevel
from kiosk.services.search_kinds import Facet
from kiosk.view import ServicesBody, ServiceTile, ShelfTile
from screens.screen import Kit, Screen
from screens.tiles import Line
from screens.widgets.box import Box, Column, Row, Surface, fix, gap
from screens.widgets.lend import lend
from screens.widgets.marks import Medallion
from screens.widgets.pages import Pages
from screens.widgets.press import Pressable
from screens.widgets.text import Label

# Names of the icon font, for each shelf that has a name of the program's own.
ICONS: Mapping[str, Mapping[str, str]] = {
    Facet.THEME: {
        Theme.SOCIAL_SECURITY: "shield",
        Theme.MEDICAL: "hospital",
        Theme.HOUSEHOLD: "account-card-details",
        Theme.TRAFFIC: "car",
        Theme.HOUSING: "home-modern",
        Theme.FAMILY: "human-male-female",
        Theme.ELDERLY: "human-greeting",
        Theme.HARDSHIP: "umbrella",
        Theme.WORK: "briefcase",
        Theme.TAX: "receipt",
        Theme.FARMING: "barley",
        Theme.UTILITIES: "flash",
    },
    Facet.LIFE_EVENT: {
        LifeEvent.BIRTH: "baby",
        LifeEvent.SCHOOL: "school",
        LifeEvent.JOB: "briefcase-check",
        LifeEvent.MARRIAGE: "heart",
        LifeEvent.HOME: "key-variant",
        LifeEvent.MOVING: "truck",
        LifeEvent.DRIVING: "steering",
        LifeEvent.ILLNESS: "stethoscope",
        LifeEvent.DISABILITY: "wheelchair-accessibility",
        LifeEvent.RETIREMENT: "beach",
        LifeEvent.HARDSHIP: "umbrella",
        LifeEvent.LOST_CARD: "credit-card-off",
    },
    Facet.LEVEL: {
        UseLevel.PROVINCE: "map",
        UseLevel.CITY: "city",
        UseLevel.COUNTY: "bank",
        UseLevel.TOWN: "domain",
        UseLevel.VILLAGE: "home-variant",
    },
    Facet.DEPARTMENT: {},
}
OFFICE = "bank"  # every department's


def shelf_name(screen: Screen[Any], shelf: ShelfTile) -> str:
    named = bool(shelf.name.zh or shelf.name.en)
    return screen.text(shelf.name) if named else screen.say(f"{shelf.facet}.{shelf.key}")


def shelf_icon(shelf: ShelfTile) -> str:
    return ICONS[shelf.facet].get(shelf.key, OFFICE)


class _Shelf(Pressable):
    """Opens a shelf. `wide`: for long names, beside the icon instead of below."""

    def __init__(self, kit: Kit, *, wide: bool = False) -> None:
        look = kit.look
        super().__init__(look, "", lambda: kit.post(ShelfOpened(self._key)),
                         orientation="horizontal" if wide else "vertical",
                         pad=(20, 8, 20, 8), gap=20 if wide else 2)  # fmt: skip
        self._key = ""
        self._surface = Surface(look, self, "paper", border="line", shadow=True)
        self._icon = Medallion(look, OFFICE, 68)
        self._name = Label(look, "body", bold=True, box=True)
        self._count = Label(look, "small", colour="muted", hug=True)
        self._count.pos_hint = {"center_y": 0.5}
        if wide:
            self.hold(self._icon, self._name, self._count)
        else:
            self.hold(fix(look, Row(look, self._icon, gap(look), self._count), height=68),
                      self._name)  # fmt: skip

    def fill(self, shelf: ShelfTile, screen: Screen[Any]) -> None:
        self.action, self._key = f"shelf:{shelf.key}", shelf.key
        self._icon.change(shelf_icon(shelf))
        self._name.say(shelf_name(screen, shelf))
        self._count.say(grouped(shelf.count))

    def dress(self) -> None:
        down = self.state == "down"
        self._surface.show("press" if down else "paper", "accent" if down else "line")


class _Tab(Pressable):
    def __init__(self, kit: Kit, facet: Facet) -> None:
        super().__init__(kit.look, f"facet:{facet}", lambda: kit.post(FacetChosen(facet)), pad=2)
        self.facet, self._on = facet, False
        self._surface = Surface(kit.look, self, "paper", radius="button", border="line", thick=3)
        self._label = Label(kit.look, "body", bold=True, align="center", box=True)
        self.add_widget(self._label)

    def fill(self, words: str, *, on: bool) -> None:
        self._on = on
        self._label.say(words)
        self.dress()

    def dress(self) -> None:
        down = self.state == "down" and not self._on
        fill = "accent" if self._on else "press" if down else "paper"
        self._surface.show(fill, "accent" if self._on or down else "line")
        self._label.paint("on_accent" if self._on else "ink")


_COLS, _TALL, _LOW, _SPACE = 3, 150, 134, 16
_LARGE = 130  # text size from which in portrait there is no room for a row of the most wanted


class Shelves(Column):
    """`bar`: the field to search in, which is the screen's."""

    def __init__(self, kit: Kit, bar: Widget) -> None:
        look = kit.look
        super().__init__(look, gap=20)
        self._bar, self._facet = bar, ""
        tall = look.portrait
        self._title = Label(look, "head" if tall else "lead", bold=True, box=True)
        self._count = Label(look, "small", colour="muted", hug=tall, box=not tall)
        self._heading = Label(look, "body", bold=True)
        self._wanted: Pages[ServiceTile] = Pages(
            look, lambda: Line(kit, brief=True), cols=2 if tall else 1, least=104, most=124, bar=""
        )
        self._most = Column(look, self._heading, self._wanted, gap=10)
        self._tabs = [_Tab(kit, facet) for facet in Facet]
        self._row = fix(look, Row(look, *self._tabs, gap=10), height=104)
        self._own: Pages[ShelfTile] = Pages(
            look, lambda: _Shelf(kit), cols=_COLS, least=_TALL if tall else _LOW, most=170,
            space=_SPACE,
        )  # fmt: skip
        self._offices: Pages[ShelfTile] = Pages(
            look, lambda: _Shelf(kit, wide=True), least=132 if tall else 148, most=160,
            space=_SPACE,
        )  # fmt: skip
        self._aside, self._left = Column(look, gap=20), Column(look, gap=20)
        self._both = Row(look, gap=36)
        self._left.size_hint_x = 1.75
        self._top = fix(look, Row(look, gap=24), height=64 if tall else 112)
        self._words = Column(look, gap=0)
        if tall:
            self._count.pos_hint = {"center_y": 0.5}
            self._top.hold(self._title, self._count)
        else:
            self._bar.size_hint_x = 1.5
            self._top.height = look.tall(112)  # two lines of words, one above the other
            self._words.hold(fix(look, self._title, height=64), fix(look, self._count, height=46))

    def wipe(self) -> None:
        for pages in (self._own, self._offices, self._wanted):
            pages.wipe()

    def fill(self, body: ServicesBody, screen: Screen[Any], who: tuple[Box, ...]) -> None:
        language = screen.language
        pages = self._offices if body.facet == Facet.DEPARTMENT else self._own
        if body.facet != self._facet:
            self._facet = body.facet
            pages.rewind()
        self._title.say(screen.say("services.title"))
        self._count.say(screen.say("services.total", count=grouped(body.total)))
        self._heading.say(screen.say("services.wanted"))
        for tab in self._tabs:
            tab.fill(screen.say(f"facet.{tab.facet}"), on=tab.facet == body.facet)
        pages.bar.name(screen.say("page.up"), screen.say("page.down"))
        self._offices.cols = _offices_beside(self.look.portrait, language)
        (self._portrait if self.look.portrait else self._landscape)(pages, who, len(body.shelves))
        fill = _filler(screen)
        pages.show(body.shelves, fill, language)
        free_first = sorted(body.tiles, key=lambda tile: bool(tile.why_not))
        self._wanted.show(free_first, fill, language)

    def _portrait(self, pages: Widget, who: tuple[Box, ...], count: int) -> None:
        """Departments are many and take all the room; two notices, or large type, take that of the
        most wanted."""
        lend(self, self._bar, *who)
        own = pages is self._own
        fix(self.look, self._own, height=-(-count // _COLS) * (_TALL + _SPACE) - _SPACE)
        roomy = own and sum(len(box.children) for box in who) < 2 and self.look.text < _LARGE
        beside = (self._most,) if roomy else ()
        rest = (gap(self.look),) if own and not roomy else ()
        self.hold(self._top, *who, self._bar, *beside, self._row, pages, *rest)

    def _landscape(self, pages: Widget, who: tuple[Box, ...], _count: int) -> None:
        own = pages is self._own
        lend(self._top, self._bar)
        self._top.hold(self._words, self._bar)
        lend(self._aside if own else self._left, *who)
        for box in who:
            box.orientation = "vertical" if own else "horizontal"
        self._left.hold(*(() if own else who), self._row, pages)
        self._aside.hold(*(who if own else ()), self._most)
        self._both.hold(self._left, *((self._aside,) if own else ()))
        self.hold(self._top, self._both)


def _offices_beside(portrait: bool, language: Language) -> int:
    """English names are longer."""
    return (1 if portrait else 2) + language.chinese


def _filler(screen: Screen[Any]) -> Callable[[Any, Any], None]:
    return lambda cell, item: cell.fill(item, screen)
