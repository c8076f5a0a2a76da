"""A real touch on each target posts its event, once."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk import events
from kiosk.model import Language

PRESSES: list[tuple[str, str, Any]] = [
    ("attract", "start", events.Touched()),
    ("services", "service:T1", events.ServiceChosen("T1")),
    ("services", "leave", events.Left()),
    ("guide", "accept_guide", events.GuideAccepted()),
    ("guide", "back", events.WentBack()),
    ("consent", "agree", events.ConsentGiven()),
    ("consent", "disagree", events.ConsentRefused()),
    ("face", "without_face", events.ConsentRefused()),
    ("check", "submit", events.AnswersConfirmed()),
    ("check", "change:place", events.ChangeAsked("place")),
    ("papers-ready", "papers_done", events.PapersCollected()),
    *(("rating", f"rate:{level}", events.Rated(level)) for level in range(1, 6)),
    ("rating", "skip", events.RatingSkipped()),
    ("thanks", "leave_now", events.Left()),
    ("problem", "way_out", events.WayOutTaken()),
    ("still-there", "here", events.StillHere()),
    ("still-there", "leave_now", events.Left()),
]


@pytest.mark.parametrize(("name", "action", "event"), PRESSES)
def test_a_touch_posts_its_event_once(stage: Any, name: str, action: str, event: Any) -> None:
    stage.show(name, Language.ZH)
    stage.press(action)
    assert [(type(e), e) for e in stage.posted] == [(type(event), e) for e in stage.posted]
    assert len(stage.posted) == 1
    assert _same(stage.posted[0], event)


def _same(one: Any, other: Any) -> bool:
    if type(one) is not type(other):
        return False
    return one == other or not getattr(type(one), "__dataclass_fields__", None)


@pytest.mark.parametrize("name", ["attract", "question-text", "still-there", "papers"])
def test_the_language_can_be_changed_everywhere(stage: Any, name: str) -> None:
    stage.show(name, Language.ZH)
    stage.press("language")
    stage.show(name, Language.EN)
    stage.press("language")
    chosen = [e.language for e in stage.posted]
    assert chosen == [Language.EN, Language.ZH]


def test_a_touch_beside_the_button_wakes_the_idle_screen(portrait: Any) -> None:
    from screens.player import Finger
    from screens.step import frames

    portrait.show("attract", Language.ZH)
    portrait.app.gate.shown(new_page=False)
    finger = Finger(1, 200, 1400)
    finger.down()
    frames(1)
    finger.up()
    frames(1)
    assert [type(e) for e in portrait.posted] == [events.Touched]
    assert portrait.touches > 0


def test_a_double_press_counts_once(portrait: Any) -> None:
    from screens.player import Finger, middle
    from screens.step import frames

    portrait.show("guide", Language.ZH)
    portrait.app.gate.shown(new_page=False)
    target = portrait.app.targets()["accept_guide"]
    for number in range(2):
        finger = Finger(number, *middle(target))
        finger.down()
        frames(1)
        finger.up()
    frames(1)
    assert len(portrait.posted) == 1


def test_the_second_half_of_a_double_tap_does_not_press_the_next_page(portrait: Any) -> None:
    portrait.show("guide", Language.ZH)
    portrait.show("question-choice", Language.ZH)
    assert not portrait.app.gate.open


def test_a_press_that_leaves_its_target_counts_for_nothing(portrait: Any) -> None:
    from kivy.base import EventLoop

    from screens.player import Finger, middle
    from screens.step import frames

    portrait.show("guide", Language.ZH)
    portrait.app.gate.shown(new_page=False)
    finger = Finger(1, *middle(portrait.app.targets()["accept_guide"]))
    finger.down()
    frames(1)
    finger.move((0.5, 0.6))
    EventLoop.post_dispatch_input("update", finger)
    finger.up()
    frames(1)
    assert portrait.posted == []


def test_a_service_that_cannot_be_had_cannot_be_pressed(portrait: Any) -> None:
    portrait.show("services", Language.ZH)
    while "page_down" in portrait.app.targets():
        portrait.press("page_down")
    offered = portrait.app.targets()
    assert "service:T6" in offered
    assert "service:T7" not in offered


def test_papers_can_only_be_confirmed_when_none_moves(portrait: Any) -> None:
    portrait.show("papers", Language.ZH)
    assert "papers_done" not in portrait.app.targets()
    portrait.show("papers-ready", Language.ZH)
    assert "papers_done" in portrait.app.targets()


def test_nothing_below_the_question_can_be_pressed(portrait: Any) -> None:
    portrait.show("check", Language.ZH)
    portrait.show("still-there", Language.ZH)
    assert set(portrait.app.targets()) == {"here", "leave_now", "language"}
