"""Look into the mirror: an oval, one hint at a time, and a way without it.

A challenge (turn, nod, blink) stands in the strongest colour, with a sign on the oval's edge.
"""

from __future__ import annotations

from kiosk.events import ConsentRefused
from kiosk.model import FaceHint
from kiosk.view import FaceBody
from screens.screen import Kit, Screen, spread
from screens.widgets.box import Column, Hug, Middle, Row, Surface, fix, gap
from screens.widgets.marks import Ring
from screens.widgets.mirror import Mirror
from screens.widgets.press import PushButton
from screens.widgets.signpost import Signpost
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
    FaceHint.UNCOVER: "sunglasses",
    FaceHint.HOLD_STILL: "check",
    FaceHint.TURN_LEFT: "arrow-left-bold",
    FaceHint.TURN_RIGHT: "arrow-right-bold",
    FaceHint.NOD: "arrow-down-bold",
    FaceHint.BLINK: "eye",
    FaceHint.COMPARING: "timer-sand",
    FaceHint.CAPTURED: "check-circle",
}

# A challenge → where its sign stands. The person's own left is the screen's left.
_SIGNS = {
    FaceHint.TURN_LEFT: "left",
    FaceHint.TURN_RIGHT: "right",
    FaceHint.NOD: "bottom",
    FaceHint.BLINK: "top",
}


class Face(Screen[FaceBody]):
    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, gap=32)
        look = kit.look
        self._title = Label(look, "title", bold=True, even=True,
                            align="center" if look.portrait else "left")  # fmt: skip
        if not look.portrait:  # what changes is read large; the title stays as it is
            self._title.tall = look.u(190)
        self._mirror = Mirror(look, kit.frames, 760 if look.portrait else 780)
        self._signpost = Signpost(look, self._mirror)
        self._try = Label(look, "body", colour="muted",
                          align="center" if look.portrait else "left")  # fmt: skip
        self._icon = Icon(look, "face", 72, "accent")
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
            middle = Middle(self._signpost, size_hint_y=None, height=look.u(780))
            bottom = fix(look, Row(look, self._ring, self._without, gap=40), height=132)
            heads = Column(look, self._title, self._try, gap=8, flow=True)
            self.hold(spread(look, heads, middle, said, bottom, space=28))
        else:
            time = fix(look, Hug(look, self._ring, gap=24), height=132)
            row = fix(look, Row(look, time, self._left, gap=28), height=132)
            heads = Column(look, self._title, self._try, gap=12, flow=True)
            words = spread(look, heads, said, row, gap(look, height=24), self._without)
            self.hold(Row(look, Middle(self._signpost), Column(look, words), gap=56))

    def enter(self) -> None:
        self._ring.begin()
        self._mirror.run(True)

    def fill(self, body: FaceBody) -> None:
        self._title.say(self.say("face.title"))
        counted = self.say("face.try", number=body.number, tries=body.tries)
        self._try.say(counted if body.matching else "")
        self._guide(body.hint)
        self._ring.tick(body.seconds_left)
        self._left.say(self.say("face.seconds"))
        self._without.say(self.say("face.without"))

    def _guide(self, hint: FaceHint) -> None:
        good, place = hint in _GOOD, _SIGNS.get(hint, "")
        ink, ground = ("good", "good_soft") if good else ("accent", "accent_soft")
        self._hint.say(self.say(f"face.hint.{hint.value}"))
        self._hint.paint("on_accent" if place else "good" if good else "ink")
        self._icon.change(_ICONS[hint], "on_accent" if place else ink)
        self._ground.show("accent" if place else ground)
        self._mirror.ring(ink)
        self._signpost.point(place, _ICONS[hint])

    def wipe(self) -> None:
        super().wipe()
        self._mirror.run(False)
        self._mirror.wipe()
