"""The end: take your things with you."""

from __future__ import annotations

from typing import Any

from kiosk.events import AnotherWanted, Left, NextCitizen
from kiosk.view import ThanksBody
from screens.screen import Kit, Screen, spread
from screens.widgets.box import ROW_SHARE, Card, Column, Middle, Row, fix
from screens.widgets.marks import Medallion, Ring
from screens.widgets.press import PushButton
from screens.widgets.text import Label

_ICONS = {
    "card": "account-card-details",
    "receipt": "receipt",
    "certificate": "certificate",
    "certificates": "certificate",
    "ticket": "ticket",
    "complaint": "receipt",
    "progress": "receipt",
    "payment": "cash",
    "notice": "format-list-checks",
}


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
        self._things = [_Thing(kit) for _ in range(4)]
        self._high = 300 if look.portrait else 270
        self._row = fix(look, Row(look, gap=32), height=self._high)
        self._ring = Ring(look, 128)
        self._end = PushButton(look, "leave_now", lambda: self.post(Left()), kind="primary",
                           icon="check")  # fmt: skip
        self._again = PushButton(look, "another", lambda: self.post(AnotherWanted()),
                             kind="secondary", icon="plus-circle-outline")  # fmt: skip
        self._next = PushButton(look, "next_citizen", lambda: self.post(NextCitizen()),
                            kind="secondary", icon="account-switch")  # fmt: skip
        self._more = fix(look, Row(look, gap=32), height=0)
        end = fix(look, Row(look, self._ring, self._end, gap=40), height=128)
        self._below = Column(look, self._more, end, flow=True)
        mark = Medallion(look, "check", 180, ink="good",
                         ground="good_soft")  # fmt: skip
        top = Middle(mark, size_hint_y=None, height=mark.height)
        parts: list[Any] = [top, self._title, self._take, self._row, self._below]
        if not look.portrait:
            parts = [self._title, self._take, *map(self._centred, (self._row, self._below))]
        self.hold(spread(look, *parts, space=48 if look.portrait else 28))

    def _centred(self, widget: Any) -> Middle:
        """In a wide window the rest of the width stays empty."""
        fix(self.look, widget, width=1160)
        middle = Middle(widget, size_hint_y=None, height=widget.height)
        widget.bind(height=middle.setter("height"))
        return middle

    def enter(self) -> None:
        self._ring.begin()

    def fill(self, body: ThanksBody) -> None:
        self._title.say(self.say("thanks.ticket" if "ticket" in body.take else "thanks.title"))
        self._take.say(self.say("thanks.take" if body.take else "thanks.nothing"))
        shown = self._things[: len(body.take)]
        for widget, name in zip(shown, body.take, strict=False):
            widget.fill(name, self.say(f"take.{name}", count=body.certificates))
        self._row.hold(*shown)
        self._row.height = self.look.tall(self._high if shown else 0, ROW_SHARE)
        self._offer(body)
        self._ring.tick(body.seconds_left)
        self._end.say(self.say("thanks.end"))

    def _offer(self, body: ThanksBody) -> None:
        """Ways on, above the way out."""
        self._again.say(self.say("thanks.again"))
        self._next.say(self.say("thanks.next_citizen"))
        ways = ((self._again, body.again), (self._next, body.next_citizen))
        offered = [button for button, there in ways if there]
        self._more.hold(*offered)
        self._more.height = self._again.height if offered else 0
        self._below.spacing = self.look.u(32 if offered else 0)
