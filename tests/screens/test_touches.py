"""A real touch on each target posts its event, once."""

from __future__ import annotations

import time
from typing import Any

import pytest

from kiosk import events
from kiosk.model import Language

PRESSES: list[tuple[str, str, Any]] = [
    ("attract", "start", events.Touched()),
    ("attract-staff", "start", events.Touched()),
    ("attract-staff", "staff", events.StaffEntered()),
    ("out-of-service-staff", "staff", events.StaffEntered()),
    ("services", "service:T1", events.ServiceChosen("T1")),
    ("services", "leave", events.Left()),
    ("guide", "accept_guide", events.GuideAccepted()),
    ("guide", "back", events.WentBack()),
    ("consent", "agree", events.ConsentGiven()),
    ("consent", "disagree", events.ConsentRefused()),
    ("face", "without_face", events.ConsentRefused()),
    *(("ways", f"way:{way}", events.WayChosen(way)) for way in ("code", "pin", "desk")),
    ("ways", "leave", events.Left()),
    ("code-wrong", "send_again", events.CodeAsked()),
    ("code-failed", "send_again", events.CodeAsked()),
    ("pin", "back", events.WentBack()),
    ("witness", "witness:agree", events.Witnessed(agreed=True)),
    ("witness", "witness:disagree", events.Witnessed(agreed=False)),
    ("ticket-ready", "ticket_done", events.PapersCollected()),
    ("ticket-lost", "ticket_done", events.PapersCollected()),
    ("check", "submit", events.AnswersConfirmed()),
    ("check", "change:place", events.ChangeAsked("place")),
    ("papers-ready", "papers_done", events.PapersCollected()),
    *(("rating", f"rate:{level}", events.LevelChosen(level)) for level in range(1, 6)),
    ("rating-3", "rated", events.Rated(3)),
    ("attract", "around_cases", events.EnquiryOpened()),
    ("attract-staff", "around_complaint", events.ComplaintOpened()),
    ("services", "around_cases", events.EnquiryOpened()),
    ("services-shelves", "around_complaint", events.ComplaintOpened()),
    ("cases", "cases_number", events.NumberWanted()),
    ("cases", "cases_card", events.CardWanted()),
    ("case-list", "case:0", events.CaseChosen("KT0001-20261121-00042-N")),
    ("case-by-number", "case_card", events.CardWanted()),
    ("case-ready", "case_collect", events.CollectWanted()),
    ("case-ready", "case_rate", events.RatingWanted()),
    ("case-supplement", "case_supplement", events.SupplementWanted()),
    ("materials-later-part", "materials_done", events.MaterialsConfirmed()),
    ("case", "case_slip", events.SlipWanted()),
    ("case", "case_complain", events.ComplaintOpened()),
    ("hotline", "complain", events.ComplaintStarted()),
    ("lodged", "lodged_slip", events.SlipWanted()),
    ("lodged", "lodged_end", events.Left()),
    ("slip-lost", "slip_done", events.PapersCollected()),
    ("rating", "skip", events.RatingSkipped()),
    ("thanks", "leave_now", events.Left()),
    ("thanks-another", "another", events.AnotherWanted()),
    ("thanks-another", "leave_now", events.Left()),
    ("thanks-helper", "another", events.AnotherWanted()),
    ("thanks-helper", "next_citizen", events.NextCitizen()),
    ("problem", "way_out", events.WayOutTaken()),
    ("problem-face", "way_out", events.WayOutTaken()),
    ("problem-face", "other_ways", events.OtherWaysAsked()),
    ("staff", "staff:test_slip", events.StaffActed("test_slip")),
    ("staff", "staff:close_service", events.StaffActed("close_service")),
    ("staff-closed", "staff:open_service", events.StaffActed("open_service")),
    ("staff", "sign_out", events.Left()),
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


def still(portrait: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Time stands: how slow this machine is says nothing about what the gate lets through."""
    now = time.monotonic()
    monkeypatch.setattr(portrait.app.gate, "_clock", lambda: now)


def test_a_double_press_counts_once(portrait: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from screens.player import Finger, middle
    from screens.step import frames

    portrait.show("guide", Language.ZH)
    still(portrait, monkeypatch)
    portrait.app.gate.shown(new_page=False)
    target = portrait.app.targets()["accept_guide"]
    for number in range(2):
        finger = Finger(number, *middle(target))
        finger.down()
        frames(1)
        finger.up()
    frames(1)
    assert len(portrait.posted) == 1


def test_the_second_half_of_a_double_tap_does_not_press_the_next_page(
    portrait: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    portrait.show("guide", Language.ZH)
    still(portrait, monkeypatch)
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


def test_what_is_not_offered_cannot_be_pressed(stage: Any) -> None:
    stage.show("thanks", Language.ZH)
    assert not {"another", "next_citizen"} & set(stage.app.targets())
    stage.show("problem", Language.ZH)
    assert "other_ways" not in stage.app.targets()


def test_nothing_below_the_question_can_be_pressed(portrait: Any) -> None:
    portrait.show("check", Language.ZH)
    portrait.show("still-there", Language.ZH)
    assert set(portrait.app.targets()) == {"here", "leave_now", "language"}
