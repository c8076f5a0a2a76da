"""A fee is paid between checking and submitting: from the catalogue, once, for one case."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import msgspec
import pytest

from fakes import Bench
from fleet.payment.claims import Claim
from kiosk import events as e
from kiosk.model import DeviceState, DeviceStatus, PairLine, Receipt, Text, TextLine
from kiosk.services.load import Catalogue
from kiosk.session.filing import Standing
from kiosk.view import State
from payingwork import (
    DeskPayments,
    all_told,
    close,
    deliver,
    money,
    order_no,
    outcomes,
    papers,
    pay,
    paying_bench,
    serve,
    shows,
    to_payment,
    until,
)
from paymentwork import CATALOGUE, FLAT, Desk, fee
from visiting import payload_of


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(f"sqlite:///{tmp_path}/fleet.db")
    yield made
    made.store.close()


@pytest.fixture
def line(desk: Desk) -> DeskPayments:
    return DeskPayments(desk)


@pytest.fixture
async def bench(tmp_path: Path, line: DeskPayments) -> AsyncIterator[Bench]:
    made = paying_bench(tmp_path, line)
    tasks = await serve(made)
    await made.until(State.ATTRACT)
    yield made
    await close(made, tasks)


async def test_paid_then_submitted_and_the_case_names_its_payment(bench: Bench, desk: Desk) -> None:
    body = await to_payment(bench)
    assert (body.item, body.total) == (Text("缴费", "Payment"), 500)
    assert body.lines == ((Text("字", "word"), 500),)
    assert body.qr.endswith(order_no(bench))
    assert body.seconds_left in range(170, 181)
    assert "qr" not in repr(body)
    pay(bench, desk)
    shown = await papers(bench)
    assert [paper.name for paper in shown.papers] == ["receipt", "payment"]
    case = payload_of(bench)
    assert case.payment == order_no(bench)
    intent = bench.data("payment.intent")[0]
    assert intent == {
        "order_no": case.payment, "amount": 500, "case_no": case.case_no, "task_code": "FLAT",
    }  # fmt: skip
    written = [kind for kind in bench.kinds() if kind.split(".")[0] in ("payment", "case")]
    assert written[:3] == ["payment.intent", "case.intent", "payment.outcome"]
    assert outcomes(bench) == ["paid"]
    assert deliver(bench, desk) == [Claim.SETTLED]
    assert money(desk) == 500
    job, slip = bench.receipt.printed[-1]
    assert job == f"{case.case_no}-payment"
    assert isinstance(slip, Receipt)
    values = {line.value for line in slip.lines if isinstance(line, PairLine)}
    assert {case.payment, "5.00"} <= values


async def test_the_amount_follows_from_the_answers(bench: Bench, desk: Desk) -> None:
    body = await to_payment(bench, "TIER", tier="mid")
    assert body.total == 30_000
    pay(bench, desk)
    await papers(bench)
    assert deliver(bench, desk) == [Claim.SETTLED]


async def test_what_is_free_has_no_payment_page(bench: Bench) -> None:
    bench.post(e.Touched(), e.ServiceChosen("FREE"), e.GuideAccepted())
    await bench.until(State.CHECK)
    bench.post(e.AnswersConfirmed())
    shown = await papers(bench)
    assert [paper.name for paper in shown.papers] == ["receipt"]
    assert State.PAYMENT not in [view.state for view in bench.views]
    assert payload_of(bench).payment == ""


async def test_refused_then_paid_by_another_code(bench: Bench, desk: Desk) -> None:
    desk.provider.refuses = True
    bench.post(e.Touched(), e.ServiceChosen("FLAT"), e.GuideAccepted())
    await bench.until(State.CHECK)
    bench.post(e.AnswersConfirmed())
    await bench.until(State.PAYMENT)
    await shows(bench, "refused")
    assert await all_told(bench) == ["refused"]
    desk.provider.refuses = False
    bench.post(e.PaymentAgain())
    await shows(bench, "waiting")
    pay(bench, desk)
    await papers(bench)
    first, second = bench.data("payment.intent")
    assert first["order_no"] != second["order_no"]
    assert first["case_no"] == second["case_no"] == payload_of(bench).case_no
    assert deliver(bench, desk) == [Claim.SETTLED]
    assert money(desk) == 500


async def test_too_late_and_what_is_paid_then_goes_back(bench: Bench, desk: Desk) -> None:
    await to_payment(bench)
    desk.tick(200)  # the fleet closes it at the provider
    await shows(bench, "late")
    assert await all_told(bench) == ["expired"]
    pay(bench, desk)
    bench.post(e.Left())
    await bench.until(State.THANKS)
    assert deliver(bench, desk) == []
    assert money(desk) == 0
    assert desk.provider.received() == 500


async def test_another_amount_goes_back_and_is_not_taken_for_the_fee(
    bench: Bench, desk: Desk
) -> None:
    await to_payment(bench)
    pay(bench, desk, more=1)
    desk.looks.at_orders()
    desk.tick(3)
    await shows(bench, "returned")
    assert await all_told(bench) == ["refused"]
    assert money(desk) == 0


async def test_who_cannot_pay_takes_a_ticket_and_nothing_is_submitted(
    bench: Bench, desk: Desk
) -> None:
    await to_payment(bench)
    bench.post(e.PaymentDeclined())
    body = await shows(bench, "unable")
    assert body.qr == ""
    bench.post(e.PaymentAtDesk())
    await bench.until(State.TICKET)
    assert bench.data("ticket")[0]["task_code"] == "FLAT"
    assert await all_told(bench) == ["given_up"]
    pay(bench, desk)  # the phone had the code still
    assert bench.data("case.intent") == []
    assert money(desk) == 0


async def test_who_finds_the_phone_after_all_goes_on(bench: Bench, desk: Desk) -> None:
    await to_payment(bench)
    bench.post(e.PaymentDeclined())
    await shows(bench, "unable")
    bench.post(e.PaymentResumed())
    await shows(bench, "waiting")
    bench.post(e.PaymentDeclined())
    await shows(bench, "unable")
    pay(bench, desk)
    await papers(bench)
    assert len(bench.data("payment.intent")) == 1


async def test_back_to_the_answers_gives_the_payment_up(bench: Bench, desk: Desk) -> None:
    await to_payment(bench, "TIER", tier="mid")
    bench.post(e.WentBack())
    await bench.until(State.CHECK)
    assert await all_told(bench) == ["given_up"]
    pay(bench, desk)
    bench.post(e.ChangeAsked("tier"))
    await bench.until(State.QUESTION)
    bench.post(e.Answered("tier", "low"))
    await bench.until(State.CHECK)
    bench.post(e.AnswersConfirmed())
    body = await shows(bench, "waiting")
    assert body.total == 10_000
    pay(bench, desk)
    await papers(bench)
    assert await all_told(bench) == ["given_up", "paid"]
    assert deliver(bench, desk) == [Claim.SETTLED]
    assert money(desk) == 10_000


async def test_leaving_while_it_is_paid_gives_the_money_back(bench: Bench, desk: Desk) -> None:
    await to_payment(bench)
    bench.post(e.Left())
    pay(bench, desk)
    await bench.until(State.THANKS)
    assert await all_told(bench) == ["given_up"]
    assert money(desk) == 0


async def test_nobody_answers(tmp_path: Path, desk: Desk, line: DeskPayments) -> None:
    bench = paying_bench(tmp_path, line, payment_silence=0.05)
    line.deaf = True  # the order is made, and nobody here knows of it
    tasks = await serve(bench)
    await bench.until(State.ATTRACT)
    bench.post(e.Touched(), e.ServiceChosen("FLAT"), e.GuideAccepted())
    await bench.until(State.CHECK)
    bench.post(e.AnswersConfirmed())
    await bench.until(State.PAYMENT)
    await shows(bench, "silent")
    assert outcomes(bench) == []  # not before the fleet has heard it
    pay(bench, desk)
    line.deaf = False
    assert await all_told(bench) == ["unanswered"]
    assert money(desk) == 0
    await close(bench, tasks)


async def test_an_amount_that_the_fleet_does_not_list_gets_no_code(
    bench: Bench, desk: Desk
) -> None:
    """Its own catalogue says another fee for this version of the item."""
    dearer = msgspec.structs.replace(FLAT, fees=(fee(amount=700),))
    bench.terminal.catalogue = Catalogue((dearer,), "v1")
    bench.post(e.Touched(), e.ServiceChosen("FLAT"), e.GuideAccepted())
    await bench.until(State.CHECK)
    bench.post(e.AnswersConfirmed())
    await shows(bench, "silent")
    assert await all_told(bench) == ["unanswered"]
    assert desk.alarms() == ["unlisted_fee"]
    assert desk.provider.orders == {}


async def test_where_nobody_takes_payments_nothing_is_asked(bench: Bench) -> None:
    bench.terminal.till = None
    bench.post(e.Touched(), e.ServiceChosen("FLAT"), e.GuideAccepted())
    await bench.until(State.CHECK)
    bench.post(e.AnswersConfirmed())
    await shows(bench, "silent")
    assert bench.data("payment.intent") == []


async def test_the_clock_of_idleness_waits_for_the_phone(
    tmp_path: Path, desk: Desk, line: DeskPayments
) -> None:
    bench = paying_bench(tmp_path, line, idle=0.1)
    tasks = await serve(bench)
    await bench.until(State.ATTRACT)
    await to_payment(bench)
    seen = len(line.calls)
    await until(lambda: len(line.calls) > seen + 30)
    assert State.STILL_THERE not in [view.state for view in bench.views]
    assert len(bench.data("payment.intent")) == 1
    bench.post(e.PaymentDeclined())
    await bench.until(State.STILL_THERE)
    bench.post(e.StillHere())
    await bench.until(State.PAYMENT)
    await close(bench, tasks)


async def test_money_of_a_refused_case_goes_back_and_no_slip_says_paid(
    bench: Bench, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await to_payment(bench)

    async def refused(_terminal: object, visit: object, _post: object) -> None:
        visit.cases[0].standing = Standing.REFUSED  # type: ignore[attr-defined]

    monkeypatch.setattr("kiosk.session.submit._follow", refused)
    pay(bench, desk)
    shown = await papers(bench)
    assert [paper.name for paper in shown.papers] == ["receipt"]
    slip = bench.receipt.printed[-1][1]
    assert isinstance(slip, Receipt)
    said = "".join(line.text for line in slip.lines if isinstance(line, TextLine))
    assert "已缴的 5.00 元会自动退回原账户" in said
    assert "没有产生费用" not in said


async def test_without_a_printer_no_ticket_is_offered(bench: Bench) -> None:
    bench.terminal.condition.statuses["receipt"] = DeviceStatus("receipt", DeviceState.OFFLINE)
    assert not (await to_payment(bench)).printer


def offer_bundle(bench: Bench) -> None:
    """Three things at once, of which two cost something."""
    parts = ("FLAT", "FREE", "TIER")
    bundle = msgspec.structs.replace(FLAT, task_code="ALL", fees=(), parts=parts)
    bench.terminal.catalogue = Catalogue((bundle, *CATALOGUE.items), "v1")


async def test_of_a_bundle_each_part_that_costs_is_paid_for_its_own_case(
    bench: Bench, desk: Desk
) -> None:
    offer_bundle(bench)
    body = await to_payment(bench, "ALL", tier="low")
    assert (body.number, body.count, body.total) == (1, 2, 500)
    pay(bench, desk)
    await until(lambda: len(bench.data("payment.intent")) == 2)
    second = await shows(bench, "waiting")
    assert (second.number, second.count, second.total) == (2, 2, 10_000)
    pay(bench, desk)
    shown = await papers(bench)
    assert [(paper.name, paper.count) for paper in shown.papers] == [("receipt", 1), ("payment", 2)]
    jobs = [job for job, _ in bench.receipt.printed]
    paid_for = {one["order_no"]: one["case_no"] for one in bench.data("payment.intent")}
    named = {one.get("payment", ""): one["case_no"] for one in bench.data("case.intent")}
    assert len(set(named.values())) == 3
    assert set(jobs[1:]) == {f"{case_no}-payment" for case_no in paid_for.values()}
    assert paid_for.items() <= named.items()
    assert sorted(deliver(bench, desk)) == [Claim.FREE, Claim.SETTLED, Claim.SETTLED]
    assert money(desk) == 10_500


async def test_of_a_bundle_half_paid_all_goes_back(bench: Bench, desk: Desk) -> None:
    offer_bundle(bench)
    await to_payment(bench, "ALL", tier="low")
    pay(bench, desk)
    await until(lambda: len(bench.data("payment.intent")) == 2)
    await shows(bench, "waiting")
    bench.post(e.Left())
    assert sorted(await all_told(bench)) == ["given_up", "given_up"]
    assert bench.data("case.intent") == []
    assert money(desk) == 0
