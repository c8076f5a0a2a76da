"""Every way out of the identity flow, walked to its end with real parts.

The fleet with its broker, the simulated devices on their real lines and the agent run in processes
of their own; the session with its drivers runs here, beside a journal that the agent sends from.
The screen is left out: its pages have tests of their own.
"""

from __future__ import annotations

import asyncio
import shlex
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

import facework
import fakes
import realhousehold
from drivers.idcard import sample_decoder
from identitystation import Station, phone, session
from kiosk import events as e
from kiosk import sample_staff
from kiosk.journal import Journal
from kiosk.view import (
    PinBody,
    ProblemBody,
    State,
    TicketBody,
)
from realhousehold import Household

PINS = {"zhang": "135790", "li": "864209"}  # of the sample platform's people


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Household]:
    folder = tmp_path_factory.mktemp("identity")
    with realhousehold.running(folder, "fleet", "simulators") as made:
        journal = Journal.open(made.journal_file, "KT-0001")
        journal.close()
        made.start("agent")
        yield made


@pytest.fixture(scope="module")
def staff(house: Household) -> dict[str, str]:
    """Card of the dock → PIN."""
    return sample_staff.enrol(house.folder / "terminal/staff.json", house.folder / "sim")


@pytest.fixture
async def station(
    house: Household, staff: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Station]:
    for key, value in house.env.items():
        monkeypatch.setenv(key, value)
    monkeypatch.setenv("KIOSK_SCREEN__THANKS_SECONDS", "1")
    async with session(house) as made:
        yield made


# ---- Worth a face ----------------------------------------------------------------------------


async def test_a_code_from_the_phone_ends_with_a_certificate(station: Station) -> None:
    await station.begin(fakes.CERTIFICATE, "zhang")
    await station.refuse()
    station.post(e.WayChosen("code"))
    await station.until(
        lambda view: isinstance(view.body, PinBody) and view.body.phase != "sending"
    )
    assert station.body.error == ""
    assert station.body.sent_to == "138****8000"
    await station.pin("000000" if phone(station.house)["code"] != "000000" else "111111")
    await station.until(lambda view: getattr(view.body, "error", "") == "error.secret.wrong")
    await station.pin(phone(station.house)["code"])
    papers = await station.papers()
    assert papers.standing == "decided"
    assert [paper.name for paper in papers.papers] == ["receipt", "certificate"]
    state, _reason, number = station.decided(papers.case_no)
    assert (state, bool(number)) == ("approved", True)
    assert [r["outcome"] for r in station.records("identity.code")] == ["sent", "wrong", "right"]
    await station.leave()


async def test_a_pin_ends_with_a_certificate(station: Station) -> None:
    await station.begin(fakes.CERTIFICATE, "li")
    await station.refuse()
    station.post(e.WayChosen("pin"))
    await station.pin(PINS["li"])
    papers = await station.papers()
    assert papers.standing == "decided"
    await station.leave()


async def test_somebody_without_phone_or_pin_is_told_and_led_to_the_desk(station: Station) -> None:
    await station.begin(fakes.CERTIFICATE, "spouse")
    await station.refuse()
    station.post(e.WayChosen("code"))
    await station.until(lambda view: getattr(view.body, "phase", "") == "failed")
    assert station.body.error == "error.secret.not_registered"
    station.post(e.WentBack())
    ways = {way.name: way.why_not for way in (await station.page(State.WAYS)).body.ways}
    assert ways["code"] == "why_not.not_registered"
    assert ways["desk"] == ""
    before = len(station.house.receipts())
    station.post(e.WayChosen("desk"))
    body = (await station.until(lambda view: getattr(view.body, "done", False))).body
    assert isinstance(body, TicketBody)
    assert (body.number[0], body.paper.trouble) == ("K", "")
    assert len(station.house.receipts()) == before + 1
    assert station.records("case") == []
    await station.leave()


