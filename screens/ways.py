"""Other ways to show who one is: all that there are, also those that can't be gone now."""

from __future__ import annotations

from kiosk.events import WayChosen
from kiosk.view import Way, WaysBody
from screens.screen import Kit, Screen
from screens.widgets.box import Column, Row, Surface, fix, gap
from screens.widgets.marks import Medallion
from screens.widgets.press import Pressable
from screens.widgets.text import Icon, Label

_ICONS = {
    "face": "face",
    "code": "cellphone-android",
    "pin": "dialpad",
    "helper": "account-check",
    "desk": "ticket-account",
}


class _Way(Pressable):
    def __init__(self, kit: Kit) -> None:
        look = kit.look
        super().__init__(look, "", self._chosen, pad=(32, 0, 24, 0), gap=28)
        fix(look, self, height=160 if look.portrait else 152)
        self._kit, self._name = kit, ""
        self._surface = Surface(look, self, "paper", border="line", shadow=True)
        self._icon = Medallion(look, "account", 100)
        self._title = Label(look, "lead", bold=True)
        self._hint = Label(look, "body", colour="muted", even=True)
        self._hint.tall = look.tall(84)
        words = Column(look, self._title, self._hint, gap=2, flow=True)
        self._on = Icon(look, "chevron-right", 60, "accent")
        for widget in (words, self._on):
            widget.pos_hint = {"center_y": 0.5}
        self._row = (self._icon, words)

    def fill(self, way: Way, screen: Ways) -> None:
        free = not way.why_not
        self._name, self.action, self.enabled = way.name, f"way:{way.name}", free
        colours = ("accent", "accent_soft") if free else ("on_idle", "idle")
        self._icon.change(_ICONS.get(way.name, "account"), *colours)
        self._title.say(screen.say(f"way.{way.name}"))
        self._title.paint("ink" if free else "on_idle")
        self._hint.say(screen.say(way.why_not or f"way.{way.name}.hint"))
        self._hint.paint("muted" if free else "warn")
        self.hold(*self._row, *((self._on,) if free else ()))

    def _chosen(self) -> None:
        self._kit.post(WayChosen(self._name))

    def dress(self) -> None:
        down = self.state == "down"
        fill = "press" if down else "paper" if self._enabled else "ground"
        self._surface.show(fill, "accent" if down else "line")


class Ways(Screen[WaysBody]):
    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, gap=36)
        look = kit.look
        self._hello = Label(look, "lead", bold=True, colour="accent")
        self._title = Label(look, "title", bold=True, even=True)
        self._reason = Label(look, "lead", colour="muted", even=True)
        if look.portrait:
            self._title.tall, self._reason.tall = look.tall(110), look.tall(130)
        self._ways: list[_Way] = []
        self._list = Column(look, gap=20 if look.portrait else 16, flow=True)
        heads = Column(look, self._hello, self._title, self._reason, gap=16, flow=True)
        if look.portrait:
            self.hold(heads, self._list, gap(look))
        else:
            left = Column(look, heads, gap(look))
            right = Column(look, self._list, gap(look))
            left.size_hint_x = 0.6
            self.hold(Row(look, left, right, gap=64))

    def fill(self, body: WaysBody) -> None:
        hello = self.say("consent.hello", name=body.name_masked) if body.name_masked else ""
        self._hello.say(hello)
        self._title.say(self.say("ways.title"))
        self._reason.say(self.say(f"ways.{body.reason}"))
        while len(self._ways) < len(body.ways):
            self._ways.append(_Way(self.kit))
        shown = self._ways[: len(body.ways)]
        for widget, way in zip(shown, _desk_last(body.ways), strict=True):
            widget.fill(way, self)
        self._list.hold(*shown)


def _desk_last(ways: tuple[Way, ...]) -> list[Way]:
    return sorted(ways, key=lambda way: way.name == "desk")
