"""Somebody at a terminal of fakes who hands in what a case waits for."""

from __future__ import annotations

from dataclasses import replace

from enquirywork import (
    STORY,
    FakeEnquiries,
    by_card,
    shown,
)
from fakes import Bench
from kiosk import events as e
from kiosk import wire
from kiosk.model import (
    CaseGap,
    CasePhase,
    Page,
    PairLine,
    Receipt,
    TextLine,
)
from kiosk.services.fields import Words
from kiosk.services.materials import Source
from kiosk.view import (
    CaseBody,
    MaterialsBody,
    PapersBody,
    ScanBody,
    State,
)
from materialwork import PROOF, FakeDocumentCamera, asks, jpeg, main

DUE, DAY = "2030-12-04", "2026-03-03T10:00:00+08:00"
ONE, TWO, CARD = PROOF, "lease", "id_card"
COPY = Words("我有这份合同。", "I have this agreement.")
MORE = main(TWO, Source.SCAN, Source.EARLIER, Source.COMMITMENT, commitment=COPY)


async def to_case(bench: Bench, fleet: FakeEnquiries, **changes: object) -> CaseBody:
    asks(bench, MORE)
    given = {
        "phase": CasePhase.CORRECTION,
        "missing": (CaseGap(ONE, DUE), CaseGap(TWO, DUE, promised=True)),
        "own": True,
        **changes,
    }
    fleet.mine = [replace(STORY, **given)]  # type: ignore[arg-type]
    await by_card(bench)
    body = (await bench.until(State.CASE)).body
    assert isinstance(body, CaseBody)
    return body


async def materials(bench: Bench) -> MaterialsBody:
    body = await shown(bench, lambda body: isinstance(body, MaterialsBody))
    assert isinstance(body, MaterialsBody)
    return body


async def opened_at(bench: Bench, code: str) -> MaterialsBody:
    bench.post(e.MaterialOpened(code))
    body = await shown(bench, lambda body: isinstance(body, MaterialsBody) and body.ways != ())
    assert isinstance(body, MaterialsBody)
    assert body.open is not None
    assert body.open.code == code
    return body


async def scan(bench: Bench, plate: FakeDocumentCamera, code: str, number: int) -> None:
    """Every page of it."""
    pages = 2 if code == PROOF else 1
    plate.answers = [Page(600, 850, jpeg(number + n)) for n in range(pages)]
    bench.post(e.MaterialOpened(code))
    await shown(bench, lambda body: isinstance(body, MaterialsBody) and body.open is not None)
    bench.post(e.MaterialWayChosen("scan"))
    for n in range(pages):
        if n:
            await shown(bench, lambda body: isinstance(body, ScanBody) and body.phase == "turn")
            bench.post(e.PageLaid())
        await shown(bench, lambda body: isinstance(body, ScanBody) and body.phase == "review")
        bench.post(e.PageKept())
    await shown(bench, lambda body: isinstance(body, MaterialsBody) and body.open is None)


async def hand_in(bench: Bench, plate: FakeDocumentCamera) -> None:
    """One of the two, up to the moment of submitting."""
    bench.post(e.SupplementWanted())
    await bench.until(State.MATERIALS)
    await scan(bench, plate, ONE, 1)
    bench.post(e.MaterialsConfirmed())
    await bench.until(State.CHECK)
    bench.post(e.AnswersConfirmed())


async def papers(bench: Bench) -> PapersBody:
    body = await shown(bench, lambda body: isinstance(body, PapersBody) and body.done)
    assert isinstance(body, PapersBody)
    return body


def slip(bench: Bench) -> str:
    [(_, paper)] = bench.receipt.printed
    assert isinstance(paper, Receipt)
    return "\n".join(
        line.text if isinstance(line, TextLine) else f"{line.label} {line.value}"
        for line in paper.lines
        if isinstance(line, TextLine | PairLine)
    )


def record(bench: Bench) -> wire.Record:
    [found] = [r for r in bench.journal.records(1) if r.type == "kiosk.supplement.intent"]
    return found


def payload(bench: Bench) -> wire.CasePayload:
    return wire.unseal(bench.case_key, record(bench).sealed)
