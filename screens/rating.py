"""How was it? Five faces, or nothing at all."""

from __future__ import annotations

from kivy.graphics import Color, SmoothEllipse, SmoothLine
from kivy.uix.gridlayout import GridLayout
from kivy.uix.widget import Widget

from kiosk.events import LevelChosen, Rated, RatingSkipped
from kiosk.view import RatingBody, RatingTag
from screens.screen import Kit, Screen, spread
from screens.theme import Look
from screens.widgets.box import Card, Column, Middle, Row, Surface, fix
from screens.widgets.marks import Ring
from screens.widgets.press import Pressable, PushButton
from screens.widgets.text import Label

LEVELS = (5, 4, 3, 2, 1)
MOST_TAGS = 6
_SMILE = {5: 0.21, 4: 0.11, 3: 0.0, 2: -0.10, 1: -0.20}


class Smiley(Widget):
    """Drawn, so that five degrees look like one family. `level` 5 is very satisfied."""

    def __init__(self, look: Look, level: int, size: int = 144) -> None:
        super().__init__()
        fix(look, self, size, size)
        self._look, self._bend = look, _SMILE[level]
        with self.canvas:
            self._ground = Color(*look.colour("accent_soft"))
            self._disc = SmoothEllipse()
            self._ink = Color(*look.colour("accent"))
            self._rim = SmoothLine(width=look.u(3))
            self._eyes = [SmoothEllipse() for _ in range(2)]
            self._mouth = SmoothLine(width=look.u(4), cap="round", joint="round")
        self.bind(pos=self._place, size=self._place)

    def press(self, *, down: bool) -> None:
        self._ground.rgba = self._look.colour("accent" if down else "accent_soft")
        self._ink.rgba = self._look.colour("on_accent" if down else "accent")

    def _place(self, *_: object) -> None:
        side, (x, y) = self.width, self.pos
        self._disc.pos, self._disc.size = self.pos, self.size
        self._rim.circle = (self.center_x, self.center_y, side / 2 - self._look.u(3))
        eye = side * 0.11
        for share, shape in zip((0.34, 0.66), self._eyes, strict=True):
            shape.size = (eye, eye)
            shape.pos = (x + side * share - eye / 2, y + side * 0.58)
        points: list[float] = []
        for step in range(-8, 9):
            t = step / 8
            points += [x + side * (0.5 + 0.23 * t), y + side * (0.35 + self._bend * (t * t - 0.6))]
        self._mouth.points = points


class _Level(Pressable):
    def __init__(self, kit: Kit, level: int) -> None:
        look = kit.look
        super().__init__(look, f"rate:{level}", lambda: kit.post(LevelChosen(level)),
                         orientation="vertical", gap=16)  # fmt: skip
        fix(look, self, height=300)
        self._chosen = False
        self._face = Smiley(look, level, 144)
        self.label = Label(look, "small", bold=True, align="center", box=True, even=True)
        self.add_widget(Middle(self._face, size_hint_y=None, height=look.u(152)))
        self.add_widget(self.label)

    def choose(self, *, chosen: bool) -> None:
        self._chosen, self.chosen = chosen, chosen or None
        self.dress()

    def dress(self) -> None:
        down = self._chosen or self.state == "down"
        self._face.press(down=down)
        self.label.paint("accent" if down else "ink")


class _Tag(Pressable):
    """One word of praise or blame, chosen or not."""

    def __init__(self, kit: Kit) -> None:
        look = kit.look
        super().__init__(look, "", self._toggled, pad=(16, 0, 16, 0))
        fix(look, self, height=112)
        self.code, self.chosen = "", False
        self._surface = Surface(look, self, "paper", radius="button", border="line", thick=3)
        self.label = Label(look, "body", bold=True, align="center", box=True, even=True)
        self.add_widget(self.label)

    def fill(self, tag: RatingTag, name: str) -> None:
        if tag.code != self.code:
            self.code, self.action, self.chosen = tag.code, f"tag:{tag.code}", False
        self.label.say(name)
        self.dress()

    def _toggled(self) -> None:
        self.chosen = not self.chosen
        self.dress()

    def dress(self) -> None:
        on = self.chosen or self.state == "down"
        self._surface.show("accent_soft" if on else "paper", "accent" if on else "line")
        self.label.paint("accent" if on else "ink")


