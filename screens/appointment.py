"""The appointment of a case: what it is, and whether it shall really be changed."""

from __future__ import annotations

from functools import partial

from kiosk.events import CancelWanted, ChangeAgreed, Event, MoveWanted, SlipWanted, WentBack
from kiosk.model import Text
from kiosk.view import AppointmentAskBody, AppointmentBody
from screens.enquiry_rows import Told
from screens.screen import Kit, Screen
from screens.widgets.box import Card, Column, Row, fix, gap
from screens.widgets.marks import Medallion, Notice
from screens.widgets.press import PushButton
from screens.widgets.rows import RowScroll
from screens.widgets.text import Label

MOST_BESIDE = 2  # buttons in a row
# Row → icon.
_ROWS = {
    "where": "bank",
    "address": "map-marker",
    "hours": "clock",
    "bring": "briefcase",
    "until": "timer-sand",
}


class Appointment(Screen[AppointmentBody]):
    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, gap=28)
        look = kit.look
        self._item = Label(look, "body", bold=True, colour="accent", even=True)
        self._title = Label(look, "title", bold=True, even=True)
        self._mark = Medallion(look, "calendar-clock", 120)
        self._day = Label(look, "head" if look.portrait else "lead", bold=True, even=True)
        self._slot = Label(look, "lead", bold=True, colour="accent", even=True)
        words = Column(look, self._day, self._slot, gap=6, flow=True)
        words.pos_hint = {"center_y": 0.5}
        sign = (self._mark,) if look.portrait else ()  # beside it a date would be broken in two
        self._board = Card(look, Row(look, *sign, words, gap=32, flow=True), pad=36,
                           fill="accent_soft", border="accent_line", flow=True)  # fmt: skip
        self._notice = Notice(look)
        self._lines = [Told(kit) for _ in _ROWS]
        self._rows = Column(look, flow=True)
        self._scroll = RowScroll(look, self._rows)
        self._paper = Card(look, self._scroll, pad=(40, 20, 40, 20))
        self._buttons = self._make()
        self._below = Column(look, gap=20, flow=True)
        self._beside = fix(look, Row(look, gap=20), height=120)
        self._head = Column(look, gap=20, flow=True)
        self._top = Column(look, flow=True)
        if look.portrait:
            self.hold(self._head, self._paper, self._below)
        else:
            left = Column(look, self._head, gap(look), self._below, gap=24)
            left.size_hint_x = 0.9
            right = Column(look, self._top, self._paper, gap=24)
            self.hold(Row(look, left, right, gap=56))

    def _make(self) -> dict[str, PushButton]:
        acts: dict[str, tuple[type[Event], str, str]] = {
            "move": (MoveWanted, "calendar-clock", "primary"),
            "slip": (SlipWanted, "receipt", "secondary"),
            "cancel": (CancelWanted, "close", "secondary"),
        }
        return {
            name: PushButton(self.look, f"appointment_{name}", partial(self._press, make),
                             icon=icon, kind=kind, size="body", height=120)
            for name, (make, icon, kind) in acts.items()
        }  # fmt: skip

    def _press(self, make: type[Event]) -> None:
        self.post(make())

    def enter(self) -> None:
        self._scroll.rewind()

    def fill(self, body: AppointmentBody) -> None:
        self._item.say(self.text(body.item))
        self._title.say(self.say("appointment.title"))
        self._day.say(self.text(body.day))
        self._slot.say(self.text(body.slot))
        tone = "warn" if body.cancelled else "accent"
        self._mark.change("close" if body.cancelled else "calendar-clock", tone, f"{tone}_soft")
        self._scroll.name(self.say("page.up"), self.say("page.down"))
        self._why(body)
        beneath = (self._notice,) if self.look.portrait else ()
        self._top.hold(*(() if beneath else (self._notice,)))
        self._head.hold(self._item, self._title, self._board, *beneath)
        self._tell(body)
        offered = {"move": not body.move, "slip": body.slip, "cancel": not body.cancel}
        for name, button in self._buttons.items():
            button.say(self.say(f"appointment.{name}"))
        shown = [self._buttons[name] for name, here in offered.items() if here]
        first, rest = (shown[:1], shown[1:]) if len(shown) > MOST_BESIDE else ([], shown)
        self._beside.hold()
        self._below.hold()
        self._beside.hold(*rest)
        self._below.hold(*first, *((self._beside,) if rest else ()))

    def _why(self, body: AppointmentBody) -> None:
        """Why it can't be changed; else how often it still can."""
        why = body.cancel or body.move
        said = self.say(why) if why else self.say("appointment.moves", count=body.moves)
        if body.cancelled:
            said = self.say("appointment.cancelled")
        self._notice.say(said, "alert-circle" if why else "information",
                         "warn" if why else "accent")  # fmt: skip

    def _tell(self, body: AppointmentBody) -> None:
        values: dict[str, Text] = {
            "where": body.office, "address": body.address, "hours": body.hours,
            "bring": body.bring, "until": Text("", "") if body.cancel else body.until,
        }  # fmt: skip
        shown = [name for name, value in values.items() if value.zh]
        lines = self._lines[: len(shown)]
        for line, name in zip(lines, shown, strict=True):
            label = self.say(f"appointment.{name}")
            line.fill(_ROWS[name], "accent", self.text(values[name]), label)
        self._rows.hold(*lines)

    def wipe(self) -> None:
        super().wipe()
        self._rows.hold()
        for words in (self._item, self._day, self._slot):
            words.say("")
        for line in self._lines:
            line.fill("check", "muted", "", "")


