"""A terminal's enquiries, asked of the fleet's real routes over HTTP, page by page."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI

import fakes
from enquirywork import shown
from fakes import Bench
from fleet import gateway, keys
from fleet.handling.complaintbook import RECORD
from fleet.handling.rounds import Rounds
from fleet.handling.routes import router
from fleet.identity.door import Door
from fleet.identity.marks import Marks
from fleet.store import handling_tables as t
from fleet.store.archive_tables import bundles
from handlingstore import World, case_no, item
from handlingwork import at
from kiosk import events as e
from kiosk import wire
from kiosk.gateway import HttpEnquiries
from kiosk.gateway.proven import ProvenLine
from kiosk.model import CaseStory, EnquiryFault, HandedIn
from kiosk.view import CaseBody, CaseListBody, PapersBody, ProblemBody, QuestionBody, State

ONE, TWO = case_no(1), case_no(2, "KT-0002")
PDF = b"%PDF-1.7 sealed"
Party = tuple[World, Bench, HttpEnquiries]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(f"sqlite:///{tmp_path}/fleet.db")
    made.now = at("2026-03-02")
    made.items = {fakes.RESIDENCE: item(fakes.RESIDENCE)}
    yield made
    made.store.close()


@pytest.fixture
def url(world: World, tmp_path: Path) -> Iterator[str]:
    tokens = keys.tokens(tmp_path / "var", tmp_path / "trust")
    door = Door(world.store, world.key, Marks(b"k" * 32), world.clock)
    app = FastAPI()
    app.include_router(router(world.context, door, gateway.known_terminal(tokens)))
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(30)
        listener.close()


@pytest.fixture
async def party(world: World, url: str, tmp_path: Path) -> AsyncIterator[Party]:
    """A terminal on fakes whose line to the fleet is real."""
    bench = fakes.bench(tmp_path / "terminal")
    public = world.key.public_key().public_bytes_raw()
    token = tmp_path / "trust" / "terminal.token"
    line = HttpEnquiries(ProvenLine(url, token, lambda: public, world.clock))
    bench.terminal.enquiries = line
    bench.terminal.case_key = lambda: public
    bench.terminal.mark_copy = lambda pdf, number, _note: pdf + f" copy {number}".encode()
    task = asyncio.create_task(bench.engine.run())
    await asyncio.sleep(0)
    bench.post(e.ServiceRestored())
    await bench.until(State.ATTRACT)
    yield world, bench, line
    await bench.engine.stop()
    task.cancel()
    await line.end()


def receive(world: World, *numbers: str, owner: str = "", **other: Any) -> None:
    applicant = wire.CaseApplicant("张小满", owner or fakes.ZHANG.number)
    for number in numbers:
        world.receive(number, world.now, applicant=applicant, task_code=fakes.RESIDENCE, **other)
        world.now += 60
    Rounds(world.context, reporting=False).until_quiet()


async def by_card(bench: Bench, state: State) -> Any:
    bench.post(e.EnquiryOpened())
    await bench.until(State.CASES)
    bench.post(e.CardWanted())
    return (await bench.until(state)).body


async def collect(bench: Bench) -> PapersBody:
    bench.post(e.CollectWanted())
    body = await shown(bench, lambda body: isinstance(body, PapersBody) and body.done)
    assert isinstance(body, PapersBody)
    return body


async def test_by_number_and_by_card_at_another_terminal(party: Party) -> None:
    world, bench, _line = party
    gap = wire.CaseMaterial("sketch", "promise")
    receive(world, ONE, materials=[gap])
    receive(world, TWO)
    bench.post(e.EnquiryOpened())
    await bench.until(State.CASES)
    bench.post(e.NumberWanted())
    await bench.until(State.CASE_NUMBER)
    bench.post(e.Answered("case_no", ONE.lower()))
    seen = (await bench.until(State.CASE)).body
    assert isinstance(seen, CaseBody)
    assert (seen.phase, seen.wanted, seen.due.zh, seen.known) == (
        "acceptance", 1, "2026年3月9日", False,
    )  # fmt: skip
    bench.post(e.Left())
    await bench.until(State.ATTRACT)
    listed = await by_card(bench, State.CASE_LIST)
    assert isinstance(listed, CaseListBody)
    assert [row.case_no for row in listed.rows] == [TWO, ONE]
    bench.post(e.CaseChosen(ONE))
    seen = (await bench.until(State.CASE)).body
    assert isinstance(seen, CaseBody)
    assert [(gap.promised, gap.due.en) for gap in seen.missing] == [(True, "9 March 2026")]


async def test_a_result_is_the_original_once_and_then_a_copy(party: Party) -> None:
    world, bench, _line = party
    receive(world, ONE)
    world.decide(ONE, "approved", pdf=PDF)
    Rounds(world.context, reporting=False).until_quiet()
    for standing, paper in (("collected", PDF), ("copied", PDF + b" copy 1")):
        seen = await by_card(bench, State.CASE)
        assert seen.collect == "ready"
        assert (await collect(bench)).standing == standing
        assert bench.document.printed[-1][1] == paper
        bench.post(e.PapersCollected())
        await bench.until(State.RATING)
        bench.post(e.RatingSkipped())
        await bench.until(State.THANKS)
        bench.post(e.Left())
        await bench.until(State.ATTRACT)
    rows = world.rows(t.handling_collections, "copy")
    assert [row["job"] for row in rows] == [job for job, _pdf in bench.document.printed]


async def test_nobody_collects_anothers_result(party: Party) -> None:
    world, bench, line = party
    receive(world, ONE, owner=fakes.LI.number)
    world.decide(ONE, "approved", pdf=PDF)
    Rounds(world.context, reporting=False).until_quiet()
    told = await line.collect(ONE, fakes.ZHANG.number, "job-aaaa", 20)
    assert told is EnquiryFault.NOT_YOURS
    assert await line.stories(fakes.ZHANG.number, 20) == []
    bench.post(e.EnquiryOpened())
    await bench.until(State.CASES)
    bench.post(e.CardWanted())
    await bench.until(State.CASES)


async def test_a_result_that_is_withheld_meanwhile_is_not_printed(party: Party) -> None:
    world, bench, _line = party
    receive(world, ONE)
    world.decide(ONE, "approved", pdf=PDF)
    Rounds(world.context, reporting=False).until_quiet()
    await by_card(bench, State.CASE)
    with world.store.write() as connection:
        connection.execute(t.handling_people.delete())
    bench.post(e.CollectWanted())
    body = (await bench.until(State.PROBLEM)).body
    assert isinstance(body, ProblemBody)
    assert body.code == "collect.not_yours"
    assert bench.document.printed == []


async def test_an_unknown_number_and_a_dead_line_are_told_apart(party: Party) -> None:
    world, _bench, line = party
    assert await line.story(ONE, 20) is EnquiryFault.UNKNOWN
    assert await line.story("nonsense", 20) is EnquiryFault.UNKNOWN
    dead = HttpEnquiries(ProvenLine("http://127.0.0.1:9", Path("/nonexistent"), lambda: b"k" * 32))
    assert await dead.story(ONE, 20) is EnquiryFault.UNREACHABLE
    assert await dead.stories("x", 20) is EnquiryFault.UNREACHABLE
    assert await dead.collect(ONE, "x", "job-aaaa", 20) is EnquiryFault.UNREACHABLE
    await dead.end()
    world.now += 10_000  # the terminal's clock is the fleet's here: still fresh
    assert await line.stories("x", 20) == []


async def test_a_complaint_reaches_the_fleet_under_the_number_that_was_told(party: Party) -> None:
    world, bench, _line = party
    bench.post(e.ComplaintOpened())
    await bench.until(State.HOTLINE)
    bench.post(e.ComplaintStarted())
    for name, value in (("about", "fee"), ("text", "多收了钱"), ("phone", "")):
        await shown(
            bench, lambda body, name=name: isinstance(body, QuestionBody) and body.name == name
        )
        bench.post(e.Answered(name, value))
    await bench.until(State.COMPLAINT_CHECK)
    bench.post(e.AnswersConfirmed())
    told = (await bench.until(State.LODGED)).body
    [record] = [r for r in bench.journal.records(1) if r.type == RECORD]
    world.complain(1, bench.data("complaint")[0], record.sealed)
    Rounds(world.context, reporting=False).until_quiet()
    [order] = world.rows(t.handling_orders)
    assert order["number"] == getattr(told, "number", "")


async def test_what_is_handed_in_is_told_to_the_terminal_that_wrote_it(party: Party) -> None:
    world, _bench, line = party
    receive(world, ONE, materials=[wire.CaseMaterial("sketch", "promise")])
    [told] = await line.stories(fakes.ZHANG.number, 20)  # type: ignore[misc]
    assert (told.own, [gap.coming for gap in told.missing]) == (True, [False])
    assert await line.handed_in("j2-1", 20) is None
    world.supplement(1, ONE, [wire.CaseMaterial("sketch", "scan", ["ab" * 32])], fakes.ZHANG.number)
    world.supplement(2, TWO, [], fakes.ZHANG.number)
    Rounds(world.context, reporting=False).until_quiet()
    assert await line.handed_in("j2-1", 20) is HandedIn.AWAITED
    assert await line.handed_in("j2-2", 20) is HandedIn.UNKNOWN_CASE
    assert await line.handed_in("../../../healthz", 20) is None
    [told] = await line.stories(fakes.ZHANG.number, 20)  # type: ignore[misc]
    assert [gap.coming for gap in told.missing] == [True]
    plain = await line.story(ONE, 20)
    assert isinstance(plain, CaseStory)
    assert not plain.own
    dead = HttpEnquiries(ProvenLine("http://127.0.0.1:9", Path("/nonexistent"), lambda: b"k" * 32))
    assert await dead.handed_in("j2-1", 20) is None
    assert await dead.bundle(f"YJS-{ONE}", 20) is EnquiryFault.UNREACHABLE
    await dead.end()


async def test_by_a_bundles_number_its_cases_are_listed_without_names(party: Party) -> None:
    world, bench, line = party
    receive(world, ONE, TWO, bundle=f"YJS-{ONE}")
    assert await line.bundle(f"YJS-{ONE}", 20) is EnquiryFault.UNKNOWN
    with world.store.write() as connection:
        rows = [{"case_no": one, "bundle": f"YJS-{ONE}"} for one in (ONE, TWO)]
        connection.execute(bundles.insert(), rows)
    assert await line.bundle("YJS-nonsense", 20) is EnquiryFault.UNKNOWN
    bench.post(e.EnquiryOpened())
    await bench.until(State.CASES)
    bench.post(e.CodeScanned(f"KIOSK:CASE:YJS-{ONE}"))
    listed = (await bench.until(State.CASE_LIST)).body
    assert isinstance(listed, CaseListBody)
    assert [row.case_no for row in listed.rows] == [ONE, TWO]
    assert (listed.bundle, listed.name_masked) == (f"YJS-{ONE}", "")
    assert not any(row.item.zh for row in listed.rows)
    bench.post(e.CaseChosen(TWO))
    seen = (await bench.until(State.CASE)).body
    assert isinstance(seen, CaseBody)
    assert (seen.case_no, seen.known, seen.item.zh) == (TWO, False, "")
    bench.post(e.WentBack())
    await bench.until(State.CASE_LIST)
    bench.post(e.WentBack())
    await bench.until(State.CASES)
