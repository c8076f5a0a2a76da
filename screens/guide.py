"""Before starting: what you need, how long, what it costs, what you get; the rest beside it."""

from __future__ import annotations

from kiosk.events import GuideAccepted
from kiosk.view import GuideBody, GuideEntry
from screens.screen import Kit, Screen
from screens.widgets.box import Card, Column, Row, fix
from screens.widgets.marks import Badge, Medallion
from screens.widgets.press import PushButton
from screens.widgets.scroll import Scroll
from screens.widgets.text import Label

_ICONS = {
    "materials": "account-card-details",
    "time_limit": "clock",
    "fee": "cash-usd",
    "result": "certificate",
}


class _Summary(Card):
    def __init__(self, kit: Kit) -> None:
        look = kit.look
        super().__init__(look, pad=28, gap=8)
        self._icon = Medallion(look, "file-document", 72)
        self._label = Label(look, "small", bold=True, colour="muted", box=True)
        self._text = Label(look, "lead", bold=True, box=True, top=True)
        self.add_widget(fix(look, Row(look, self._icon, self._label, gap=20), height=72))
        self.add_widget(self._text)

    def fill(self, entry: GuideEntry, screen: Guide) -> None:
        self._icon.change(_ICONS.get(entry.element, "information-outline"))
        self._label.say(screen.say(f"guide.{entry.element}"))
        self._text.say(screen.text(entry.text))


class _Detail(Column):
    def __init__(self, kit: Kit) -> None:
        super().__init__(kit.look, gap=6, flow=True)
        self._label = Label(kit.look, "small", bold=True, colour="accent")
        self._text = Label(kit.look, "body")
        self.hold(self._label, self._text)

    def fill(self, entry: GuideEntry, screen: Guide) -> None:
        self._label.say(screen.say(f"guide.{entry.element}"))
        self._text.say(screen.text(entry.text))


class Guide(Screen[GuideBody]):
    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, gap=32)
        look = kit.look
        self._name = Label(look, "title", bold=True, even=True)
        self._badge = Badge(look)
        self._effort = Label(look, "body", colour="muted", box=True)
        line = fix(look, Row(look, self._badge, self._effort, gap=24), height=52)
        self._summaries = [_Summary(kit) for _ in range(4)]
        rows = [Row(look, *self._summaries[i : i + 2], gap=24) for i in (0, 2)]
        cards = Column(look, *rows, gap=24)
        self._more = Label(look, "lead", bold=True, box=True)
        self._details = [_Detail(kit) for _ in range(12)]
        self._list = Column(look, gap=28, flow=True)
        self._scroll = Scroll(look, self._list, bar=not look.portrait)
        self._start = PushButton(look, "accept_guide", lambda: self.post(GuideAccepted()),
                             icon="chevron-right", after=True)  # fmt: skip
        beside = (self._scroll.bar,) if look.portrait else ()
        self._more.size_hint_x = 0.66
        head = fix(look, Row(look, self._more, *beside), height=100 if look.portrait else 64)
        paper = Card(look, head, self._scroll, gap=20, pad=(36, 24, 24, 24))
        if look.portrait:
            fix(look, cards, height=472)
            self.hold(self._name, line, cards, paper, self._start)
        else:
            left = Column(look, self._name, line, cards, gap=28)
            right = Column(look, paper, self._start, gap=32)
            right.size_hint_x = 0.82
            self.hold(Row(look, left, right, gap=48))

    def enter(self) -> None:
        self._scroll.rewind()

    def fill(self, body: GuideBody) -> None:
        self._name.say(self.text(body.name))
        self._badge.say(self.say(f"kind.{body.kind}.short"))
        self._effort.say(self.say("guide.minutes", minutes=body.minutes, count=body.questions))
        for card, entry in zip(self._summaries, body.summary, strict=False):
            card.fill(entry, self)
        self._more.say(self.say("guide.more"))
        self._scroll.name(self.say("page.up"), self.say("page.down"))
        shown = self._details[: len(body.details)]
        for widget, entry in zip(shown, body.details, strict=False):
            widget.fill(entry, self)
        self._list.hold(*shown)
        self._start.say(self.say("guide.start"))
