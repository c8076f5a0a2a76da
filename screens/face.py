"""Look into the mirror: an oval, one hint at a time, and a way without it."""

from __future__ import annotations

from kiosk.events import ConsentRefused
from kiosk.model import FaceHint
from kiosk.view import FaceBody
from screens.screen import Kit, Screen, spread
from screens.widgets.box import Column, Hug, Middle, Row, Surface, fix, gap
from screens.widgets.marks import Ring
from screens.widgets.mirror import Mirror
from screens.widgets.press import PushButton
from screens.widgets.text import Icon, Label

_GOOD = (FaceHint.HOLD_STILL, FaceHint.CAPTURED)
_ICONS = {
    FaceHint.SEARCHING: "face",
    FaceHint.CLOSER: "magnify-plus",
    FaceHint.FARTHER: "magnify-minus",
    FaceHint.CENTRE: "arrow-compress-all",
    FaceHint.STRAIGHT: "face",
    FaceHint.ONE_PERSON: "account",
    FaceHint.TOO_DARK: "weather-night",
    FaceHint.TOO_BRIGHT: "weather-sunny",
    FaceHint.HOLD_STILL: "check",
    FaceHint.CAPTURED: "check-circle",
}


class Face(Screen[FaceBody]):
    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, gap=32)
        look = kit.look
        self._title = Label(look, "title", bold=True, even=True,
                            align="center" if look.portrait else "left")  # fmt: skip
        self._mirror = Mirror(look, kit.frames, 760 if look.portrait else 780)
        self._icon = Icon(look, "face", 64, "accent")
        self._hint = Label(look, "head", bold=True, box=True)
        self._icon.pos_hint = {"center_y": 0.5}
        said = Row(look, self._icon, self._hint, gap=24, pad=(36, 0, 36, 0))
        fix(look, said, height=132)
        self._ground = Surface(look, said, "accent_soft", radius="button")
        self._ring = Ring(look, 132)
        self._left = Label(look, "body", colour="muted", box=True)
        self._without = PushButton(look, "without_face", lambda: self.post(ConsentRefused()),
                               kind="secondary", icon="account-card-details")  # fmt: skip
        if look.portrait:
            middle = Middle(self._mirror, size_hint_y=None, height=look.u(780))
            bottom = fix(look, Row(look, self._ring, self._without, gap=40), height=132)
            self.hold(spread(look, self._title, middle, said, bottom, space=28))
        else:
            time = fix(look, Hug(look, self._ring, gap=24), height=132)
            row = fix(look, Row(look, time, self._left, gap=28), height=132)
            words = spread(look, self._title, said, row, gap(look, height=24), self._without)
            self.hold(Row(look, Middle(self._mirror), Column(look, words), gap=56))

    def enter(self) -> None:
        self._ring.begin()
        self._mirror.run(True)

    def fill(self, body: FaceBody) -> None:
        self._title.say(self.say("face.title"))
        good = body.hint in _GOOD
        self._hint.say(self.say(f"face.hint.{body.hint.value}"))
        self._hint.paint("good" if good else "ink")
        self._icon.change(_ICONS[body.hint], "good" if good else "accent")
        self._ground.show("good_soft" if good else "accent_soft")
        self._mirror.ring("good" if good else "accent")
        self._ring.tick(body.seconds_left)
        self._left.say(self.say("face.seconds"))
        self._without.say(self.say("face.without"))

    def wipe(self) -> None:
        super().wipe()
        self._mirror.run(False)
        self._mirror.wipe()
