"""How one case stands: the state, what happens next, until when, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from kivy.uix.widget import Widget

from kiosk.events import (
    AppointmentOpened,
    CardWanted,
    CollectWanted,
    ComplaintOpened,
    Event,
    RatingWanted,
    SlipWanted,
    SupplementWanted,
)
from kiosk.view import CaseBody, CaseGapRow
from screens.cases import PHASES
from screens.enquiry_rows import Told
from screens.screen import Kit, Screen
from screens.widgets.box import Card, Column, Row, fix
from screens.widgets.marks import Medallion, Notice
from screens.widgets.press import PushButton
from screens.widgets.rows import RowScroll
from screens.widgets.text import Label

_FIRST = ("collect", "supplement", "appointment", "card")
MOST_BESIDE = 2  # buttons in half of a landscape window
_STEPS = {
    "waiting": ("clock", "muted"),
    "ready": ("timer-sand", "accent"),
    "correction": ("alert-circle-outline", "warn"),
    "done": ("check", "good"),
    "refused": ("close", "bad"),
}


class Case(Screen[CaseBody]):
    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, gap=28)
        look = kit.look
        self._item = Label(look, "body", bold=True, colour="accent", even=True)
        self._mark = Medallion(look, "check", 120)
        self._phase = Label(look, "title", bold=True, even=True)
        self._next = Label(look, "body", colour="muted")
        words = Column(look, self._phase, self._next, gap=6, flow=True)
        words.pos_hint = {"center_y": 0.5}
        self._top = Row(look, self._mark, words, gap=32, flow=True)
        self._due = Notice(look)
        self._more = Notice(look)
        self._number = Label(look, "body", colour="muted")
        self._lines: list[Told] = []
        self._rows = Column(look, flow=True)
        self._scroll = RowScroll(look, self._rows)
        self._paper = Card(look, self._scroll, pad=(40, 20, 40, 20))
        self._buttons = self._make()
        self._below = Column(look, gap=20, flow=True)
        self._beside = fix(look, Row(look, gap=20), height=120)
        self._head = Column(look, gap=20, flow=True)
        self._filler = Column(look)
        if not look.portrait:
            self._left = Column(look, self._head, Column(look), self._below, gap=24)
            self._left.size_hint_x = 0.9
            self._right = Column(look)
            self._across = Row(look, self._left, self._right, gap=56)
            self.hold(self._across)

    def _make(self) -> dict[str, PushButton]:
        acts: dict[str, tuple[type[Event], str, str]] = {
            "collect": (CollectWanted, "printer", "primary"),
            "supplement": (SupplementWanted, "file-document", "primary"),
            "appointment": (AppointmentOpened, "calendar-clock", "primary"),
            "card": (CardWanted, "account-card-details", "primary"),
            "rate": (RatingWanted, "heart", "secondary"),
            "slip": (SlipWanted, "receipt", "secondary"),
            "complain": (ComplaintOpened, "phone", "secondary"),
        }
        return {
            name: PushButton(self.look, f"case_{name}", partial(self._press, make), icon=icon,
                             kind=kind, size="body", height=120)
            for name, (make, icon, kind) in acts.items()
        }  # fmt: skip

    def _press(self, make: type[Event]) -> None:
        self.post(make())

    def enter(self) -> None:
        self._scroll.rewind()

    def fill(self, body: CaseBody) -> None:
        icon, tone = PHASES[body.phase]
        self._mark.change(icon, tone, f"{tone}_soft")
        self._item.say(self.text(body.item))
        self._phase.say(self.say(f"case.phase.{body.phase}"))
        self._next.say(self.say(f"case.next.{body.phase}"))
        self._number.say(f"{self.say('case_no')}  {body.case_no}")
        self._scroll.name(self.say("page.up"), self.say("page.down"))
        item = (self._item,) if body.known else ()
        self._head.hold(*item, self._top, *self._notices(body), self._number)
        self._tell(body)
        self._offer(body)
        self._arrange(body)

    def _notices(self, body: CaseBody) -> Iterator[Widget]:
        """Until when; and what is wanted of whoever asks by number, who is not told more."""
        due = "" if body.ended else self._until(body)
        self._due.say(due, "calendar-clock", "warn" if body.late else "accent")
        if due:
            yield self._due
        wanted = body.wanted and not body.ended and not body.known
        more = self.say("case.wanted", count=body.wanted) if wanted else ""
        if not more and body.collect not in ("", "ready"):
            more = self.say(body.collect)
        if not more and body.change not in ("", "ready"):
            more = self.say(body.change)
        self._more.say(more)
        if more:
            yield self._more

    def _until(self, body: CaseBody) -> str:
        if body.standing:
            return self.say("case.standing")
        if not body.due.zh:
            return ""
        return self.say("case.late" if body.late else "case.due", day=self.text(body.due))

    def _tell(self, body: CaseBody) -> None:
        lines = [*self._place_lines(body), *self._gap_lines(body), *self._word_lines(body)]
        lines += self._step_lines(body)
        while len(self._lines) < len(lines):
            self._lines.append(Told(self.kit))
        shown = self._lines[: len(lines)]
        for widget, line in zip(shown, lines, strict=True):
            widget.fill(*line)
        self._rows.hold(*shown)

    def _place_lines(self, body: CaseBody) -> Iterator[tuple[str, str, str, str]]:
        """The appointment: when; below it where, and what to bring."""
        if body.appointment:
            when, *more = (self.text(line) for line in body.appointment)
            yield "calendar-clock", "accent", when, "\n".join(more)

    def _gap_lines(self, body: CaseBody) -> Iterator[tuple[str, str, str, str]]:
        if body.supplement not in ("", "ready"):
            yield "information", "warn", self.say(body.supplement), self.say("case.supplement.desk")
        for gap in body.missing:
            yield "alert-circle-outline", "warn", self.text(gap.name), self._gap_words(gap)

    def _gap_words(self, gap: CaseGapRow) -> str:
        key = "lapsed" if gap.lapsed else "promised" if gap.promised else "asked"
        key = "coming" if gap.coming else key
        return self.say(f"case.gap.{key}", day=self.text(gap.due))

    def _word_lines(self, body: CaseBody) -> Iterator[tuple[str, str, str, str]]:
        for words in body.words:
            yield "information", "accent", self.text(words), self.say("case.words")

    def _step_lines(self, body: CaseBody) -> Iterator[tuple[str, str, str, str]]:
        for step in body.steps:
            icon, tone = _STEPS.get(step.phase, _STEPS["waiting"])
            said = self.say(f"case.step.{step.phase}")
            day = self.text(step.day)
            below = f"{said} · {day}" if day and step.phase != "waiting" else said
            yield icon, tone, self.text(step.name), below

    def _offer(self, body: CaseBody) -> None:
        offered = {
            "collect": body.collect == "ready",
            "supplement": body.supplement == "ready",
            "appointment": body.change == "ready",
            "card": not body.known and not body.card_why_not,
            "rate": body.rate,
            "slip": body.slip and body.collect != "ready",
            "complain": True,
        }
        for name, button in self._buttons.items():
            button.say(self.say(f"case.{name}"))
        shown = [button for name, button in self._buttons.items() if offered[name]]
        first = [one for one in shown[:1] if any(offered[name] for name in _FIRST)]
        rest = [one for one in shown if one not in first]
        self._beside.hold()
        if not self.look.portrait and len(rest) > MOST_BESIDE:
            first, rest = [*first, *rest[:-MOST_BESIDE]], rest[-MOST_BESIDE:]
        self._beside.hold(*_freed(rest))
        self._below.hold(*_freed(first), self._beside)

    def _arrange(self, body: CaseBody) -> None:
        told = bool(self._rows.children)
        if self.look.portrait:
            self.hold(self._head, self._paper if told else self._filler, self._below)
        else:
            self._right.hold(*((self._paper,) if told else ()))
            self._across.hold(self._left, *((self._right,) if told else ()))

    def wipe(self) -> None:
        super().wipe()
        self._rows.hold()
        for line in self._lines:
            line.fill("check", "muted", "", "")


def _freed(buttons: list[PushButton]) -> list[PushButton]:
    """They go from one row to another."""
    for button in buttons:
        if button.parent is not None:
            button.parent.remove_widget(button)
    return buttons
