"""The whole window: header, progress, the state's screen, back and leave, and what lies over it."""

from __future__ import annotations

from functools import partial
from typing import Any

from kivy.uix.floatlayout import FloatLayout
from kivy.uix.widget import Widget

from kiosk.model import Text
from kiosk.view import QuestionBody, ServicesBody, State, View
from screens.appointment import Appointment, AppointmentAsk
from screens.article import Article
from screens.attract import Attract
from screens.card import Card
from screens.case import Case
from screens.cases import CaseList, Cases, Lookup
from screens.check import Check
from screens.commitment import Commitment
from screens.complaint import Hotline, Lodged, SlipPage
from screens.consent import Consent
from screens.face import Face
from screens.guide import Guide
from screens.information import Information
from screens.made import Made
from screens.materials import Materials
from screens.notice import Notice
from screens.out_of_service import OutOfService
from screens.papers import Papers
from screens.payment import Payment
from screens.pin import Pin
from screens.problem import Problem
from screens.question import Question
from screens.rating import Rating
from screens.scan import Scan
from screens.screen import Kit, Screen
from screens.services import Services
from screens.sign import Sign
from screens.staff import Staff
from screens.still_there import StillThere
from screens.submitting import Submitting
from screens.thanks import Thanks
from screens.ticket import Ticket
from screens.ways import Ways
from screens.widgets.around import Around
from screens.widgets.bars import Footer, Header, Journey, Ribbon
from screens.widgets.box import Column, Row, Surface, fix, gap
from screens.widgets.press import Pressable, targets
from screens.witness import Witness

SCREENS: dict[State, type[Screen[Any]]] = {
    State.ATTRACT: Attract,
    State.SERVICES: Services,
    State.GUIDE: Guide,
    State.CARD: Card,
    State.CONSENT: Consent,
    State.FACE: Face,
    State.WAYS: Ways,
    State.PIN: Pin,
    State.WITNESS: Witness,
    State.QUESTION: Question,
    State.MATERIALS: Materials,
    State.SCAN: Scan,
    State.COMMITMENT: Commitment,
    State.NOTICE: Notice,
    State.CHECK: Check,
    State.SIGN: Sign,
    State.PAYMENT: Payment,
    State.SUBMITTING: Submitting,
    State.PAPERS: Papers,
    State.TICKET: Ticket,
    State.RATING: Rating,
    State.THANKS: Thanks,
    State.CASES: Cases,
    State.CASE_NUMBER: Question,
    State.LOOKUP: Lookup,
    State.CASE_LIST: CaseList,
    State.CASE: Case,
    State.COLLECTING: Lookup,
    State.APPOINTMENT: Appointment,
    State.APPOINTMENT_PLACE: Question,
    State.APPOINTMENT_ASK: AppointmentAsk,
    State.APPOINTMENT_ACT: Lookup,
    State.HOTLINE: Hotline,
    State.COMPLAINT: Question,
    State.COMPLAINT_CHECK: Check,
    State.LODGED: Lodged,
    State.INFORMATION: Information,
    State.ARTICLE: Article,
    State.SLIP: SlipPage,
    State.PROBLEM: Problem,
    State.STILL_THERE: StillThere,
    State.OUT_OF_SERVICE: OutOfService,
    State.STAFF: Staff,
}


class Frame(FloatLayout):
    """Holds every screen, built when first shown; shows one, and at most one question over it."""

    def __init__(self, kit: Kit, site: Text) -> None:
        look = kit.look
        super().__init__(size_hint=(None, None), size=(look.width, look.height))
        self.look = look
        self.current: State | None = None
        self.above: State | None = None
        Surface(look, self, "ground", radius=0)
        self.screens: Made[State, Screen[Any]] = Made(
            {state: partial(make, kit) for state, make in SCREENS.items()}
        )
        self._header = Header(look, kit.post, site)
        self._ribbon = Ribbon(look)
        self._progress = Journey(look)
        self._footer = Footer(look, kit.post)
        self._around = Around(look, kit.post, height=104, upright=not look.portrait, gap=16)
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
        return targets(self)

    @property
    def parts(self) -> tuple[Widget, tuple[Widget, ...]]:
        """For who hears the page: what is read whole, and what can be pressed around it."""
        if self.above is not None:
            return self.screens[self.above], (self._header,)
        if self.current is None:
            return self._page, ()
        beside = (self._beside,) if self.current is State.SERVICES else ()
        footer = (self._footer,) if self._footer.parent is not None else ()
        return self.screens[self.current], (*beside, *footer, self._header)

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
        beside = self._where(view)
        if self.look.portrait:
            parts = [self._header]
            parts += [self._ribbon] if view.demonstration else []
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


def page_of(view: View) -> tuple[State, str]:
    """Two views of the same page differ only in what is on it."""
    if isinstance(view.body, QuestionBody):
        return view.state, view.body.name
    if isinstance(view.body, ServicesBody):
        return view.state, view.body.shelf.key if view.body.shelf else ""
    return view.state, getattr(view.body, "page", "")
