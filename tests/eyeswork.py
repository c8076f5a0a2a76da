"""Somebody who can't see, with a whole terminal before them: for tests of `tests/screens`."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import fakes
from blindwork import Blind
from itemwork import PAGE, Citizen
from kiosk.services.item import Item
from kiosk.services.load import Catalogue
from kiosk.session.terminal import Limits
from kiosk.view import State, View
from livework import Live

SECONDS = 240.0
LIMITS = Limits(idle=600, ack=0.2, decision=0.3, poll=0.01, face=30, thanks=60, rating=60,
                payment_poll=0.01, paid=0.01)  # fmt: skip
ITEMS = sorted(item.task_code for item in fakes.shipped().items)


class Visit(Live):
    """The citizen lives on a third thread."""

    def __init__(self, stage: Any, folder: Path, item: Item) -> None:
        parts = [one for code in item.parts if (one := fakes.shipped().find(code))]
        catalogue = Catalogue((item, *parts), "1", representatives=(item,))
        super().__init__(stage, folder, LIMITS, catalogue)
        self.citizen = Citizen(self.bench, item)  # what they carry: a card, papers
        self.citizen.plate.answers = [PAGE] * 40
        self.blind = Blind(self.mouth, self.hand, item.task_name.zh)
        self.failed: BaseException | None = None

    def show(self, view: View) -> None:
        if view.state is State.GUIDE and not self.citizen.given:
            self.citizen.known()
        super().show(view)

    def _live(self) -> None:
        try:
            self.blind.visit()
        except BaseException as error:  # noqa: BLE001 (told by the test's own thread)
            self.failed = error

    def go(self) -> None:
        with self.running() as begun:
            citizen = threading.Thread(target=self._live, daemon=True)
            citizen.start()
            until = time.monotonic() + SECONDS
            while citizen.is_alive() and time.monotonic() < until:
                self.frame()
                assert not any(one.done() for one in begun), "the session has ended"
        if self.failed is not None:
            raise self.failed
        assert not citizen.is_alive(), "it takes too long"


def finish(stage: Any, folder: Path, code: str) -> None:
    """One visit for that item, from the idle page to the papers and the filed case."""
    item = fakes.shipped().find(code)
    assert item is not None
    visit = Visit(stage, folder, item)
    try:
        visit.go()
    except AssertionError as error:
        story = "\n".join([*visit.blind.story[-4:], "Keys:", *visit.blind.tape])
        raise AssertionError(f"{item.task_name.zh}: {error}\n{story}") from error
    assert any(view.state is State.PAPERS for view in visit.bench.views)
    filed = {one["task_code"] for one in visit.bench.data("case.intent")}
    assert filed == set(item.parts or (code,))
