"""Whole visits by somebody who can't see: session, pages, keypad and speech; nothing is looked at.

With KIOSK_LONG=1 every item that is offered; otherwise six, of different kinds.
"""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path
from typing import Any

import pytest

import fakes
from blindwork import MANY, OPENED, Blind, LostError
from itemwork import PAGE, Citizen
from kiosk.services.item import Item
from kiosk.services.load import Catalogue
from kiosk.session.terminal import Limits
from kiosk.view import State, View
from livework import Live

SECONDS = 240.0
LIMITS = Limits(idle=600, ack=0.2, decision=0.3, poll=0.01, face=30, thanks=60, rating=60,
                payment_poll=0.01, paid=0.01)  # fmt: skip
SAMPLE = (
    fakes.CERTIFICATE, fakes.RESIDENCE, fakes.QUERY,
    "11445299MB2D00006J2000200221001",  # words in pinyin
    "11445299MB2D00006J2000700007001",  # asked and told
    "11445299MB2D00006J2001100101001",  # something to pay
)  # fmt: skip
ALL = sorted(item.task_code for item in fakes.shipped().items)
WANTED = ALL if os.environ.get("KIOSK_LONG") else SAMPLE


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


@pytest.mark.timeout(SECONDS + 60)
@pytest.mark.parametrize("code", WANTED)
def test_somebody_who_cannot_see_finishes(portrait: Any, tmp_path: Path, code: str) -> None:
    item = fakes.shipped().find(code)
    assert item is not None
    visit = Visit(portrait, tmp_path, item)
    try:
        visit.go()
    except AssertionError as error:
        story = "\n".join([*visit.blind.story[-4:], "Keys:", *visit.blind.tape])
        raise AssertionError(f"{item.task_name.zh}: {error}\n{story}") from error
    assert any(view.state is State.PAPERS for view in visit.bench.views)
    filed = {one["task_code"] for one in visit.bench.data("case.intent")}
    assert filed == set(item.parts or (code,))


class Learner(Blind):
    """Who wants to try it out first; it ends on the last page of that."""

    def visit(self) -> None:
        self.page()
        said = self.go("先练一遍")
        for _ in range(MANY):
            said = said if OPENED.search(said) else self.page()
            self.story.append(said)
            if "练习完成" in said:
                return
            said = self._act(said)
        raise LostError(f"no end in sight: {self.story[-1]}")

    def _go_on(self, said: str) -> str:
        return self.go("下一步") or super()._go_on(said)


@pytest.mark.timeout(SECONDS + 60)
def test_somebody_who_cannot_see_practises(portrait: Any, tmp_path: Path) -> None:
    item = fakes.shipped().find(fakes.QUERY)
    assert item is not None
    visit = Visit(portrait, tmp_path, item)
    visit.blind = Learner(visit.mouth, visit.hand, "")
    visit.go()
    assert "没有提交，也没有打印" in visit.blind.story[-1]
    assert visit.bench.data("session") == []
