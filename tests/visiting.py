"""A citizen on a terminal of fakes: answers everything, submits, and is decided upon."""

from __future__ import annotations

import asyncio

import fakes
from fakes import Bench
from kiosk import events as e
from kiosk.ports import CaseProgress, CaseState
from kiosk.view import (
    PapersBody,
    QuestionBody,
    State,
)


def fleet_holds_everything(bench: Bench) -> None:
    """As if the agent were there: each new record is acknowledged at once."""
    journal = bench.journal

    async def ack() -> None:
        while True:
            journal.note_acked(journal.last_seq)
            await asyncio.sleep(0.01)

    bench.acking = asyncio.create_task(ack())  # type: ignore[attr-defined]


def decide(bench: Bench, state: CaseState, **more: object) -> None:
    bench.gateway.progress_of = lambda case: CaseProgress(case, state, **more)  # type: ignore[arg-type]


async def answer_all(bench: Bench) -> None:
    values = {
        "scheme": "pension", "period": "12", "purpose": "loan", "address_unit": "3-502",
        "moved_in": "2024-05-01", "reason": "work", "phone": "13800138000", "year": "2026",
    }  # fmt: skip
    body = (await bench.until(State.QUESTION)).body
    while isinstance(body, QuestionBody):
        serial = bench.view.serial
        bench.post(e.Answered(body.name, values[body.name]))
        while bench.view.serial == serial:
            await asyncio.sleep(0.005)
        body = bench.view.body


async def to_check(bench: Bench, task: str, consent: e.Event | None = None) -> None:
    bench.post(e.Touched(), e.ServiceChosen(task), e.GuideAccepted())
    if task == fakes.CERTIFICATE:
        await bench.until(State.CONSENT)
        bench.post(consent or e.ConsentGiven())
    await answer_all(bench)
    await bench.until(State.CHECK)


async def submit(bench: Bench) -> PapersBody:
    bench.post(e.AnswersConfirmed())
    await bench.until(State.PAPERS)
    async with asyncio.timeout(5):
        while not (isinstance(bench.view.body, PapersBody) and bench.view.body.done):
            await asyncio.sleep(0.005)
    return bench.view.body
