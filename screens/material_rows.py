"""One material on the list of all; one way to give it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.events import MaterialOpened, MaterialWayChosen
from kiosk.view import MaterialRow, MaterialWay
from screens.screen import Kit
from screens.widgets.box import Column, Surface
from screens.widgets.marks import Medallion
from screens.widgets.press import Pressable
from screens.widgets.text import Icon, Label

if TYPE_CHECKING:
    from screens.materials import Materials

_GIVEN = {
    "card": "account-card-details",
    "scan": "file-find",
    "earlier": "history",
    "promise": "calendar-clock",
    "commitment": "pencil",
}
_LATER = ("promise",)  # settled, yet not there


class _Choice(Pressable):
    """A row with an icon, two texts, and a chevron when it leads on."""

    def __init__(self, kit: Kit) -> None:
        look = kit.look
        edge = 26 if look.portrait else 16
        super().__init__(look, "", self._chosen, pad=(32, edge, 24, edge), gap=28, flow=True)
        self._kit, self._name = kit, ""
        self._surface = Surface(look, self, "paper", border="line", shadow=True)
        self._icon = Medallion(look, "file-document", 100)
        self._title = Label(look, "lead", bold=True)
        self._below = Label(look, "body", colour="muted")
        words = Column(look, self._title, self._below, gap=4, flow=True)
        self._on = Icon(look, "chevron-right", 60, "accent")
        for widget in (words, self._on):
            widget.pos_hint = {"center_y": 0.5}
        self._row = (self._icon, words)

    def _chosen(self) -> None:
        """Pressed."""

    def _show(self, *, free: bool) -> None:
        self.enabled = free
        self.hold(*self._row, *((self._on,) if free else ()))

    def wipe(self) -> None:
        self._title.say("")
        self._below.say("")

    def dress(self) -> None:
        down = self.state == "down"
        fill = "press" if down else "paper" if self._enabled else "ground"
        self._surface.show(fill, "accent" if down else "line")


class Listed(_Choice):
    """A material, and how it is given."""

    def fill(self, row: MaterialRow, screen: Materials) -> None:
        self._name, self.action = row.code, f"material:{row.code}"
        tone = "accent" if row.source in _LATER else "good" if row.source else "warn"
        icon = "check" if tone == "good" else _GIVEN.get(row.source, "alert-circle-outline")
        self._icon.change(icon, tone, f"{tone}_soft")
        self._title.say(screen.text(row.name))
        todo = "materials.must" if row.main else "materials.choose"
        self._below.say(screen.text(row.said) if row.source else screen.say(todo))
        self._below.paint(tone)
        self._show(free=row.source != "card")

    def tell(self, row: MaterialRow, screen: Materials) -> None:
        """What is missing, and what makes it acceptable: nothing to press."""
        self.action = ""
        self._icon.change("file-document", "warn", "warn_soft")
        self._title.say(screen.text(row.name))
        self._below.say(screen.text(row.stand))
        self._below.paint("muted")
        self._show(free=False)

    def _chosen(self) -> None:
        self._kit.post(MaterialOpened(self._name))


class WayRow(_Choice):
    def fill(self, way: MaterialWay, screen: Materials) -> None:
        free = not way.why_not
        self._name, self.action = way.name, f"way:{way.name}"
        colours = ("accent", "accent_soft") if free else ("on_idle", "idle")
        self._icon.change(_GIVEN.get(way.name, "file-document"), *colours)
        self._title.say(screen.say(f"material.way.{way.name}"))
        self._title.paint("ink" if free else "on_idle")
        hint = screen.say(f"material.way.{way.name}.hint", pages=way.pages, days=way.days)
        self._below.say(screen.say(way.why_not) if way.why_not else hint)
        self._below.paint("muted" if free else "warn")
        self._show(free=free)

    def _chosen(self) -> None:
        self._kit.post(MaterialWayChosen(self._name))
