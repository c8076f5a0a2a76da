"""Pages of an item for who reads traditional characters."""

from __future__ import annotations

from typing import Any

from kiosk.model import Language


def test_an_item_is_shown_in_traditional_characters_and_a_name_as_it_is_written(stage: Any) -> None:
    stage.show("check", Language("zh_TW"))
    said = stage.said()
    assert "張秀蘭" not in said
    assert "张秀兰" in said
    assert "姓名" in said
    stage.show("guide", Language("zh_TW"))
    said = "".join(stage.said())
    assert "養老保險" in said
    assert "养老保险" not in said
    assert stage.faults() == []


def test_who_reads_a_translation_is_told_which_text_counts(stage: Any) -> None:
    from screens.words import Words

    words: Words = stage.app.look.words
    for name, there in (("zh_CN", False), ("zh_TW", True), ("en", True)):
        stage.show("guide", Language(name))
        assert (words.say("guide.counts", Language(name)) in stage.said()) is there
