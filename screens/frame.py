"""The whole window: header, progress, the state's screen, back and leave, and what lies over it."""

from __future__ import annotations

import io
from typing import Any

from kivy.uix.floatlayout import FloatLayout
from kivy.uix.widget import Widget
from PIL import Image

from kiosk.model import Text
from kiosk.view import State, View
from screens.roll import Roll
from screens.screen import Kit, Screen
from screens.sizes import Screens
from screens.states import SCREENS
from screens.upcoming import page_of
from screens.widgets.around import Around
from screens.widgets.bars import Footer, Header, Journey, Ribbon, bar_look
from screens.widgets.box import Column, Row, Surface, fix, gap
from screens.widgets.press import Pressable, targets

_OWN_FOOT = (State.ATTRACT,)  # they have no room for a footer, and show its way to larger text


class Frame(FloatLayout):
    """Holds every screen, built when first shown; shows one, and at most one question over it."""

    def __init__(self, kit: Kit, site: Text) -> None:
        look = kit.look
        super().__init__(size_hint=(None, None), size=(look.width, look.height))
        self.look = look
        self.current: State | None = None
        self.above: State | None = None
        Surface(look, self, "ground", radius=0)
        self.screens = Screens(kit, SCREENS, self._exchange)
        self._view: View | None = None
        self._sheet: Widget | None = None
        self._header = Header(bar_look(look, 100), kit.post, site, kit.appear)
        self._ribbon = Ribbon(bar_look(look))
        self._progress = Journey(look)
        low = look if look.portrait else bar_look(look)
        self._footer = Footer(low, kit.post, kit.appear)
        self._around = Around(
            bar_look(look), kit.post, height=104, upright=not look.portrait, gap=16
        )
        tall = look.portrait
        self._beside = Column(look, self._around, pad=(56, 24, 56, 0) if tall else 0, flow=True)
        self._place = Column(look)
        self._page = Column(look)
        self._page.size_hint = (1, 1)
        self._rail_line = gap(look)
        self._across = Row(look)
        self._rail = fix(look, Column(look, pad=(48, 56, 32, 48), gap=24), width=400)
        Surface(look, self._rail, "paper", radius=0)
        self.add_widget(self._page)

    @property
    def targets(self) -> dict[str, Pressable]:
        """What can be pressed now, by action."""
        if self.above is not None:
            found = targets(self.screens[self.above])
            return {**found, **self._only_language()}
        return targets(self if self._sheet is None else self._sheet)

    @property
    def parts(self) -> tuple[Widget, tuple[Widget, ...]]:
        """For who hears the page: what is read whole, and what can be pressed around it."""
        if self.above is not None:
            return self.screens[self.above], (self._header,)
        if self._sheet is not None:
            return self._sheet, ()
        if self.current is None:
            return self._page, ()
        beside = (self._beside,) if self.current is State.SERVICES else ()
        footer = (self._footer,) if self._footer.parent is not None else ()
        return self.screens.placed(self.current), (*beside, *footer, self._header)

    def prepare(self) -> bool:
        """Build one more screen, or one more part of one, before it is needed. False: all are."""
        return self.screens.prepare() or any(one.prepare() for one in self.screens.values())

    def show(self, view: View) -> None:
        self._header.draw(view)
        if view.state is State.STILL_THERE:
            self._cover(view)
            return
        self._uncover()
        entering = view.state is not self.current
        if self._view is None or page_of(view) != page_of(self._view):
            self._leave(again=not entering)
            self.screens.begin(view.state)
        self.current, self._view = view.state, view
        if entering:
            self.screens[view.state].enter()
        self.screens[view.state].draw(view)
        self._arrange(view)
        self.screens.check(view.state)

    def lay(self, sheet: Widget) -> None:
        """Put this over the page until `lift`."""
        self.lift()
        self._sheet = sheet
        self.add_widget(sheet)

    def lift(self) -> None:
        if self._sheet is not None:
            self.remove_widget(self._sheet)
            self._sheet = None

    @property
    def laid(self) -> bool:
        return self._sheet is not None

    def kept(self) -> object:
        """What is typed on this page."""
        return self.screens[self.current].kept() if self.current is not None else None

    def restore(self, kept: object) -> None:
        if self.current is not None and kept is not None:
            self.screens[self.current].restore(kept)

    def put_away(self) -> None:
        """Another frame takes its place: nothing of the visit stays in this one."""
        self.lift()
        self._uncover()
        self._leave()
        self.screens.unroll()
        self.current = self._view = None

    def png(self) -> bytes:
        """A picture of it, half its size."""
        texture = self.export_as_image().texture
        image = Image.frombytes("RGBA", texture.size, texture.pixels)
        out = io.BytesIO()
        image.convert("RGB").reduce(2).save(out, "PNG")
        return out.getvalue()

    def _cover(self, view: View) -> None:
        screen = self.screens[State.STILL_THERE]
        if self.above is None:
            self.above = State.STILL_THERE
            header = self._header.height if self.current is not None else 0
            screen.size_hint = (1, None)
            screen.height = self.height - header
            screen.pos = self.pos
            self.add_widget(screen)
            screen.enter()
        screen.draw(view)

    def _uncover(self) -> None:
        if self.above is not None:
            self.remove_widget(self.screens[self.above])
            self.screens[self.above].wipe()
            self.above = None

    def _leave(self, *, again: bool = False) -> None:
        """`again`: the next page is of the same state, whose screen changes what it shows itself,
        unless that page begins in another size."""
        if self.current is None:
            return
        screen = self.screens[self.current]
        if not again or screen.look.text != self.look.text:
            screen.wipe()

    def _exchange(self, old: Screen[Any], new: Screen[Any]) -> None:
        """The same page taller than its place, or in smaller type."""
        if self._view is None:
            return
        if old is new:
            self._arrange(self._view)
            return
        kept = old.kept()
        old.wipe()
        new.enter()
        new.draw(self._view)
        new.restore(kept)
        self._arrange(self._view)

    def _only_language(self) -> dict[str, Pressable]:
        return {key: w for key, w in targets(self._header).items() if key == "language"}

    def _arrange(self, view: View) -> None:
        if view.progress is not None:
            self._progress.draw(view.progress, view.language)
        footer = self._footer.draw(view) and view.state not in _OWN_FOOT
        self._ribbon.draw(view)
        placed = self.screens.placed(view.state)
        if isinstance(placed, Roll):
            placed.say(lambda key: self.look.words.say(key, view.language))
        self._place.hold(placed)
        beside = self._where(view)
        if self.look.portrait:
            parts = [self._header]
            parts += [self._ribbon] if view.ribbon else []
            parts += [*beside, self._place, *((self._footer,) if footer else ())]
            self._page.hold(*parts)
            return
        line = () if self._progress in beside else (self._rail_line,)
        self._rail.hold(*beside, *line, *((self._footer,) if footer else ()))
        wide = view.progress is None and not footer
        self._across.hold(*((self._place,) if wide else (self._rail, self._place)))
        self._page.hold(self._header, self._across)

    def _where(self, view: View) -> tuple[Widget, ...]:
        """How far the visit has come; on the list of services, what is beside them."""
        if view.state is State.SERVICES:
            self._around.fill(lambda key: self.look.words.say(key, view.language))
            return (self._beside,)
        return (self._progress,) if view.progress is not None else ()
