"""The end: take your things with you."""

from __future__ import annotations

from typing import Any

from kiosk.events import Left
from kiosk.view import ThanksBody
from screens.screen import Kit, Screen, spread
from screens.widgets.box import Card, Middle, Row, fix
from screens.widgets.marks import Medallion, Ring
from screens.widgets.press import PushButton
from screens.widgets.text import Label

_ICONS = {"card": "account-card-details", "receipt": "receipt", "certificate": "certificate"}


class _Thing(Card):
    def __init__(self, kit: Kit) -> None:
        look = kit.look
        super().__init__(look, pad=(24, 36, 24, 28), gap=16)
        self._icon = Medallion(look, "file-document", 128)
        self._name = Label(look, "lead", bold=True, align="center", box=True, even=True)
        self.add_widget(Middle(self._icon, size_hint_y=None, height=look.u(128)))
        self.add_widget(self._name)

    def fill(self, name: str, text: str) -> None:
        self._icon.change(_ICONS.get(name, "file-document"))
        self._name.say(text)


class Thanks(Screen[ThanksBody]):
    def __init__(self, kit: Kit) -> None:
        super().__init__(kit)
        look = kit.look
        self._title = Label(look, "display", bold=True, align="center", even=True)
        self._take = Label(look, "lead", colour="muted", align="center", even=True)
        self._things = [_Thing(kit) for _ in range(3)]
        self._row = fix(look, Row(look, gap=32), height=300)
        self._ring = Ring(look, 128)
        self._end = PushButton(look, "leave_now", lambda: self.post(Left()), kind="primary",
                           icon="check")  # fmt: skip
        below = fix(look, Row(look, self._ring, self._end, gap=40), height=128)
        mark = Medallion(look, "check", 180, ink="good",
                         ground="good_soft")  # fmt: skip
        top = Middle(mark, size_hint_y=None, height=mark.height)
        parts: list[Any] = [top, self._title, self._take, self._row, below]
        if not look.portrait:
            parts = parts[1:]
            for number, width in ((2, 1160), (3, 760)):
                fix(look, parts[number], width=width)
                parts[number] = Middle(parts[number], size_hint_y=None, height=parts[number].height)
        self.hold(spread(look, *parts, space=48 if look.portrait else 40))

    def enter(self) -> None:
        self._ring.begin()

    def fill(self, body: ThanksBody) -> None:
        self._title.say(self.say("thanks.title"))
        self._take.say(self.say("thanks.take" if body.take else "thanks.nothing"))
        shown = self._things[: len(body.take)]
        for widget, name in zip(shown, body.take, strict=False):
            widget.fill(name, self.say(f"take.{name}"))
        self._row.hold(*shown)
        self._row.height = self.look.u(300 if shown else 0)
        self._ring.tick(body.seconds_left)
        self._end.say(self.say("thanks.end"))
