"""Materials in a visit on fakes: promised, declared, from an earlier case; on the check page."""

from __future__ import annotations

import asyncio
import hashlib

import msgspec
import pytest

import fakes
from fakes import Bench
from fleet.platform import given as platform
from kiosk import events as e
from kiosk import signature
from kiosk.services import workdays
from kiosk.services.days import date_in_words
from kiosk.services.fields import When, Words
from kiosk.services.materials import Source
from kiosk.session.clock import today
from kiosk.session.shares import answers_digest
from kiosk.view import (
    CheckBody,
    CommitmentBody,
    MaterialsBody,
    State,
)
from kiosk.wire import Filed
from materialwork import (
    PROOF,
    FakeArchive,
    act,
    asks,
    camera,
    main,
    shown,
    shown_ways,
    to_materials,
    to_promise,
)
from visiting import confirm, payload_of, submit, to_check


async def test_what_the_card_gives_is_not_asked_for(bench: Bench) -> None:
    for task in (fakes.CERTIFICATE, fakes.QUERY):
        await to_check(bench, task)
        bench.post(e.Left())
        await bench.until(State.ATTRACT)
    assert State.MATERIALS not in {view.state for view in bench.views}


async def test_the_card_counts_and_the_rest_is_to_be_settled(bench: Bench) -> None:
    body = await to_materials(bench)
    assert [(row.code, row.source, row.main) for row in body.rows] == [
        ("id_card", "card", True), (PROOF, "", False),
    ]  # fmt: skip
    assert (body.phase, body.done) == ("list", False)
    ways = shown_ways(await act(bench, e.MaterialOpened(PROOF)))
    assert ways == {"scan": "why_not.no_doccam", "promise": ""}


async def test_a_camera_that_begins_to_work_can_be_used_at_once(bench: Bench) -> None:
    await to_materials(bench)
    await act(bench, e.MaterialOpened(PROOF))
    camera(bench)
    assert shown_ways(await act(bench, e.ServicesChanged()))["scan"] == ""


@pytest.mark.parametrize("code", ["id_card", "no_such_thing", ""])
async def test_only_what_has_to_be_settled_opens(bench: Bench, code: str) -> None:
    await to_materials(bench)
    body = await act(bench, e.MaterialOpened(code))
    assert isinstance(body, MaterialsBody)
    assert body.phase == "list"


@pytest.mark.parametrize("way", ["scan", "earlier", "commitment", "card", "no such way"])
async def test_no_other_way_than_those_that_are_free(bench: Bench, way: str) -> None:
    await to_materials(bench)
    body = await act(bench, e.MaterialOpened(PROOF), e.MaterialWayChosen(way))
    assert isinstance(body, MaterialsBody)
    assert body.phase == "ways"
    assert bench.engine.visit.vault.given == {}


async def test_a_promise_says_its_day_and_goes_into_the_case(bench: Bench) -> None:
    due = workdays.after(today(), 20)
    body = await to_promise(bench)
    assert (body.kind, body.days, body.due) == ("promise", 20, date_in_words(due))
    listed = await act(bench, e.TextAgreed())
    assert isinstance(listed, MaterialsBody)
    assert listed.done
    assert date_in_words(due).zh in listed.rows[1].said.zh
    check = await act(bench, e.MaterialsConfirmed())
    assert isinstance(check, CheckBody)
    assert [row.field for row in check.rows if "material" in row.field] == [f"material:{PROOF}"]
    await submit(bench)
    case = payload_of(bench)
    assert [(m.code, m.source, m.due) for m in case.materials] == [
        ("id_card", "card", ""), (PROOF, "promise", due.isoformat()),
    ]  # fmt: skip
    item = bench.terminal.catalogue.find(fakes.RESIDENCE)
    assert item is not None
    assert platform.missing(item, case) == ()
    assert platform.promised(item, case) == (PROOF,)


async def test_who_does_not_agree_chooses_again(bench: Bench) -> None:
    await to_promise(bench)
    body = await act(bench, e.TextDeclined())
    assert isinstance(body, MaterialsBody)
    assert body.phase == "ways"
    assert not body.done


