"""The choice of language, text size, colours and reach: over the page, in large choices, applied at
once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

from kivy.graphics import Color, SmoothRoundedRectangle
from kivy.uix.floatlayout import FloatLayout
from kivy.uix.widget import Widget

from kiosk.model import Language
from screens.theme import RADIUS, TEXT_SIZES, THEMES, Appearance, Look, Looks
from screens.widgets.box import Box, Card, Row, Surface, fix
from screens.widgets.press import Act, Pressable, PushButton
from screens.widgets.text import Label

Adapt = Callable[[Appearance], None]


class Acts(NamedTuple):
    """What the sheet can do: another look, another language, go away."""

    adapt: Adapt
    turn: Callable[[Language], None]
    close: Act


_SAMPLES = dict(zip(TEXT_SIZES, ("small", "lead", "head", "title"), strict=True))


class _Choice(Pressable):
    """A sample above its name; what is chosen has a thick edge and a soft ground."""

    def __init__(self, look: Look, action: str, act: Act, sample: Widget, *, on: bool) -> None:
        super().__init__(look, action, act, orientation="vertical", pad=(8, 14, 8, 8), gap=4)
        fix(look, self, height=236)
        self._on = on
        self._surface = Surface(look, self, "paper", radius="button", border="line", thick=6)
        self._name = Label(look, "small", bold=True, align="center", box=True, even=True)
        self.hold(sample, fix(look, self._name, height=92))
        self.dress()

    def say(self, name: str) -> None:
        self._name.say(name)

    def dress(self) -> None:
        fill = "press" if self.state == "down" else "accent_soft" if self._on else "paper"
        self._surface.show(fill, "accent" if self._on else "line")
        self._name.paint("accent" if self._on else "ink")


class _Swatch(Box):
    """A letter on the ground of another theme."""

    def __init__(self, look: Look, other: Look) -> None:
        super().__init__(look, pad=(28, 0, 28, 0))
        self.letter = Label(look, "title", bold=True, align="center", box=True)
        self.letter.color = other.colour("ink")
        with self.canvas.before:
            Color(*look.colour("muted"))
            self._rim = SmoothRoundedRectangle(radius=[look.u(RADIUS["field"])])
            Color(*other.colour("paper"))
            self._ground = SmoothRoundedRectangle(radius=[look.u(RADIUS["field"])])
        self.add_widget(self.letter)
        self.bind(pos=self._place, size=self._place)

    def _place(self, *_: object) -> None:
        edge, thick = self.look.u(28), self.look.u(3)
        for shape, inset in ((self._rim, 0), (self._ground, thick)):
            shape.pos = (self.x + edge + inset, self.y + inset)
            shape.size = (self.width - 2 * (edge + inset), self.height - 2 * inset)


class AppearSheet(FloatLayout):
    """At the lower edge, where every hand reaches. Nothing below it can be pressed."""

    def __init__(
        self,
        look: Look,
        looks: Looks,
        now: Appearance,
        usual: Appearance,
        acts: Acts,
        *,
        language: Language,
    ) -> None:
        super().__init__()
        self.look, self._looks, self._now, self._acts = look, looks, now, acts
        self._usual, self._language = usual, language
        self._say: Callable[[str], str] = lambda key: look.words.say(key, language)
        Surface(look, self, "scrim", radius=0)
        align = "center" if look.portrait else "left"
        title = Label(look, "lead", bold=True, align=align, even=True)
        hint = Label(look, "small", colour="muted", align=align, even=True)
        title.say(self._say("appear.title"))
        hint.say(self._say("appear.hint"))
        themes = [self._theme(name) for name in THEMES]
        sizes = [self._size(text) for text in TEXT_SIZES]
        rows = (fix(look, Row(look, *row, gap=20), height=236) for row in (sizes, themes))
        self._paper = Card(look, *self._head(title, hint), *rows, self._foot(), gap=24,
                           pad=(40, 32, 40, 36), flow=True)  # fmt: skip
        fix(look, self._paper, width=1080 if look.portrait else 1360)
        self.add_widget(self._paper)
        self.bind(pos=self._place, size=self._place)
        self._paper.bind(height=self._place)

    def _head(self, title: Label, hint: Label) -> tuple[Widget, ...]:
        """The languages below title and hint, or beside the title alone, where height is dear."""
        tongues = self._tongues()
        if self.look.portrait or not tongues:
            return (title, hint, *tongues)
        title.pos_hint, title.tall = {"center_y": 0.5}, self.look.u(124)
        return (fix(self.look, Row(self.look, title, *tongues, gap=40), height=128),)

    def _tongues(self) -> tuple[Row, ...]:
        """The header of the page has room for one other language."""
        look, offered = self.look, self.look.words.languages
        if len(offered) <= 2:
            return ()
        buttons = []
        for language in offered:
            kind = "primary" if language is self._language else "secondary"
            button = PushButton(look, f"appear:{language}", partial(self._turn, language),
                                kind=kind, size="body")  # fmt: skip
            button.say(look.words.say("language.name", language))
            buttons.append(button)
        return (fix(look, Row(look, *buttons, gap=20), height=128),)

    def _size(self, text: int) -> _Choice:
        as_designed = replace(self.look, text=TEXT_SIZES[0])  # so that they can be compared
        sample = Label(as_designed, _SAMPLES[text], bold=True, align="center", box=True)
        sample.say(self._say("appear.sample"))
        return self._choice("text", text, sample, f"appear.text.{text}")

    def _theme(self, name: str) -> _Choice:
        swatch = _Swatch(self.look, self._looks.of(replace(self._now, theme=name)))
        swatch.letter.say(self._say("appear.sample"))
        return self._choice("theme", name, swatch, f"appear.theme.{name}")

    def _choice(self, field: str, value: object, sample: Widget, key: str) -> _Choice:
        wanted: Any = {field: value}
        act = partial(self._choose, replace(self._now, **wanted))
        on = getattr(self._now, field) == value
        choice = _Choice(self.look, f"appear:{value}", act, sample, on=on)
        choice.say(self._say(key))
        return choice

    def _foot(self) -> Row:
        look, now = self.look, self._now
        lower = partial(self._choose, replace(now, low=not now.low))
        low = PushButton(look, "appear:low", lower, kind="secondary", size="body",
                         icon="wheelchair-accessibility")  # fmt: skip
        low.say(self._say("appear.full" if now.low else "appear.low"))
        reset = PushButton(look, "appear:reset", partial(self._choose, self._usual), kind="plain",
                           size="body", icon="backup-restore")  # fmt: skip
        reset.say(self._say("appear.reset"))
        done = PushButton(look, "appear:done", self._acts.close, icon="check")
        done.say(self._say("appear.done"))
        offered = (low,) if self._looks.glass.reachable else ()
        return fix(look, Row(look, reset, *offered, done, gap=20), height=128)

    def _choose(self, wanted: Appearance) -> None:
        if wanted != self._now:
            self._acts.adapt(wanted)

    def _turn(self, language: Language) -> None:
        if language is not self._language:
            self._acts.turn(language)

    def _place(self, *_: object) -> None:
        self._paper.center_x = self.center_x
        self._paper.y = self.y if self.look.portrait else self.center_y - self._paper.height / 2

    def on_touch_down(self, touch: Any) -> bool:
        """Nothing below may be pressed."""
        return bool(super().on_touch_down(touch) or self.collide_point(*touch.pos))
