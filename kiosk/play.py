"""A visit that plays by itself: what a sample citizen does on each page.

Screens press these actions with real touches; the card is laid on the simulated reader through its
state file. For demonstrations, tests and pictures; a terminal in service never plays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import cycle
from types import MappingProxyType
from typing import Any

from kiosk.sample_citizen import ANSWERS, CARDS
from kiosk.services.item import Item
from kiosk.view import (
    AttractBody,
    CardBody,
    MaterialsBody,
    PaymentBody,
    PinBody,
    QuestionBody,
    ScanBody,
    ServicesBody,
    State,
    View,
)

Simulate = Callable[[str, str, object], None]  # device, key, value of its state file
Know = Callable[[str], str]  # kind of a PIN page → what somebody types there; '' not known yet

_PRESS: dict[State, list[str]] = {
    State.GUIDE: ["accept_guide"],
    State.COMMITMENT: ["agree"],
    State.NOTICE: ["notice_done"],
    State.CHECK: ["submit"],
    State.SIGN: ["sign:draw", "sign:done"],
    State.WITNESS: ["witness:agree"],
    State.PAPERS: ["papers_done"],
    State.TICKET: ["ticket_done"],
    State.PROBLEM: ["way_out"],
    State.STILL_THERE: ["here"],
}
_END = (State.RATING, State.THANKS)  # a slow machine may be too late to see the second


_LETTERS = 5  # that are typed to find a service
_SCANS = {"review": ["page_keep"], "turn": ["page_laid"], "failed": ["page_again"]}
# How the sample citizen gives what the card does not: the first that can be had.
_GIVES = ("promise", "scan", "earlier", "commitment")


def gathered(body: MaterialsBody) -> list[str]:
    """One material after the other; who has no way to give one takes the list home."""
    if body.phase == "telling":
        return ["notice_print"]
    if body.open is None:
        opened = [f"material:{row.code}" for row in body.missing]
        return opened[:1] or ["materials_done"]
    free = [way.name for way in body.ways if not way.why_not]
    chosen = [f"way:{name}" for name in _GIVES if name in free]
    return chosen[:1] or ["materials_missing"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a service is looked for among many: its shelf, and what is typed to find it."""

    shelf: str
    words: str


NOWHERE = Place("", "")


def place_of(item: Item) -> Place:
    """By subject, and by the first letters of how its name is read: 低保申请 is `dbsq`."""
    from kiosk.services.search_pinyin import in_context  # takes a while, and only players need it

    letters = (reading[0] for reading in in_context(item.task_name.zh) if reading.isascii())
    words = "".join(letter for letter in letters if letter.isalnum())
    return Place(item.themes[0] if item.themes else "", words[:_LETTERS])


