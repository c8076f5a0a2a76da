"""What is made public: read signed out and without a network, and left as any errand."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date

import pytest

import fakes
from enquirywork import shown
from fakes import Bench
from kiosk import events as e
from kiosk.model import (
    DeviceState,
    DeviceStatus,
    Fault,
    FaultAction,
    PrintOutcome,
    Receipt,
    Rung,
)
from kiosk.services.information import Kind
from kiosk.view import ArticleBody, Block, InformationBody, SlipBody, State

ALLOWANCE = "policy_old_age_allowance"
HERE = "place_service_centre"


@pytest.fixture(autouse=True)
def stocked(bench: Bench) -> None:
    """The shipped items and pages, at the terminal of the service centre, on the day they were
    written for."""
    terminal = bench.terminal
    terminal.catalogue = fakes.shipped()
    terminal.place = replace(terminal.place, terminal="KT-0001")
    terminal.condition.online = False


@pytest.fixture(autouse=True)
def _day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.session.information.today", lambda: date(2026, 11, 22))


async def shelves(bench: Bench, first: e.Event | None = None) -> InformationBody:
    bench.post(first or e.InformationOpened())
    body = (await bench.until(State.INFORMATION)).body
    assert isinstance(body, InformationBody)
    return body


async def on_shelf(bench: Bench, kind: Kind) -> list[str]:
    bench.post(e.ShelfOpened(kind))
    body = await shown(bench, lambda body: getattr(body, "shelf", "") == kind)
    assert isinstance(body, InformationBody)
    return [row.name for row in body.rows]


async def article(bench: Bench, name: str) -> ArticleBody:
    entry = bench.terminal.catalogue.information[name]
    await shelves(bench)
    assert name in await on_shelf(bench, entry.kind)
    bench.post(e.ArticleChosen(name))
    body = (await bench.until(State.ARTICLE)).body
    assert isinstance(body, ArticleBody)
    return body


def words(blocks: tuple[Block, ...]) -> str:
    texts = (text for one in blocks for text in (one.text, one.value, one.below))
    return "\n".join(f"{text.zh}|{text.en}" for text in texts)


async def test_signed_out_and_offline_every_page_can_be_read(bench: Bench) -> None:
    found = await shelves(bench)
    assert [shelf.key for shelf in found.shelves] == [str(kind) for kind in Kind]
    seen = set()
    for kind in Kind:
        for name in await on_shelf(bench, kind):
            bench.post(e.ArticleChosen(name))
            body = (await bench.until(State.ARTICLE)).body
            assert isinstance(body, ArticleBody)
            entry = bench.terminal.catalogue.information[name]
            for section in entry.sections:
                assert section.heading.zh in words(body.blocks)
            assert entry.issuer.en in words(body.blocks)
            seen.add(name)
            bench.post(e.WentBack())
            await bench.until(State.INFORMATION)
        bench.post(e.WentBack())
        await shown(bench, lambda body: getattr(body, "shelf", None) == "")
    assert seen == set(bench.terminal.catalogue.information)
    assert bench.view.progress is None
    assert bench.kinds() == ["session.intent"]


async def test_it_is_reached_from_the_services_and_left_to_them(bench: Bench) -> None:
    bench.post(e.Touched())
    await bench.until(State.SERVICES)
    await shelves(bench)
    await on_shelf(bench, Kind.NOTICE)
    bench.post(e.WentBack(), e.WentBack())
    await bench.until(State.SERVICES)
    await shelves(bench)
    bench.post(e.Left())
    await bench.until(State.ATTRACT)
    assert bench.data("session")[-1]["reason"] == "left"


async def test_who_goes_away_is_asked_and_then_forgotten(bench: Bench) -> None:
    await article(bench, ALLOWANCE)
    bench.post(e.WaitedTooLong())
    await bench.until(State.STILL_THERE)
    bench.post(e.StillHere())
    await bench.until(State.ARTICLE)
    bench.post(e.WaitedTooLong())
    await bench.until(State.STILL_THERE)
    bench.post(e.CountdownEnded())
    await bench.until(State.ATTRACT)
    assert bench.engine.visit.around.reading.article == ""


async def test_from_a_page_to_the_service_it_is_about(bench: Bench) -> None:
    bench.terminal.condition.online = True
    body = await article(bench, ALLOWANCE)
    [tile] = body.services
    assert not tile.why_not
    bench.post(e.ServiceChosen(tile.task_code))
    await bench.until(State.GUIDE)
    assert bench.data("service.chosen")[0]["task_code"] == tile.task_code
    assert bench.view.progress is not None
    bench.post(e.WentBack())
    await bench.until(State.SERVICES)


async def test_of_several_services_one_is_chosen(bench: Bench) -> None:
    body = await article(bench, "fee_contributions")
    assert (len(body.services), body.choosing) == (3, False)
    assert {tile.why_not for tile in body.services} == {"why_not.offline"}
    bench.post(e.ArticleServicesWanted())
    await shown(bench, lambda body: getattr(body, "choosing", False))
    bench.post(e.WentBack())
    body = await shown(bench, lambda body: not getattr(body, "choosing", True))
    assert isinstance(body, ArticleBody)
    bench.post(e.WentBack())
    await bench.until(State.INFORMATION)


async def test_fees_are_those_that_the_items_charge(bench: Bench) -> None:
    body = await article(bench, "fee_contributions")
    items = bench.terminal.catalogue
    charged = [items.find(tile.task_code) for tile in body.services]
    for item in charged:
        assert item is not None
        for fee in item.fees:
            assert fee.fee_stand.zh in words(body.blocks)
            assert fee.by_law in words(body.blocks)
    page = items.information["fee_contributions"]
    assert "400" not in str(page)
    assert "400元" in words(body.blocks)


async def test_this_place_says_what_can_be_done_here_now(bench: Bench) -> None:
    body = await article(bench, HERE)
    assert body.mark == "here"
    assert "notice.offline" in [block.key for block in body.blocks]
    assert "示例镇中心街18号" in words(body.blocks)  # the next one
    bench.terminal.condition.online = True
    bench.terminal.condition.statuses["document"] = DeviceStatus("document", DeviceState.OFFLINE)
    bench.post(e.ServicesChanged())
    body = await shown(
        bench, lambda body: "notice.no_certificates" in [one.key for one in blocks(body)]
    )
    assert "notice.offline" not in [block.key for block in blocks(body)]


def blocks(body: object) -> tuple[Block, ...]:
    return body.blocks if isinstance(body, ArticleBody) else ()


async def test_of_another_place_nothing_is_said_of_now(bench: Bench) -> None:
    body = await article(bench, "place_sample_town")
    assert body.mark == ""
    assert not any(block.key for block in body.blocks)


async def test_what_is_over_is_not_shown_even_without_a_new_bundle(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    await shelves(bench)
    assert "notice_new_year" in await on_shelf(bench, Kind.NOTICE)
    monkeypatch.setattr("kiosk.session.information.today", lambda: date(2027, 1, 4))
    bench.post(e.ArticleChosen("notice_new_year"))
    body = await shown(bench, lambda body: "notice_new_year" not in names(body))
    assert bench.view.state is State.INFORMATION
    assert names(body)


def names(body: object) -> list[str]:
    return [row.name for row in body.rows] if isinstance(body, InformationBody) else []


@pytest.mark.parametrize("name", ["", "nonsense", "../../etc/passwd", "\ud800", "x" * 10_000])
async def test_a_page_that_is_not_there_is_not_opened(bench: Bench, name: str) -> None:
    await shelves(bench)
    bench.post(e.ShelfOpened(name), e.ArticleChosen(name), e.ShelfOpened(Kind.FEE))
    await shown(bench, lambda body: getattr(body, "shelf", "") == "fee")
    assert bench.view.state is State.INFORMATION


async def test_a_page_on_paper(bench: Bench) -> None:
    body = await article(bench, HERE)
    assert body.slip
    bench.post(e.SlipWanted())
    body_ = await shown(bench, lambda body: isinstance(body, SlipBody) and body.done)
    assert isinstance(body_, SlipBody)
    assert (body_.kind, body_.number) == ("information", "")
    [(_job, slip)] = bench.receipt.printed
    assert isinstance(slip, Receipt)
    said = str([asdict(line) for line in slip.lines])
    assert "人民路1号一楼" in said
    assert "notice." not in said
    outcome = bench.data("print")[-1]
    assert (outcome["paper"], outcome["rung"]) == ("information", "presented")
    bench.post(e.PapersCollected())
    await bench.until(State.ARTICLE)
    bench.post(e.WentBack())
    await bench.until(State.INFORMATION)
    bench.post(e.Left())
    await bench.until(State.ATTRACT)
    assert bench.data("session")[-1]["reason"] == "left"


async def test_what_did_not_print_can_still_be_read(bench: Bench) -> None:
    bench.receipt.outcome = PrintOutcome(Rung.QUEUED, Fault("paper_out", FaultAction.REFILL))
    await article(bench, HERE)
    bench.post(e.SlipWanted())
    body = await shown(bench, lambda body: isinstance(body, SlipBody) and body.done)
    assert isinstance(body, SlipBody)
    assert body.paper.trouble == "paper.trouble.page"
    bench.post(e.PapersCollected())
    await bench.until(State.ARTICLE)
    assert [one["rung"] for one in bench.data("print.outcome")] == ["queued"]


async def test_without_a_printer_none_is_offered(bench: Bench) -> None:
    bench.terminal.condition.statuses["receipt"] = DeviceStatus("receipt", DeviceState.OFFLINE)
    assert not (await article(bench, ALLOWANCE)).slip


async def test_without_pages_there_are_no_shelves(bench: Bench) -> None:
    bench.terminal.catalogue = fakes.few()
    assert (await shelves(bench)).shelves == ()
