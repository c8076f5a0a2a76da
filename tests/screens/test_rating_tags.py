"""A level, then what may be said with it: chosen and taken back by a touch."""

from __future__ import annotations

from typing import Any

from kiosk.events import LevelChosen, Rated
from kiosk.model import Language


def test_tags_are_chosen_and_taken_back(stage: Any) -> None:
    stage.show("rating-1", Language.ZH)
    for action in ("tag:slow", "tag:unclear", "tag:slow", "rated"):
        stage.press(action)
    assert stage.posted == [Rated(1, ("unclear",))]


def test_another_level_has_other_tags_and_none_chosen(stage: Any) -> None:
    stage.show("rating-1", Language.ZH)
    stage.press("tag:slow")
    stage.press("rate:5")
    stage.show("rating-5", Language.ZH)
    stage.press("rated")
    assert stage.posted == [LevelChosen(5), Rated(5)]


def test_nothing_is_chosen_for_the_next_citizen(stage: Any) -> None:
    stage.show("rating-1", Language.ZH)
    stage.press("tag:slow")
    stage.show("attract", Language.ZH)
    stage.show("rating-1", Language.ZH)
    stage.press("rated")
    assert stage.posted == [Rated(1)]


def test_before_a_level_is_chosen_there_is_nothing_to_send(stage: Any) -> None:
    stage.show("rating", Language.ZH)
    assert "rated" not in stage.app.targets()
