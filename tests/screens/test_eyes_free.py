"""Whole visits by somebody who can't see: session, pages, keypad and speech; nothing is looked at.

Every item that is offered is finished so; half of them here, half in `test_eyes_free_too.py`, side
by side, since most of their time goes by in listening.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import fakes
from blindwork import MANY, OPENED, Blind, LostError
from eyeswork import ITEMS, SECONDS, Visit, finish


@pytest.mark.timeout(SECONDS + 60)
@pytest.mark.parametrize("code", ITEMS[::2])
def test_somebody_who_cannot_see_finishes(portrait: Any, tmp_path: Path, code: str) -> None:
    finish(portrait, tmp_path, code)


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
