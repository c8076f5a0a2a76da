"""Ways to hand in what a case waits for, who may, and what is left when it is cut off."""

from __future__ import annotations

import asyncio

import pytest

import fakes
from enquirywork import (
    CASE,
    OTHER,
    around,
    shown,
)
from fakes import Bench
from kiosk import events as e
from kiosk import wire
from kiosk.model import (
    CaseGap,
    Fault,
    FaultAction,
    HandedIn,
    PrintOutcome,
    Rung,
)
from kiosk.services.needed import text_hash
from kiosk.session import supplement_step
from kiosk.session.recovery import recover
from kiosk.view import (
    CommitmentBody,
    MaterialsBody,
    ProblemBody,
    State,
)
from laterwork import (
    CARD,
    COPY,
    DUE,
    ONE,
    TWO,
    hand_in,
    materials,
    papers,
    payload,
    record,
    scan,
    to_case,
)
from materialwork import FakeArchive, camera
from visiting import fleet_holds_everything, sign_in


async def test_a_full_disk_hands_in_nothing(bench: Bench) -> None:
    fleet, plate = around(bench), camera(bench)
    await to_case(bench, fleet)
    before = bench.journal.last_seq
    bench.terminal.case_key = lambda: None
    await hand_in(bench, plate)
    body = (await bench.until(State.PROBLEM)).body
    assert isinstance(body, ProblemBody)
    assert body.code == "journal_full"
    assert bench.journal.pages.waiting == 0
    assert not [r for r in bench.journal.records(before) if r.type.startswith("kiosk.supplement")]


async def test_whoever_goes_back_leaves_nothing(bench: Bench) -> None:
    fleet, plate = around(bench), camera(bench)
    await to_case(bench, fleet)
    bench.post(e.SupplementWanted())
    await bench.until(State.MATERIALS)
    await scan(bench, plate, ONE, 1)
    kept = bench.engine.visit.vault.scans[ONE][0]
    bench.post(e.WentBack())
    await bench.until(State.CASE)
    assert not any(kept.jpeg)
    assert not bench.engine.visit.vault.given
    bench.post(e.SupplementWanted())
    body = await materials(bench)
    assert len(body.missing) == 2
    assert bench.journal.pages.waiting == 0


@pytest.mark.parametrize("way", ["commitment", "earlier"])
async def test_declared_or_taken_from_an_earlier_case(bench: Bench, way: str) -> None:
    """Not from the case that lacks it."""
    fleet, _ = around(bench), camera(bench)
    filed = [
        wire.Filed(TWO, number, day) for number, day in ((CASE, "2026-02"), (OTHER, "2026-01"))
    ]
    bench.terminal.archive = FakeArchive(tuple(filed))
    fleet.handed = HandedIn.TAKEN
    fleet_holds_everything(bench)
    await to_case(bench, fleet, missing=(CaseGap(TWO, DUE),))
    bench.post(e.SupplementWanted(), e.MaterialOpened(TWO))
    ways = await shown(bench, lambda b: isinstance(b, MaterialsBody) and b.ways != ())
    assert isinstance(ways, MaterialsBody)
    assert {way.name for way in ways.ways} == {"scan", "earlier", "commitment"}
    await shown(
        bench,
        lambda b: isinstance(b, MaterialsBody) and not any(w.why_not for w in b.ways),
    )
    bench.post(e.MaterialWayChosen(way))
    text = (await bench.until(State.COMMITMENT)).body
    assert isinstance(text, CommitmentBody)
    bench.post(e.TextAgreed(), e.MaterialsConfirmed(), e.AnswersConfirmed())
    assert (await papers(bench)).standing == "handed.taken"
    [given] = payload(bench).materials
    kept = {"commitment": text_hash(COPY, "zh_CN"), "earlier": OTHER}
    assert (given.source, given.commitment or given.case_no) == (way, kept[way])
    assert bench.journal.pages.waiting == 0


async def test_a_helper_is_on_record(bench: Bench) -> None:
    bench.roster.people = dict(fakes.STAFF)
    await sign_in(bench, fakes.HELPER)
    await bench.until(State.SERVICES)
    bench.reader.answers = [fakes.ZHANG]
    fleet, plate = around(bench), camera(bench)
    await to_case(bench, fleet)
    await hand_in(bench, plate)
    await papers(bench)
    assert bench.data("supplement")[0]["staff"] == "H-01"
    [helper] = payload(bench).parties
    assert (helper.role, helper.staff, helper.proof) == ("helper", "H-01", "pin")


async def test_who_did_not_apply_uses_no_card_and_no_earlier_case(bench: Bench) -> None:
    fleet, _ = around(bench), camera(bench)
    bench.terminal.archive = FakeArchive()
    gaps = (CaseGap(CARD, DUE), CaseGap(TWO, DUE))
    await to_case(bench, fleet, missing=gaps, own=False)
    bench.post(e.SupplementWanted(), e.MaterialOpened(TWO))
    body = await shown(bench, lambda b: isinstance(b, MaterialsBody) and b.ways != ())
    assert isinstance(body, MaterialsBody)
    assert [row.code for row in body.rows] == [TWO]
    assert {way.name for way in body.ways} == {"scan", "commitment"}


async def test_the_card_that_was_read_gives_what_it_gives(bench: Bench) -> None:
    fleet, _ = around(bench), camera(bench)
    await to_case(bench, fleet, missing=(CaseGap(CARD, DUE),))
    bench.post(e.SupplementWanted())
    body = await materials(bench)
    assert body.done
    bench.post(e.MaterialsConfirmed(), e.AnswersConfirmed())
    await papers(bench)
    assert [one.source for one in payload(bench).materials] == ["card"]
    assert bench.journal.pages.waiting == 0


async def test_a_jam_is_told_and_nothing_is_handed_in_again(bench: Bench) -> None:
    fleet, plate = around(bench), camera(bench)
    bench.receipt.outcome = PrintOutcome(Rung.UNCONFIRMED, Fault("jam", FaultAction.CLEAR))
    await to_case(bench, fleet)
    await hand_in(bench, plate)
    body = await papers(bench)
    assert body.papers[0].trouble == "paper.trouble.unconfirmed"
    assert record(bench)
    assert len(bench.receipt.printed) == 1


async def test_a_start_closes_what_was_cut_off_and_repeats_nothing(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    fleet, plate = around(bench), camera(bench)
    stopped, over = asyncio.Event(), asyncio.Event()

    async def never(*_: object) -> None:
        stopped.set()
        await over.wait()

    monkeypatch.setattr(supplement_step, "_follow", never)
    await to_case(bench, fleet)
    await hand_in(bench, plate)
    await stopped.wait()
    kept = record(bench)
    waiting = bench.journal.pages.digests()
    assert len(waiting) == 2
    assert recover(bench.journal) == CASE
    assert recover(bench.journal) is None
    assert bench.data("supplement")[-1] == {"case_no": CASE, "standing": "interrupted"}
    assert record(bench) == kept
    assert bench.journal.pages.digests() == waiting
    assert wire.unseal(bench.case_key, kept.sealed).case_no == CASE
    over.set()
    await bench.until(State.PROBLEM)  # a second outcome is not written