@dataclass
class Play:
    """`tasks`: the items to go through, one visit each. `ended` counts whole visits.

    `places`: where each task is found when there are many; by its shelf and by words in turn.

    `way`: how the sample citizen is identified where a face is asked for: face, or one of the
    other ways. `cards`: what each person puts down, by `CardBody.whose`.
    """

    tasks: Iterator[str]
    simulate: Simulate
    way: str = "face"
    know: Know = lambda _kind: ""
    cards: Mapping[str, str] = field(default_factory=lambda: CARDS)
    places: Mapping[str, Place] = field(default_factory=dict)
    ended: int = 0
    searches: bool = True  # the visit before looked by words
    typed: str = ""
    task: str = ""
    last: State | None = None
    answers: dict[str, str] = field(default_factory=lambda: dict(ANSWERS))

    @classmethod
    def of(
        cls,
        tasks: list[str],
        simulate: Simulate,
        way: str = "face",
        know: Know = lambda _: "",
        places: Mapping[str, Place] = MappingProxyType({}),
    ) -> Play:
        return cls(cycle(tasks), simulate, way, know, places=places)

    def actions(self, view: View) -> list[str]:
        """What is pressed on a newly shown view; [] waits for the next one."""
        body = view.body
        self._follow(view.state)
        if isinstance(body, CardBody) and body.phase == "waiting":
            self.simulate("idcard", "card", self.cards[body.whose])
        act = _ACTS.get(type(body))
        return act(self, body) if act else self._press(view)

    def _press(self, view: View) -> list[str]:
        done = getattr(view.body, "done", True)  # of papers that still move
        pressed = {
            State.CONSENT: "agree" if self.way == "face" else "disagree",
            State.WAYS: f"way:{self.way}",
            State.RATING: "rated" if getattr(view.body, "level", 0) else "rate:5",
        }
        wanted = [pressed[view.state]] if view.state in pressed else _PRESS.get(view.state, [])
        return wanted if done else []

    def _follow(self, state: State) -> None:
        """Once for each page: a countdown shows the same page many times."""
        if state is self.last:
            return
        if state is State.ATTRACT:
            self.ended += self.last in _END
            self.task, self.searches, self.typed = next(self.tasks), not self.searches, ""
        if state in _END:
            self.simulate("idcard", "card", None)
        self.last = state

    def _start(self, body: AttractBody) -> list[str]:
        return ["start"] if self._to_be_had(body) else []

    def _to_be_had(self, body: AttractBody) -> bool:
        """Right after the start the fleet may not be heard yet; the page says when it is."""
        return not any(tile.why_not for tile in body.services if tile.task_code == self.task)

    def _look(self, body: ServicesBody) -> list[str]:
        """A page of few shows it; among many it stands on a shelf, or is found by its letters."""
        place = self.places.get(self.task, NOWHERE)
        if not body.searchable:
            return self._take(body)
        if body.words:
            return self._spell(body, place.words)
        if body.shelf is not None and body.shelf.key == place.shelf:
            return self._take(body)
        if self.searches or not place.shelf or body.shelf is not None:
            return ["search"]
        known = any(shelf.key == place.shelf for shelf in body.shelves)
        return [f"shelf:{place.shelf}"] if known else ["facet:theme"]

    def _take(self, body: ServicesBody) -> list[str]:
        """What can't be had yet is waited for."""
        closed = any(tile.why_not for tile in body.tiles if tile.task_code == self.task)
        return [] if closed else [f"service:{self.task}"]

    def _spell(self, body: ServicesBody, words: str) -> list[str]:
        """One letter more, once the page shows what the last one found."""
        shown = body.words.strip()
        if shown != self.typed:
            return []
        if shown == words:
            return self._take(body)
        self.typed += words[len(shown)]
        return [f"key:{words[len(shown)]}"]

    def _type(self, body: PinBody) -> list[str]:
        secret = self.know(body.kind) if body.phase == "waiting" else ""
        return [f"pin:{secret}", "confirm"] if secret else []

    def _scan(self, body: ScanBody) -> list[str]:
        """The same paper lies there for every page."""
        self.simulate("doccam", "scene", "none" if body.phase == "review" else "page")
        return _SCANS.get(body.phase, [])

    def _pay(self, body: PaymentBody) -> list[str]:
        """Each writing is one payment of the newest code; where there is none, of nothing."""
        if body.phase == "waiting":
            self.simulate("payment", "payer", "pay")
        if body.phase == "silent":
            return ["leave"]
        return ["pay_again"] if body.phase in ("refused", "late", "returned") else []

    def _answer(self, body: QuestionBody) -> list[str]:
        value = self.answers[body.name]
        if body.kind == "choice":
            codes = [choice.code for choice in body.choices]  # none yet: they are looked up
            chosen = [value] if value in codes else codes[:1]
            return [f"choice:{chosen[0]}", "continue"] if chosen else []
        if body.kind == "date":
            return [f"date:{value}", "continue"]
        cleared = ["clear"] if body.value else []
        return [*cleared, *(f"key:{character}" for character in value), "continue"]


_ACTS: Mapping[type, Callable[[Play, Any], list[str]]] = {
    AttractBody: Play._start,
    ServicesBody: Play._look,
    QuestionBody: Play._answer,
    MaterialsBody: lambda _play, body: gathered(body),
    ScanBody: Play._scan,
    PinBody: Play._type,
    PaymentBody: Play._pay,
}
