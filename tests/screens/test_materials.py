"""Materials on the screen: what a press hands over, what is read, what is gone afterwards."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kiosk import events as e
from kiosk.model import Language, Text
from kiosk.view import CommitmentBody, MaterialRow, MaterialsBody, MaterialWay, ScanBody, State

CATALOGUE = Path(__file__).parents[2] / "config" / "catalogue"
ITEM = Text("就业失业登记", "Register unemployment")
PROOF = MaterialRow("proof", Text("证明", "A proof"), True)
PRESSED = pytest.mark.parametrize(
    ("name", "action", "event"),
    [
        ("materials", "material:birth", e.MaterialOpened("birth")),
        ("materials", "materials_missing", e.MissingAsked),
        ("materials-done", "materials_done", e.MaterialsConfirmed),
        ("materials-ways", "way:promise", e.MaterialWayChosen("promise")),
        ("materials-missing", "notice_print", e.NoticeWanted),
        ("scan-review", "page_keep", e.PageKept),
        ("scan-review", "page_again", e.PageAgain),
        ("scan-turn", "page_laid", e.PageLaid),
        ("scan-failed", "page_again", e.PageAgain),
        ("commitment-promise", "agree", e.TextAgreed),
        ("commitment-promise", "disagree", e.TextDeclined),
        ("notice-ready", "notice_done", e.PapersCollected),
        ("materials", "back", e.WentBack),
        ("scan-searching", "leave", e.Left),
        ("commitment", "back", e.WentBack),
    ],
)


@PRESSED
def test_each_press_hands_over_its_event(stage: Any, name: str, action: str, event: Any) -> None:
    stage.show("rating", Language.ZH)
    stage.show(name, Language.ZH)
    stage.press(action)
    [posted] = stage.posted
    assert posted == event if isinstance(event, e.Event) else isinstance(posted, event)


def test_what_the_card_gives_and_what_cannot_be_done_is_not_pressed(stage: Any) -> None:
    stage.show("materials", Language.ZH)
    assert "material:id_card" not in stage.app.targets()
    stage.show("materials-ways", Language.ZH)
    offered = stage.offered()
    assert {"way:scan", "way:promise"} <= offered
    assert "way:earlier" not in offered


def test_one_goes_on_only_when_everything_is_settled(stage: Any) -> None:
    stage.show("materials", Language.ZH)
    assert "materials_done" not in stage.app.targets()
    stage.show("materials-done", Language.ZH)
    assert "materials_missing" not in stage.app.targets()


@pytest.mark.parametrize("language", list(Language))
def test_nobody_agrees_before_the_end_of_the_text(stage: Any, language: Language) -> None:
    from screens.step import frames

    text = Text("一句承诺。" * 300, "One promise after the other. " * 120)
    body = CommitmentBody("commitment", PROOF.name, ITEM, text)
    stage.show("rating", language)
    stage.show_body(State.COMMITMENT, body, language)
    assert "agree" not in stage.app.targets()
    assert {"disagree", "back", "leave"} <= set(stage.app.targets())
    for _ in range(40):
        if "page_down" not in stage.app.targets():
            break
        stage.press("page_down")
        frames(1)
    assert stage.faults() == []
    stage.press("agree")
    assert isinstance(stage.posted[-1], e.TextAgreed)


@pytest.mark.parametrize("language", list(Language))
def test_every_material_of_the_county_fits(stage: Any, language: Language) -> None:
    """Names, requirements, and declarations."""
    from kiosk.services.load import load_catalogue

    def text(words: Any) -> Text:
        return Text(words.zh, words.en)

    ways = (MaterialWay("earlier", "why_not.not_on_file"), MaterialWay("scan", "", 4),
            MaterialWay("promise", "", 1, 20), MaterialWay("commitment"))  # fmt: skip
    for item in load_catalogue(CATALOGUE).items:
        name = text(item.task_name)
        rows = tuple(
            MaterialRow(m.code, text(m.material_name), m.main, "", Text("", ""),
                        text(m.accept_stand), text(m.fill_explain))
            for m in item.materials
        )  # fmt: skip
        pages: list[Any] = [(State.MATERIALS, MaterialsBody(name, rows))]
        pages.append((State.MATERIALS, MaterialsBody(name, rows, telling=True)))
        for row, m in zip(rows, item.materials, strict=True):
            if m.sources != ("card",):
                opened = MaterialsBody(name, rows, row, ways)
                pages.append((State.MATERIALS, opened))
                pages.append((State.SCAN, ScanBody(row.name, total=m.page_num)))
            if m.commitment.zh:
                declared = CommitmentBody("commitment", row.name, name, text(m.commitment))
                pages.append((State.COMMITMENT, declared))
        for state, body in pages:
            stage.show_body(state, body, language)
            assert stage.faults() == [], f"{item.icon} {state} {body!r:.120}"


def test_the_picture_of_a_page_is_shown_whole_and_overwritten(stage: Any) -> None:
    from screens.step import frames, picture

    wide, high = 300, 424
    stage.show("rating", Language.ZH)
    stage.slot.put(wide, high, bytes((40, 200, 120)) * (wide * high))  # BGR
    stage.show("scan-review", Language.ZH)
    frames(2)
    plate = stage.page()._plate
    shape = plate._picture
    assert abs(shape.size[0] / shape.size[1] - wide / high) < 0.01
    x, y = shape.pos[0] + shape.size[0] / 2, shape.pos[1] + shape.size[1] / 2
    seen = picture()
    assert seen.getpixel((int(x), seen.height - int(y))) == (120, 200, 40)
    stage.slot.wipe()
    stage.show("rating", Language.ZH)
    assert set(plate._texture.pixels[::4]) == {0}


def test_names_are_gone_from_the_screen_that_was_left(portrait: Any) -> None:
    from screens.widgets.text import Label

    body = CommitmentBody("earlier", PROOF.name, ITEM, case_no="KT0001-20260911-00017-K",
                          day=Text("2026年9月11日", "11 September 2026"))  # fmt: skip
    portrait.show_body(State.COMMITMENT, body, Language.ZH)
    page = portrait.page()
    labels = [w for w in page.walk(restrict=True) if isinstance(w, Label)]
    assert any("00017" in label.raw for label in labels)
    portrait.show("rating", Language.ZH)
    assert not any("00017" in label.raw for label in (*labels, *page._paragraphs))