async def test_a_helper_confirms_and_is_on_the_case(
    station: Station, staff: dict[str, str]
) -> None:
    await station.begin(fakes.CERTIFICATE, "zhang")
    await station.refuse()
    station.post(e.WayChosen("helper"))
    await station.page(State.CARD)
    station.card("helper")
    await station.pin(staff["helper"])
    await station.page(State.WITNESS)
    station.post(e.Witnessed(agreed=True))
    papers = await station.papers()
    assert papers.standing == "decided"
    [witness] = station.records("identity.witness")
    assert (witness["staff"], witness["agreed"]) == ("H-01", True)
    await station.leave()


async def test_a_helper_who_is_not_sure_ends_nothing(
    station: Station, staff: dict[str, str]
) -> None:
    await station.begin(fakes.CERTIFICATE, "zhang")
    await station.refuse()
    station.post(e.WayChosen("helper"))
    await station.page(State.CARD)
    station.card("helper")
    await station.pin(staff["helper"])
    await station.page(State.WITNESS)
    station.post(e.Witnessed(agreed=False))
    assert (await station.page(State.WAYS)).body.reason == "not_agreed"
    station.post(e.WayChosen("pin"))
    await station.pin(PINS["zhang"])
    await station.page(State.QUESTION)
    station.post(e.Left())
    await station.page(State.ATTRACT)


async def test_the_fleet_away_closes_its_ways_and_leaves_the_others(station: Station) -> None:
    await station.begin(fakes.CERTIFICATE, "zhang")
    station.house.simulate("network", link="down")
    try:
        await station.refuse()
        await station.until(lambda view: view.body.ways[1].why_not == "why_not.offline", seconds=60)
        ways = {way.name: way.why_not for way in station.body.ways}
        assert ways["pin"] == "why_not.offline"
        assert ways["helper"] == ways["desk"] == ""
    finally:
        station.house.simulate("network", link="up")
    await station.until(lambda view: view.body.ways[1].why_not == "", seconds=60)
    station.post(e.Left())
    await station.page(State.ATTRACT)


# ---- Who else ---------------------------------------------------------------------------------


async def test_a_childs_guardian_comes_along(station: Station) -> None:
    await station.begin(fakes.CERTIFICATE, "child")
    await station.until(lambda view: view.state is State.CARD and view.body.whose == "guardian")
    station.card("zhang")
    body = (await station.page(State.CONSENT)).body
    assert (body.name_masked[0], body.guardian) == ("林", "张**")
    await station.refuse()
    station.post(e.WayChosen("pin"))
    await station.pin(PINS["zhang"])
    papers = await station.papers()
    assert papers.standing in ("decided", "refused")  # a child may not be insured
    await station.leave()


async def test_two_people_book_a_day(station: Station) -> None:
    await station.begin(fakes.MARRIAGE, "zhang")
    await station.refuse()
    station.post(e.WayChosen("pin"))
    await station.pin(PINS["zhang"])
    await station.until(lambda view: view.state is State.CARD and view.body.whose == "second")
    station.card("li")
    await station.refuse()
    station.post(e.WayChosen("pin"))
    await station.pin(PINS["li"])
    papers = await station.papers()
    assert papers.standing == "accepted"
    state, reason, _ = station.decided(papers.case_no)
    assert (state, reason) == ("pending", "review")
    await station.leave()


async def test_somebody_elses_card_ends_the_visit(station: Station) -> None:
    await station.begin(fakes.RESIDENCE, "zhang")
    await station.page(State.QUESTION)
    await station.change("zhang")
    await asyncio.sleep(1)
    assert station.views[-1].state is State.QUESTION
    while station.views[-1].state is State.QUESTION:  # a busy machine may not see it taken away
        await station.change("li")
        await asyncio.sleep(3)
    body = (await station.page(State.PROBLEM)).body
    assert isinstance(body, ProblemBody)
    assert body.code == "card.swapped"
    station.post(e.WayOutTaken())
    await station.page(State.ATTRACT)
    [ended] = station.records("session.outcome")
    assert (ended["reason"], ended["wiped"]["cards"]) == ("card_swapped", 1)


