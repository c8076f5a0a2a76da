"""At the end of a visit no widget, cache or texture holds what belonged to the citizen."""

from __future__ import annotations

import gc
import time
from typing import Any

import pytest

import heap
from kiosk.model import Language, Text
from kiosk.view import CheckRow

CANARY = "7391846205"


def holders(app: Any) -> list[str]:
    """Every label that exists anywhere, shown or not, and Kivy's caches."""
    from kivy.cache import Cache
    from kivy.core.text import LabelBase
    from kivy.uix.label import Label

    found = [
        repr(thing)
        for thing in heap.alive(Label, LabelBase)
        if CANARY in f"{thing.text}{vars_of(thing)}"
    ]
    found += [f"cache {name}" for name, entries in Cache._objects.items() if CANARY in str(entries)]
    question = app.frame.screens[_question()]
    found += ["secret"] if app.frame.screens[_pin()]._typed else []
    found += ["draft"] if CANARY in f"{question._draft}{question._date.digits}" else []
    return found


def vars_of(thing: Any) -> str:
    return str(getattr(thing, "_raw", ""))


def _question() -> Any:
    from kiosk.view import State

    return State.QUESTION


def _pin() -> Any:
    from kiosk.view import State

    return State.PIN


def visit(stage: Any) -> None:
    row = CheckRow(Text("姓名", "Name"), Text(CANARY, CANARY))
    stage.show("consent", Language.ZH, name_masked=CANARY)
    stage.show("consent-child", Language.ZH, guardian=CANARY, name_masked=CANARY)
    stage.show("services-helper", Language.ZH, known=CANARY, helper=CANARY)
    stage.show("ways", Language.ZH, name_masked=CANARY)
    stage.show("code", Language.ZH, sent_to=CANARY, least=10, most=10)
    stage.type(CANARY)
    stage.show("witness", Language.ZH, name_masked=CANARY, number_masked=CANARY, helper=CANARY)
    stage.show("ticket", Language.ZH, number=CANARY)
    stage.show("problem-interrupted", Language.ZH, case_no=CANARY)
    stage.show("staff", Language.ZH, name=CANARY)
    stage.show("question-text", Language.ZH, value=CANARY)
    stage.show("question-date", Language.ZH, value=f"{CANARY[:4]}-01-01")
    stage.show("question-phone", Language.ZH, value=CANARY)
    stage.show("check", Language.ZH, rows=(row, row))
    stage.show("papers-query", Language.ZH, result=((Text("余额", "Balance"), CANARY),))


def test_the_screens_are_empty_when_a_visit_ends(stage: Any) -> None:
    visit(stage)
    assert holders(stage.app), "the visit shows the canary, or the test proves nothing"
    stage.show("attract", Language.ZH)
    assert holders(stage.app) == []


@pytest.mark.parametrize(
    ("name", "field"),
    [("services-known", "known"), ("ways", "name_masked"), ("code", "sent_to"),
     ("witness", "number_masked"), ("ticket", "number"), ("staff", "name"),
     ("problem-interrupted", "case_no"), ("consent-child", "guardian")],
)  # fmt: skip
def test_each_page_of_identity_is_empty_once_it_is_left(stage: Any, name: str, field: str) -> None:
    stage.show(name, Language.ZH, **{field: CANARY})
    assert holders(stage.app), "the page shows the canary, or the test proves nothing"
    stage.show("rating", Language.ZH)
    assert holders(stage.app) == []


def test_a_visit_that_ends_in_the_middle_leaves_nothing(portrait: Any) -> None:
    portrait.show("question-phone", Language.ZH, value=CANARY)
    portrait.show("still-there", Language.ZH)
    portrait.show("attract", Language.ZH)
    assert holders(portrait.app) == []


def test_the_mirror_is_overwritten(portrait: Any) -> None:
    from kiosk.view import State
    from screens.step import frames

    bright = bytes([7, 201, 99]) * (64 * 48)
    portrait.show("face", Language.ZH)
    portrait.slot.put(64, 48, bright)
    mirror = portrait.app.frame.screens[State.FACE]._mirror
    end = time.monotonic() + 10
    while mirror._serial != portrait.slot.newest()[0] and time.monotonic() < end:
        frames(1)
    assert bytes([99, 201, 7]) in mirror._texture.pixels.replace(b"\xff", b"")
    portrait.show("attract", Language.ZH)
    assert set(mirror._texture.pixels.replace(b"\xff", b"")) == {0}
    assert portrait.slot.newest()[1] is None


def test_screens_are_built_once(portrait: Any) -> None:
    """Visit after visit no widget is added."""
    from kivy.uix.widget import Widget

    from screens.step import frames

    def widgets() -> int:
        return len(heap.alive(Widget))

    while portrait.app.frame.prepare():
        pass
    for _ in range(2):
        visit(portrait)
        portrait.show("attract", Language.ZH)
    before = widgets()
    for _ in range(5):
        visit(portrait)
        portrait.show("attract", Language.ZH)
    end = time.monotonic() + 10
    while widgets() > before and time.monotonic() < end:
        frames(1)  # what is due later may still hold one
    assert widgets() <= before


def test_pages_that_stay_are_set_aside_once(portrait: Any) -> None:
    """Looking for garbage among them, at each visit's end, would halt every thread meanwhile."""
    app = portrait.app
    app._broom._kept = 0
    portrait.show("rating", Language.ZH)
    app._broom._sweep(0)
    assert app._broom._kept == 0, "the page is somebody's now"
    portrait.show("attract", Language.ZH)
    app._broom._sweep(0)
    assert app._broom._kept == len(app.frame.screens)
    aside = gc.get_freeze_count()
    app._broom._sweep(0)
    assert gc.get_freeze_count() <= aside
