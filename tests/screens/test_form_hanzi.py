"""Chinese can be typed by touch alone: pinyin, words to choose from, Latin, digits and signs."""

from __future__ import annotations

import gc
import time
from typing import Any

import pytest

import heap
from kiosk.events import Answered
from kiosk.model import Language
from screens.pinyin import Standing, shared

SECONDS = 60


@pytest.fixture(autouse=True)
def ready(stages: Any) -> None:
    if shared().wait(SECONDS) is Standing.MISSING:
        pytest.skip("librime1 or rime-data-luna-pinyin is not installed")


def ask(stage: Any, name: str = "question-hanzi", **changes: Any) -> set[str]:
    """What can be pressed on the fresh page."""
    stage.show("rating", Language.ZH)
    stage.posted.clear()
    stage.show(name, Language.ZH, **{"value": "", **changes})
    return set(stage.app.targets())


def answer(stage: Any) -> str:
    stage.press("continue")
    posted = stage.posted.pop()
    assert isinstance(posted, Answered)
    return posted.value


def candidates(stage: Any) -> list[str]:
    words = stage.page()._hanzi._bar._words
    return [word.label.raw for word in words if word.label.raw]


def test_a_word_is_typed_and_chosen(stage: Any) -> None:
    ask(stage)
    stage.type("wengyuan")
    assert "weng yuan" in stage.said()
    assert candidates(stage)[0] == "翁源"
    stage.press("candidate:0")
    assert candidates(stage) == []
    assert "翁源" in stage.said()
    assert answer(stage) == "翁源"


def test_space_chooses_the_first(stage: Any) -> None:
    ask(stage)
    stage.type("zhangsan")
    stage.press("key:space")
    assert answer(stage) == "张三"


def test_a_name_character_by_character(stage: Any) -> None:
    ask(stage)
    stage.type("wengyuan")
    for character in "翁元":
        turn_to(stage, character)
        stage.press(f"candidate:{number_of(stage, character)}")
    assert answer(stage) == "翁元"


def number_of(stage: Any, word: str) -> int:
    words = stage.page()._hanzi._bar._words
    return int(next(one._index for one in words if one.label.raw == word))


def turn_to(stage: Any, word: str) -> None:
    for _ in range(20):
        if word in candidates(stage):
            return
        stage.press("candidates_after")
    pytest.fail(f"{word} is on no page")


def test_the_pages_go_on_and_back(stage: Any) -> None:
    ask(stage)
    stage.type("yi")
    assert "candidates_before" not in stage.app.targets()
    first = candidates(stage)
    stage.press("candidates_after")
    second = candidates(stage)
    assert not set(first) & set(second)
    stage.press("candidates_after")
    stage.press("candidates_before")
    assert candidates(stage) == second
    stage.press("candidates_before")
    assert candidates(stage) == first


def test_every_candidate_is_drawn(portrait: Any) -> None:
    """Characters beyond the font's would be boxes."""
    ask(portrait)
    portrait.type("xian")
    for _ in range(5):
        assert max("".join(candidates(portrait))) <= "\uffff"
        portrait.press("candidates_after")


def test_erasing_takes_open_letters_first(portrait: Any) -> None:
    ask(portrait, value="李")
    portrait.type("mei")
    for _ in "mei":
        portrait.press("key:erase")
    assert "李" in portrait.said()
    portrait.press("key:erase")
    assert answer(portrait) == ""


def test_what_is_open_must_be_chosen_first(stage: Any) -> None:
    ask(stage)
    stage.type("li")
    assert "continue" not in stage.app.targets()
    assert "请先选字" in stage.said()
    stage.press("candidate:0")
    assert "continue" in stage.app.targets()


def test_letters_that_mean_nothing_are_no_dead_end(portrait: Any) -> None:
    ask(portrait)
    portrait.type("v")
    assert candidates(portrait) == []
    portrait.press("key:space")
    portrait.press("key:erase")
    assert answer(portrait) == ""


def test_a_sign_chooses_the_first_word_before_it(stage: Any) -> None:
    ask(stage, "question-address")
    stage.type("shili")
    stage.press("key:，")
    assert answer(stage) == "实力，"


def test_an_address_with_digits_and_signs(stage: Any) -> None:
    ask(stage, "question-address")
    stage.type("sanzu")
    stage.press("candidate:0")
    if "key:1" not in stage.app.targets():
        stage.press("key:more")
    stage.type("18")
    if "key:-" not in stage.app.targets():
        stage.press("key:more")
    stage.press("key:-")
    stage.type("2")
    assert answer(stage) == "三组18-2"


