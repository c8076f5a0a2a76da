"""A question over the screen that was there: are you still here?"""

from __future__ import annotations

from typing import Any

from kiosk.events import Left, StillHere
from kiosk.view import StillThereBody
from screens.screen import Kit, Screen
from screens.widgets.box import Card, Middle, Row, Surface, fix
from screens.widgets.marks import Ring
from screens.widgets.press import PushButton
from screens.widgets.text import Label


class StillThere(Screen[StillThereBody]):
    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, pad=0)
        look = kit.look
        Surface(look, self, "scrim", radius=0)
        self._ring = Ring(look, 240, type_size="display")
        self._title = Label(look, "title", bold=True, align="center", even=True)
        self._hint = Label(look, "body", colour="muted", align="center", even=True)
        self._here = PushButton(look, "here", lambda: self.post(StillHere()), icon="check",
                            size="head", height=164)  # fmt: skip
        self._end = PushButton(look, "leave_now", lambda: self.post(Left()), kind="secondary",
                           icon="exit-to-app")  # fmt: skip
        top = Middle(self._ring, size_hint_y=None, height=look.u(240))
        if look.portrait:
            parts: tuple[Any, ...] = (top, self._title, self._hint, self._here, self._end)
        else:
            buttons = fix(look, Row(look, self._end, self._here, gap=32), height=140)
            for button in (self._here, self._end):
                button.size_hint_y = 1
            parts = (top, self._title, self._hint, buttons)
        paper = Card(look, *parts, gap=40, pad=64, flow=True)
        fix(look, paper, width=920 if look.portrait else 1160)
        self.hold(Middle(paper))

    def enter(self) -> None:
        self._ring.begin()

    def fill(self, body: StillThereBody) -> None:
        about = "still_there.overdue" if body.overdue else "still_there"
        self._title.say(self.say(f"{about}.title"))
        self._hint.say(self.say("still_there.hint"))
        self._here.say(self.say(f"{about}.here"))
        self._end.say(self.say("still_there.end"))
        self._ring.tick(body.seconds_left)

    def on_touch_down(self, touch: Any) -> bool:
        """Nothing below may be pressed."""
        return bool(super().on_touch_down(touch) or self.collide_point(*touch.pos))
