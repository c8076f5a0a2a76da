"""A visit on fakes: what each event leads to, what the journal holds, what is left afterwards."""

from __future__ import annotations

import asyncio
import gc
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

import fakes
from fakes import Bench
from kiosk import events as e
from kiosk import wire
from kiosk.errors import JournalFullError
from kiosk.model import (
    CardFault,
    DeviceState,
    DeviceStatus,
    FaceFault,
    Fault,
    FaultAction,
    Language,
    PrintOutcome,
    Rung,
)
from kiosk.ports import CaseProgress, CaseState
from kiosk.session.recovery import recover
from kiosk.session.terminal import Limits
from kiosk.view import (
    CheckBody,
    PapersBody,
    ProblemBody,
    QuestionBody,
    ServicesBody,
    State,
    ThanksBody,
)


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    made = fakes.bench(tmp_path)
    task = asyncio.create_task(made.engine.run())
    await asyncio.sleep(0)
    made.post(e.ServiceRestored())
    await made.until(State.ATTRACT)
    yield made
    await made.engine.stop()
    task.cancel()


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


async def test_a_whole_visit_ends_with_both_papers_and_a_decided_case(bench: Bench) -> None:
    fleet_holds_everything(bench)
    decide(bench, CaseState.APPROVED, certificate_no="C-1")
    bench.gateway.pdf = b"%PDF-1.7 sealed"
    await to_check(bench, fakes.CERTIFICATE)
    papers = await submit(bench)
    assert papers.standing == "decided"
    assert {paper.name: paper.rung for paper in papers.papers} == {
        "receipt": Rung.PRESENTED, "certificate": Rung.PRESENTED,
    }  # fmt: skip
    bench.post(e.PapersCollected(), e.Rated(5))
    thanks = (await bench.until(State.THANKS)).body
    assert thanks == ThanksBody(("card", "receipt", "certificate"), 1)
    await bench.until(State.ATTRACT)
    assert bench.kinds() == [
        "session.intent", "service.chosen.event", "identity.card.event", "consent.face.event",
        "identity.face.event", "case.intent", "case.outcome", "print.intent", "print.intent",
        "print.outcome", "print.outcome", "rating.event", "session.outcome",
    ]  # fmt: skip
    assert bench.journal.unfinished() == []
    assert bench.journal.verify() == 13


async def test_the_case_travels_sealed_and_whole(bench: Bench) -> None:
    await to_check(bench, fakes.CERTIFICATE)
    papers = await submit(bench)
    [case] = [r for r in bench.journal.records(1) if r.type == "kiosk.case.intent"]
    payload = wire.unseal(bench.case_key, case.sealed)
    assert payload.case_no == papers.case_no
    assert payload.applicant.number == fakes.ZHANG.number
    assert payload.answers == {"scheme": "pension", "period": "12", "purpose": "loan"}
    assert (payload.identity, payload.face) == ("card_face", "captured_not_compared")


async def test_nothing_of_the_citizen_stands_in_the_journal(bench: Bench, tmp_path: Path) -> None:
    await to_check(bench, fakes.CERTIFICATE)
    await submit(bench)
    raw = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    for canary in (fakes.ZHANG.name, fakes.ZHANG.number, fakes.ZHANG.address):
        assert canary.encode() not in raw
        assert json.dumps(canary).encode() not in raw


async def test_the_fleet_away_ends_with_a_provisional_receipt(bench: Bench) -> None:
    await to_check(bench, fakes.RESIDENCE)
    papers = await submit(bench)
    assert papers.standing == "provisional"
    assert [paper.name for paper in papers.papers] == ["receipt"]
    assert bench.receipt.printed[0][0] == f"{papers.case_no}-receipt"


async def test_a_query_is_not_submitted_while_the_fleet_is_away(bench: Bench) -> None:
    bench.gateway.up = False
    await to_check(bench, fakes.QUERY)
    bench.post(e.AnswersConfirmed())
    body = (await bench.until(State.PROBLEM)).body
    assert isinstance(body, ProblemBody)
    assert (body.code, body.way_out) == ("query_offline", "services")
    assert "case.intent" not in bench.kinds()