class Rating(Screen[RatingBody]):
    def __init__(self, kit: Kit) -> None:
        super().__init__(kit)
        look = kit.look
        self._title = Label(look, "title", bold=True, align="center", even=True)
        self._hint = Label(look, "lead", colour="muted", align="center", even=True)
        self._levels = [_Level(kit, level) for level in LEVELS]
        row = fix(look, Row(look, *self._levels, gap=8), height=300)
        edge = 56 if look.portrait else 28
        paper = Card(look, row, pad=(28, edge, 28, edge / 2), flow=True)
        self._skip = PushButton(look, "skip", lambda: self.post(RatingSkipped()), kind="plain")
        self._ring = Ring(look, 128)
        self._end = below = fix(look, Row(look, self._ring, self._skip, gap=40), height=128)
        self._tags = [_Tag(kit) for _ in range(MOST_TAGS)]
        self._grid = GridLayout(cols=2 if look.portrait else 3, size_hint_y=None)
        self._grid.spacing = look.u(20)
        self._grid.bind(minimum_height=self._grid.setter("height"))
        self._more = Label(look, "lead", bold=True, align="center", even=True)
        self._done = PushButton(look, "rated", self._rated, icon="check")
        self._said = Column(look, gap=28, flow=True)
        self._level = 0
        self._heads = Column(look, self._title, self._hint, gap=20, flow=True)
        if not look.portrait:
            fix(look, below, width=760)
            below = Middle(below, size_hint_y=None, height=below.height)
        self.hold(
            spread(look, self._heads, paper, self._said, below, space=44 if look.portrait else 28)
        )

    def enter(self) -> None:
        self._ring.begin()

    def fill(self, body: RatingBody) -> None:
        self._title.say(self.say("rating.title"))
        key = "rating.hint.several" if body.cases > 1 else "rating.hint"
        self._hint.say(self.say(key, count=body.cases))
        for widget, level in zip(self._levels, LEVELS, strict=True):
            widget.label.say(self.say(f"rating.{level}"))
            widget.choose(chosen=level == body.level)
        self._offer(body)
        self._skip.say(self.say("rating.skip"))
        self._ring.tick(body.seconds_left)

    def wipe(self) -> None:
        super().wipe()
        for tag in self._tags:
            tag.code, tag.chosen = "", False

    def kept(self) -> object:
        return {tag.code for tag in self._tags if tag.chosen}

    def restore(self, kept: set[str]) -> None:
        for tag in self._tags:
            tag.chosen = tag.code in kept
            tag.dress()

    def _offer(self, body: RatingBody) -> None:
        """Once a level is chosen: what may be said with it, and the button that sends it."""
        self._level = body.level
        shown = self._tags[: len(body.tags)]
        for widget, tag in zip(shown, body.tags, strict=False):
            widget.fill(tag, self.text(tag.name))
        if list(reversed(self._grid.children)) != shown:
            self._grid.clear_widgets()
            for widget in shown:
                self._grid.add_widget(widget)
        self._more.say(self.say("rating.tags"))
        self._done.say(self.say("rating.done"))
        tags = (self._more, self._grid) if shown else ()
        wide = not self.look.portrait
        if self._done.parent is not None:
            self._done.parent.remove_widget(self._done)
        done = () if wide else (self._done,)
        self._said.hold(*((*tags, *done) if body.level else ()))
        beside = (self._done,) if wide and body.level else ()
        self._end.hold(self._ring, *beside, self._skip)
        self._heads.hold(*(() if beside else (self._title, self._hint)))
        self._said.spacing = self.look.u(16 if wide else 28)

    def _rated(self) -> None:
        chosen = tuple(tag.code for tag in self._tags if tag.parent is not None and tag.chosen)
        self.post(Rated(self._level, chosen))
