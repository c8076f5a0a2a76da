"""Ways out of the pages of materials: the one-time notice, back, leaving, idleness."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

import fakes
from fakes import Bench
from fleet.platform import given as platform
from kiosk import events as e
from kiosk.model import (
    Fault,
    FaultAction,
    PrintOutcome,
    Receipt,
    Rung,
    TextLine,
)
from kiosk.services.materials import Source
from kiosk.view import (
    MaterialsBody,
    NoticeBody,
    ProblemBody,
    QuestionBody,
    ScanBody,
    State,
)
from materialwork import (
    ANSWERS,
    PROOF,
    act,
    asks,
    camera,
    main,
    pages,
    phase,
    to_materials,
    to_promise,
    to_scan,
)
from visiting import payload_of, submit


async def test_without_a_main_material_nothing_goes_on(bench: Bench) -> None:
    asks(bench, main("deed", Source.SCAN), main("map", Source.SCAN, page_num=2))
    await to_materials(bench)
    body = await act(bench, e.MaterialsConfirmed())
    assert isinstance(body, MaterialsBody)
    assert body.phase == "telling"
    assert [row.code for row in body.missing] == [PROOF, "deed", "map"]
    notice = await act(bench, e.NoticeWanted())
    assert isinstance(notice, NoticeBody)
    async with asyncio.timeout(60):
        while not (isinstance(bench.view.body, NoticeBody) and bench.view.body.done):
            await bench.breath()
    [(job, slip)] = bench.receipt.printed
    assert job.endswith("-notice")
    assert isinstance(slip, Receipt)
    bold = [line.text for line in slip.lines if isinstance(line, TextLine) and line.bold]
    numbered = [text for text in bold if text[:1].isdigit()]
    assert numbered == ["1. 租赁合同或房屋权属证明", "2. 材料deed", "3. 材料map"]
    bench.post(e.PapersCollected())
    await bench.until(State.THANKS)
    assert "case.intent" not in bench.kinds()
    [told] = bench.data("materials.notice")
    assert told == {"task_code": fakes.RESIDENCE, "missing": [PROOF, "deed", "map"]}


async def test_what_was_scanned_in_vain_has_to_be_brought_again(bench: Bench) -> None:
    asks(bench, main("deed", Source.SCAN), main("map", Source.SCAN))
    camera(bench, *pages(1))
    await to_materials(bench)
    await act(bench, e.MaterialOpened("deed"), e.MaterialWayChosen("scan"))
    await phase(bench, "review")
    await act(bench, e.PageKept(), e.MissingAsked(), e.NoticeWanted())
    async with asyncio.timeout(60):
        while not (isinstance(bench.view.body, NoticeBody) and bench.view.body.done):
            await bench.breath()
    assert [row.code for row in bench.view.body.missing] == [PROOF, "map"]
    assert [row.code for row in bench.view.body.again] == ["deed"]
    [(_, slip)] = bench.receipt.printed
    assert isinstance(slip, Receipt)
    said = [line.text for line in slip.lines if isinstance(line, TextLine)]
    assert "1. 材料deed" in said
    assert said.index("1. 材料deed") > said.index("以下材料这次已经扫描，没有保存，请再带来：")


async def test_who_comes_back_with_what_was_listed_is_accepted(bench: Bench) -> None:
    asks(bench, main("deed", Source.SCAN))
    camera(bench, *pages(1, 2, 3))
    body = await to_materials(bench)
    for code in [row.code for row in body.missing]:
        await act(bench, e.MaterialOpened(code), e.MaterialWayChosen("scan"))
        while isinstance(bench.view.body, ScanBody):
            await phase(bench, "review")
            after = await act(bench, e.PageKept())
            await act(bench, *([e.PageLaid()] if isinstance(after, ScanBody) else []))
    await act(bench, e.MaterialsConfirmed())
    await submit(bench)
    item = bench.terminal.catalogue.find(fakes.RESIDENCE)
    assert item is not None
    assert platform.missing(item, payload_of(bench)) == ()


async def test_a_notice_that_does_not_print_stays_on_the_screen(bench: Bench) -> None:
    bench.receipt.outcome = PrintOutcome(Rung.QUEUED, Fault("paper_out", FaultAction.REFILL))
    await to_materials(bench)
    await act(bench, e.MissingAsked(), e.NoticeWanted())
    async with asyncio.timeout(60):
        while not (isinstance(bench.view.body, NoticeBody) and bench.view.body.done):
            await bench.breath()
    body = bench.view.body
    assert body.paper.trouble == "paper.trouble.notice"
    assert [row.code for row in body.missing] == [PROOF]


async def test_a_notice_is_not_broken_off(bench: Bench) -> None:
    gate = asyncio.Event()
    real = bench.receipt.print

    async def slow(*given: Any) -> PrintOutcome:
        await gate.wait()
        return await real(*given)

    bench.receipt.print = slow  # type: ignore[method-assign]
    await to_materials(bench)
    await act(bench, e.MissingAsked(), e.NoticeWanted())
    await bench.breath()
    bench.post(e.WaitedTooLong(), e.PapersCollected(), e.Left())
    await bench.breath()
    assert bench.view.state is State.NOTICE
    gate.set()
    async with asyncio.timeout(60):
        while not bench.receipt.printed:
            await bench.breath()
    assert bench.kinds().count("print.intent") == 1, "nor begun again"


async def arrive(bench: Bench, state: State) -> None:
    if state is State.SCAN:
        camera(bench, *pages(1))
        await to_scan(bench)
    elif state is State.COMMITMENT:
        await to_promise(bench)
    else:
        await to_materials(bench)
    assert bench.view.state is state


NEW = pytest.mark.parametrize("state", [State.MATERIALS, State.SCAN, State.COMMITMENT])


@NEW
async def test_leaving(bench: Bench, state: State) -> None:
    await arrive(bench, state)
    bench.post(e.Left())
    await bench.until(State.THANKS)
    await bench.until(State.ATTRACT)
    assert bench.data("session.outcome")[0]["wiped"]["answers"] == len(ANSWERS)


@NEW
async def test_back(bench: Bench, state: State) -> None:
    await arrive(bench, state)
    body = await act(bench, e.WentBack())
    if state is State.MATERIALS:
        assert isinstance(body, QuestionBody)
        assert body.number == body.total
        return
    assert isinstance(body, MaterialsBody)
    assert body.phase == "ways"
    assert bench.terminal.devices.frames.newest()[1] is None
    body = await act(bench, e.WentBack())
    assert isinstance(body, MaterialsBody)
    assert body.phase == "list"


@NEW
async def test_somebody_elses_card_ends_it(bench: Bench, state: State) -> None:
    await arrive(bench, state)
    await bench.breath()
    bench.reader.put(fakes.LI)
    body = (await bench.until(State.PROBLEM)).body
    assert isinstance(body, ProblemBody)
    assert body.code == "card.swapped"


@NEW
async def test_idleness_is_asked_about_and_the_page_comes_back(bench: Bench, state: State) -> None:
    await arrive(bench, state)
    before = bench.view.body
    bench.post(e.WaitedTooLong())
    await bench.until(State.STILL_THERE)
    bench.post(e.StillHere())
    await bench.until(state)
    assert bench.view.body == before
    bench.post(e.WaitedTooLong())
    await bench.until(State.STILL_THERE)
    bench.post(e.CountdownEnded())
    await bench.until(State.ATTRACT)
    assert bench.data("session.outcome")[0]["reason"] == "idle"


async def test_from_the_missing_list_back_to_all(bench: Bench) -> None:
    await to_materials(bench)
    await act(bench, e.MissingAsked())
    body = await act(bench, e.WentBack())
    assert isinstance(body, MaterialsBody)
    assert replace(body, telling=False) == body
