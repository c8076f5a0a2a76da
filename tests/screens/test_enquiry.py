"""Cases, results and complaints on the screen: what is shown to whom, and what is forgotten."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.model import CasePhase, Language, Text
from kiosk.view import CaseBody, State

NUMBER = "KT0001-20261121-00042-N"


@pytest.mark.parametrize("language", list(Language))
def test_every_phase_has_words_and_fits(stage: Any, language: Language) -> None:
    from screens.cases import PHASES

    assert set(PHASES) == {*(str(phase) for phase in CasePhase), "withdrawn"}
    for phase in PHASES:
        stage.show_body(State.CASE, CaseBody(NUMBER, phase, slip=True), language)
        assert stage.faults() == [], phase


@pytest.mark.parametrize("language", list(Language))
def test_every_reason_fits(stage: Any, language: Language) -> None:
    words = stage.app.look.words
    keys = [key for key in words.keys(Language.EN) if key.startswith("error.case")]
    assert len(keys) == 10
    for key in keys:
        if ".number." in key:
            stage.show("case-number", language, error=key, figures=(("count", Text("9", "9")),))
        else:
            stage.show("cases", language, error=key)
        assert stage.faults() == [], key


def test_by_number_no_service_is_named(stage: Any) -> None:
    stage.show("case", Language.ZH)
    assert "居住证签注" in stage.said()
    stage.show("attract", Language.ZH)
    stage.show("case-by-number", Language.ZH)
    assert not any("居住证" in words or "公安" in words for words in stage.said())
    assert "case_card" in stage.app.targets()


def test_pages_forget_what_they_showed(stage: Any) -> None:
    for name in ("case-wanted", "case-list", "complaint-check", "lodged", "papers-copied"):
        stage.show(name, Language.ZH)
        page = stage.page()
        stage.show("attract", Language.ZH)
        left = [w.raw for w in page.walk(restrict=True) if getattr(w, "raw", "")]
        assert not any("张" in words or NUMBER in words for words in left), name


def test_what_cannot_be_had_now_cannot_be_pressed(stage: Any) -> None:
    stage.show("cases-offline", Language.ZH)
    assert not {"cases_number", "cases_card"} & set(stage.app.targets())
    stage.show("case-no-printer", Language.ZH)
    assert "case_collect" not in stage.app.targets()
