"""Questions of each kind can be answered by touch alone."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.events import Answered
from kiosk.model import Language


def answer(stage: Any) -> str:
    stage.press("continue")
    assert len(stage.posted) == 1
    posted = stage.posted.pop()
    assert isinstance(posted, Answered)
    return posted.value


def ask(stage: Any, name: str, **changes: Any) -> set[str]:
    """What can be pressed on the fresh page."""
    stage.show("rating", Language.ZH)  # leave the page, so that nothing of it is left
    stage.show(name, Language.ZH, **{"value": "", **changes})
    return set(stage.app.targets())


def test_a_number(stage: Any) -> None:
    ask(stage, "question-number")
    stage.type("1250.5")
    assert answer(stage) == "1250.5"


def test_erasing(stage: Any) -> None:
    ask(stage, "question-phone")
    stage.type("1399")
    stage.press("key:erase")
    assert answer(stage) == "139"


def test_clearing_what_was_there(stage: Any) -> None:
    ask(stage, "question-phone", value="1380")
    stage.press("clear")
    stage.type("7")
    assert answer(stage) == "7"
    assert "clear" not in ask(stage, "question-phone")


def test_no_more_than_the_greatest_length(stage: Any) -> None:
    ask(stage, "question-phone")
    stage.type("139000012345")
    assert answer(stage) == "13900001234"


def test_an_identity_number_has_an_x(stage: Any) -> None:
    ask(stage, "question-phone", max_length=18)
    stage.type("11010119900307123X")
    assert answer(stage) == "11010119900307123X"


def test_latin_text_with_one_capital(stage: Any) -> None:
    ask(stage, "question-text")
    stage.press("key:shift")
    stage.type("ab")
    stage.press("key:space")
    stage.type("7@.-")
    assert answer(stage) == "Ab 7@.-"


@pytest.mark.parametrize("code", ["local", "elsewhere", "abroad"])
def test_a_choice(stage: Any, code: str) -> None:
    ask(stage, "question-choice")
    stage.press(f"choice:{code}")
    assert answer(stage) == code


def test_a_choice_can_be_changed(portrait: Any) -> None:
    ask(portrait, "question-choice")
    portrait.press("choice:local")
    portrait.press("choice:abroad")
    assert answer(portrait) == "abroad"


def test_a_date(stage: Any) -> None:
    ask(stage, "question-date")
    stage.type("19780301")
    assert answer(stage) == "1978-03-01"


def test_a_date_fills_in_the_zeros(portrait: Any) -> None:
    ask(portrait, "question-date")
    portrait.type("197837")
    assert answer(portrait) == "1978-03-07"


def test_a_part_of_the_date_can_be_typed_again(portrait: Any) -> None:
    ask(portrait, "question-date", value="1978-03-01")
    portrait.press("date:month")
    portrait.type("1231")
    assert answer(portrait) == "1978-12-31"


def test_what_was_typed_outlives_a_change_of_language(portrait: Any) -> None:
    ask(portrait, "question-phone")
    portrait.type("1380")
    portrait.show("question-phone", Language.EN, value="")
    assert answer(portrait) == "1380"


def test_what_was_typed_outlives_the_question_are_you_there(portrait: Any) -> None:
    ask(portrait, "question-phone")
    portrait.type("1380")
    portrait.show("still-there", Language.ZH)
    portrait.show("question-phone", Language.ZH, value="")
    assert answer(portrait) == "1380"


def test_what_was_typed_does_not_reach_the_next_question(portrait: Any) -> None:
    ask(portrait, "question-phone")
    portrait.type("1380")
    portrait.show("question-phone", Language.ZH, value="", name="another")
    assert answer(portrait) == ""