async def test_a_certificate_whose_seal_does_not_hold_is_never_printed(bench: Bench) -> None:
    fleet_holds_everything(bench)
    decide(bench, CaseState.APPROVED, certificate_no="C-1")
    bench.gateway.pdf = b"forged"
    await to_check(bench, fakes.CERTIFICATE)
    papers = await submit(bench)
    assert [paper.name for paper in papers.papers] == ["receipt"]
    assert bench.document.printed == []


@pytest.mark.parametrize("fault", list(CardFault))
async def test_each_card_fault_has_one_sentence_and_a_way_on(
    bench: Bench, fault: CardFault
) -> None:
    bench.reader.answers = [fault, fakes.ZHANG]
    bench.post(e.Touched(), e.ServiceChosen(fakes.RESIDENCE), e.GuideAccepted())
    body = (await bench.until(State.PROBLEM)).body
    assert isinstance(body, ProblemBody)
    assert body.code == f"card.{fault}"
    bench.post(e.WayOutTaken())
    await bench.until(State.QUESTION if body.way_out == "again" else State.SERVICES)


async def test_consent_refused_goes_on_without_the_camera(bench: Bench) -> None:
    await to_check(bench, fakes.CERTIFICATE, e.ConsentRefused())
    await submit(bench)
    [case] = [r for r in bench.journal.records(1) if r.type == "kiosk.case.intent"]
    payload = wire.unseal(bench.case_key, case.sealed)
    assert (payload.identity, payload.face) == ("card", "none")


async def test_three_failed_faces_lead_on_without_a_face(bench: Bench) -> None:
    bench.camera.answers = [FaceFault.TIMED_OUT]
    bench.post(e.Touched(), e.ServiceChosen(fakes.CERTIFICATE), e.GuideAccepted())
    await bench.until(State.CONSENT)
    bench.post(e.ConsentGiven())
    ways = []
    for _ in range(3):
        body = (await bench.until(State.PROBLEM)).body
        assert isinstance(body, ProblemBody)
        ways.append(body.way_out)
        serial = bench.view.serial
        bench.post(e.WayOutTaken())
        while bench.view.serial == serial:
            await asyncio.sleep(0.005)
    assert ways == ["again", "again", "without_face"]
    await bench.until(State.QUESTION)


async def test_an_absent_camera_leads_on_at_once(bench: Bench) -> None:
    bench.camera.answers = [FaceFault.NO_CAMERA]
    bench.post(e.Touched(), e.ServiceChosen(fakes.CERTIFICATE), e.GuideAccepted())
    await bench.until(State.CONSENT)
    bench.post(e.ConsentGiven())
    body = (await bench.until(State.PROBLEM)).body
    assert isinstance(body, ProblemBody)
    assert (body.code, body.way_out) == ("face.no_camera", "without_face")
    bench.post(e.WayOutTaken())
    await bench.until(State.QUESTION)


async def test_a_printer_without_paper_is_told_and_nothing_is_called_done(bench: Bench) -> None:
    fault = Fault("paper_out", FaultAction.REFILL)
    bench.receipt.outcome = PrintOutcome(Rung.QUEUED, fault)
    await to_check(bench, fakes.RESIDENCE)
    papers = await submit(bench)
    assert papers.papers[0].trouble == "paper.trouble.no_paper"
    outcome = bench.journal.records(1)[-1]
    assert json.loads(bytes(outcome.data))["rung"] == "queued"


async def test_a_driver_that_breaks_leaves_an_unconfirmed_paper(bench: Bench) -> None:
    def explode() -> None:
        raise RuntimeError("defect")

    bench.receipt.before = explode
    await to_check(bench, fakes.RESIDENCE)
    papers = await submit(bench)
    assert papers.papers[0].trouble == "paper.trouble.unconfirmed"
    assert json.loads(bytes(bench.journal.records(1)[-1].data))["rung"] == "unconfirmed"


