"""Nobody is here: what the terminal can do now, and one big button."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from kivy.clock import Clock
from kivy.uix.gridlayout import GridLayout

from kiosk.events import InformationOpened, PracticeOpened, StaffEntered, Touched
from kiosk.view import AttractBody, ServiceTile
from screens.screen import Kit, Screen
from screens.theme import Look
from screens.tiles import KINDS, kind_words
from screens.widgets.around import Around
from screens.widgets.box import Card, Column, Row, Surface, fix, gap
from screens.widgets.door import Door
from screens.widgets.marks import Badge, Medallion, Notice
from screens.widgets.press import PushButton
from screens.widgets.text import Label

_FEW = 3  # so many services have a whole line each
# How many services are listed, by the number of notices that need the room; other lines are half
# as high.
_SHOWN = (8, 6, 4, 2)
_FULL = 4  # so many lines take the space above the greeting, too
_MOST = 3  # notices
# Why something can't be had now: so many lines, by the number of notices, which say much of it.
_REASONS = (2, 2, 1, 0)
_NAMES = 2  # services that such a line names


class _Service(Row):
    """A service that can be had here; not a button of its own."""

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit.look, gap=22)
        self._icon = Medallion(kit.look, "file-document", 84)
        self._icon.pos_hint = {"center_y": 0.5}
        self._name = Label(kit.look, "body", bold=True, box=True, even=True)
        self._badge = Badge(kit.look)
        self._badge.pos_hint = {"center_y": 0.5}

    def fill(self, tile: ServiceTile, name: str, badge: str) -> None:
        self._name.say(name)
        self._badge.say(badge, *KINDS[tile.kind])
        self.hold(self._icon, self._name, *([self._badge] if badge else []))
        self._icon.change(tile.icon)


class Missing(Column):
    """What can't be had now, and why; a line for each reason."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, gap=4, flow=True)
        self._lines = [Label(look, "small", colour="warn") for _ in range(max(_REASONS))]
        for line in self._lines:
            line.tall = look.tall(92)

    def fill(self, tiles: Sequence[ServiceTile], screen: Screen[Any], most: int) -> int:
        """How many lines there are."""
        reasons: dict[str, list[str]] = {}
        for tile in tiles:
            if tile.why_not:
                reasons.setdefault(tile.why_not, []).append(screen.text(tile.name))
        told = list(reasons.items())[:most]
        for line, (why, names) in zip(self._lines, told, strict=False):
            line.say(screen.say("attract.not_now", why=screen.say(why), names=named(names, screen)))
        self.hold(*self._lines[: len(told)])
        return len(told)


def named(names: Sequence[str], screen: Screen[Any]) -> str:
    """The first of them, and how many more there are."""
    first = screen.say("attract.comma").join(names[:_NAMES])
    more = len(names) - _NAMES
    return screen.say("attract.names", names=first, count=more) if more > 0 else first


