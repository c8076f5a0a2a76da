"""A secret is typed: a one-time code from the phone, a service PIN, or the PIN of staff.

Only a code's digits are shown. What is typed is kept digit by digit, never as one text, until it
is handed over; it is gone with the next view, and when the page is left.
"""

from __future__ import annotations

import math
from typing import Any

from kiosk.events import CodeAsked, SecretEntered
from kiosk.view import PinBody
from screens.screen import Kit, Screen
from screens.widgets.box import Column, Row, fix, gap
from screens.widgets.keys import ERASE
from screens.widgets.marks import Notice
from screens.widgets.pause import Pause
from screens.widgets.pinpad import DOT, Pad, Slots
from screens.widgets.press import PushButton
from screens.widgets.text import Label

_MINUTE = 60
_TYPING = ("waiting", "checking")  # the phases with keys
# The others: sign, sentence (unless there is an error), smaller sentence.
_PAUSES = {
    "sending": ("busy", "pin.sending", ""),
    "locked": ("ring", "error.secret.locked", "pin.locked"),
    "failed": ("alert", "error.secret.unreachable", "pin.back"),
}


def tries_words(screen: Screen[Any], count: int) -> str:
    """How often it may still be tried."""
    if not count:
        return screen.say("tries.none")
    return screen.say("tries.left.one" if count == 1 else "tries.left", count=count)


class Pin(Screen[PinBody]):
    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, gap=28)
        look = kit.look
        self._body: PinBody | None = None
        self._typed: list[str] = []
        self._handed = 0  # so many digits are being checked
        self._title = Label(look, "title", bold=True, even=True)
        self._title.tall = look.tall(110)
        self._hint = Label(look, "body", colour="muted", even=True)
        self._head = Column(look, self._title, self._hint, gap=12, flow=True)
        self._slots = Slots(look)
        self._notice = Notice(look)
        self._asked = Label(look, "body", colour="muted", box=True)
        self._again = PushButton(look, "send_again", lambda: self.post(CodeAsked()), icon="refresh",
                                 kind="secondary", size="body", height=104)  # fmt: skip
        fix(look, self._again, width=360)
        self._line = fix(look, Row(look, self._asked, self._again, gap=24), height=104)
        self._above = Column(look, gap=28, flow=True)
        self._pad = Pad(look, self._key)
        self._pause = Pause(look)
        self._go = PushButton(look, "confirm", self._hand_over, icon="check", height=140)
        self._space = gap(look)
        self._build()

    def _build(self) -> None:
        look = self.look
        if look.portrait:
            self._pad.size_hint_max_y = look.u(680)
            self._space.size_hint_y = 0.001  # what the keys leave over
        else:
            self._left = Column(look, gap=28)
            self._pad.size_hint_x = 0.75
            self._beside = Row(look, self._left, self._pad, gap=64)

    def enter(self) -> None:
        self._pause.begin()

    def fill(self, body: PinBody) -> None:
        kind, phase = (self._body.kind, self._body.phase) if self._body is not None else ("", "")
        if phase != body.phase:
            self._pause.begin()
        if self._handed or kind != body.kind or body.phase not in _TYPING:
            self._typed.clear()
        if body.phase != "checking":
            self._handed = 0
        self._body = body
        self._title.say(self.say(f"pin.{body.kind}.title"))
        self._hint.say(self._about(body))
        self._go.say(self.say("pin.confirm"))
        self._offer(body)
        self._arrange(body)
        self._show()

    def wipe(self) -> None:
        super().wipe()
        self._body, self._handed = None, 0
        self._typed.clear()
        self._slots.wipe()
        self._notice.say("")
        self._pause.rest()

    def kept(self) -> object:
        return list(self._typed), self._handed

    def restore(self, kept: tuple[list[str], int]) -> None:
        self._typed, self._handed = kept
        self._show()

    def _about(self, body: PinBody) -> str:
        if body.sent_to:
            return self.say("pin.code.sent", phone=body.sent_to)
        return self.say(f"pin.{body.kind}.hint")

    def _offer(self, body: PinBody) -> None:
        """A new code: at once, or in some seconds."""
        self._again.say(self.say("pin.again"))
        self._again.enabled = body.again
        wait = bool(body.seconds_left) and not body.again
        asked = "pin.again.wait" if wait else "pin.again.now"
        self._asked.say(self.say(asked, seconds=body.seconds_left))

    def _complain(self, body: PinBody) -> bool:
        """Beside the keys; is there anything to say?"""
        if body.phase == "checking":
            self._notice.say(self.say("pin.checking"), "timer-sand", "accent")
            return True
        lines = [self.say(body.error)] if body.error else []
        if body.tries_left is not None:
            lines.append(tries_words(self, body.tries_left))
        icon, tone = ("alert-circle", "bad") if body.error else ("information", "accent")
        self._notice.say("\n".join(lines), icon, tone)
        return bool(lines)

    def _arrange(self, body: PinBody) -> None:
        typing = body.phase in _TYPING
        complains = self._complain(body) and typing
        again = body.kind == "code" and (typing or (body.phase == "failed" and body.again))
        above = [self._head, *((self._slots,) if typing else ())]
        above += [self._notice] if complains else []
        self._above.hold(*above, *((self._line,) if again else ()))
        if self.look.portrait:
            keys = (self._space, self._pad, self._go)
            self.hold(self._above, *(keys if typing else (self._pause,)))
        elif typing:
            self.hold(self._beside)
            self._left.hold(self._above, self._space, self._go)
        else:
            self._left.hold()
            self.hold(self._above, self._pause)
        self._rest(body)

    def _rest(self, body: PinBody) -> None:
        if body.phase not in _PAUSES:
            self._pause.rest()
            return
        sign, said, _ = _PAUSES[body.phase]
        self._pause.show(sign, self.say(body.error or said), self._under(body), body.seconds_left)

    def _under(self, body: PinBody) -> str:
        """The pause's smaller sentence."""
        if body.phase == "locked" and body.seconds_left > _MINUTE:
            return self.say("pin.locked.minutes", minutes=math.ceil(body.seconds_left / _MINUTE))
        under = _PAUSES[body.phase][2]
        return self.say(under) if under else ""

    def _show(self) -> None:
        body = self._body
        if body is None:
            return
        open_ = body.kind == "code" and not self._handed
        marks = self._typed if open_ else [DOT] * (self._handed or len(self._typed))
        self._slots.show(marks, body.least, wrong=bool(body.error) and not marks)
        typing = body.phase == "waiting"
        self._pad.allow(typing=typing)
        self._go.enabled = typing and len(self._typed) >= body.least

    def _key(self, key: str) -> None:
        if key == ERASE:
            del self._typed[-1:]
        elif self._body is not None and len(self._typed) < self._body.most:
            self._typed.append(key)
        self._show()

    def _hand_over(self) -> None:
        self._handed = len(self._typed)
        self.post(SecretEntered("".join(self._typed)))
