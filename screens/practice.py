"""How a visit goes, told before it is tried; and the end of one that was only practice."""

from __future__ import annotations

from kivy.uix.widget import Widget

from kiosk.events import PracticeOpened, PracticeTurned, Touched
from kiosk.view import PracticeBody
from screens.card import Illustration
from screens.screen import Kit, Screen, two
from screens.widgets.box import Card, Column, Middle, Row, gap
from screens.widgets.marks import Medallion
from screens.widgets.press import PushButton
from screens.widgets.text import Icon, Label

_SIGN = 300
_ROOM = 640  # for the picture of a card that is put down
_SIGNS = {"begin": "school", "face": "face", "end": "check"}  # of `card` there is a picture


class Practice(Screen[PracticeBody]):
    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, gap=40)
        look = kit.look
        align = "center" if look.portrait else "left"
        self._sign = Medallion(look, "school", _SIGN)
        self._card = Illustration(look)
        self._picture = Middle(self._sign)
        self._title = Label(look, "title", bold=True, align=align, even=True)
        self._lead = Label(look, "lead", align=align, even=True)
        self._now = Label(look, "body", bold=True, colour="accent", even=True)
        self._now.pos_hint = {"center_y": 0.5}
        icon = Icon(look, "information-outline", 52, "accent")
        icon.pos_hint = {"center_y": 0.5}
        board = Card(look, Row(look, icon, self._now, gap=24, flow=True), pad=32,
                     fill="accent_soft", border="accent_line", flow=True)  # fmt: skip
        self._next = PushButton(look, "practice_next", lambda: self.post(PracticeTurned()),
                                icon="chevron-right", after=True, height=140)  # fmt: skip
        self._start = PushButton(look, "practice_start", lambda: self.post(Touched()),
                                 icon="hand-pointing-right", height=140)  # fmt: skip
        self._again = PushButton(look, "practice_again", lambda: self.post(PracticeOpened()),
                                 kind="secondary", icon="refresh", height=140)  # fmt: skip
        self._below = Column(look, gap=24, flow=True)
        words = Column(look, self._title, self._lead, board, gap=32 if look.portrait else 24,
                       flow=True)  # fmt: skip
        self._picture.bind(height=self._see)
        if look.portrait:
            self.hold(self._picture, words, self._below)
        else:
            right = Column(look, gap(look), words, gap(look), self._below, gap=20)
            self.hold(two(look, self._picture, right, share=0.42))

    def _see(self, *_: object) -> None:
        """Only where words in large type leave room for it."""
        room = self.look.u(_ROOM if self._card.parent is not None else _SIGN + 40)
        self._picture.opacity = 1 if self._picture.height >= room else 0

    def fill(self, body: PracticeBody) -> None:
        shown: Widget = self._sign if body.page in _SIGNS else self._card
        self._sign.change(_SIGNS.get(body.page, "school"))
        if shown.parent is None:
            self._picture.clear_widgets()
            self._picture.add_widget(shown)
        self._see()
        self._card.run(shown is self._card)
        self._title.say(self.say(f"practice.{body.page}.title"))
        self._lead.say(self.say(f"practice.{body.page}.lead"))
        self._now.say(self.say(f"practice.{body.page}.now"))
        self._next.say(self.say("practice.next"))
        self._start.say(self.say("practice.start"))
        self._again.say(self.say("practice.again"))
        ended = body.page == "end"
        self._below.hold(*((self._start, self._again) if ended else (self._next,)))

    def wipe(self) -> None:
        super().wipe()
        self._card.run(False)
