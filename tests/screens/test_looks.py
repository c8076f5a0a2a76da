"""Every state, in each language and orientation, is laid out whole: nothing clipped or lost."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import pytest

from kiosk.model import CardFault, Language, Text
from kiosk.services.load import load_catalogue
from kiosk.view import Notice, ProblemBody, State
from screens.samples import bodies

CATALOGUE = Path(__file__).parents[2] / "config" / "catalogue"
FILES = sorted(CATALOGUE.glob("*.toml"))

LONG = Text(
    "请输入与本人身份证件记载完全一致的户籍所在地详细地址信息",
    "Please give the full registered household address as it is printed on your identity card",
)


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("name", bodies())
def test_nothing_is_clipped_or_lost(stage: Any, name: str, language: Language) -> None:
    stage.show(name, language)
    assert stage.faults() == []
    assert stage.crowded() == []


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(
    "name", ["question-text", "question-error", "question-number", "question-date"]
)
def test_a_long_question_leaves_room_for_its_keys(
    stage: Any, name: str, language: Language
) -> None:
    stage.show(name, language, label=LONG)
    assert stage.faults() == []


@functools.cache
def county() -> tuple[Any, ...]:
    """In the order of the files' names."""
    return load_catalogue(CATALOGUE).items


@pytest.mark.parametrize("number", range(len(FILES)), ids=lambda number: FILES[number].stem)
def test_the_other_pages_of_every_item_fit(stage: Any, number: int) -> None:
    """Its questions are in `test_form_catalogue`."""
    item = county()[number]
    for language in Language:
        for state, body in pages_of(item):
            stage.show_body(state, body, language)
            assert stage.faults() == [], state


def pages_of(item: Any) -> list[tuple[Any, Any]]:
    from kiosk import view as v

    def text(words: Any) -> Text:
        return Text(words.zh, words.en)

    entries = [v.GuideEntry(n, text(getattr(item.guide, n))) for n in item.guide.__struct_fields__]
    name = text(item.task_name)
    rows = tuple(v.CheckRow(text(f.label), text(f.label), f.name) for f in item.fields)
    return [
        (v.State.GUIDE, v.GuideBody(name, item.kind, tuple(entries[:4]), tuple(entries[4:]), 3, 3)),
        (v.State.CONSENT, v.ConsentBody("张*", text(item.purpose))),
        (v.State.CHECK, v.CheckBody(name, rows, text(item.declaration))),
    ]


@pytest.mark.parametrize("count", [*range(5), 10])
def test_the_idle_page_has_room_for_every_notice(stage: Any, count: int) -> None:
    """The longest words there are; beyond three only the weightiest are shown."""
    trouble = ("document", "recoverable_error", "maintenance")
    names = ("offline", "no_receipts", "no_certificates", "no_camera", "no_chipcard")
    notices = [Notice(name, *(() if name == "offline" else trouble)) for name in names * 2]
    for language in Language:
        for staff in (False, True):
            stage.show("attract", language, notices=tuple(notices[:count]), staff=staff)
            assert stage.faults() == []


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("code", ["no_reader", "tampered", "power", "maintenance", "journal"])
def test_out_of_service_says_why_to_citizens_and_staff(
    stage: Any, language: Language, code: str
) -> None:
    notices = tuple(
        Notice("no_idcard", device, "sam_not_authorised", "maintenance")
        for device in ("idcard", "sensors", "document", "camera")
    )
    for staff in (False, True):
        stage.show("out-of-service", language, code=code, notices=notices, staff=staff)
        assert stage.faults() == []


@pytest.mark.parametrize("language", list(Language))
def test_a_wrong_text_answer_leaves_room_for_the_keyboard(stage: Any, language: Language) -> None:
    stage.show("question-text", language, error="error.pattern.unreadable")
    assert stage.faults() == []


def test_every_problem_fits(stage: Any) -> None:
    words = stage.app.look.words
    keys = sorted(k for k in words.keys(Language.EN) if k.startswith("problem."))
    codes = [k.removeprefix("problem.") for k in keys if not k.endswith(".help")]
    assert {f"card.{fault}" for fault in CardFault} < set(codes)
    for code in codes:
        for language in Language:
            body = ProblemBody(code, "services", "KT0001-20261121-000042", 30)
            stage.show_body(State.PROBLEM, body, language)
            assert stage.faults() == [], code
            body = ProblemBody(code, "again", "", 30, other_ways=True, tries_left=2)
            stage.show_body(State.PROBLEM, body, language)
            assert stage.faults() == [], code


def test_the_checker_sees_a_clipped_label(portrait: Any) -> None:
    """The check itself can fail."""
    portrait.show("problem", Language.EN)
    label = portrait.app.frame.screens[portrait.app.view.state]._title
    label.height -= 20
    assert any("in a box of" in fault for fault in portrait.faults())


def test_every_rung_of_a_paper_fits(stage: Any) -> None:
    from kiosk.model import Rung
    from kiosk.view import Paper

    for rung in Rung:
        for language in Language:
            stage.show("papers", language, papers=(Paper("certificate", rung),))
            assert stage.faults() == [], rung


def test_every_trouble_of_a_paper_fits(stage: Any) -> None:
    from kiosk.model import Rung
    from kiosk.view import Paper

    for code in ("no_paper", "cover_open", "printer_fault", "unconfirmed", "power", "jam"):
        paper = Paper("certificate", Rung.UNCONFIRMED, f"paper.trouble.{code}")
        for language in Language:
            stage.show("papers-ready", language, papers=(paper, paper))
            assert stage.faults() == [], code