class Attract(Screen[AttractBody]):
    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, pad=0)
        look = kit.look
        self._time = Label(look, "clock", bold=True, colour="on_deep", align="center")
        self._date = Label(look, "lead", colour="on_deep_muted", align="center")
        self._greeting = Label(
            look, "title", bold=True, colour="on_deep", align="center", even=True
        )
        self._space = gap(look, height=36 if look.portrait else 48)
        self._start = PushButton(look, "start", lambda: self.post(Touched()), kind="primary",
                             icon="hand-pointing-right", size="title",
                                 height=204 if look.portrait else 188)  # fmt: skip
        self._practise = PushButton(look, "practise", lambda: self.post(PracticeOpened()),
                                    kind="secondary" if look.portrait else "deep", icon="school",
                                    size="body", height=94)  # fmt: skip
        self._heading = Label(look, "head", bold=True)
        self._heading.tall = look.tall(90)
        self._heading.pos_hint = {"center_y": 0.5}
        self._public = PushButton(look, "around_information",
                                  lambda: self.post(InformationOpened()), kind="plain",
                                  icon="information-outline", size="body", height=96)  # fmt: skip
        fix(look, self._public, width=330)
        heading = Row(look, self._heading, self._public, gap=20, flow=True)
        self._services = [_Service(kit) for _ in range(max(_SHOWN))]
        self._grid = GridLayout(cols=2, spacing=(look.u(28), look.u(12)))
        self._more = Label(look, "small", colour="muted")
        self._missing = Missing(look)
        self._parts = (heading, self._grid, self._more)
        self._card = Card(look, *self._parts, gap=12, pad=40)
        self._notices = [Notice(look) for _ in range(_MOST)]
        self._next = Notice(look, "small", tone="accent")
        self._below = Column(look, gap=16, flow=True)
        self._around = Around(look, kit.post, height=96, without="information")
        self._appear = PushButton(look, "appear", kit.appear, kind="secondary", icon="format-size",
                                  size="body", height=94)  # fmt: skip
        self._door = Door(look, lambda: self.post(StaffEntered()))
        self._foot = fix(look, Row(look, gap=16), height=96)
        self._staff = Label(look, "small", colour="muted", align="center")
        (self._portrait if look.portrait else self._landscape)()
        self._tick()
        Clock.schedule_interval(self._tick, 1)

    def _portrait(self) -> None:
        look = self.look
        hero = Column(look, self._time, self._date, self._space, self._greeting,
                      pad=(56, 8, 56, 36), flow=True)  # fmt: skip
        Surface(look, hero, "deep", radius=0)
        beside = fix(look, Column(look, self._appear, self._practise, gap=16), width=320)
        begin = fix(look, Row(look, self._start, beside, gap=24), height=204)
        lower = Column(look, self._card, self._below, begin, self._staff,
                       self._foot, gap=32, pad=(56, 36, 56, 16))  # fmt: skip
        self.hold(hero, lower)

    def _landscape(self) -> None:
        look = self.look
        words = Column(look, self._time, self._date, self._space, self._greeting, flow=True)
        middle = Column(look, gap(look), words, gap(look))
        hero = Column(look, middle, self._start, self._practise, gap=24, pad=(64, 0, 64, 40))
        fix(look, hero, width=800)
        Surface(look, hero, "deep", radius=0)
        right = Column(
            look, self._card, self._below, self._staff, self._foot, gap=20, pad=(64, 56, 64, 16)
        )
        self.hold(Row(look, hero, right))

    def fill(self, body: AttractBody) -> None:
        self._tick()
        self._greeting.say(self.say("attract.greeting"))
        self._start.say(self.say("attract.start"))
        self._practise.say(self.say("attract.practise"))
        self._heading.say(self.say("attract.services"))
        free = [tile for tile in body.services if not tile.why_not]
        missing = self._missing.fill(body.services, self, _REASONS[min(len(body.notices), _MOST)])
        self._card.hold(*self._parts, *((self._missing,) if missing else ()))
        low = missing + (body.elsewhere is not None)
        lines = len(body.notices) + low
        self._space.height = self.look.u(0 if lines >= _FULL and self.look.portrait else 36)
        shown = free[: _SHOWN[min(len(body.notices) + (low + 1) // 2, _MOST)]]
        count = len(shown)
        roomy = count <= _FEW and lines < 2
        for widget, tile in zip(self._services, shown, strict=False):
            widget.fill(tile, self.text(tile.name), kind_words(self, tile) if roomy else "")
        self._grid.cols = 1 if roomy else 2
        if list(reversed(self._grid.children)) != self._services[:count]:
            self._grid.clear_widgets()
            for widget in self._services[:count]:
                self._grid.add_widget(widget)
        hidden = len(free) - count
        more = hidden > 0 and lines < _FULL
        self._more.say(self.say("attract.more", count=hidden) if more else "")
        self._public.say(self.say("around.information"))
        self._around.fill(self.say, body.hotline)
        self._door.say(self.say("staff.door"))
        self._appear.say(self.say("appear"))
        self._foot.hold(self._around, *((self._door,) if body.staff else ()))
        notices = self._notices[: len(body.notices)]
        for notice, limit in zip(notices, body.notices, strict=False):
            notice.say(self.say(f"notice.{limit.key}"))
        if body.elsewhere is not None:
            self._next.say(self.next_terminal(body.elsewhere), "directions", "accent")
        self._below.hold(*notices, *((self._next,) if body.elsewhere is not None else ()))
        self._staff.say(self.for_staff(body.notices, 1))

    def _tick(self, *_: object) -> None:
        now = datetime.now().astimezone()
        self._time.say(now.strftime("%H:%M"))
        weekday = self.say(f"weekday.{now.isoweekday()}")
        values: dict[str, object] = {"year": now.year, "day": now.day, "month": now.month}
        values |= {"month_name": self.say(f"month.{now.month}"), "weekday": weekday}
        self._date.say(self.say("date.long", **values))

    def on_touch_up(self, touch: Any) -> bool:
        """A touch anywhere wakes the terminal, not only one on the button."""
        if touch.grab_current is None and self.collide_point(*touch.pos):
            staff = (self._door,) if self._door.parent is not None else ()
            doors = (
                self._start,
                self._practise,
                self._public,
                self._appear,
                *self._around.buttons,
                *staff,
            )
            if not any(door.collide_point(*touch.pos) for door in doors):
                self.post(Touched())
        return bool(super().on_touch_up(touch))
