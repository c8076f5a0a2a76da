"""A fee is paid by phone: how much, what for, the code, and how it stands."""

from __future__ import annotations

from kivy.uix.widget import Widget

from kiosk.events import PaymentAgain, PaymentAtDesk, PaymentDeclined, PaymentResumed
from kiosk.model.amounts import yuan
from kiosk.view import PaymentBody
from screens.screen import Kit, Screen
from screens.theme import Look
from screens.widgets.box import Card, Column, Middle, Row, fix, gap
from screens.widgets.marks import Busy, Medallion
from screens.widgets.press import PushButton
from screens.widgets.qr import QrCode
from screens.widgets.text import Label

_SIGNS = {
    "paid": ("check", "good"),
    "refused": ("close", "bad"),
    "late": ("clock", "warn"),
    "returned": ("cash", "warn"),
    "silent": ("alert", "warn"),
    "unable": ("cash", "accent"),
}
_OVER = ("refused", "late", "returned", "silent")


def priced(fen: int) -> str:
    return f"¥ {yuan(fen)}"


class _Line(Row):
    """What for, and how much."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, gap=32, flow=True)
        self._name = Label(look, "body", even=True)
        self._fen = Label(look, "body", bold=True, hug=True)
        self._fen.pos_hint = {"top": 1}
        self.hold(self._name, self._fen)

    def fill(self, name: str, fen: str) -> None:
        self._name.say(name)
        self._fen.say(fen)


class _Bill(Card):
    """The item, each fee, the sum, and who gets it."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, gap=12, pad=(44, 24, 44, 24), flow=True)
        self._item = Label(look, "lead", bold=True, even=True)
        self._lines: list[_Line] = []
        self._list = Column(look, gap=8, flow=True)
        self._caption = Label(look, "lead", colour="muted", box=True)
        self._total = Label(look, "display", bold=True, colour="accent", align="right", box=True)
        self._caption.size_hint_x = 0.4
        self._sum = fix(look, Row(look, self._caption, self._total, gap=24), height=104)
        self._payee = Label(look, "small", colour="muted")
        self.hold(self._item, self._list, self._sum, self._payee)

    def fill(self, screen: Payment, body: PaymentBody) -> None:
        self._item.say(screen.text(body.item))
        while len(self._lines) < len(body.lines):
            self._lines.append(_Line(self.look))
        shown = self._lines[: len(body.lines)]
        for line, (name, fen) in zip(shown, body.lines, strict=True):
            line.fill(screen.text(name), priced(fen))
        self._list.hold(*shown)
        self._caption.say(screen.say("payment.total"))
        self._total.say(priced(body.total))
        payee = screen.text(body.payee)
        self._payee.say(screen.say("payment.payee", payee=payee) if payee else "")

    def empty(self) -> None:
        self._list.hold()
        for line in self._lines:
            line.fill("", "")


class _Board(Card):
    """The code and its time, or one sign with what it means."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, pad=(24, 20, 24, 28))
        self.code = QrCode()
        self._scan = Label(look, "lead", bold=True, align="center", even=True)
        self._left = Label(look, "lead", colour="accent", bold=True, align="center", even=True)
        self._mark, self._busy = Medallion(look, "check", 180), Busy(look, 160)
        self._said = Label(look, "head", bold=True, align="center", even=True)
        self._under = Label(look, "lead", colour="muted", align="center", even=True)
        scan = () if look.portrait else (self._scan,)  # the title says so, and room is dear
        self._waiting = Column(look, *scan, self.code, self._left, gap=8)
        self._places: dict[bool, Widget] = {
            busy: Middle(sign, size_hint_y=None, height=look.u(190))
            for busy, sign in ((True, self._busy), (False, self._mark))
        }
        self._sign = Column(look, gap=32, flow=True)
        self._above, self._below = gap(look), gap(look)

    def fill(self, screen: Payment, body: PaymentBody) -> None:
        self.code.say(body.qr)
        waiting = body.phase == "waiting"
        self._busy.run(body.phase == "asking")
        if waiting:
            self._scan.say(screen.say("payment.scan"))
            time = f"{body.seconds_left // 60}:{body.seconds_left % 60:02}"
            self._left.say(screen.say("payment.waiting", time=time))
        else:
            self._tell(screen, body)
        self.hold(*((self._waiting,) if waiting else (self._above, self._sign, self._below)))

    def _tell(self, screen: Payment, body: PaymentBody) -> None:
        icon, tone = _SIGNS.get(body.phase, ("check", "accent"))
        self._mark.change(icon, tone, f"{tone}_soft")
        hint = f"payment.{body.phase}.hint"
        if body.phase == "unable" and not body.printer:
            hint = "payment.unable.no_printer"
        self._said.say(screen.say(f"payment.{body.phase}"))
        self._under.say(screen.say(hint))
        self._sign.hold(self._places[body.phase == "asking"], self._said, self._under)

    def rest(self) -> None:
        self.code.wipe()
        self._busy.run(False)


class Payment(Screen[PaymentBody]):
    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, gap=24)
        look = kit.look
        self._title = Label(look, "title", bold=True, even=True)
        self._title.tall = look.tall(110)
        self._bill, self._board = _Bill(look), _Board(look)
        self._cannot = PushButton(look, "pay_not", lambda: self.post(PaymentDeclined()),
                                  kind="secondary", icon="close")  # fmt: skip
        self._back = PushButton(look, "pay_back", lambda: self.post(PaymentResumed()),
                                kind="secondary", icon="chevron-left")  # fmt: skip
        self._again = PushButton(look, "pay_again", lambda: self.post(PaymentAgain()),
                                 icon="refresh")  # fmt: skip
        self._desk = PushButton(look, "pay_desk", lambda: self.post(PaymentAtDesk()),
                                kind="secondary", icon="ticket")  # fmt: skip
        self._ticket = PushButton(look, "pay_ticket", lambda: self.post(PaymentAtDesk()),
                                  icon="ticket")  # fmt: skip
        if look.portrait:
            self._buttons: Row | Column = fix(look, Row(look, gap=32), height=128)
            self.hold(self._title, self._bill, self._board, self._buttons)
        else:
            self._buttons = Column(look, gap=24, flow=True)
            left = Column(look, self._title, self._bill, gap(look), self._buttons, gap=20)
            self._board.size_hint_x = 0.85
            self.hold(Row(look, left, self._board, gap=64))

    def fill(self, body: PaymentBody) -> None:
        several = body.count > 1
        title = "payment.title.several" if several else "payment.title"
        self._title.say(self.say(title, number=body.number, count=body.count))
        self._bill.fill(self, body)
        self._board.fill(self, body)
        for button, key in (
            (self._cannot, "payment.cannot"), (self._back, "payment.back"),
            (self._again, "payment.again"), (self._desk, "payment.ticket"),
            (self._ticket, "payment.ticket"),
        ):  # fmt: skip
            button.say(self.say(key))
        self._buttons.hold(*self._offered(body))

    def _offered(self, body: PaymentBody) -> tuple[PushButton, ...]:
        if body.phase == "unable":
            return (self._back, self._ticket) if body.printer else (self._back,)
        if body.phase in _OVER:
            return (self._desk, self._again) if body.printer else (self._again,)
        return () if body.done else (self._cannot,)

    def wipe(self) -> None:
        super().wipe()
        self._bill.empty()
        self._board.rest()
