"""A defect of the program in one step: what the citizen has answered outlives it."""

from __future__ import annotations

import pytest

import fakes
from fakes import Bench
from kiosk import events as e
from kiosk.session import steps
from kiosk.view import ProblemBody, State
from materialwork import ANSWERS, act, to_materials
from visiting import gather_all, payload_of, submit


def broken(times: int) -> object:
    """A step that dies so many times."""
    left = [times]

    async def step(*_args: object) -> None:
        if left[0]:
            left[0] -= 1
            raise RuntimeError("a defect")

    return step


async def test_the_answers_outlive_a_step_that_dies(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "watch_card", broken(1))
    bench.post(e.Touched(), e.ServiceChosen(fakes.RESIDENCE), e.GuideAccepted())
    body = (await bench.until(State.PROBLEM)).body
    assert isinstance(body, ProblemBody)
    assert (body.code, body.way_out) == ("stumbled", "continue")
    bench.post(e.WayOutTaken())
    await bench.until(State.QUESTION)
    for name, value in list(ANSWERS.items())[:2]:
        await act(bench, e.Answered(name, value))
    monkeypatch.setattr(steps, "watch_card", broken(1))
    third, fourth = list(ANSWERS.items())[2:4]
    bench.post(e.Answered(*third))
    await bench.until(State.PROBLEM)
    bench.post(e.WayOutTaken())
    await bench.until(State.QUESTION)
    await act(bench, e.Answered(*fourth))
    await gather_all(bench)
    await bench.until(State.CHECK)
    await submit(bench)
    assert payload_of(bench).answers.items() >= ANSWERS.items()


async def test_a_step_that_dies_again_and_again_ends_the_visit(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "watch_card", broken(9))
    bench.post(e.Touched(), e.ServiceChosen(fakes.RESIDENCE), e.GuideAccepted())
    for code in ("stumbled", "stumbled", "internal"):
        body = (await bench.until(State.PROBLEM)).body
        assert isinstance(body, ProblemBody)
        assert body.code == code
        await act(bench, e.WayOutTaken())
    await bench.until(State.ATTRACT)
    assert bench.data("session")[-1]["wiped"]["cards"] == 1


async def test_a_defect_in_submitting_is_not_repeated(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    await to_materials(bench)
    await gather_all(bench)
    await bench.until(State.CHECK)
    monkeypatch.setattr(steps, "submit_case", broken(1))
    bench.post(e.AnswersConfirmed())
    await bench.until(State.SIGN)
    bench.post(e.SignatureDeclined())
    body = (await bench.until(State.PROBLEM)).body
    assert isinstance(body, ProblemBody)
    assert (body.code, body.way_out) == ("internal", "end")
