"""A complaint: signed out, without a network, once, and sealed."""

from __future__ import annotations

from dataclasses import asdict

import msgspec
import pytest

import fakes
from enquirywork import CASE, around, by_number, shown, to_cases
from fakes import Bench
from kiosk import events as e
from kiosk import wire
from kiosk.model import Receipt
from kiosk.services import workdays
from kiosk.services.feedback import complaints, tags_of
from kiosk.view import (
    CheckBody,
    HotlineBody,
    LodgedBody,
    ProblemBody,
    QuestionBody,
    SlipBody,
    State,
    View,
)

SAID = {"about": "delay", "text": "等了三个月，没有人接电话。", "phone": "13900000000"}


async def asked(bench: Bench, name: str) -> QuestionBody:
    body = await shown(bench, lambda body: isinstance(body, QuestionBody) and body.name == name)
    assert isinstance(body, QuestionBody)
    return body


async def complain(bench: Bench, **said: str) -> None:
    """From the page of the hotline to the check page."""
    await bench.until(State.HOTLINE)
    bench.post(e.ComplaintStarted())
    for name, value in {**SAID, **said}.items():
        await asked(bench, name)
        bench.post(e.Answered(name, value))
    await bench.until(State.COMPLAINT_CHECK)


async def lodged(bench: Bench) -> LodgedBody:
    bench.post(e.AnswersConfirmed())
    body = (await bench.until(State.LODGED)).body
    assert isinstance(body, LodgedBody)
    return body


def opened(bench: Bench) -> dict[str, str]:
    [record] = [r for r in bench.journal.records(1) if r.type == "kiosk.complaint.event"]
    request = wire.unseal_identity(bench.case_key, "complaint", record.sealed)
    return {"number": request.number, **msgspec.json.decode(request.secret, type=dict[str, str])}


@pytest.mark.parametrize("first", [e.ComplaintOpened(), e.Touched()])
async def test_it_is_in_reach_signed_out_and_offline(bench: Bench, first: e.Event) -> None:
    bench.terminal.condition.online = False
    bench.post(first)
    if isinstance(first, e.Touched):
        await bench.until(State.SERVICES)
        bench.post(e.ComplaintOpened())
    assert (await bench.until(State.HOTLINE)).body == HotlineBody("12345")
    await complain(bench)
    told = await lodged(bench)
    assert wire.read_order_number(told.number) == told.number
    due = workdays.after(fakes.TODAY, complaints().answer_days)
    assert told.due.zh == f"{due.year}年{due.month}月{due.day}日"
    [data] = bench.data("complaint")
    assert data == {"order_no": told.number, "about": "delay"}
    found = opened(bench)
    assert {key: found[key] for key in SAID} == SAID
    assert (found["number"], found["case_no"]) == ("", "")


async def test_what_was_said_is_nowhere_in_clear_and_forgotten(bench: Bench) -> None:
    bench.post(e.ComplaintOpened())
    await complain(bench)
    assert any("三个月" in repr(v.body.rows) or v.body.rows for v in checks(bench))
    await lodged(bench)
    assert bench.engine.visit.vault.complaint == {}
    raw = b"".join(bytes(r.data) + r.sealed.encode() for r in bench.journal.records(1))
    assert "三个月".encode() not in raw
    assert b"13900000000" not in raw
    bench.post(e.Left())
    await bench.until(State.ATTRACT)


def checks(bench: Bench) -> list[View]:
    return [view for view in bench.views if isinstance(view.body, CheckBody)]


async def test_the_kind_alone_is_a_complaint(bench: Bench) -> None:
    bench.post(e.ComplaintOpened())
    await complain(bench, text="", phone="")
    await lodged(bench)
    assert (opened(bench)["text"], opened(bench)["phone"]) == ("", "")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("about", ""),
        ("about", "nonsense"),
        ("text", "长" * 301),
        ("text", "a\x00b"),
        ("phone", "123"),
        ("phone", "+86 139"),
        ("phone", "1" * 10_000),
    ],
)
async def test_hostile_answers_are_refused(bench: Bench, name: str, value: str) -> None:
    bench.post(e.ComplaintOpened())
    await bench.until(State.HOTLINE)
    bench.post(e.ComplaintStarted())
    for field, right in SAID.items():
        await asked(bench, field)
        if field == name:
            break
        bench.post(e.Answered(field, right))
    bench.post(e.Answered(name, value))
    await shown(bench, lambda body: isinstance(body, QuestionBody) and bool(body.error))
    assert bench.data("complaint") == []


async def test_an_answer_can_be_changed_and_back_leads_back(bench: Bench) -> None:
    bench.post(e.ComplaintOpened())
    await complain(bench)
    bench.post(e.ChangeAsked("about"))
    assert (await asked(bench, "about")).value == "delay"
    bench.post(e.Answered("about", "fee"))
    await bench.until(State.COMPLAINT_CHECK)
    for name in ("phone", "text", "about"):
        bench.post(e.WentBack())
        await asked(bench, name)
    bench.post(e.WentBack())
    await bench.until(State.HOTLINE)
    bench.post(e.WentBack())
    await bench.until(State.SERVICES)


async def test_from_a_case_it_is_about_that_case(bench: Bench) -> None:
    around(bench)
    await to_cases(bench)
    await by_number(bench, CASE)
    await bench.until(State.CASE)
    bench.post(e.ComplaintOpened())
    assert (await bench.until(State.HOTLINE)).body == HotlineBody("12345", CASE)
    bench.post(e.WentBack())
    await bench.until(State.CASE)
    bench.post(e.ComplaintOpened())
    await complain(bench)
    await lodged(bench)
    assert opened(bench)["case_no"] == CASE


async def test_two_complaints_have_two_numbers(bench: Bench) -> None:
    numbers = set()
    for _ in range(2):
        bench.post(e.ComplaintOpened())
        await complain(bench)
        numbers.add((await lodged(bench)).number)
        bench.post(e.Left())
        await bench.until(State.ATTRACT)
    assert len(numbers) == 2


async def test_the_slip_says_the_number_and_not_what_was_said(bench: Bench) -> None:
    bench.post(e.ComplaintOpened())
    await complain(bench)
    number = (await lodged(bench)).number
    bench.post(e.SlipWanted())
    body = await shown(bench, lambda body: isinstance(body, SlipBody) and body.done)
    assert isinstance(body, SlipBody)
    assert (body.kind, body.number) == ("complaint", number)
    [(_job, slip)] = bench.receipt.printed
    assert isinstance(slip, Receipt)
    said = str([asdict(line) for line in slip.lines])
    assert f"KIOSK:ORDER:{number}" in said
    assert "三个月" not in said
    assert "13900000000" not in said
    bench.post(e.PapersCollected())
    await bench.until(State.THANKS)


async def test_before_the_fleet_is_known_nothing_is_taken(bench: Bench) -> None:
    bench.terminal.case_key = lambda: None
    bench.post(e.ComplaintOpened())
    await complain(bench)
    bench.post(e.AnswersConfirmed())
    body = (await bench.until(State.PROBLEM)).body
    assert isinstance(body, ProblemBody)
    assert body.code == "complaint.not_ready"
    assert bench.data("complaint") == []


def test_every_level_has_tags_and_no_other_number_has() -> None:
    assert all(tags_of(level) for level in range(1, 6))
    assert tags_of(0) == tags_of(6) == ()