async def test_a_declaration_is_shown_whole_and_its_hash_kept(bench: Bench) -> None:
    text = Words("我承诺：收入属实。", "I promise: my income is as stated.")
    asks(bench, main("income", Source.COMMITMENT, commitment=text))
    await to_materials(bench)
    body = await act(bench, e.MaterialOpened("income"), e.MaterialWayChosen("commitment"))
    assert isinstance(body, CommitmentBody)
    assert (body.text.zh, body.text.en) == (text.zh, text.en)
    await act(bench, e.TextAgreed())
    made = bench.engine.visit.given["income"]
    assert made.commitment == hashlib.sha256(text.zh.encode()).hexdigest()


async def test_an_earlier_paper_needs_consent_each_time(bench: Bench) -> None:
    found = Filed("register", "KT0001-20260911-00017-K", "2026-09-11")
    archive = bench.terminal.archive = FakeArchive((found,))
    asks(bench, main("register", Source.EARLIER, Source.SCAN))
    await to_materials(bench)
    async with asyncio.timeout(60):
        while bench.engine.visit.vault.filed is None:
            await bench.breath()
    assert archive.asked == [(fakes.ZHANG.number, frozenset({"register"}))]
    body = await act(bench, e.MaterialOpened("register"), e.MaterialWayChosen("earlier"))
    assert isinstance(body, CommitmentBody)
    assert (body.kind, body.case_no) == ("earlier", found.case_no)
    await act(bench, e.TextDeclined())
    assert "register" not in bench.engine.visit.given
    await act(bench, e.MaterialWayChosen("earlier"), e.TextAgreed())
    assert bench.engine.visit.given["register"].case_no == found.case_no
    consents = [(one["code"], one["given"]) for one in bench.data("consent.material")]
    assert consents == [("register", False), ("register", True)]
    assert len(archive.asked) == 1, "once in a visit"


@pytest.mark.parametrize("filed", [None, ()])
async def test_an_archive_without_an_answer_is_nothing_on_file(
    bench: Bench, filed: tuple[Filed, ...] | None
) -> None:
    bench.terminal.archive = FakeArchive(filed)
    asks(bench, main("register", Source.EARLIER, Source.SCAN))
    await to_materials(bench)
    ways = shown_ways(await act(bench, e.MaterialOpened("register")))
    assert ways["earlier"] == "why_not.not_on_file"


async def test_a_material_is_changed_from_the_check_page(bench: Bench) -> None:
    camera(bench)
    await to_check(bench, fakes.RESIDENCE)
    body = await act(bench, e.ChangeAsked(f"material:{PROOF}"))
    assert isinstance(body, MaterialsBody)
    assert (body.phase, body.open.source if body.open else "") == ("ways", "promise")
    assert isinstance(await act(bench, e.WentBack()), MaterialsBody)
    assert isinstance(await act(bench, e.MaterialsConfirmed()), CheckBody)


async def test_what_is_signed_covers_the_materials(bench: Bench) -> None:
    await to_check(bench, fakes.RESIDENCE)
    visit = bench.engine.visit
    before = answers_digest(visit)
    given = visit.vault.given[PROOF]
    visit.vault.given[PROOF] = msgspec.structs.replace(given, due="2027-01-04")
    assert answers_digest(visit) != before
    visit.vault.given[PROOF] = given
    await confirm(bench)
    await bench.until(State.PAPERS)
    assert signature.check(payload_of(bench).signature, before) == ""


async def test_an_answer_that_asks_for_more_leads_to_the_materials(bench: Bench) -> None:
    asks(bench, main("school", Source.SCAN, when=When("reason", ("study",))))
    await to_check(bench, fakes.RESIDENCE)
    await act(bench, e.ChangeAsked("reason"), e.Answered("reason", "study"))
    body = shown(bench, MaterialsBody)
    assert [row.code for row in body.missing] == ["school"]
    bench.post(e.WentBack())
    await bench.until(State.QUESTION)
    assert isinstance(await act(bench, e.Answered("phone", "13800138000")), MaterialsBody)


async def test_another_service_begins_without_the_materials_of_the_first(bench: Bench) -> None:
    await to_check(bench, fakes.RESIDENCE)
    bench.post(*[e.WentBack()] * 6)
    await bench.until(State.GUIDE)
    await act(bench, e.WentBack(), e.ServiceChosen(fakes.QUERY))
    assert bench.engine.visit.vault.given == {}
