"""The whole window: header, progress, the state's screen, back and leave, and what lies over it."""

from __future__ import annotations

from typing import Any

from kivy.uix.floatlayout import FloatLayout

from kiosk.model import Text
from kiosk.view import QuestionBody, State, View
from screens.attract import Attract
from screens.card import Card
from screens.check import Check
from screens.consent import Consent
from screens.face import Face
from screens.guide import Guide
from screens.out_of_service import OutOfService
from screens.papers import Papers
from screens.problem import Problem
from screens.question import Question
from screens.rating import Rating
from screens.screen import Kit, Screen
from screens.services import Services
from screens.still_there import StillThere
from screens.submitting import Submitting
from screens.thanks import Thanks
from screens.widgets.bars import Footer, Header, Journey, Ribbon
from screens.widgets.box import Column, Row, Surface, fix, gap
from screens.widgets.press import Pressable, targets

SCREENS: dict[State, type[Screen[Any]]] = {
    State.ATTRACT: Attract,
    State.SERVICES: Services,
    State.GUIDE: Guide,
    State.CARD: Card,
    State.CONSENT: Consent,
    State.FACE: Face,
    State.QUESTION: Question,
    State.CHECK: Check,
    State.SUBMITTING: Submitting,
    State.PAPERS: Papers,
    State.RATING: Rating,
    State.THANKS: Thanks,
    State.PROBLEM: Problem,
    State.STILL_THERE: StillThere,
    State.OUT_OF_SERVICE: OutOfService,
}


class Frame(FloatLayout):
    """Holds every screen, built once; shows one, and at most one question over it."""

    def __init__(self, kit: Kit, site: Text) -> None:
        look = kit.look
        super().__init__(size_hint=(None, None), size=(look.width, look.height))
        self.look = look
        self.current: State | None = None
        self.above: State | None = None
        Surface(look, self, "ground", radius=0)
        self.screens = {state: make(kit) for state, make in SCREENS.items()}
        self._header = Header(look, kit.post, site)
        self._ribbon = Ribbon(look)
        self._progress = Journey(look)
        self._footer = Footer(look, kit.post)
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
        return targets(self)

    def show(self, view: View) -> None:
        self._header.draw(view)
        if view.state is State.STILL_THERE:
            self._cover(view)
            return
        self._uncover()
        entering = view.state is not self.current
        if entering:
            self._leave()
            self.current = view.state
            self.screens[view.state].enter()
        self.screens[view.state].draw(view)
        self._arrange(view)

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

    def _leave(self) -> None:
        if self.current is not None:
            self.screens[self.current].wipe()

    def _only_language(self) -> dict[str, Pressable]:
        return {key: w for key, w in targets(self._header).items() if key == "language"}

    def _arrange(self, view: View) -> None:
        if view.progress is not None:
            self._progress.draw(view.progress, view.language)
        footer = self._footer.draw(view)
        self._ribbon.draw(view)
        self._place.hold(self.screens[view.state])
        if self.look.portrait:
            parts = [self._header]
            parts += [self._ribbon] if view.demonstration else []
            parts += [self._progress] if view.progress is not None else []
            parts += [self._place] + ([self._footer] if footer else [])
            self._page.hold(*parts)
            return
        rail = ([self._progress] if view.progress is not None else [self._rail_line]) + (
            [self._footer] if footer else []
        )
        self._rail.hold(*rail)
        wide = view.progress is None and not footer
        self._across.hold(*((self._place,) if wide else (self._rail, self._place)))
        self._page.hold(self._header, self._across)


def page_of(view: View) -> tuple[State, str]:
    """Two views of the same page differ only in what is on it."""
    name = view.body.name if isinstance(view.body, QuestionBody) else ""
    return view.state, name
