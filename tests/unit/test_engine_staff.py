"""Helpers who act for citizens, and staff who fill, mend and close a terminal."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from msgspec import structs

import fakes
from fakes import ADMINISTRATOR, HELPER, LI, OPERATOR, STAFF, ZHANG, Bench
from kiosk import events as e
from kiosk.model import (
    DeviceState,
    DeviceStatus,
    Fault,
    FaultAction,
    Handling,
    PrintOutcome,
    Rung,
    SecretAnswer,
    SecretFault,
)
from kiosk.ports import CaseState
from kiosk.services.item import Authority
from kiosk.session.health import Health
from kiosk.view import (
    CheckBody,
    ProblemBody,
    ServicesBody,
    StaffBody,
    State,
    ThanksBody,
)
from visiting import (
    answer_all,
    decide,
    fleet_holds_everything,
    payload_of,
    pin_page,
    sign_in,
    submit,
    to_check,
    type_pin,
)


def staff_page(bench: Bench) -> StaffBody:
    body = bench.view.body
    assert isinstance(body, StaffBody)
    return body


async def told(bench: Bench) -> str:
    async with asyncio.timeout(60):
        while not staff_page(bench).said:
            await asyncio.sleep(0.005)
    return staff_page(bench).said


# ---- Helpers ---------------------------------------------------------------------------------


async def helper_signed_in(bench: Bench) -> ServicesBody:
    bench.roster.people = STAFF
    await sign_in(bench, HELPER)
    body = (await bench.until(State.SERVICES)).body
    assert isinstance(body, ServicesBody)
    return body


async def test_a_helper_acts_and_both_are_on_the_case_and_the_slip(bench: Bench) -> None:
    fleet_holds_everything(bench)
    decide(bench, CaseState.PENDING, due_date="2026-12-01")
    body = await helper_signed_in(bench)
    assert (body.helper, body.known) == ("陈**", "")
    handling = {tile.task_code: tile.handling for tile in body.tiles}
    assert (handling[fakes.RESIDENCE], handling[fakes.QUERY]) == ("carry", "final")
    bench.reader.answers = [ZHANG]
    bench.post(e.ServiceChosen(fakes.RESIDENCE), e.GuideAccepted())
    await answer_all(bench)
    check = (await bench.until(State.CHECK)).body
    assert isinstance(check, CheckBody)
    assert "陈** H-01" in [row.value.zh for row in check.rows]
    papers = await submit(bench)
    assert papers.standing == "carried"
    payload = payload_of(bench)
    assert payload.applicant.number == ZHANG.number
    assert payload.handling == "carry"
    assert [(p.role, p.number, p.staff) for p in payload.parties] == [
        ("helper", HELPER.number, "H-01")
    ]
    slip = str(bench.receipt.printed[0][1].lines)
    assert "代办回执" in str([line.text for line in bench.receipt.printed[0][1].lines
                          if hasattr(line, "text")])  # fmt: skip
    assert HELPER.number not in slip
    pairs = [line.value for line in bench.receipt.printed[0][1].lines if hasattr(line, "value")]
    assert "陈** H-01" in pairs


async def test_a_helpers_card_is_never_the_citizens(bench: Bench) -> None:
    await helper_signed_in(bench)
    bench.post(e.ServiceChosen(fakes.RESIDENCE), e.GuideAccepted())
    body = (await bench.until(State.PROBLEM)).body
    assert isinstance(body, ProblemBody)
    assert (body.code, body.way_out) == ("card.helper_card", "again")


async def test_a_signed_in_helper_confirms_without_a_second_pin(bench: Bench) -> None:
    await helper_signed_in(bench)
    bench.reader.answers = [ZHANG]
    bench.post(e.ServiceChosen(fakes.CERTIFICATE), e.GuideAccepted())
    await bench.until(State.CONSENT)
    bench.post(e.ConsentRefused())
    await bench.until(State.WAYS)
    bench.post(e.WayChosen("helper"))
    await bench.until(State.WITNESS)
    bench.post(e.Witnessed(agreed=True))
    await bench.until(State.QUESTION)


async def test_the_next_citizen_sees_nothing_of_the_one_before(bench: Bench) -> None:
    await helper_signed_in(bench)
    bench.reader.answers = [ZHANG]
    bench.post(e.ServiceChosen(fakes.RESIDENCE), e.GuideAccepted())
    await answer_all(bench)
    await submit(bench)
    bench.post(e.PapersCollected(), e.RatingSkipped())
    thanks = (await bench.until(State.THANKS)).body
    assert isinstance(thanks, ThanksBody)
    assert thanks.next_citizen
    before = bench.engine.visit
    bench.post(e.NextCitizen())
    body = (await bench.until(State.SERVICES)).body
    assert isinstance(body, ServicesBody)
    assert (body.helper, body.known) == ("陈**", "")
    visit = bench.engine.visit
    assert visit.id != before.id
    assert visit.card is None
    assert before.vault.people == {}
    assert visit.vault.answers == {}
    bench.reader.answers = [LI]
    bench.post(e.ServiceChosen(fakes.RESIDENCE), e.GuideAccepted())
    await answer_all(bench)
    await bench.until(State.CHECK)
    assert ZHANG.name not in str(bench.view.body)
    wiped = [data["wiped"] for data in bench.data("session.outcome")]
    assert [(counts["cards"], counts["answers"] > 0) for counts in wiped] == [(2, True)]


async def test_who_leaves_takes_the_helper_along(bench: Bench) -> None:
    await helper_signed_in(bench)
    bench.post(e.Left())
    await bench.until(State.ATTRACT)
    assert bench.engine.visit.helper is None
    assert bench.engine.visit.vault.people == {}


@pytest.mark.parametrize("handling", list(Handling))
async def test_the_authority_decides_what_is_offered(bench: Bench, handling: Handling) -> None:
    allow(bench, handling)
    body = await helper_signed_in(bench)
    offered = [tile for tile in body.tiles if not tile.why_not]
    assert bool(offered) is (handling is not Handling.NONE)
    if handling is Handling.NONE:
        assert {tile.why_not for tile in body.tiles} == {"why_not.authority"}
        bench.post(e.ServiceChosen(fakes.RESIDENCE))
        await bench.until(State.PROBLEM)


async def test_a_citizen_alone_is_not_bound_by_a_helpers_authority(bench: Bench) -> None:
    allow(bench, Handling.NONE)
    await to_check(bench, fakes.RESIDENCE)


def allow(bench: Bench, handling: Handling) -> None:
    """What a village may do with each item."""
    catalogue = bench.terminal.catalogue
    authority = Authority(village=handling)
    items = tuple(structs.replace(item, authority=authority) for item in catalogue.items)
    bench.terminal.catalogue = replace(catalogue, items=items, lookup=None)


# ---- Staff -----------------------------------------------------------------------------------


async def test_a_strangers_card_opens_no_door(bench: Bench) -> None:
    bench.roster.people = STAFF
    bench.reader.answers = [LI]
    bench.post(e.StaffEntered())
    body = (await bench.until(State.PROBLEM)).body
    assert isinstance(body, ProblemBody)
    assert (body.code, body.way_out) == ("card.not_staff", "end")


async def test_a_wrong_pin_opens_no_door_and_is_on_record(bench: Bench) -> None:
    bench.roster.people = STAFF
    bench.roster.wrong = SecretAnswer(SecretFault.LOCKED, 0, 60)
    bench.reader.answers = [OPERATOR]
    bench.post(e.StaffEntered())
    await type_pin(bench, "000000")
    page = await pin_page(bench, "locked")
    assert (page.kind, page.seconds_left) == ("staff", 60)
    assert bench.data("staff") == [{"staff": "O-01", "role": "operator", "act": "refused_locked"}]
    bench.post(e.WentBack())
    await bench.until(State.ATTRACT)


async def test_an_operator_sees_the_devices_and_prints_a_test(bench: Bench) -> None:
    bench.roster.people = STAFF
    fault = Fault("paper_out", FaultAction.REFILL)
    bench.terminal.condition.statuses["receipt"] = DeviceStatus(
        "receipt", DeviceState.USER_ERROR, fault=fault
    )
    await sign_in(bench, OPERATOR)
    await bench.until(State.STAFF)
    page = staff_page(bench)
    assert (page.name, page.role, page.acts) == ("何*", "operator", ("test_slip",))
    [receipt] = [row for row in page.devices if row.device == "receipt"]
    assert (receipt.fault, receipt.action) == ("paper_out", "refill")
    bench.post(e.StaffActed("close_service"))
    await bench.breath()
    assert not bench.terminal.condition.closed_by_staff, "not an operator's"
    bench.post(e.StaffActed("test_slip"))
    assert await told(bench) == "staff.said.printed"
    assert len(bench.receipt.printed) == 1
    bench.post(e.Left())
    await bench.until(State.ATTRACT)
    assert [record["act"] for record in bench.data("staff")] == ["sign_in", "test_slip"]


async def test_a_test_that_did_not_print_is_told_so(bench: Bench) -> None:
    bench.roster.people = STAFF
    bench.receipt.outcome = PrintOutcome(Rung.QUEUED, Fault("paper_out", FaultAction.REFILL))
    await sign_in(bench, OPERATOR)
    await bench.until(State.STAFF)
    bench.post(e.StaffActed("test_slip"))
    assert await told(bench) == "staff.said.not_printed"


async def test_a_closed_terminal_serves_nobody_until_it_is_opened(bench: Bench) -> None:
    bench.roster.people = STAFF
    await sign_in(bench, ADMINISTRATOR)
    await bench.until(State.STAFF)
    bench.post(e.StaffActed("close_service"))
    assert await told(bench) == "staff.said.closed"
    bench.post(e.Left())
    assert (await bench.until(State.OUT_OF_SERVICE)).body.code == "maintenance"
    Health(bench.terminal, bench.engine).glance()
    await bench.breath()
    assert bench.view.state is State.OUT_OF_SERVICE
    again = fakes.Engine(bench.terminal, bench.views.append)
    assert again.state is State.OUT_OF_SERVICE, "a restart opens nothing"
    assert bench.terminal.condition.closed_by_staff
    bench.reader.answers = [ADMINISTRATOR]
    await sign_in(bench, ADMINISTRATOR)
    await bench.until(State.STAFF)
    assert "open_service" in staff_page(bench).acts
    bench.post(e.StaffActed("open_service"))
    assert await told(bench) == "staff.said.opened"
    bench.post(e.Left())
    await bench.until(State.ATTRACT)
    assert [record["on"] for record in bench.data("maintenance")] == [True, False]
    assert {record["staff"] for record in bench.data("maintenance")} == {"A-01"}


async def test_the_fleet_sees_maintenance(bench: Bench) -> None:
    bench.roster.people = STAFF
    health = Health(bench.terminal, bench.engine)
    await sign_in(bench, ADMINISTRATOR)
    await bench.until(State.STAFF)
    await health.look()
    assert bench.journal.statuses()["screen"][0] == "maintenance"
    bench.post(e.StaffActed("close_service"))
    await told(bench)
    bench.post(e.Left())
    await bench.until(State.OUT_OF_SERVICE)
    await health.look()
    assert bench.journal.statuses()["screen"][0] == "maintenance"
