"""What stands around every screen: header, ribbon, progress, back and leave."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from kivy.clock import Clock
from kivy.graphics import Color, SmoothLine

from kiosk.events import Event, LanguageChosen, Left, WentBack
from kiosk.model import Language, Text
from kiosk.model.characters import shown
from kiosk.view import Progress, State, View
from screens.theme import EDGE, Look
from screens.widgets.box import Column, Hug, Middle, Row, Surface, firm, gap
from screens.widgets.marks import Medallion
from screens.widgets.press import Act, PushButton
from screens.widgets.text import Icon, Label

Post = Callable[[Event], None]
_APPEAR = "format-size"


def bar_look(look: Look, most: int = 115) -> Look:
    """A bar is narrow, and says the same on every page: its texts grow less."""
    return replace(look, text=min(look.text, most))


class Header(Row):
    """Terminal and site, clock, language."""

    def __init__(self, look: Look, post: Post, site: Text, appear: Act) -> None:
        super().__init__(look, gap=24, pad=(EDGE, 0, 40, 0))
        firm(look, self, 156 if look.portrait else 128)
        Surface(look, self, "deep", radius=0)
        self._site, self._other = site, Language.EN
        self._title = firm(look, Label(look, "lead", bold=True, colour="on_deep", box=True), 64)
        self._place = Label(look, "small", colour="on_deep_muted", box=True)
        firm(look, self._place, 46)
        names = Column(look, self._title, self._place, flow=True)
        self._clock = Label(look, "head", bold=True, colour="on_deep", hug=True)
        self._demo = _Ribbon(look)
        self._language = PushButton(
            look, "language", lambda: post(LanguageChosen(self._other)),
            kind="deep", icon="translate", size="body", height=104, hug=True,
        )  # fmt: skip
        emblem = Medallion(look, "bank", 88, ink="on_deep", ground="deep_lift")
        self._appear = PushButton(look, "appear", appear, kind="deep", icon=_APPEAR, size="body",
                                  height=104, hug=True)  # fmt: skip
        for button in (self._language, self._appear):
            firm(look, button, 104)
        parts = [emblem, names, self._demo, self._clock, gap(look, 8), self._language]
        parts += [] if look.portrait else [self._appear]
        for part in parts:
            part.pos_hint = {"center_y": 0.5}
            if part is not self._demo or not look.portrait:
                self.add_widget(part)
        self._big_clock = False
        self._tick()
        Clock.schedule_interval(self._tick, 1)

    def draw(self, view: View) -> None:
        say = self.look.words.say
        self._big_clock = view.state is State.ATTRACT
        self._tick()
        self._title.say(say("terminal.title", view.language))
        self._place.say(shown(self._site, view.language))
        self._other = view.language.other  # any other is found under `appear`
        self._language.say(say("language.name", self._other))
        self._appear.say(say("appear", view.language))
        self._demo.draw(view, self.look)

    def _tick(self, *_: object) -> None:
        now = datetime.now().astimezone()
        self._clock.say("" if self._big_clock else now.strftime("%H:%M"))


class _Ribbon(Hug):
    """What every page says above: sample data, or practice."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, pad=(24, 0, 24, 0), gap=12)
        firm(look, self, 56)
        self._surface = Surface(look, self, "warn_soft", radius="pill")
        self._icon = Icon(look, "information-outline", 36, "warn")
        self._label = Label(look, "small", bold=True, colour="warn", hug=True)
        for widget in (self._icon, self._label):
            widget.pos_hint = {"center_y": 0.5}

    def draw(self, view: View, look: Look) -> None:
        self.hold(*((self._icon, self._label) if view.ribbon else ()))
        self._label.say(look.words.say(view.ribbon, view.language) if view.ribbon else "")
        self.opacity = 1 if view.ribbon else 0


