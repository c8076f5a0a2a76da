"""Chinese can be written with a finger: read, chosen, taken back, and gone afterwards."""

from __future__ import annotations

import gc
from typing import Any

import pytest

import heap
from kiosk.events import Answered
from kiosk.model import Language
from screens.pinyin import Standing
from screens.pinyin import shared as pinyin
from screens.writing import shared
from screens.writing.both import Both
from strokework import CHARACTERS, Strokes, written

SECONDS = 60
ALONE = "王"  # left open by no other test: the other window's page may still show what it wrote


@pytest.fixture(autouse=True)
def ready(stages: Any) -> None:
    reader = shared()
    if not isinstance(reader, Both) or pinyin().wait(SECONDS) is Standing.MISSING:
        pytest.skip("libzinnia0, tegaki-zinnia-simplified-chinese or librime1 is not installed")
    assert reader.wait(SECONDS)


def ask(stage: Any, name: str = "question-hanzi", **changes: Any) -> None:
    stage.show("rating", Language.ZH)
    stage.posted.clear()
    stage.show(name, Language.ZH, **{"value": "", **changes})


def keyboard(stage: Any) -> Any:
    return stage.page()._hanzi


def write(stage: Any, character: str, strokes: int = 99) -> None:
    """With a finger, as large as the field allows."""
    from screens.player import Finger
    from screens.step import frames

    ink = keyboard(stage)._field.ink
    unit = ink.height * 0.9 / 100
    left, top = ink.center_x - 50 * unit, ink.y + ink.height * 0.95
    shape: Strokes = written(character)[:strokes]
    for stroke in shape:
        places = [(left + x * unit, top - y * unit) for x, y in stroke]
        finger = Finger(1, *places[0])
        finger.down()
        for place in places[1:]:
            finger.drag(*place)
        finger.up()
    frames(1)


def candidates(stage: Any) -> list[str]:
    return [word.label.raw for word in keyboard(stage)._bar._words if word.label.raw]


def choose(stage: Any, character: str) -> None:
    for _ in range(4):
        if character in candidates(stage):
            break
        stage.press("candidates_after")
    words = keyboard(stage)._bar._words
    stage.press(next(one.action for one in words if one.label.raw == character))


def answer(stage: Any) -> str:
    stage.press("continue")
    posted = stage.posted.pop()
    assert isinstance(posted, Answered)
    return posted.value


def words(stage: Any, key: str, language: Language = Language.ZH) -> str:
    return str(stage.app.look.words.say(key, language))


def test_a_name_is_written_and_chosen(stage: Any) -> None:
    ask(stage)
    stage.press("key:write")
    assert words(stage, "keys.write") in stage.said()
    for character in "李小明":
        write(stage, character)
        assert words(stage, "keys.written") in stage.said()
        assert "continue" not in stage.app.targets()
        choose(stage, character)
        assert candidates(stage) == []
    assert answer(stage) == "李小明"


def test_each_stroke_is_read_and_the_last_can_be_taken_back(portrait: Any) -> None:
    ask(portrait, value="李")
    portrait.press("key:write")
    write(portrait, "大", strokes=2)
    two = candidates(portrait)
    write(portrait, "十", strokes=1)
    assert candidates(portrait) != two
    portrait.press("key:erase")
    assert candidates(portrait) == two
    portrait.press("key:anew")
    assert candidates(portrait) == []
    portrait.press("key:erase")
    assert answer(portrait) == ""


def test_space_or_a_sign_takes_the_first(stage: Any) -> None:
    ask(stage, "question-address")
    stage.press("key:write")
    write(stage, "李")
    first = candidates(stage)[0]
    stage.press("key:space")
    write(stage, "大")
    second = candidates(stage)[0]
    stage.press("key:，")
    assert answer(stage) == f"{first}{second}，"


@pytest.mark.parametrize("key", ["key:write", "key:more"])
def test_other_keys_leave_nothing_open(stage: Any, key: str) -> None:
    ask(stage)
    stage.press("key:write")
    write(stage, "李")
    stage.press(key)
    assert "continue" in stage.app.targets()
    assert keyboard(stage)._field.ink.strokes == ()
    assert ("key:q" in stage.app.targets()) == (key == "key:write")


def test_pinyin_that_is_open_is_given_up_for_writing(portrait: Any) -> None:
    ask(portrait)
    portrait.type("li")
    portrait.press("key:write")
    assert pinyin().typed == ""
    assert "continue" in portrait.app.targets()


def test_what_is_written_outlives_a_change_of_language_and_look_but_no_question(
    portrait: Any,
) -> None:
    ask(portrait)
    portrait.press("key:write")
    write(portrait, "明")
    before = candidates(portrait)
    portrait.show("question-hanzi", Language.EN, value="")
    assert candidates(portrait) == before
    assert words(portrait, "keys.written", Language.EN) in portrait.said()
    page = portrait.page()
    kept = page.kept()
    page.wipe()
    portrait.show("question-hanzi", Language.ZH, value="")
    page.restore(kept)
    assert candidates(portrait) == before
    portrait.show("question-address", Language.ZH, value="")
    assert keyboard(portrait)._field.ink.strokes == ()
    assert "key:q" in portrait.app.targets()


@pytest.mark.parametrize("language", list(Language))
def test_nothing_is_clipped_while_it_is_written(stage: Any, language: Language) -> None:
    stage.show("rating", language)
    stage.show("question-address-long", language, error="error.pattern.unreadable")
    stage.press("key:write")
    assert stage.faults() == []
    write(stage, "明")
    assert stage.faults() == []


@pytest.mark.parametrize("how", ["open", "chosen"])
def test_nothing_of_it_stays_after_the_visit(stage: Any, how: str) -> None:
    from kivy.core.text import LabelBase
    from kivy.uix.label import Label

    def holders() -> list[str]:
        labels = heap.alive(Label, LabelBase)
        said = [f"{one.text}{getattr(one, '_raw', '')}" for one in labels]
        return [one for one in said if ALONE in one and len(one) < 4]

    ask(stage)
    stage.press("key:write")
    write(stage, ALONE)
    field = keyboard(stage)._field
    assert holders(), "it is shown, or the test proves nothing"
    if how == "chosen":
        choose(stage, ALONE)
    stage.show("attract", Language.ZH)
    gc.collect()
    assert holders() == []
    assert field.ink.strokes == ()
    assert field.candidates(0, 9) == []
    assert not any(field.ink._sheet.texture.pixels[3::4])


def test_without_what_reads_it_there_is_no_key(stage: Any) -> None:
    from screens.widgets.hanzi import HanziKeyboard

    made = HanziKeyboard(stage.app.look, lambda _key: None, pinyin(), None, lambda: None)
    keys = {key.key for row in made.children for key in row.children if hasattr(key, "key")}
    assert "more" in keys
    assert "write" not in keys


def test_every_character_is_written_on_the_page(portrait: Any) -> None:
    ask(portrait, max_length=len(CHARACTERS))
    portrait.press("key:write")
    for character in CHARACTERS:
        write(portrait, character)
        choose(portrait, character)
    assert answer(portrait) == "".join(CHARACTERS)
