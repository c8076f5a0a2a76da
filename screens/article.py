"""One page of what is made public, in leaves that are turned; and the services it is about."""

from __future__ import annotations

from typing import Any

from kiosk.events import ArticleServicesWanted, ServiceChosen, SlipWanted
from kiosk.view import ArticleBody, ServiceTile
from screens.information import MARKS
from screens.screen import Kit, Screen
from screens.tiles import Line
from screens.widgets.box import Card, Column, Row, fix, gap
from screens.widgets.leaves import Leaves, Part
from screens.widgets.marks import Badge
from screens.widgets.pages import Pages
from screens.widgets.press import PushButton
from screens.widgets.text import Label


class Article(Screen[ArticleBody]):
    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, gap=24)
        look = kit.look
        self._name = ""
        self._shelf, self._mark = Badge(look), Badge(look)
        self._tags = (
            fix(look, Row(look, gap=16), height=56)
            if look.portrait
            else Column(look, gap=8, flow=True)
        )
        self._title = Label(look, "title", bold=True, even=True)
        self._title.tall = look.tall(180)
        self._summary = Label(look, "body", even=True)
        self._days = Label(look, "small", colour="muted")
        self._leaves = Leaves(look, self._where)
        self._paper = Card(look, self._leaves, pad=(44, 36, 44, 32))
        self._choose = Label(look, "lead", bold=True)
        self._services: Pages[ServiceTile] = Pages(
            look, lambda: Line(kit), least=124, most=150, space=16
        )
        self._go = PushButton(look, "article_services", self._wanted, icon="chevron-right",
                              after=True, height=120)  # fmt: skip
        self._print = PushButton(look, "article_slip", lambda: self.post(SlipWanted()),
                                 kind="secondary", icon="printer", height=120)  # fmt: skip
        self._codes: tuple[str, ...] = ()
        self._below: Column | Row
        self._below = Column(look, gap=20, flow=True)
        if look.portrait:
            self._below = fix(look, Row(look, gap=24), height=120)
        self._head = Column(look, self._tags, self._title, self._summary, self._days, gap=14,
                            flow=True)  # fmt: skip
        self._side, self._main = Column(look, gap=20), Column(look, gap=24)
        if not look.portrait:
            self._side.size_hint_x = 0.5
            self.hold(Row(look, self._side, self._main, gap=56))

    def fill(self, body: ArticleBody) -> None:
        if body.name != self._name:
            self._name = body.name
            self._leaves.rewind()
        self._tell(body)
        self._leaves.bar.name(self.say("article.previous"), self.say("article.next"))
        self._services.bar.name(self.say("page.up"), self.say("page.down"))
        self._codes = tuple(tile.task_code for tile in body.services)
        several = len(self._codes) > 1
        self._go.say(self.say("article.services" if several else "article.service",
                              count=len(self._codes)))  # fmt: skip
        self._print.say(self.say("article.print"))
        self._choose.say(self.say("article.choose"))
        self._arrange(body)
        self._leaves.show([self._part(block) for block in body.blocks])
        self._services.show(body.services, lambda cell, tile: cell.fill(tile, self), self.language)

    def _tell(self, body: ArticleBody) -> None:
        self._shelf.say(self.say(f"information.{body.kind}"))
        if body.mark:
            self._mark.say(self.say(f"information.mark.{body.mark}"), *MARKS[body.mark])
        self._tags.hold(self._shelf, *((self._mark,) if body.mark else ()), gap(self.look))
        self._title.say(self.text(body.title))
        self._summary.say(self.text(body.summary))
        days = self.say("article.published", day=self.text(body.day))
        if body.until.zh:
            days = f"{days} · {self.say('article.until', day=self.text(body.until))}"
        self._days.say(days)

    def _part(self, block: Any) -> Part:
        text = self.say(block.key) if block.key else self.text(block.text)
        return Part(str(block.kind), text, self.text(block.value), self.text(block.below))

    def _arrange(self, body: ArticleBody) -> None:
        free = any(not tile.why_not for tile in body.services)
        offered = [
            *((self._print,) if body.slip and not body.choosing else ()),
            *((self._go,) if free and not body.choosing else ()),
        ]
        main = (self._choose, self._services) if body.choosing else (self._paper,)
        buttons = (self._below,) if offered else ()
        self._below.hold(*offered)
        if self.look.portrait:
            self.hold(self._head, *main, *buttons)
        else:
            self._side.hold(self._head, gap(self.look), *buttons)
            self._main.hold(*main)

    def _where(self, page: int, count: int) -> str:
        return self.say("article.page", page=page, count=count)

    def _wanted(self) -> None:
        """One service is chosen at once; of several, which."""
        only = self._codes[0] if len(self._codes) == 1 else ""
        self.post(ServiceChosen(only) if only else ArticleServicesWanted())

    def wipe(self) -> None:
        self._leaves.wipe()
        self._services.wipe()
        self._name = ""
        super().wipe()
