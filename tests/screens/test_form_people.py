"""The page of a list of people, and the questions about one of them."""

from __future__ import annotations

from typing import Any

import pytest

import heap
from kiosk.events import Answered, PersonAdded, PersonChanged, PersonRemoved
from kiosk.model import Language, Text
from kiosk.view import ListedPerson
from screens.sample_questions import FAMILY, figures

_FIGURES = {"least": 2, "most": 9, "count": 1}

CANARY = "7391846205"


def ask(stage: Any, name: str = "question-people", **changes: Any) -> set[str]:
    stage.show("rating", Language.ZH)
    stage.posted.clear()
    stage.show(name, Language.ZH, **changes)
    return set(stage.app.targets())


def test_who_is_on_it_and_what_was_said_of_them(stage: Any) -> None:
    ask(stage)
    said = stage.said()
    assert "李建国" in said
    assert "配偶，1952年11月3日，每月收入1,860元" in said
    assert any("3" in text and "名单" in text for text in said)


def test_an_empty_list_says_what_to_do(stage: Any) -> None:
    offered = ask(stage, "question-people-empty")
    words = stage.app.look.words
    assert words.say("people.none.how", Language.ZH) in stage.said()
    assert {"add_person", "continue"} <= offered
    assert not [one for one in offered if one.startswith(("change:", "remove:"))]


def test_somebody_is_added(stage: Any) -> None:
    ask(stage)
    stage.press("add_person")
    assert isinstance(stage.posted.pop(), PersonAdded)


def test_somebody_is_changed(stage: Any) -> None:
    ask(stage, people=FAMILY[:2])
    stage.press("change:0")
    event = stage.posted.pop()
    assert isinstance(event, PersonChanged)
    assert event.index == 0


def test_somebody_is_removed_after_one_more_question(stage: Any) -> None:
    ask(stage)
    stage.press("remove:0")
    assert stage.posted == []
    assert "change:0" not in stage.app.targets()
    stage.press("remove_sure:0")
    event = stage.posted.pop()
    assert isinstance(event, PersonRemoved)
    assert event.index == 0


def test_a_second_press_in_the_same_place_removes_nobody(stage: Any) -> None:
    from screens.player import Finger, middle
    from screens.step import frames

    ask(stage)
    place = middle(stage.app.targets()["remove:0"])
    for number in range(2):
        stage.app.gate.shown(new_page=False)
        finger: Any = Finger(number, *place)
        finger.down()
        frames(1)
        finger.up()
        frames(2)
    assert stage.posted == []
    assert "remove:0" in stage.app.targets()


def test_somebody_is_kept(portrait: Any) -> None:
    ask(portrait)
    portrait.press("remove:1")
    portrait.press("keep:1")
    assert portrait.posted == []
    assert {"change:1", "remove:1"} <= set(portrait.app.targets())


def test_the_next_one_is_not_asked_about_when_somebody_is_gone(portrait: Any) -> None:
    ask(portrait)
    portrait.press("remove:0")
    portrait.show("question-people", Language.ZH, people=FAMILY[1:])
    assert "remove:0" in portrait.app.targets()
    assert "remove_sure:0" not in portrait.app.targets()


def test_the_list_is_complete(stage: Any) -> None:
    ask(stage)
    stage.press("continue")
    event = stage.posted.pop()
    assert isinstance(event, Answered)
    assert (event.name, event.value) == ("people", "")


def test_a_full_list_takes_nobody_more(stage: Any) -> None:
    assert "add_person" not in ask(stage, "question-people-full")
    assert "add_person" in ask(stage, "question-people-full", most=0)


def test_a_long_list_has_pages(stage: Any) -> None:
    ask(stage, people=FAMILY * 4, most=0)
    for _ in range(30):
        if "remove:11" in stage.app.targets():
            break
        stage.press("page_down")
    stage.press("change:11")
    assert stage.posted.pop().index == 11


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("error", ["required", "too_few", "too_many"])
def test_an_error_is_told_in_plain_words(stage: Any, language: Language, error: str) -> None:
    key = f"error.{error}.people"
    stage.show("question-people-error", language, error=key, figures=figures(**_FIGURES))
    words = stage.app.look.words.say(key, language, **_FIGURES)
    assert words in stage.said()
    assert stage.faults() == []


@pytest.mark.parametrize("language", list(Language))
def test_long_names_fit(stage: Any, language: Language) -> None:
    long = Text(
        "阿卜杜拉·买买提·吐尔逊江·艾合麦提", "Abdullah Memet Tursunjan Ehmet of Sample Town"
    )
    details = (Text("在外地务工，" * 6, "Works in another province, " * 4),) * 2
    person = ListedPerson(long, details)
    stage.show("rating", language)
    stage.show("question-people", language, people=(person,) * 3)
    assert stage.faults() == []
    stage.press("remove:0")
    assert stage.faults() == []


@pytest.mark.parametrize("name", ["question-person", "question-person-date"])
@pytest.mark.parametrize("language", list(Language))
def test_a_question_about_one_says_about_whom(stage: Any, name: str, language: Language) -> None:
    stage.show(name, language)
    wanted = "第2位" if language is Language.ZH else "Person 2"
    assert any(wanted in text for text in stage.said())
    assert stage.faults() == []


def test_nothing_of_anybody_stays_after_the_visit(stage: Any) -> None:
    from kivy.core.text import LabelBase
    from kivy.uix.label import Label

    def holders() -> list[Any]:
        labels = heap.alive(Label, LabelBase)
        found = [one for one in labels if CANARY in f"{one.text}{getattr(one, '_raw', '')}"]
        return found + [one for one in heap.newer(ListedPerson) if CANARY in one.name.zh]

    many = tuple(ListedPerson(Text(f"{CANARY}{i}", "x"), (Text(CANARY, "x"),)) for i in range(5))
    ask(stage, people=many)
    stage.press("remove:0")
    stage.show("question-people", Language.ZH, people=many[:1])
    assert holders(), "the page shows it, or the test proves nothing"
    del many
    stage.show("attract", Language.ZH)
    stage.shown.clear()
    assert holders() == []
