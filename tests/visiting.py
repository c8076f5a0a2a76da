"""A citizen on a terminal of fakes: answers everything, submits, and is decided upon."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import fakes
from fakes import Bench
from kiosk import events as e
from kiosk import wire
from kiosk.model import IdCard
from kiosk.ports import CaseProgress, CaseState
from kiosk.session.clock import today
from kiosk.view import (
    CommitmentBody,
    MaterialsBody,
    PapersBody,
    PinBody,
    QuestionBody,
    State,
    View,
    WaysBody,
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


# A working day that no rule can call past or too far.
DAY = today() + timedelta(days=7)


async def answer_all(bench: Bench) -> None:
    values = {
        "scheme": "pension", "period": "12", "purpose": "loan", "address_unit": "3-502",
        "moved_in": "2024-05-01", "reason": "work", "phone": "13800138000", "year": "2026",
        "day": DAY.isoformat(), "slot": "morning", "office": "county",
    }  # fmt: skip
    body = (await bench.until(State.QUESTION)).body
    while isinstance(body, QuestionBody):
        serial = bench.view.serial
        bench.post(e.Answered(body.name, values[body.name]))
        while bench.view.serial == serial:
            await asyncio.sleep(0.005)
        body = bench.view.body
    await gather_all(bench)


def gather(view: View) -> e.Event | None:
    """What who promises everything does on a page of materials; None: it is another page."""
    body = view.body
    if isinstance(body, CommitmentBody):
        return e.TextAgreed()
    if not isinstance(body, MaterialsBody):
        return None
    if body.open is not None:
        return e.MaterialWayChosen("promise")
    return e.MaterialOpened(body.missing[0].code) if body.missing else e.MaterialsConfirmed()


async def gather_all(bench: Bench) -> None:
    """Each page of materials once it is there."""
    while (event := gather(bench.view)) is not None:
        serial = bench.view.serial
        bench.post(event)
        while bench.view.serial == serial:
            await asyncio.sleep(0.005)


async def to_check(bench: Bench, task: str, consent: e.Event | None = None) -> None:
    bench.post(e.Touched(), e.ServiceChosen(task), e.GuideAccepted())
    if task == fakes.CERTIFICATE:
        await bench.until(State.CONSENT)
        bench.post(consent or e.ConsentGiven())
    await answer_all(bench)
    await bench.until(State.CHECK)


INK = (
    ((1000, 3000, 0), (4000, 3200, 200), (7000, 2900, 400)),
    ((4000, 4500, 600), (4100, 900, 900)),
)


async def confirm(bench: Bench) -> None:
    """Submit the answers; sign them where the item asks for it."""
    item = bench.engine.visit.item
    bench.post(e.AnswersConfirmed())
    if item is not None and item.signature:
        await bench.until(State.SIGN)
        bench.post(e.Signed(INK))


async def submit(bench: Bench) -> PapersBody:
    await confirm(bench)
    await bench.until(State.PAPERS)
    async with asyncio.timeout(60):
        while not (isinstance(bench.view.body, PapersBody) and bench.view.body.done):
            await asyncio.sleep(0.005)
    return bench.view.body


async def to_page(bench: Bench, task: str, state: State) -> View:
    """Choose the service, put the card down, and wait for this page."""
    bench.post(e.Touched(), e.ServiceChosen(task), e.GuideAccepted())
    return await bench.until(state)


async def to_ways(bench: Bench, task: str = fakes.CERTIFICATE) -> WaysBody:
    """The citizen says no to the camera."""
    await to_page(bench, task, State.CONSENT)
    bench.post(e.ConsentRefused())
    body = (await bench.until(State.WAYS)).body
    assert isinstance(body, WaysBody)
    return body


async def pin_page(bench: Bench, phase: str, seconds: float = 60) -> PinBody:
    """Wait until the PIN page says that."""
    async with asyncio.timeout(seconds):
        while not (isinstance(bench.view.body, PinBody) and bench.view.body.phase == phase):
            await asyncio.sleep(0.005)
    return bench.view.body


async def type_pin(bench: Bench, value: str) -> None:
    await pin_page(bench, "waiting")
    bench.post(e.SecretEntered(value))


async def sign_in(bench: Bench, card: IdCard) -> None:
    """At the staff's door, with this card and the right PIN."""
    bench.reader.answers = [card]
    bench.post(e.StaffEntered())
    await type_pin(bench, bench.roster.pin)


def payload_of(bench: Bench) -> wire.CasePayload:
    """The last case, opened with the fleet's key."""
    cases = [r for r in bench.journal.records(1) if r.type == "kiosk.case.intent"]
    return wire.unseal(bench.case_key, cases[-1].sealed)
