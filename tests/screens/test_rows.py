"""Lists of rows: every row can be read and pressed whole, none is cut where a page ends."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.model import Language, Text
from kiosk.view import MaterialRow, MaterialsBody, State

ROWS = tuple(
    MaterialRow(f"paper{number}", Text("一份证明" * (number % 4 + 1), "A proof"), True)
    for number in range(14)
)


def shown(stage: Any) -> list[tuple[int, bool]]:
    """Of the rows that are not veiled: which, and is it whole?"""
    window = stage.page()._scroll.window
    rows = window.content.children[::-1]
    return [
        (number, row.y >= window.y - 1 and row.top <= window.top + 1)
        for number, row in enumerate(rows)
        if row.opacity and row.top > window.y and row.y < window.top
    ]


def test_no_row_is_cut_and_each_comes_whole(stage: Any) -> None:
    stage.show("rating", Language.ZH)
    stage.show_body(State.MATERIALS, MaterialsBody(Text("事项", "Item"), ROWS), Language.ZH)
    seen: set[str] = set()
    turned = 0
    while True:
        rows = shown(stage)
        assert rows
        assert all(whole for _, whole in rows)
        seen |= {name for name in stage.app.targets() if name.startswith("material:")}
        if "page_down" not in stage.app.targets():
            break
        stage.press("page_down")
        turned += 1
    assert seen == {f"material:{row.code}" for row in ROWS}
    assert turned, "all fitted on one page, which proves nothing"


def test_a_row_that_is_not_shown_cannot_be_pressed(stage: Any) -> None:
    from screens.player import Finger
    from screens.step import frames

    stage.show("rating", Language.ZH)
    stage.show_body(State.MATERIALS, MaterialsBody(Text("事项", "Item"), ROWS), Language.ZH)
    window = stage.page()._scroll.window
    veiled = [r for r in window.content.children if not r.opacity and r.top > window.y + 20]
    stage.app.gate.shown(new_page=False)
    for row in veiled:
        finger = Finger(stage.serial, row.center_x, max(row.y, window.y) + 5)
        finger.down()
        frames(1)
        finger.up()
        frames(1)
    assert not [event for event in stage.posted if type(event).__name__ == "MaterialOpened"]


@pytest.mark.parametrize("language", list(Language))
def test_an_answer_is_seen_whole_beside_two_papers(stage: Any, language: Language) -> None:
    stage.show("rating", language)
    stage.show("papers-answer", language)
    page = stage.page()
    assert len(page._list.children) == 4
    assert all(row.opacity for row in page._list.children)
    assert "page_down" not in stage.app.targets()
    assert stage.faults() == []
