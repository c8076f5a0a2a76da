"""What has to be handed in: the list, the ways to give one of it, and what is missing."""

from __future__ import annotations

from kivy.uix.widget import Widget

from kiosk.events import MaterialsConfirmed, MissingAsked, NoticeWanted
from kiosk.view import MaterialsBody
from screens.material_rows import Listed, WayRow
from screens.screen import Kit, Screen
from screens.widgets.box import Card, Column, Row
from screens.widgets.marks import Notice
from screens.widgets.press import PushButton
from screens.widgets.rows import RowScroll
from screens.widgets.text import Label


class Materials(Screen[MaterialsBody]):
    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, gap=32)
        look = kit.look
        self._above = Label(look, "body", bold=True, colour="accent")
        self._title = Label(look, "title", bold=True, even=True)
        self._title.tall = look.tall(190)
        self._lead = Label(look, "lead" if look.portrait else "body", colour="muted")
        self._stand = Label(look, "body", bold=True)
        self._explain = Label(look, "body", colour="muted")
        self._about = Card(look, self._stand, self._explain, gap=12, pad=(36, 28, 36, 28),
                           fill="accent_soft", border="accent_line", flow=True)  # fmt: skip
        self._no_way = Notice(look)
        self._listed: list[Listed] = []
        self._ways: list[WayRow] = []
        self._rows = Column(look, gap=20, flow=True)
        self._scroll = RowScroll(look, self._rows)
        self._lack = PushButton(look, "materials_missing", lambda: self.post(MissingAsked()),
                                kind="secondary", icon="help-circle-outline")  # fmt: skip
        self._go = PushButton(look, "materials_done", lambda: self.post(MaterialsConfirmed()),
                              icon="chevron-right", after=True, height=140)  # fmt: skip
        self._print = PushButton(look, "notice_print", lambda: self.post(NoticeWanted()),
                                 icon="printer", height=140)  # fmt: skip
        self._heads = Column(look, gap=16, flow=True)
        self._below = Column(look, gap=24, flow=True)
        if look.portrait:
            self.hold(self._heads, self._scroll, self._below)
        else:
            left = Column(look, self._heads, Column(look), self._below, gap=32)
            left.size_hint_x = 0.66
            self.hold(Row(look, left, self._scroll, gap=56))
        self._page = ""

    def enter(self) -> None:
        self._page = ""

    def fill(self, body: MaterialsBody) -> None:
        if body.page != self._page:
            self._scroll.rewind()
        self._page = body.page
        self._scroll.name(self.say("page.up"), self.say("page.down"))
        self._above.say(self.text(body.item))
        {"list": self._all, "ways": self._one, "telling": self._tell}[body.phase](body)

    def _all(self, body: MaterialsBody) -> None:
        self._title.say(self.say("materials.title.later" if body.later else "materials.title"))
        count = len(body.missing)
        self._lead.say(self.say("materials.todo", count=count) if count
                       else self.say("materials.ready"))  # fmt: skip
        self._heads.hold(self._above, self._title, self._lead)
        shown = self._some(len(body.rows))
        for widget, row in zip(shown, body.rows, strict=True):
            widget.fill(row, self)
        self._rows.hold(*shown)
        self._lack.say(self.say("materials.lack"))
        part = body.later and 0 < count < len(body.rows)
        self._go.say(self.say("materials.part" if part else "continue"))
        nothing = body.later and count == len(body.rows)
        self._below.hold(*(() if nothing else (self._lack if count and not part else self._go,)))

    def _one(self, body: MaterialsBody) -> None:
        row = body.open
        assert row is not None
        stand, explain = self.text(row.stand), self.text(row.explain)
        self._title.say(self.text(row.name))
        self._lead.say(self.say("materials.how"))
        self._stand.say(self.say("materials.stand", stand=stand) if stand else "")
        self._explain.say(explain)
        about: tuple[Widget, ...] = (self._about,) if stand or explain else ()
        beside = () if self.look.portrait else about  # there is no room above for long words
        above = about if self.look.portrait else ()
        self._heads.hold(self._above, self._title, *above, self._lead)
        while len(self._ways) < len(body.ways):
            self._ways.append(WayRow(self.kit))
        shown = self._ways[: len(body.ways)]
        for widget, way in zip(shown, body.ways, strict=True):
            widget.fill(way, self)
        self._rows.hold(*beside, *shown)
        self._lack.say(self.say("materials.lack"))
        free = any(not way.why_not for way in body.ways)
        self._no_way.say(self.say("materials.no_way"))
        lack = () if body.later else (self._lack,)
        self._below.hold(*(() if free or row.source else (self._no_way, *lack)))

    def _tell(self, body: MaterialsBody) -> None:
        self._title.say(self.say("materials.telling.title"))
        self._lead.say(self.say("materials.telling.lead"))
        self._heads.hold(self._above, self._title, self._lead)
        shown = self._some(len(body.missing))
        for widget, row in zip(shown, body.missing, strict=True):
            widget.tell(row, self)
        self._rows.hold(*shown)
        self._print.say(self.say("materials.print" if body.printer else "materials.end"))
        self._below.hold(self._print)

    def _some(self, count: int) -> list[Listed]:
        while len(self._listed) < count:
            self._listed.append(Listed(self.kit))
        return self._listed[:count]

    def wipe(self) -> None:
        super().wipe()
        self._rows.hold()
        for widget in (*self._listed, *self._ways):
            widget.wipe()