async def test_an_expired_card_still_asks_for_a_record(station: Station) -> None:
    await station.begin(fakes.RESIDENCE, "expired")
    body = (await station.page(State.PROBLEM)).body
    assert "医保账户查询" in [text.zh for text in body.still]
    station.card(None)
    station.post(e.WayOutTaken(), e.ServiceChosen(fakes.QUERY), e.GuideAccepted())
    await station.page(State.CARD)
    station.card("expired")
    await station.page(State.QUESTION)
    station.post(e.Left())
    await station.page(State.ATTRACT)


# ---- Helper mode -----------------------------------------------------------------------------


async def test_a_helper_acts_for_two_citizens_one_after_the_other(
    station: Station, staff: dict[str, str]
) -> None:
    station.post(e.StaffEntered())
    await station.page(State.CARD)
    station.card("helper")
    await station.pin(staff["helper"])
    for card in ("zhang", "li"):
        services = (await station.page(State.SERVICES)).body
        assert services.known == ""
        station.post(e.ServiceChosen(fakes.RESIDENCE), e.GuideAccepted())
        await station.page(State.CARD)
        station.card(card)
        papers = await station.papers()
        assert papers.standing == "carried"
        state, reason, _ = station.decided(papers.case_no)
        assert (state, reason) == ("pending", "carried")
        station.post(e.PapersCollected(), e.RatingSkipped())
        await station.page(State.THANKS)
        station.post(e.NextCitizen())
    await station.page(State.SERVICES)
    station.post(e.Left())
    await station.page(State.ATTRACT)
    wiped = [record["wiped"]["cards"] for record in station.records("session.outcome")]
    assert wiped == [2, 2, 1]


async def test_a_helpers_card_is_not_the_citizens(station: Station, staff: dict[str, str]) -> None:
    station.post(e.StaffEntered())
    await station.page(State.CARD)
    station.card("helper")
    await station.pin(staff["helper"])
    await station.page(State.SERVICES)
    station.post(e.ServiceChosen(fakes.RESIDENCE), e.GuideAccepted())
    await station.page(State.CARD)
    station.card("helper")
    assert (await station.page(State.PROBLEM)).body.code == "card.helper_card"
    station.post(e.Left())
    await station.page(State.ATTRACT)


@pytest.fixture
def likeness(house: Household, tmp_path: Path) -> dict[str, str]:
    """Settings of a terminal that can compare faces, and portraits on the cards."""
    decoder = [realhousehold.PYTHON, "-I", "-S", sample_decoder.__file__]
    portraits = str(house.folder / "sim/portraits")
    return {
        "KIOSK_CAMERA__OPENCV__MODELS": str(facework.pack(tmp_path / "pack")),
        "KIOSK_IDCARD__SDT_SERIAL__PHOTO_DECODER": f"program:{shlex.join([*decoder, portraits])}",
    }


@pytest.mark.timeout(240)
@pytest.mark.parametrize(("before_the_camera", "page"), [("obama3", "question"), ("biden", "ways")])
async def test_a_face_is_compared_with_the_card(
    house: Household,
    monkeypatch: pytest.MonkeyPatch,
    likeness: dict[str, str],
    before_the_camera: str,
    page: str,
) -> None:
    """The owner of the card goes on; somebody else is led to the other ways after three tries."""
    for key, value in (house.env | likeness).items():
        monkeypatch.setenv(key, value)
    faces = facework.models() / "test-faces"
    house.simulate("idcard", portrait=str(faces / "obama.jpg"), card=None)
    house.simulate("camera", scene="picture", picture=str(faces / f"{before_the_camera}.jpg"))
    try:
        async with session(house) as station:
            await station.until(lambda _: station.terminal.devices.camera.matching)
            await station.begin(fakes.CERTIFICATE, "zhang")
            body = (await station.page(State.CONSENT)).body
            assert body.matching
            station.post(e.ConsentGiven())
            await station.tried()
            [*_, last] = station.records("identity.face")
            assert last["model"]
            assert (last["outcome"] == "matched") is (page == "question")
            assert (last["score"] >= last["threshold"]) is (page == "question")
            assert station.views[-1].state == page
            station.post(e.Left())
            await station.page(State.ATTRACT)
    finally:
        house.simulate("idcard", portrait=None, card=None)
        house.simulate("camera", scene="face", picture=None)
