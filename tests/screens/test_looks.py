"""Every state, in each language and orientation, is laid out whole: nothing clipped or lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kiosk.model import Language, Text

NAMES = [
    "attract", "services", "guide", "card", "card-reading", "consent", "face", "face-still",
    "question-choice", "question-text", "question-phone", "question-error", "question-number",
    "question-date", "check", "submitting", "papers", "papers-ready", "papers-trouble",
    "papers-query", "rating", "thanks", "problem", "problem-interrupted", "still-there",
    "out-of-service",
]  # fmt: skip

ROOT = Path(__file__).parents[2]

LONG = Text(
    "请输入与本人身份证件记载完全一致的户籍所在地详细地址信息",
    "Please give the full registered household address as it is printed on your identity card",
)


def faults(app: Any) -> list[str]:
    """What is clipped, too small, outside its parent or outside the window."""
    from kivy.uix.stencilview import StencilView

    from screens.widgets.press import Pressable
    from screens.widgets.text import Label

    found: list[str] = []

    def visit(widget: Any, scrolled: bool) -> None:
        inside = scrolled or isinstance(widget, StencilView)
        if isinstance(widget, Label) and widget.text:
            found.extend(_of_label(widget, app, scrolled))
        if isinstance(widget, Pressable) and widget.action:
            found.extend(_of_target(widget, app, scrolled))
        for child in widget.children:
            visit(child, inside)

    top = app.frame.screens[app.frame.above] if app.frame.above else app.frame
    visit(top, False)
    return found


def _of_label(label: Any, app: Any, scrolled: bool) -> list[str]:
    name, look = f"{label.raw!r}", app.look
    found = [f"{name} is clipped"] if label.clipped else []
    if label.texture_size[0] > label.width + 1 or label.texture_size[1] > label.height + 1:
        found.append(f"{name}: {label.texture_size} in a box of {label.size}")
    if label.font_size < look.u(30):
        found.append(f"{name} is smaller than 30 px")
    return found + ([] if scrolled else _outside(label, look, name))


def _of_target(target: Any, app: Any, scrolled: bool) -> list[str]:
    look = app.look
    least = look.u(94)
    found = [] if target.height >= least else [f"{target.action} is only {target.height} high"]
    return found + ([] if scrolled else _outside(target, look, target.action))


def _outside(widget: Any, look: Any, name: str) -> list[str]:
    parent = widget.parent
    found = []
    if widget.x < -1 or widget.y < -1 or widget.right > look.width + 1:
        found.append(f"{name} leaves the window: {widget.pos} {widget.size}")
    while parent is not None and parent.parent is not parent and hasattr(parent, "orientation"):
        if widget.y < parent.y - 2 or widget.top > parent.top + 2:
            found.append(f"{name} leaves {type(parent).__name__} at {parent.pos} {parent.size}")
            break
        parent = parent.parent
    return found


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_clipped_or_lost(stage: Any, name: str, language: Language) -> None:
    stage.show(name, language)
    assert faults(stage.app) == []


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(
    "name", ["question-text", "question-error", "question-number", "question-date"]
)
def test_a_long_question_leaves_room_for_its_keys(
    stage: Any, name: str, language: Language
) -> None:
    stage.show(name, language, label=LONG)
    assert faults(stage.app) == []


@pytest.mark.parametrize("language", list(Language))
def test_every_page_of_the_catalogue_fits(stage: Any, language: Language) -> None:
    """The county's own items, with every field right and wrong."""
    from kiosk.services.load import load_catalogue

    for item in load_catalogue(ROOT / "config" / "catalogue").items:
        for name, state, body in pages_of(item):
            stage.show_body(state, body, language)
            assert faults(stage.app) == [], f"{item.icon} {name}"


def pages_of(item: Any) -> list[tuple[str, Any, Any]]:
    from dataclasses import replace

    from kiosk import view as v

    def text(words: Any) -> Text:
        return Text(words.zh, words.en)

    entries = [v.GuideEntry(n, text(getattr(item.guide, n))) for n in item.guide.__struct_fields__]
    name = text(item.task_name)
    guide = v.GuideBody(name, item.kind, tuple(entries[:4]), tuple(entries[4:]), 3, 3)
    rows = tuple(v.CheckRow(text(f.label), text(f.label), f.name) for f in item.fields)
    pages = [
        ("guide", v.State.GUIDE, guide),
        ("consent", v.State.CONSENT, v.ConsentBody("张*", text(item.purpose))),
        ("check", v.State.CHECK, v.CheckBody(name, rows, text(item.declaration))),
    ]
    for number, f in enumerate(item.fields):
        choices = tuple(v.Choice(c.code, text(c.label)) for c in f.choices)
        question = v.QuestionBody(
            f.name, str(f.type), text(f.label), text(f.hint), number + 1, len(item.fields),
            choices, "", "", text(f.unit), f.max_length, f.optional,
        )  # fmt: skip
        pages.append((f.name, v.State.QUESTION, question))
        pages.append((f.name, v.State.QUESTION, replace(question, error="error.pattern")))
    return pages


@pytest.mark.parametrize("count", range(5))
def test_the_idle_page_has_room_for_every_notice(stage: Any, count: int) -> None:
    names = ("offline", "no_receipts", "no_certificates", "no_camera")[:count]
    for language in Language:
        stage.show("attract", language, notices=tuple(f"notice.{name}" for name in names))
        assert faults(stage.app) == []


@pytest.mark.parametrize("language", list(Language))
def test_a_wrong_text_answer_leaves_room_for_the_keyboard(stage: Any, language: Language) -> None:
    stage.show("question-text", language, error="error.too_long")
    assert faults(stage.app) == []


def test_every_problem_fits(stage: Any) -> None:
    from kiosk.view import ProblemBody, State
    from screens.samples import bodies

    words = stage.app.look.words
    keys = sorted(k for k in words.keys(Language.EN) if k.startswith("problem."))
    codes = [k.removeprefix("problem.") for k in keys if not k.endswith(".help")]
    assert len(codes) == 16
    for code in codes:
        for language in Language:
            body = ProblemBody(code, "without_face", "KT0001-20261121-000042", 30)
            stage.show_body(State.PROBLEM, body, language)
            assert faults(stage.app) == [], code
    assert bodies()


def test_the_checker_sees_a_clipped_label(portrait: Any) -> None:
    """The check itself can fail."""
    portrait.show("problem", Language.EN)
    label = portrait.app.frame.screens[portrait.app.view.state]._title
    label.height -= 20
    assert any("in a box of" in fault for fault in faults(portrait.app))


def test_every_rung_of_a_paper_fits(stage: Any) -> None:
    from kiosk.model import Rung
    from kiosk.view import Paper

    for rung in Rung:
        for language in Language:
            stage.show("papers", language, papers=(Paper("certificate", rung),))
            assert faults(stage.app) == [], rung


def test_every_trouble_of_a_paper_fits(stage: Any) -> None:
    from kiosk.model import Rung
    from kiosk.view import Paper

    for code in ("no_paper", "cover_open", "printer_fault", "unconfirmed", "power", "jam"):
        paper = Paper("certificate", Rung.UNCONFIRMED, f"paper.trouble.{code}")
        for language in Language:
            stage.show("papers-ready", language, papers=(paper, paper))
            assert faults(stage.app) == [], code