def test_latin_letters_with_one_capital(stage: Any) -> None:
    ask(stage)
    stage.press("key:mode")
    stage.press("key:shift")
    stage.type("ab")
    stage.press("key:space")
    stage.press("key:.")
    assert answer(stage) == "Ab ."
    assert "key:shift" not in ask(stage), "the next question begins with pinyin"


def test_the_point_in_a_name_of_a_minority(stage: Any) -> None:
    ask(stage)
    if "key:·" not in stage.app.targets():
        stage.press("key:more")
    stage.press("key:·")
    assert answer(stage) == "·"


def test_no_more_than_the_greatest_length(portrait: Any) -> None:
    ask(portrait, max_length=2)
    portrait.type("wengyuanxian")
    portrait.press("candidate:0")
    assert answer(portrait) == "翁源"


def test_clearing_also_takes_the_open_letters(portrait: Any) -> None:
    ask(portrait, value="李")
    portrait.type("mei")
    portrait.press("clear")
    assert answer(portrait) == ""
    assert candidates(portrait) == []


def test_open_letters_outlive_a_change_of_language_but_no_question(portrait: Any) -> None:
    ask(portrait)
    portrait.type("mei")
    portrait.show("question-hanzi", Language.EN, value="")
    assert candidates(portrait)
    portrait.show("question-address", Language.EN, value="")
    assert shared().typed == ""
    assert candidates(portrait) == []


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("error", ["", "error.pattern.unreadable"])
def test_nothing_is_clipped_while_it_is_typed(stage: Any, language: Language, error: str) -> None:
    stage.show("rating", language)
    stage.show("question-address-long", language, error=error)
    assert stage.faults() == []
    for letters in ("guangdongshengshaoguanshi", "w", "engyuanxianshilizhenxingfucun"):
        stage.type(letters)
        assert stage.faults() == [], letters
        stage.press("candidate:0")
    for key in ("key:more", "key:mode", "key:shift"):
        stage.press(key)
        assert stage.faults() == [], key


def test_before_anything_is_chosen_a_key_is_quick(portrait: Any) -> None:
    """Engine and labels; not the drawing."""
    ask(portrait)
    keyboard = portrait.page()._hanzi
    took = []
    for letter in "shilixianrenminzhengfu":
        begun = time.perf_counter()
        keyboard._typed(letter)
        took.append(time.perf_counter() - begun)
    print(f"ms a key: median {sorted(took)[len(took) // 2] * 1e3:.1f}, most {max(took) * 1e3:.1f}")
    assert sorted(took)[len(took) // 2] < 0.25


# ---- Nothing stays ---------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["open", "chosen", "paged", "latin"])
def test_nothing_of_it_stays_after_the_visit(stage: Any, how: str) -> None:
    from kivy.core.text import LabelBase
    from kivy.uix.label import Label

    def holders() -> list[str]:
        texts = ("翁源", "weng yuan", "蓊郁")
        labels = heap.alive(Label, LabelBase)
        said = [f"{one.text}{getattr(one, '_raw', '')}" for one in labels]
        return [one for one in said if any(text in one for text in texts)]

    ask(stage)
    stage.type("wengyuan")
    assert holders(), "it is shown, or the test proves nothing"
    if how == "paged":
        stage.press("candidates_after")
    elif how == "chosen":
        stage.press("candidate:0")
    elif how == "latin":
        stage.press("key:mode")
    stage.show("attract", Language.ZH)
    gc.collect()
    assert holders() == []
    assert shared().typed == ""
    assert shared()._session == 0, "librime's context is gone"


def test_the_next_citizen_is_proposed_what_the_first_was(portrait: Any) -> None:
    def proposed() -> list[str]:
        ask(portrait)
        portrait.type("wengyuan")
        return candidates(portrait)

    before = proposed()
    for _ in range(3):
        portrait.press(f"candidate:{number_of(portrait, '蓊郁')}")
        portrait.show("attract", Language.ZH)
        assert proposed() == before


# ---- Without librime -------------------------------------------------------------------------


@pytest.mark.parametrize("language", list(Language))
def test_without_librime_it_says_so_and_types_letters(
    stage: Any, language: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared(), "standing", Standing.MISSING)
    ask(stage)
    stage.show("question-hanzi", language)
    words = stage.app.look.words.say("keys.missing", language)
    assert words in stage.said()
    assert "key:shift" in stage.app.targets()
    stage.type("li")
    assert answer(stage) == "li"
    assert stage.faults() == []