async def test_a_wrong_answer_is_kept_for_mending(bench: Bench) -> None:
    bench.post(e.Touched(), e.ServiceChosen(fakes.CERTIFICATE), e.GuideAccepted())
    await bench.until(State.CONSENT)
    bench.post(e.ConsentRefused(), e.Answered("scheme", "pension"), e.Answered("period", "99"))
    async with asyncio.timeout(5):
        while not (isinstance(bench.view.body, QuestionBody) and bench.view.body.error):
            await asyncio.sleep(0.005)
    assert (bench.view.body.name, bench.view.body.value) == ("period", "99")
    assert bench.view.body.error == "error.maximum"


async def test_changing_one_answer_returns_to_the_check_page(bench: Bench) -> None:
    await to_check(bench, fakes.CERTIFICATE)
    bench.post(e.ChangeAsked("period"))
    await bench.until(State.QUESTION)
    bench.post(e.Answered("period", "24"))
    body = (await bench.until(State.CHECK)).body
    assert isinstance(body, CheckBody)
    assert any(row.field == "period" and "24" in row.value.zh for row in body.rows)


async def test_going_back_walks_to_the_guide_and_keeps_answers(bench: Bench) -> None:
    await to_check(bench, fakes.CERTIFICATE)
    bench.post(e.WentBack(), e.WentBack(), e.WentBack())
    async with asyncio.timeout(5):
        while not (isinstance(bench.view.body, QuestionBody) and bench.view.body.number == 1):
            await asyncio.sleep(0.005)
    assert bench.view.body.value == "pension"
    bench.post(e.WentBack())
    await bench.until(State.GUIDE)


async def test_the_card_is_asked_for_once_per_visit(bench: Bench) -> None:
    await to_check(bench, fakes.RESIDENCE)
    bench.post(e.WentBack(), e.WentBack(), e.WentBack(), e.WentBack(), e.WentBack())
    await bench.until(State.GUIDE)
    bench.post(e.WentBack(), e.ServiceChosen(fakes.QUERY), e.GuideAccepted())
    await bench.until(State.QUESTION)
    assert bench.kinds().count("identity.card.event") == 1


async def test_an_idle_visit_is_asked_then_wiped(tmp_path: Path) -> None:
    limits = Limits(idle=0.1, still_there=1, ack=0.1, decision=0.1, poll=0.01)
    bench = fakes.bench(tmp_path, limits)
    task = asyncio.create_task(bench.engine.run())
    await asyncio.sleep(0)
    bench.post(e.ServiceRestored(), e.Touched(), e.ServiceChosen(fakes.RESIDENCE))
    bench.post(e.GuideAccepted())
    await bench.until(State.QUESTION)
    await bench.until(State.STILL_THERE)
    await bench.until(State.ATTRACT)
    last = bench.journal.records(1)[-1]
    assert json.loads(bytes(last.data)) | {"seconds": 0} == {
        "reason": "idle", "wiped": True, "seconds": 0,
    }  # fmt: skip
    task.cancel()


async def test_papers_left_lying_end_the_visit_as_finished(tmp_path: Path) -> None:
    """Nobody is asked while paper still moves; afterwards the page does not stay for ever."""
    limits = Limits(idle=0.3, still_there=1, ack=0.1, decision=0.1, poll=0.01)
    bench = fakes.bench(tmp_path, limits)
    printing = asyncio.Event()

    async def slow(job: str, _paper: object, on_rung: object) -> PrintOutcome:
        await printing.wait()
        return PrintOutcome(Rung.PRESENTED)

    bench.receipt.print = slow  # type: ignore[method-assign]
    task = asyncio.create_task(bench.engine.run())
    await asyncio.sleep(0)
    bench.post(e.ServiceRestored())
    await to_check(bench, fakes.RESIDENCE)
    bench.post(e.AnswersConfirmed())
    await bench.until(State.PAPERS)
    await asyncio.sleep(0.8)
    assert bench.view.state is State.PAPERS
    printing.set()
    await bench.until(State.STILL_THERE)
    await bench.until(State.ATTRACT)
    assert json.loads(bytes(bench.journal.records(1)[-1].data))["reason"] == "finished"
    task.cancel()