class Ribbon(Row):
    """The same across a portrait window."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        firm(look, self, 60)
        Surface(look, self, "warn_soft", radius=0)
        self._label = Label(look, "small", bold=True, colour="warn", hug=True)
        icon = Icon(look, "information-outline", 36, "warn")
        for widget in (icon, self._label):
            widget.pos_hint = {"center_y": 0.5}
        self.add_widget(Middle(Hug(look, icon, self._label, gap=12)))

    def draw(self, view: View) -> None:
        self._label.say(self.look.words.say(view.ribbon, view.language) if view.ribbon else "")


class _Step(Row):
    """One step: a disc (number, or a tick once done) and its name."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, gap=10 if look.portrait else 24)
        self._disc = Medallion(bar_look(look, 100), "check", 64)
        self._name = Label(look, "small", bold=True, box=True,
                           align="center" if look.portrait else "left")  # fmt: skip
        with self.canvas.before:
            self._tint = Color(*look.colour("line"))
            self._line = SmoothLine(width=look.u(2))
        if look.portrait:
            self.orientation = "vertical"
            firm(look, self._name, 58)
            self.add_widget(Middle(self._disc, size_hint_y=None, height=look.u(64)))
        else:
            firm(look, self, 104)
            self.add_widget(Middle(self._disc, size_hint_x=None, width=look.u(64)))
        self.add_widget(self._name)
        self._disc.bind(pos=self._place)
        self.bind(pos=self._place, size=self._place)
        self._first = False

    def draw(self, name: str, number: int, index: int) -> None:
        done, now = number < index, number == index
        self._first = number == 0
        ink, ground = ("on_accent", "accent") if done or now else ("muted", "idle")
        if done:
            self._disc.change("check", ink, ground)
        else:
            self._disc.count(number + 1, ink, ground)
        self._name.say(name)
        self._name.paint("accent" if now else "ink" if done else "muted")
        self._tint.rgba = self.look.colour("accent" if done or now else "line")
        self._place()

    def _place(self, *_: object) -> None:
        """The line that leads here from the step before."""
        x, y = self._disc.center
        radius, space = self._disc.width / 2, self.look.u(8)
        if self._first:
            self._line.points = []
        elif self.look.portrait:
            before = x - self.width
            self._line.points = [before + radius + space, y, x - radius - space, y]
        else:
            before = y + self.height
            self._line.points = [x, before - radius - space, x, y + radius + space]


class Journey(Column):
    """Steps of the visit: across a portrait window, down the rail of a landscape one."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._steps = [_Step(look) for _ in range(8)]
        if look.portrait:
            self.orientation = "horizontal"
            self.padding = [look.u(20), look.u(16), look.u(20), look.u(4)]
            firm(look, self, 152)

    def draw(self, progress: Progress, language: Language) -> None:
        say = self.look.words.say
        shown = self._steps[: len(progress.steps)]
        for number, (step, name) in enumerate(zip(shown, progress.steps, strict=True)):
            step.draw(say(name, language), number, progress.index)
        rest = () if self.look.portrait else (gap(self.look),)
        if len(self.children) != len(shown) + len(rest):
            self.hold(*shown, *rest)


class Footer(Row):
    """Back and leave, where the view allows them; in portrait the way to larger text as well, which
    a low hand reaches here."""

    def __init__(self, look: Look, post: Post, appear: Act) -> None:
        super().__init__(look, gap=32, pad=(EDGE, 16, EDGE, 32) if look.portrait else 0)
        self._back = PushButton(look, "back", lambda: post(WentBack()), kind="plain",
                            icon="arrow-left", size="body", height=112)  # fmt: skip
        self._leave = PushButton(look, "leave", lambda: post(Left()), kind="plain",
                             icon="exit-to-app", size="body", height=112)  # fmt: skip
        self._appear = PushButton(look, "appear", appear, kind="plain", icon=_APPEAR,
                                  size="body", height=112)  # fmt: skip
        for button in (self._back, self._leave, self._appear):
            firm(look, button, 112)
        self._gaps = gap(look), gap(look)
        if look.portrait:
            firm(look, self, 160)
        else:
            self.orientation = "vertical"
            self.spacing = look.u(20)
            self.size_hint_y = None
            self.bind(minimum_height=self.setter("height"))

    def draw(self, view: View) -> bool:
        """Is there anything to show?"""
        self._back.say(self.look.words.say("back", view.language))
        self._leave.say(self.look.words.say("leave", view.language))
        self._appear.say(self.look.words.say("appear", view.language))
        if self.look.portrait:
            first, last = self._gaps
            self.hold(self._back if view.can_go_back else first, self._appear,
                      self._leave if view.can_leave else last)  # fmt: skip
            return True
        self.hold(*((self._back,) if view.can_go_back else ()),
                  *((self._leave,) if view.can_leave else ()))  # fmt: skip
        return view.can_go_back or view.can_leave
