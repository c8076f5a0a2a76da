"""Before starting: what you need, how long, what it costs, what you get; then everything else."""

from __future__ import annotations

from kiosk.events import GuideAccepted, SlipWanted
from kiosk.model import Language
from kiosk.view import GuideBody, GuideEntry
from screens.screen import Kit, Screen
from screens.theme import TOUCH
from screens.widgets.box import Card, Column, Row, fix
from screens.widgets.marks import Badge, Medallion
from screens.widgets.press import PushButton
from screens.widgets.scroll import Scroll
from screens.widgets.text import Label

_ICONS = {
    "materials": "account-card-details",
    "time_limit": "clock",
    "fee": "cash",
    "result": "certificate",
}


class _Summary(Row):
    """Large when the text is short, smaller when it is long; never cut."""

    def __init__(self, kit: Kit) -> None:
        look = kit.look
        super().__init__(look, gap=28, flow=True)
        self._icon = Medallion(look, "file-document", 76)
        self._label = Label(look, "small", bold=True, colour="muted")
        self._text = Label(look, "lead", bold=True)
        self._text.tall = look.tall(110)
        words = Column(look, self._label, self._text, gap=2, flow=True)
        words.pos_hint = {"center_y": 0.5}
        self.hold(self._icon, words)

    def fill(self, entry: GuideEntry, screen: Guide) -> None:
        self._icon.change(_ICONS.get(entry.element, "information-outline"))
        self._label.say(screen.say(f"guide.{entry.element}"))
        self._text.say(screen.text(entry.text))


class _Detail(Column):
    def __init__(self, kit: Kit) -> None:
        super().__init__(kit.look, gap=4, flow=True)
        self._label = Label(kit.look, "small", bold=True, colour="accent")
        self._text = Label(kit.look, "body")
        self.hold(self._label, self._text)

    def fill(self, entry: GuideEntry, screen: Guide) -> None:
        self._label.say(screen.say(f"guide.{entry.element}"))
        self._text.say(screen.text(entry.text))


class Guide(Screen[GuideBody]):
    """Portrait: one column to page through. Landscape: the short facts beside the full guide."""

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, gap=28)
        look = kit.look
        self._name = Label(look, "title", bold=True, even=True)
        self._name.tall = look.tall(200 if look.portrait else 110)
        self._badge = Badge(look)
        self._effort = Label(look, "body", colour="muted", box=True)
        line = fix(look, Row(look, self._badge, self._effort, gap=24), height=56)
        self._summaries = [_Summary(kit) for _ in range(4)]
        self._details = [_Detail(kit) for _ in range(12)]
        self._more = Label(look, "lead", bold=True)
        self._counts = Label(look, "small", colour="muted")  # which text is the binding one
        self._list = Column(look, gap=28, flow=True)
        self._start = PushButton(
            look,
            "accept_guide",
            lambda: self.post(GuideAccepted()),
            icon="chevron-right",
            after=True,
        )
        self._blank = PushButton(look, "guide_slip", lambda: self.post(SlipWanted()),
                                 kind="secondary", icon="printer", size="body")  # fmt: skip
        fix(look, self._blank, width=330)
        self._below = fix(look, Row(look, gap=24), height=TOUCH)
        facts = Column(look, *self._summaries, gap=28 if look.portrait else 16, flow=True)
        rest = self._rest = Column(look, gap=20, flow=True)
        arrange = self._portrait if look.portrait else self._landscape
        self._scrolls = arrange(facts, rest, line)

    def _portrait(self, facts: Column, rest: Column, line: Row) -> tuple[Scroll, ...]:
        look = self.look
        papers = (Card(look, facts, flow=True, pad=36), Card(look, rest, flow=True, pad=36))
        scroll = Scroll(look, Column(look, *papers, gap=28, pad=(4, 4, 4, 12), flow=True))
        self.hold(self._name, line, scroll, self._below)
        return (scroll,)

    def _landscape(self, facts: Column, rest: Column, line: Row) -> tuple[Scroll, ...]:
        look = self.look
        scrolls = Scroll(look, facts, "facts"), Scroll(look, rest)
        left = Column(look, self._name, line, Card(look, scrolls[0], pad=(32, 24, 32, 24)), gap=24)
        right = Column(look, Card(look, scrolls[1], pad=32), self._below, gap=28)
        self.hold(Row(look, left, right, gap=48))
        return scrolls

    def enter(self) -> None:
        for scroll in self._scrolls:
            scroll.rewind()

    def fill(self, body: GuideBody) -> None:
        self._name.say(self.text(body.name))
        self._badge.say(self.say(f"kind.{body.kind}.short"))
        self._effort.say(self.say("guide.minutes", minutes=body.minutes, count=body.questions))
        for summary, entry in zip(self._summaries, body.summary, strict=False):
            summary.fill(entry, self)
        self._more.say(self.say("guide.more"))
        for scroll in self._scrolls:
            scroll.name(self.say("page.up"), self.say("page.down"))
        shown = self._details[: len(body.details)]
        for detail, entry in zip(shown, body.details, strict=False):
            detail.fill(entry, self)
        self._list.hold(*shown)
        self._counts.say(self.say("guide.counts"))
        translated = (self._counts,) if self.language is not Language.ZH else ()
        self._rest.hold(self._more, *translated, self._list)
        self._start.say(self.say("guide.start"))
        self._blank.say(self.say("guide.print"))
        self._below.hold(*((self._blank,) if body.slip else ()), self._start)