async def test_a_defect_is_one_sentence_and_the_terminal_goes_on(bench: Bench) -> None:
    await to_check(bench, fakes.RESIDENCE)
    bench.post(e.ChangeAsked("no_such_field"))
    body = (await bench.until(State.PROBLEM)).body
    assert isinstance(body, ProblemBody)
    assert body.code == "internal"
    bench.post(e.WayOutTaken())
    await bench.until(State.ATTRACT)
    bench.post(e.Touched())
    await bench.until(State.SERVICES)


async def test_saying_here_returns_to_the_same_question(bench: Bench) -> None:
    bench.post(e.Touched(), e.ServiceChosen(fakes.RESIDENCE), e.GuideAccepted())
    before = await bench.until(State.QUESTION)
    bench.post(e.WaitedTooLong())
    await bench.until(State.STILL_THERE)
    bench.post(e.StillHere())
    after = await bench.until(State.QUESTION)
    assert after.body == before.body


async def test_after_a_visit_no_object_holds_the_citizen(bench: Bench) -> None:
    unique = replace(fakes.ZHANG, name="金丝雀" + "".join(map(str, range(5))))
    bench.reader.answers = [unique]
    await to_check(bench, fakes.RESIDENCE)
    await submit(bench)
    bench.post(e.PapersCollected(), e.RatingSkipped())
    await bench.until(State.THANKS)
    bench.post(e.Left())
    await bench.until(State.ATTRACT)
    name = unique.name
    bench.reader.answers = [fakes.ZHANG]
    bench.receipt.printed.clear()
    bench.views.clear()
    del unique
    gc.collect()
    holders = [x for x in gc.get_objects() if isinstance(x, (dict, list, tuple)) and name in x]
    assert holders == []


async def test_a_full_journal_stops_the_visit_with_a_clear_page(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    await to_check(bench, fakes.RESIDENCE)

    def full(*_args: object, **_named: object) -> None:
        raise JournalFullError("disk full")

    monkeypatch.setattr(bench.journal, "begin", full)
    bench.post(e.AnswersConfirmed())
    body = (await bench.until(State.PROBLEM)).body
    assert isinstance(body, ProblemBody)
    assert body.code == "journal_full"
    assert bench.receipt.printed == []


async def test_unavailable_items_say_why_and_are_not_started(bench: Bench) -> None:
    offline = DeviceStatus("document", DeviceState.NO_DEVICE)
    bench.terminal.condition.statuses["document"] = offline
    bench.post(e.Touched())
    body = (await bench.until(State.SERVICES)).body
    assert isinstance(body, ServicesBody)
    why = {tile.task_code: tile.why_not for tile in body.tiles}
    assert why[fakes.CERTIFICATE] == "why_not.no_certificate_printer"
    assert why[fakes.RESIDENCE] == ""
    bench.post(e.ServiceChosen(fakes.CERTIFICATE))
    await bench.until(State.PROBLEM)


async def test_the_language_chosen_lasts_for_the_visit_only(bench: Bench) -> None:
    bench.post(e.LanguageChosen(Language.EN), e.Touched())
    assert (await bench.until(State.SERVICES)).language is Language.EN
    bench.post(e.Left())
    assert (await bench.until(State.ATTRACT)).language is Language.ZH


async def test_late_events_of_a_page_that_is_gone_do_nothing(bench: Bench) -> None:
    bench.post(e.Touched())
    before = await bench.until(State.SERVICES)
    bench.post(e.Rated(1), e.AnswersConfirmed(), e.PapersCollected())
    await asyncio.sleep(0.05)
    assert bench.view == before


async def test_a_start_closes_what_a_crash_left_open(bench: Bench) -> None:
    journal = bench.journal
    journal.begin("session", {})
    journal.begin("case", {"case_no": "KT-1"})
    journal.begin("print", {"job": "KT-1-receipt", "paper": "receipt", "case_no": "KT-1"})
    assert recover(journal) == "KT-1"
    assert journal.unfinished() == []
    data = [json.loads(bytes(r.data)) for r in journal.records(1)[-3:]]
    assert data[1]["standing"] == "interrupted"
    assert data[2]["rung"] == "unconfirmed"
    assert recover(journal) is None
