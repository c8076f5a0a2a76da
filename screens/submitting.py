"""What is happening with the case, stage by stage."""

from __future__ import annotations

from kiosk.view import SubmittingBody
from screens.screen import Kit, Screen, spread
from screens.widgets.box import Card, Column, Middle, Row, fix
from screens.widgets.marks import Busy, Medallion
from screens.widgets.text import Label

STAGES = ("saved", "sent", "accepted", "deciding")


class _Stage(Row):
    def __init__(self, kit: Kit) -> None:
        look = kit.look
        super().__init__(look, gap=36)
        fix(look, self, height=128)
        self._mark = Medallion(look, "check", 84)
        self._busy = Busy(look, 84)
        self._holder = Row(look)
        fix(look, self._holder, 84, 84)
        self._holder.pos_hint = {"center_y": 0.5}
        self._label = Label(look, "lead", bold=True, box=True)
        self.hold(self._holder, self._label)

    def fill(self, text: str, number: int, index: int) -> None:
        self._label.say(text)
        now = number == index
        self._busy.run(now)
        self._holder.hold(self._busy if now else self._mark)
        self._label.paint("ink" if number <= index else "on_idle")
        if number < index:
            self._mark.change("check", "good", "good_soft")
        else:
            self._mark.count(number + 1, "on_idle", "idle")

    def rest(self) -> None:
        self._busy.run(False)


class Submitting(Screen[SubmittingBody]):
    def __init__(self, kit: Kit) -> None:
        super().__init__(kit)
        look = kit.look
        align = "center" if look.portrait else "left"
        self._title = Label(look, "title", bold=True, align=align, even=True)
        self._hint = Label(look, "lead", colour="muted", align=align, even=True)
        self._stages = [_Stage(kit) for _ in STAGES]
        self._list = Column(look, gap=20, flow=True)
        paper = Card(look, self._list, pad=56, flow=True)
        picture = Middle(Medallion(look, "send", 200), size_hint_y=None, height=look.u(240))
        if look.portrait:
            self.hold(spread(look, picture, self._title, self._hint, paper, space=44))
        else:
            right = spread(look, paper)
            words = spread(look, Medallion(look, "send", 200), self._title, self._hint)
            self.hold(Row(look, words, right, gap=72))

    def fill(self, body: SubmittingBody) -> None:
        """A stage in the body has been reached: the one after it is under way."""
        self._title.say(self.say("submitting.title"))
        self._hint.say(self.say("submitting.hint"))
        names = STAGES if body.instant else STAGES[:-1]
        index = STAGES.index(body.stage) + (body.stage != "deciding")
        shown = self._stages[: len(names)]
        for number, (widget, name) in enumerate(zip(shown, names, strict=True)):
            widget.fill(self.say(f"stage.{name}"), number, index)
        self._list.hold(*shown)

    def wipe(self) -> None:
        super().wipe()
        for stage in self._stages:
            stage.rest()
