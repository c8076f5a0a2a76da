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


def test_a_number_has_digits_only(stage: Any) -> None:
    assert "key:." not in ask(stage, "question-number", max_length=6)
    stage.type("1250")
    assert answer(stage) == "1250"


def test_an_amount_of_money(stage: Any) -> None:
    ask(stage, "question-money")
    stage.type("1250.505")
    assert {"1,250.50", "元"} <= set(stage.said())
    assert answer(stage) == "1250.50"


def test_an_amount_that_ends_with_its_point(portrait: Any) -> None:
    ask(portrait, "question-money")
    portrait.type("12.")
    assert "12." in portrait.said()
    assert answer(portrait) == "12"


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
    ask(stage, "question-identity")
    stage.type("11010119900307123X")
    assert answer(stage) == "11010119900307123X"


def test_a_credit_code_has_letters(portrait: Any) -> None:
    """As long as an identity number, but no number."""
    assert "key:q" in ask(portrait, "question-text", max_length=18)


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


def test_an_optional_choice_can_be_taken_back(portrait: Any) -> None:
    ask(portrait, "question-choice", optional=True)
    portrait.press("choice:local")
    portrait.press("choice:local")
    assert answer(portrait) == ""


def test_several_choices_in_their_own_order(stage: Any) -> None:
    ask(stage, "question-choices")
    for code in ("insurance", "referral", "training", "insurance"):
        stage.press(f"choice:{code}")
    assert any("2" in text for text in stage.said())
    assert answer(stage) == "referral,training"


def test_none_of_several(portrait: Any) -> None:
    ask(portrait, "question-choices", optional=True)
    portrait.press("choice:start")
    portrait.press("choice:start")
    assert answer(portrait) == ""


def test_no_more_than_the_most_of_several(portrait: Any) -> None:
    ask(portrait, "question-choices", most=2)
    portrait.press("choice:start")
    portrait.press("choice:training")
    offered = {one for one in portrait.app.targets() if one.startswith("choice:")}
    assert offered == {"choice:start", "choice:training"}
    portrait.press("choice:start")
    assert "choice:referral" in portrait.app.targets()


def test_a_month(stage: Any) -> None:
    assert "date:day" not in ask(stage, "question-month")
    stage.type("2026111")
    assert answer(stage) == "2026-11"


def test_a_month_fills_in_the_zero(portrait: Any) -> None:
    ask(portrait, "question-month")
    portrait.type("20269")
    assert answer(portrait) == "2026-09"


def test_after_a_month_a_date_has_its_day(portrait: Any) -> None:
    ask(portrait, "question-month", value="2026-09")
    portrait.show("question-date", Language.ZH, value="")
    portrait.type("20260930")
    assert answer(portrait) == "2026-09-30"


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


def test_one_wrong_answer_after_another(stage: Any) -> None:
    """The sentence stands in another place for another kind."""
    names = ("text", "phone", "hanzi", "choices", "people", "money", "date", "text")
    for name in names:
        stage.show(f"question-{name}", Language.ZH, error="error.mobile.start")
        words = stage.app.look.words.say("error.mobile.start", Language.ZH)
        assert any(words in one for one in stage.said()), name
        assert stage.faults() == [], name
