"""Pages about an appointment: what can be pressed, that everything fits, what is forgotten."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.model import Language

PAGES = (
    "case-appointment", "appointment", "appointment-late", "appointment-cancelled",
    "appointment-office", "appointment-move", "appointment-cancel", "appointment-cancel-again",
    "appointment-moved", "appointment-gone",
)  # fmt: skip


@pytest.mark.parametrize("language", list(Language))
def test_every_page_fits(stage: Any, language: Language) -> None:
    for name in PAGES:
        stage.show(name, language)
        assert stage.faults() == [], name


@pytest.mark.parametrize("language", list(Language))
def test_every_reason_fits(stage: Any, language: Language) -> None:
    words = stage.app.look.words
    keys = [key for key in words.keys(Language.EN) if key.startswith("why_not.appointment.")]
    assert len(keys) == 7
    for key in keys:
        stage.show("appointment", language, move=key, cancel=key)
        assert stage.faults() == [], key


def test_what_cannot_be_done_cannot_be_pressed(stage: Any) -> None:
    stage.show("appointment", Language.ZH)
    changes = {"appointment_move", "appointment_cancel"}
    assert changes <= set(stage.app.targets())
    stage.show("appointment-late", Language.ZH)
    assert not changes & set(stage.app.targets())
    stage.show("appointment-offline", Language.ZH)
    assert not changes & set(stage.app.targets())


def test_what_cancelling_means_is_said_each_time(stage: Any) -> None:
    for name in ("appointment-cancel", "appointment-cancel-again"):
        stage.show(name, Language.ZH)
        assert any("撤回" in words for words in stage.said()), name
        assert {"change_yes", "change_no"} <= set(stage.app.targets())


def test_pages_forget_what_they_showed(stage: Any) -> None:
    for name in ("case-appointment", "appointment", "appointment-move", "appointment-moved"):
        stage.show(name, Language.ZH)
        page = stage.page()
        stage.show("attract", Language.ZH)
        left = [w.raw for w in page.walk(restrict=True) if getattr(w, "raw", "")]
        assert not any("12月" in words or "登记处" in words for words in left), name
