"""A service to choose: as a large tile, or as a line of a list."""

from __future__ import annotations

from typing import Any

from kiosk.events import ServiceChosen
from kiosk.view import ServiceTile
from screens.screen import Kit, Screen
from screens.widgets.bars import bar_look
from screens.widgets.box import Column, Row, Surface, fix, gap
from screens.widgets.marks import Badge, Medallion
from screens.widgets.press import Pressable
from screens.widgets.text import Label

KINDS = {
    "instant": ("good", "good_soft"),
    "promise": ("accent", "accent_soft"),
    "query": ("muted", "idle"),
}

# What ends here only in part: that counts for whoever is served, not how it would end elsewhere.
_HANDED = {"accept": ("accent", "accent_soft"), "carry": ("warn", "warn_soft")}


def kind_words(screen: Screen[Any], tile: ServiceTile) -> str:
    """How the item ends: at once, within so many working days, or answered."""
    one = ".one" if tile.kind == "promise" and tile.promise_days == 1 else ""
    return screen.say(f"kind.{tile.kind}{one}", days=tile.promise_days)


def _badge(screen: Screen[Any], tile: ServiceTile) -> tuple[str, tuple[str, str]]:
    if tile.handling in _HANDED:
        return screen.say(f"handling.{tile.handling}"), _HANDED[tile.handling]
    return kind_words(screen, tile), KINDS[tile.kind]


class _Chooser(Pressable):
    """Pressed, it chooses the service that it shows."""

    def __init__(self, kit: Kit, **kwargs: Any) -> None:
        super().__init__(kit.look, "", self._chosen, **kwargs)
        self._kit, self._code = kit, ""
        self._surface = Surface(kit.look, self, "paper", border="line", shadow=True)

    def _take(self, tile: ServiceTile) -> bool:
        """Can it be had now?"""
        self.action, self._code = f"service:{tile.task_code}", tile.task_code
        self.enabled = not tile.why_not
        return self.enabled

    def _chosen(self) -> None:
        self._kit.post(ServiceChosen(self._code))

    def dress(self) -> None:
        down = self.state == "down"
        fill = "press" if down else "paper" if self._enabled else "ground"
        self._surface.show(fill, "accent" if down else "line")


class Tile(_Chooser):
    """`edge`: what is left free around what it says, in design pixels."""

    def __init__(self, kit: Kit, edge: int = 26) -> None:
        look = kit.look
        super().__init__(kit, orientation="vertical", pad=edge, gap=4)
        fix(look, self, height=340 if look.portrait else 354)
        self._icon = Medallion(look, "file-document", 84)
        self._badge = Badge(bar_look(look))  # beside the icon it has no more room
        self._badge.pos_hint = {"center_y": 0.5}
        self._name = Label(look, "lead", bold=True, box=True, even=True)
        self._under = Label(look, "small", colour="muted", box=True)
        fix(look, self._under, height=88)
        top = fix(look, Row(look, self._icon, gap(look), self._badge), height=84)
        for widget in (top, self._name, self._under):
            self.add_widget(widget)

    def fill(self, tile: ServiceTile, screen: Screen[Any]) -> None:
        free = self._take(tile)
        self._icon.change(tile.icon, *(("accent", "accent_soft") if free else ("on_idle", "idle")))
        self._name.say(screen.text(tile.name))
        self._name.paint("ink" if free else "on_idle")
        self._under.say(screen.say(tile.why_not) if tile.why_not else screen.text(tile.department))
        self._under.paint("muted" if free else "warn")
        words, colours = _badge(screen, tile)
        self._badge.say(words, *(colours if free else ("on_idle", "idle")))


class Line(_Chooser):
    """Icon, name, and below it who does it and how it ends, or why it can't be had now.

    `brief`: the name alone, and below it only why not.
    """

    def __init__(self, kit: Kit, *, brief: bool = False) -> None:
        look = kit.look
        super().__init__(kit, pad=(18, 3, 14, 3), gap=16 if brief else 20)
        self._brief = brief
        self._icon = Medallion(look, "file-document", 64 if brief else 76)
        self._name = Label(look, "body" if brief else "lead", bold=True)
        self._under = Label(look, "small", colour="muted")
        self._words = Column(look, gap(look), self._name, self._under, gap(look))
        self.hold(self._icon, self._words)
        self._below: tuple[str, ...] = ("",)
        self._words.bind(height=self._limit)
        for label in (self._name, self._under):
            label.bind(width=self._limit)

    def fill(self, tile: ServiceTile, screen: Screen[Any]) -> None:
        free = self._take(tile)
        lost = (
            ("clock-alert", "warn", "warn_soft") if self._brief else (tile.icon, "on_idle", "idle")
        )
        self._icon.change(*((tile.icon, "accent", "accent_soft") if free else lost))
        self._below = self._ways_to_say(tile, screen)
        self._under.paint("muted" if free else "warn")
        self._name.paint("ink" if free else "on_idle")
        self._name.say(screen.text(tile.name))
        self.hold(self._icon, self._words)
        self._limit()

    def _ways_to_say(self, tile: ServiceTile, screen: Screen[Any]) -> tuple[str, ...]:
        """What stands below the name; the shorter way for where the first needs two lines."""
        if tile.why_not:
            return screen.say(tile.why_not), screen.say("services.not_now")
        if self._brief:
            return ("",)
        department = screen.text(tile.department)
        return f"{department} · {_badge(screen, tile)[0]}", department

    def _limit(self, *_: object) -> None:
        """One line below the name when that can be, and the name has the height that is left."""
        wide, tall = self._words.size
        if {self._under.width, self._name.width} != {wide} or wide < self.look.u(120):
            return  # not laid out yet
        fits = (way for way in self._below if self._measure(way) <= wide)
        self._divide(next(fits, self._below[-1]), tall)
        if self._over(tall):
            self._divide("" if self._brief else self._cut(self._below[-1], wide), tall)
        if self._over(tall) and self._icon.parent is not None:
            self.hold(self._words)  # which is wider then, and comes here again
            return
        while self._over(tall) and len(self._name.raw) > 8:
            self._name.say(f"{self._name.raw[: -3 if self._name.raw.endswith('…') else -2]}…")

    def _over(self, tall: float) -> bool:
        return self._name.height + self._under.height > tall + 1

    def _divide(self, below: str, tall: float) -> None:
        if below != self._under.raw:
            self._under.say(below)
        else:
            self._under.arrange()
        room = tall - self._under.height
        if room != self._name.tall:
            self._name.tall = room
            self._name.arrange()

    def _measure(self, text: str) -> float:
        return float(self._under._label.get_extents(text)[0])

    def _cut(self, text: str, wide: float) -> str:
        """What fits on one line: a name this long is given in full on the guide."""
        while text and self._measure(f"{text}…") > wide:
            text = text[:-1]
        return f"{text.rstrip()}…" if text else ""
