"""Submission, papers and journal of a visit on fakes, and what is left afterwards."""

from __future__ import annotations

import asyncio
import gc
import json
from dataclasses import replace
from pathlib import Path

import pytest

import fakes
from fakes import Bench
from kiosk import events as e
from kiosk import wire
from kiosk.errors import JournalFullError
from kiosk.model import (
    Fault,
    FaultAction,
    PrintOutcome,
    Rung,
)
from kiosk.ports import CaseState
from kiosk.session.recovery import recover
from kiosk.session.terminal import Limits
from kiosk.view import (
    ProblemBody,
    State,
    ThanksBody,
)
from visiting import confirm, decide, fleet_holds_everything, submit, to_check


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
    assert thanks == ThanksBody(("card", "receipt", "certificate"), 1, again=True)
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
    assert (payload.identity, payload.proof) == ("card", "face")


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
    await confirm(bench)
    await bench.until(State.PAPERS)
    await asyncio.sleep(0.8)
    assert bench.view.state is State.PAPERS
    printing.set()
    await bench.until(State.STILL_THERE)
    await bench.until(State.ATTRACT)
    assert json.loads(bytes(bench.journal.records(1)[-1].data))["reason"] == "finished"
    task.cancel()


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
    containers = (x for x in gc.get_objects() if type(x) in {dict, list, tuple})
    holders = [x for x in containers if any(type(one) is str and one == name for one in x)]
    assert holders == []


async def test_a_full_journal_stops_the_visit_with_a_clear_page(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    await to_check(bench, fakes.RESIDENCE)

    def full(*_args: object, **_named: object) -> None:
        raise JournalFullError("disk full")

    monkeypatch.setattr(bench.journal, "begin_all", full)
    await confirm(bench)
    body = (await bench.until(State.PROBLEM)).body
    assert isinstance(body, ProblemBody)
    assert body.code == "journal_full"
    assert bench.receipt.printed == []


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