class AppointmentAsk(Screen[AppointmentAskBody]):
    """Each time of asking looks different, so that nobody presses on without reading."""

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, gap=36)
        look = kit.look
        self._title = Label(look, "title", bold=True, even=True)
        self._means = Label(look, "lead", colour="muted", even=True)
        self._ends = Notice(look)
        self._old_name = Label(look, "body", bold=True, colour="muted")
        self._old = Label(look, "lead", bold=True, even=True)
        self._new_name = Label(look, "body", bold=True, colour="accent")
        self._new = Label(look, "head", bold=True, even=True)
        self._before = Card(look, self._old_name, self._old, gap=8, pad=36, flow=True)
        self._after = Card(look, self._new_name, self._new, gap=8, pad=36, fill="accent_soft",
                           border="accent_line", flow=True)  # fmt: skip
        self._yes = PushButton(look, "change_yes", lambda: self.post(ChangeAgreed()),
                               icon="check", height=140)  # fmt: skip
        self._no = PushButton(look, "change_no", lambda: self.post(WentBack()),
                              kind="secondary", icon="chevron-left", height=140)  # fmt: skip
        self._heads = Column(look, gap=20, flow=True)
        self._cards = Column(look, gap=28, flow=True)
        self._below = Column(look, gap=24, flow=True)
        if look.portrait:
            self.hold(self._heads, self._cards, gap(look), self._below)
        else:
            left = Column(look, self._heads, gap(look), self._below, gap=28)
            right = Column(look, self._cards, gap(look))
            self.hold(Row(look, left, right, gap=64))

    def fill(self, body: AppointmentAskBody) -> None:
        again = ".again" if body.again else ""
        self._title.say(self.say(f"appointment.ask.{body.act}{again}"))
        self._means.say(self.say(f"appointment.ask.{body.act}.hint"))
        ends = body.act == "cancel" and body.withdraws
        self._ends.say(self.say("appointment.ask.cancel.case") if ends else "", "alert-circle",
                       "bad" if body.again else "warn")  # fmt: skip
        means = (self._ends,) if ends else ()
        self._heads.hold(self._title, self._means, *(means if self.look.portrait else ()))
        self._old_name.say(self.say("appointment.ask.old"))
        self._old.say("\n".join(self.text(line) for line in body.old))
        self._new_name.say(self.say("appointment.ask.new"))
        self._new.say("\n".join(self.text(line) for line in body.new))
        cards = (self._before, *((self._after,) if body.new else ()))
        self._cards.hold(*cards, *(() if self.look.portrait else means))
        self._yes.say(self.say(f"appointment.yes.{body.act}{again}"))
        self._no.say(self.say("appointment.no"))
        both = (self._no, self._yes) if body.again else (self._yes, self._no)
        self._below.hold(*both)

    def wipe(self) -> None:
        super().wipe()
        self._old.say("")
        self._new.say("")
