"""Codes and PINs: typed with a finger, never shown if secret, gone with the page."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from typing import Any

import pytest

import heap
from kiosk.events import CodeAsked, SecretEntered
from kiosk.model import Language, SecretFault
from kiosk.view import PinBody, State

KINDS = ("code", "pin", "staff")
PHASES = ("sending", "checking", "locked", "failed")
DOT = "●"
_HOUR = re.compile(r"\d\d:\d\d")


def ask(stage: Any, kind: str = "pin", **changes: Any) -> None:
    """A fresh page, on which nothing was typed yet."""
    stage.show("rating", Language.ZH)
    show(stage, kind, **changes)


def show(stage: Any, kind: str = "pin", language: Language = Language.ZH, **changes: Any) -> None:
    stage.show_body(State.PIN, PinBody(kind, **changes), language)


def slots(stage: Any) -> list[str]:
    return [slot._label.raw for slot in reversed(stage.page()._slots.children)]


def test_a_pin_shows_dots_and_is_handed_over_whole(stage: Any) -> None:
    ask(stage, "pin")
    stage.type("836210")
    assert slots(stage) == [DOT] * 6
    stage.press("confirm")
    assert [event.value for event in stage.posted if isinstance(event, SecretEntered)] == ["836210"]


@pytest.mark.parametrize("kind", ["pin", "staff"])
def test_no_digit_of_a_pin_is_in_any_label(portrait: Any, kind: str) -> None:
    from screens.widgets.text import Label

    ask(portrait, kind)
    before = _labels(Label)
    portrait.type("7777")
    assert _labels(Label) == before
    assert DOT in slots(portrait)


def _labels(kind: Any) -> int:
    """Labels anywhere that show a 7; the hour may come to have one at any moment."""
    labels = [thing.raw for thing in heap.alive(kind)]
    return sum("7" in raw and not _HOUR.fullmatch(raw) for raw in labels)


def test_a_code_shows_its_digits(stage: Any) -> None:
    ask(stage, "code", most=6)
    stage.type("48")
    assert slots(stage) == ["4", "8", "", "", "", ""]


def test_it_can_be_confirmed_from_the_least_digits_on(portrait: Any) -> None:
    ask(portrait, "pin", least=6, most=8)
    portrait.type("12345")
    assert "confirm" not in portrait.app.targets()
    portrait.type("6")
    assert "confirm" in portrait.app.targets()
    portrait.type("789")
    assert len(slots(portrait)) == 8
    portrait.press("key:erase")
    portrait.press("confirm")
    assert portrait.posted[-1].value == "1234567"


def test_a_long_pin_fits(stage: Any) -> None:
    ask(stage, "pin", least=6, most=12)
    stage.type("123456789012")
    assert slots(stage) == [DOT] * 12
    assert stage.faults() == []


@pytest.mark.parametrize("answer", [{"phase": "checking"}, {"error": "error.secret.wrong"}])
def test_what_was_handed_over_is_gone_with_the_next_view(portrait: Any, answer: Any) -> None:
    """Also when the view of the check itself came and went too quickly to be drawn."""
    ask(portrait, "pin")
    portrait.type("836210")
    portrait.press("confirm")
    show(portrait, "pin", **answer)
    assert portrait.page()._typed == []
    show(portrait, "pin", error="error.secret.wrong", tries_left=2)
    assert slots(portrait) == [""] * 6


def test_while_it_is_checked_the_dots_stay(portrait: Any) -> None:
    ask(portrait, "code", most=6)
    portrait.type("836210")
    portrait.press("confirm")
    show(portrait, "code", most=6, phase="checking")
    assert slots(portrait) == [DOT] * 6


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_can_be_typed_while_it_is_not_waited_for(
    portrait: Any, kind: str, phase: str
) -> None:
    ask(portrait, kind, phase=phase, seconds_left=20)
    offered = set(portrait.app.targets())
    assert not [action for action in offered if action.startswith("key:")]
    assert "confirm" not in offered
    assert {"back", "leave"} <= offered


@pytest.mark.parametrize("change", ["second", "language", "still-there"])
def test_what_is_typed_outlives(portrait: Any, change: str) -> None:
    ask(portrait, "code", most=6, seconds_left=30)
    portrait.type("8362")
    if change == "still-there":
        portrait.show("still-there", Language.ZH)
    language = Language.EN if change == "language" else Language.ZH
    show(portrait, "code", language, most=6, seconds_left=29)
    assert slots(portrait)[:4] == ["8", "3", "6", "2"]


@pytest.mark.parametrize("after", ["rating", "attract", "ways", "pin-staff", "pin-locked"])
def test_what_is_typed_does_not_outlive(portrait: Any, after: str) -> None:
    ask(portrait, "code", most=6, sent_to="138****8000")
    portrait.type("8362")
    screen = portrait.page()
    portrait.show(after, Language.ZH)
    assert screen._typed == []
    assert not [slot for slot in screen._slots._slots if slot._label.raw not in ("", DOT)]
    assert "138" not in screen._hint.raw


def test_a_new_code_can_be_asked_for_when_it_may(stage: Any) -> None:
    ask(stage, "code", seconds_left=12)
    assert "send_again" not in stage.app.targets()
    assert any("12" in text for text in stage.said())
    show(stage, "code", again=True)
    stage.press("send_again")
    assert isinstance(stage.posted[-1], CodeAsked)
    ask(stage, "pin")
    assert "send_again" not in stage.app.targets()


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("kind", KINDS)
def test_every_error_fits(stage: Any, kind: str, language: Language) -> None:
    for fault in SecretFault:
        body = PinBody(kind, error=f"error.secret.{fault}", tries_left=1, seconds_left=300)
        for phase in ("waiting", "locked", "failed"):
            for again in (False, True):
                stage.show_body(State.PIN, replace(body, phase=phase, again=again), language)
                assert stage.faults() == [], (fault, phase, again)


@pytest.mark.parametrize(("left", "words"), [(2, "2 tries left"), (1, "1 try left")])
def test_the_tries_are_told(portrait: Any, left: int, words: str) -> None:
    show(portrait, "pin", Language.EN, error="error.secret.wrong", tries_left=left)
    assert any(words in text for text in portrait.said())


# ---- Played ----------------------------------------------------------------------------------


def play(stage: Any, script: Any, done: Any) -> list[str]:
    from screens.player import Player
    from screens.step import frames

    steps: list[str] = []
    player = Player(stage.app, script, None, lambda what, _seconds: steps.append(what))
    try:
        end = time.monotonic() + 30
        while not done() and time.monotonic() < end:
            frames(1)
    finally:
        player.close()
    return steps


def test_a_played_visit_types_a_pin_and_does_not_tell_it(portrait: Any) -> None:
    ask(portrait, "pin")
    portrait.posted.clear()
    steps = play(portrait, lambda _view: ["pin:135790", "confirm"], lambda: portrait.posted)
    assert [event.value for event in portrait.posted] == ["135790"]
    assert steps == ["pin", *["pin: key"] * 6, "pin: confirm"]


def test_a_countdown_does_not_make_the_player_begin_again(portrait: Any) -> None:
    from screens.samples import sample

    ask(portrait, "code", most=6, seconds_left=60)
    portrait.posted.clear()
    ticks = iter(range(59, 0, -1))

    def tick() -> bool:
        """Each second is a frame here."""
        portrait.serial += 1
        body = PinBody("code", most=6, seconds_left=next(ticks))
        portrait.app.show(sample(State.PIN, body, Language.ZH, portrait.serial))
        return bool(portrait.posted)

    play(portrait, lambda _view: ["pin:246813", "confirm"], tick)
    assert [event.value for event in portrait.posted] == ["246813"]


def test_the_player_tries_again_when_it_was_wrong(portrait: Any) -> None:
    ask(portrait, "pin")
    portrait.posted.clear()

    def answer() -> bool:
        if len(portrait.posted) == 1 and not portrait.page()._body.error:
            show(portrait, "pin", error="error.secret.wrong", tries_left=2)
        return len(portrait.posted) > 1

    play(portrait, lambda _view: ["pin:135790", "confirm"], answer)
    assert [event.value for event in portrait.posted] == ["135790", "135790"]
