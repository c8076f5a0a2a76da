"""A visit that plays by itself: what a sample citizen does on each page.

Screens press these actions with real touches; the card is laid on the simulated reader through its
state file. For demonstrations, tests and pictures; a terminal in service never plays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import cycle

from kiosk.view import AttractBody, CardBody, PapersBody, QuestionBody, State, View

Simulate = Callable[[str, str, object], None]  # device, key, value of its state file

ITEMS = {
    "certificate": "11445299MB2D0000XR2000100001001",
    "residence": "11445299MB2D0000XR2000900011001",
    "query": "11445299MB2D0000XR2000700007001",
}

ANSWERS = {
    "scheme": "pension",
    "period": "12",
    "purpose": "loan",
    "address_unit": "3-502",
    "moved_in": "2024-05-01",
    "reason": "work",
    "phone": "13800138000",
    "year": "2026",
}

_PRESS: dict[State, list[str]] = {
    State.GUIDE: ["accept_guide"],
    State.CONSENT: ["agree"],
    State.CHECK: ["submit"],
    State.RATING: ["rate:5"],
    State.PROBLEM: ["way_out"],
    State.STILL_THERE: ["here"],
}


@dataclass
class Play:
    """`tasks`: the items to go through, one visit each. `ended` counts whole visits."""

    tasks: Iterator[str]
    simulate: Simulate
    card: str = "zhang"
    ended: int = 0
    task: str = ""
    last: State | None = None
    answers: dict[str, str] = field(default_factory=lambda: dict(ANSWERS))

    @classmethod
    def of(cls, tasks: list[str], simulate: Simulate, card: str = "zhang") -> Play:
        return cls(cycle(tasks), simulate, card)

    def actions(self, view: View) -> list[str]:
        """What is pressed on a newly shown view; [] waits for the next one."""
        body = view.body
        self._follow(view.state)
        if view.state is State.SERVICES:
            return [f"service:{self.task}"]
        if isinstance(body, AttractBody):
            return ["start"] if self._to_be_had(body) else []
        if isinstance(body, CardBody) and body.phase == "waiting":
            self.simulate("idcard", "card", self.card)
        if isinstance(body, QuestionBody):
            return self._answer(body)
        if isinstance(body, PapersBody):
            return ["papers_done"] if body.done else []
        return _PRESS.get(view.state, [])

    def _follow(self, state: State) -> None:
        """Once for each page: a countdown shows the same page many times."""
        if state is self.last:
            return
        if state is State.ATTRACT:
            self.ended += self.last is State.THANKS
            self.task = next(self.tasks)
        if state is State.THANKS:
            self.simulate("idcard", "card", None)
        self.last = state

    def _to_be_had(self, body: AttractBody) -> bool:
        """Right after the start the fleet may not be heard yet; the page says when it is."""
        return not any(tile.why_not for tile in body.services if tile.task_code == self.task)

    def _answer(self, body: QuestionBody) -> list[str]:
        value = self.answers[body.name]
        if body.kind == "choice":
            return [f"choice:{value}", "continue"]
        if body.kind == "date":
            return [f"date:{value}", "continue"]
        cleared = ["clear"] if body.value else []
        return [*cleared, *(f"key:{character}" for character in value), "continue"]
