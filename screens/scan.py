"""A paper under the document camera: what the camera sees, one hint; then the page to look at."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kiosk.events import Event, PageAgain, PageKept, PageLaid
from kiosk.model import PageHint
from kiosk.view import ScanBody
from screens.screen import Kit, Screen
from screens.widgets.box import Column, Row, Surface, fix, gap
from screens.widgets.plate import Plate
from screens.widgets.press import PushButton
from screens.widgets.text import Icon, Label

_GOOD = (PageHint.HOLD_STILL, PageHint.CAPTURED)
_ICONS = {
    PageHint.SEARCHING: "file-document",
    PageHint.WHOLE: "arrow-expand-all",
    PageHint.ONE_PAGE: "file-multiple",
    PageHint.HOLD_STILL: "check",
    PageHint.TOO_DARK: "weather-night",
    PageHint.GLARE: "weather-sunny",
    PageHint.BLURRED: "blur",
    PageHint.CAPTURED: "check-circle",
}


class Scan(Screen[ScanBody]):
    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, gap=28)
        look = kit.look
        self._name = Label(look, "body", bold=True, colour="accent")
        self._title = Label(look, "title", bold=True, even=True)
        self._title.tall = look.tall(190)
        self._count = Label(look, "lead", bold=True, colour="muted")
        self._plate = Plate(look, kit.frames)
        self._icon = Icon(look, "file-document", 72, "accent")
        self._icon.pos_hint = {"center_y": 0.5}
        self._hint = Label(look, "head", bold=True, box=True)
        self._bar = Row(look, self._icon, self._hint, gap=24, pad=(36, 0, 36, 0))
        fix(look, self._bar, height=132)
        self._ground = Surface(look, self._bar, "accent_soft", radius="button")
        self._auto = Label(look, "body", colour="muted")
        self._keep = self._button("page_keep", PageKept, "check")
        self._again = self._button("page_again", PageAgain, "refresh", kind="secondary")
        self._retry = self._button("page_again", PageAgain, "refresh")
        self._laid = self._button("page_laid", PageLaid, "check")
        heads = Column(look, self._name, self._title, self._count, gap=10, flow=True)
        self._below = Column(look, gap=24, flow=True)
        if look.portrait:  # beside each other: the page is shown as large as can be
            self._judge = fix(look, Row(look, self._again, self._keep, gap=24), height=140)
            self.hold(heads, self._plate, self._below)
        else:
            self._judge = Column(look, self._again, self._keep, gap=24, flow=True)
            right = Column(look, heads, gap(look), self._below, gap=28)
            right.size_hint_x = 0.9
            self.hold(Row(look, self._plate, right, gap=56))

    def _button(
        self, action: str, event: type[Event], icon: str, *, kind: str = "primary"
    ) -> PushButton:
        return PushButton(
            self.kit.look, action, lambda: self.post(event()), kind=kind, icon=icon, height=140
        )

    def enter(self) -> None:
        self._plate.run(True)

    def fill(self, body: ScanBody) -> None:
        self._name.say(self.text(body.name))
        page = self.say("scan.page", number=body.number, total=body.total)
        self._count.say(page if body.total > 1 else "")
        self._keep.say(self.say("scan.keep"))
        for button in (self._again, self._retry):
            button.say(self.say("scan.again"))
        _FILLS[body.phase](self, body)

    def _watch(self, body: ScanBody) -> None:
        good = body.hint in _GOOD
        self._title.say(self.say("scan.title"))
        self._said(self.say(f"scan.hint.{body.hint.value}"), _ICONS[body.hint],
                   "good" if good else "accent")  # fmt: skip
        self._auto.say(self.say("scan.auto"))
        self._below.hold(self._bar, self._auto)

    def _review(self, _body: ScanBody) -> None:
        self._title.say(self.say("scan.review"))
        self._plate.ring("good")
        self._auto.say(self.say("scan.review.hint"))
        self._below.hold(self._auto, self._judge)

    def _turn(self, body: ScanBody) -> None:
        self._title.say(self.say("scan.turn", number=body.number))
        self._plate.ring("accent")
        self._auto.say(self.text(body.explain))
        self._laid.say(self.say("scan.laid"))
        self._below.hold(self._auto, self._laid)

    def _fail(self, body: ScanBody) -> None:
        self._title.say(self.say("scan.failed"))
        self._plate.ring("warn")
        self._auto.say(self.say(f"scan.fault.{body.fault}"))
        self._below.hold(self._auto, self._retry)

    def _said(self, hint: str, icon: str, tone: str) -> None:
        self._hint.say(hint)
        self._hint.paint("good" if tone == "good" else "ink")
        self._icon.change(icon, tone)
        self._ground.show(f"{tone}_soft")
        self._plate.ring(tone)

    def wipe(self) -> None:
        super().wipe()
        self._plate.run(False)
        self._plate.wipe()


_FILLS: Mapping[str, Callable[[Scan, ScanBody], None]] = {
    "watching": Scan._watch,
    "review": Scan._review,
    "turn": Scan._turn,
    "failed": Scan._fail,
}
