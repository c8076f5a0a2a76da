"""Corrections, promised materials, special procedures and fees of a case."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.handling import events as e
from fleet.handling.fold import fold, verdict
from fleet.handling.signals import lapses
from fleet.handling.states import CaseState, Phase, Refusal, StepPhase
from handlingwork import at, done, opened, promised, whole
from kiosk.services.calendar import default


def state(*events: e.Event, **other: Any) -> CaseState:
    found = fold([opened(**other), *events], default())
    assert isinstance(found, CaseState)
    return found


def steps(found: CaseState) -> dict[str, StepPhase]:
    return {step.code: step.phase for step in found.steps}


def ask(step: str = "accept", day: str = "2026-03-03", **other: Any) -> e.Asked:
    asked = {"missing": ("proof", "sketch"), "days": 5, "person": "一次告知员", **other}
    return e.Asked(at=at(day), step=step, **asked)


def give(step: str, day: str, *materials: str) -> e.Supplemented:
    return e.Supplemented(at=at(day), step=step, materials=materials)


def test_a_notice_stops_the_clock_until_all_of_it_has_come() -> None:
    asked = ask("police", "2026-03-04")
    found = state(done("accept", "2026-03-03"), asked)
    assert (found.phase, found.missing) == (Phase.CORRECTION, ("proof", "sketch"))
    assert found.notices[0].due.day == date(2026, 3, 11)
    half = give("police", "2026-03-05", "proof")
    found = state(done("accept", "2026-03-03"), asked, half)
    assert (found.phase, found.missing) == (Phase.CORRECTION, ("sketch",))
    rest = give("police", "2026-03-06", "sketch")
    found = state(done("accept", "2026-03-03"), asked, half, rest)
    assert found.missing == ()
    assert found.phase is Phase.HANDLING
    assert found.runs[-1].pauses == ((at("2026-03-04"), at("2026-03-06")),)
    assert len(found.runs) == 1


def test_a_complete_application_starts_the_clock_afresh() -> None:
    found = state(ask("accept"), give("accept", "2026-03-05", "proof", "sketch"))
    assert [run.start for run in found.runs] == [at("2026-03-02"), at("2026-03-05")]
    assert found.runs[0].ended == at("2026-03-05")


@pytest.mark.parametrize(
    ("step", "phase"), [("accept", Phase.NOT_ACCEPTED), ("police", Phase.REFUSED)]
)
def test_nothing_comes_until_the_day_is_over(step: str, phase: Phase) -> None:
    before = [] if step == "accept" else [done("accept", "2026-03-03")]
    asked = ask(step, "2026-03-04")
    (lapse,) = lapses(state(*before, asked))
    assert lapse.at == at("2026-03-12", "00:00")  # five working days, then midnight
    found = state(*before, asked, lapse)
    assert (found.phase, found.reason) == (phase, "not_supplemented")
    late = give(step, "2026-03-12", "proof", "sketch")
    assert verdict(state(*before, asked, lapse, late), late) is Refusal.TOO_LATE
    in_time = give(step, "2026-03-11", "proof", "sketch")  # arrives after the lapse was noted
    found = state(*before, asked, lapse, in_time)
    assert found.ended_at is None
    assert verdict(found, lapse) is Refusal.ALREADY_ENDED


def test_whoever_asks_asks_once() -> None:
    again = ask(day="2026-03-05", missing=("id",))
    found = state(ask(), again)
    assert verdict(found, again) is Refusal.ONE_NOTICE
    assert found.missing == ("proof", "sketch")
    other = ask("police", "2026-03-05", missing=("id",))
    found = state(done("accept", "2026-03-03"), ask("health", "2026-03-04"), other)
    assert found.missing == ("id", "proof", "sketch")  # two departments may, once each


@given(st.permutations(["id", "proof", "sketch"]), st.integers(1, 3), st.integers(1, 3))
def test_whoever_gives_what_was_listed_is_not_asked_again(
    codes: list[str], length: int, parts: int
) -> None:
    missing = tuple(codes[:length])
    given_ = [
        give("accept", f"2026-03-{4 + i:02}", *missing[i::parts])
        for i in range(parts)
        if missing[i::parts]
    ]
    found = state(ask(missing=missing), *given_)
    assert (found.missing, found.phase) == ((), Phase.ACCEPTANCE)
    assert set((found.refused or {}).values()) == set()


def test_who_goes_on_has_what_was_missing() -> None:
    found = state(ask(), done("accept", "2026-03-04"))
    assert found.notices[0].answered_at == at("2026-03-04")
    assert found.phase is Phase.HANDLING


# ---- Promises, procedures, fees --------------------------------------------------------------


def test_a_promised_material_keeps_the_result_back() -> None:
    pending = promised("sketch", "2026-03-09")
    told = e.Notified(at=at("2026-03-04"), how=e.Told.COLLECTED)
    work = whole()[:-1]
    found = state(*work, told, promised=pending)
    assert found.withheld
    assert verdict(found, told) is Refusal.WITHHELD
    (lapse,) = lapses(found)
    assert lapse.at == at("2026-03-10", "00:00")
    found = state(*work, lapse, promised=pending)
    assert (found.withheld, found.promised[0].lapsed_at) == (True, lapse.at)
    came = e.Supplemented(at=at("2026-03-12"), materials=("sketch",))
    told = e.Notified(at=at("2026-03-13"), how=e.Told.COLLECTED)
    found = state(*work, lapse, came, told, promised=pending)
    assert (found.withheld, found.phase) == (False, Phase.NOTICE)


def test_special_procedures_stop_the_clock() -> None:
    hearing = e.Paused(
        at=at("2026-03-03"), name="h1", procedure=e.Procedure.HEARING, person="法制岗"
    )
    over = e.Resumed(at=at("2026-03-06"), name="h1")
    assert state(hearing).runs[-1].pauses == ((at("2026-03-03"), None),)
    assert state(hearing, over).runs[-1].pauses == ((at("2026-03-03"), at("2026-03-06")),)
    assert verdict(state(over), over) is Refusal.EARLY
    again = e.Resumed(at=at("2026-03-07"), name="h1")
    assert verdict(state(hearing, over, again), again) is Refusal.ALREADY_ENDED


def test_fees_are_those_of_the_list() -> None:
    right = e.FeeTaken(at=at("2026-03-02"), name="P1", amount=500)
    wrong = e.FeeTaken(at=at("2026-03-02"), name="P2", amount=501)
    assert [fee.listed for fee in state(right, wrong).fees] == [True, False]
    assert state(wrong, fees=None).fees[0].listed
