"""The terminal's ports for payments and appointments, against a fleet in a process of its own."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import httpx
import pytest

from bookingwork import CAPACITY, WEDDING
from fleet.payment.ledger import Account, balances
from kiosk import wire
from kiosk.gateway.appointments import HttpAppointments
from kiosk.gateway.payments import HttpPayments
from kiosk.gateway.proven import ProvenLine
from kiosk.ports import (
    Appointments,
    BookingFault,
    BookingState,
    Charge,
    FreeSlot,
    Payment,
    PaymentFault,
    Payments,
    PaymentState,
    Place,
    Reservation,
)
from kiosk.services.load import Catalogue
from kiosk.services.workdays import is_workday
from paymenttown import Town
from paymentwork import FAMILY, FLAT, TIER, ZHANG

SECONDS = 5.0
REQUEST = "fedcba9876543210{:010d}"


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    town = Town(tmp_path, catalogue=Catalogue((FLAT, TIER, FAMILY, WEDDING), "v1"))
    town.start()
    yield town
    town.stop()


@pytest.fixture
async def payments(town: Town) -> AsyncIterator[Payments]:
    client = town.payments()
    yield client
    await client.end()


@pytest.fixture
async def appointments(town: Town) -> AsyncIterator[Appointments]:
    client = town.appointments()
    yield client
    await client.end()


# ---- Payments --------------------------------------------------------------------------------


async def test_a_payment_from_order_to_case(town: Town, payments: HttpPayments) -> None:
    people = json.dumps([{"name": "张小样", "number": ZHANG}] * 2, ensure_ascii=False)
    charge = town.charge(FAMILY, insured=people)
    told = await payments.order(charge, SECONDS)
    assert isinstance(told, Payment)
    assert (told.state, told.amount, told.seconds > 50) == (PaymentState.OPEN, 80_000, True)
    assert told.qr.startswith("https://pay.example/q/")
    again = await payments.order(charge, SECONDS)
    assert isinstance(again, Payment)
    assert again.qr == told.qr
    body = {"qr": told.qr}
    assert await town.asked("POST", f"{town.provider_url}/hand/pay", body) == {"done": True}
    await town.until(payments, charge.order_no, PaymentState.PAID)
    assert await town.case(charge, insured=people) == "settled"
    town.wait(town.quiet)
    assert town.check({charge.order_no}) == {"settled": 1}
    for file in (town.folder / "fleet").glob("fleet.db*"):
        assert ZHANG.encode() not in file.read_bytes()


async def test_every_refusal_is_a_value(town: Town, payments: HttpPayments) -> None:
    number = town.charge().order_no

    async def ask(task: str, catalogue: str, amount: int) -> Payment | PaymentFault:
        return await payments.order(Charge(number, task, catalogue, amount, {}), SECONDS)

    assert await ask("FLAT", "v1", 499) is PaymentFault.UNLISTED
    assert await ask("NONE", "v1", 500) is PaymentFault.UNKNOWN_ITEM
    assert await ask("FLAT", "v0", 500) is PaymentFault.UNKNOWN_CATALOGUE
    assert await payments.state(number, SECONDS) is PaymentFault.UNKNOWN_ORDER
    assert isinstance(await ask("FLAT", "v1", 500), Payment)
    tier = Charge(number, "TIER", "v1", 10_000, {"tier": "low"})
    assert await payments.order(tier, SECONDS) is PaymentFault.CONFLICT


async def test_the_provider_is_away(town: Town, payments: HttpPayments) -> None:
    town.write_hand(power="off")
    charge = town.charge()
    told = await payments.order(charge, SECONDS)
    assert isinstance(told, Payment)
    assert (told.state, told.qr) == (PaymentState.OPEN, "")
    town.write_hand(power="on")
    assert (await town.offered(payments, charge)).qr


@pytest.mark.parametrize("answer", ["lost", "unsigned", "garbage"])
async def test_the_provider_acts_and_its_answer_is_lost(
    town: Town, payments: HttpPayments, answer: str
) -> None:
    town.write_hand(answer=answer)
    charge = town.charge()
    told = await payments.order(charge, SECONDS)
    assert isinstance(told, Payment)
    assert told.qr == ""
    town.write_hand()
    assert (await town.offered(payments, charge)).qr
    assert len(town.book("SELECT * FROM orders")) == 1


async def test_the_callback_is_quicker_than_the_answer(town: Town, payments: HttpPayments) -> None:
    town.write_hand(answer="paid_first")
    charge = town.charge()
    told = await payments.order(charge, SECONDS)
    assert isinstance(told, Payment)
    assert told.state is PaymentState.PAID
    assert await town.case(charge) == "settled"


@pytest.mark.parametrize("callback", ["once", "lost", "twice", "forged_first", "forged"])
async def test_callbacks_of_every_kind(town: Town, payments: HttpPayments, callback: str) -> None:
    town.write_hand(callback=callback)
    charge = town.charge()
    await town.offered(payments, charge)
    assert await town.hand(charge.order_no)
    await town.until(payments, charge.order_no, PaymentState.PAID)
    assert await town.case(charge) == "settled"
    town.write_hand()
    town.wait(town.quiet)
    ends = town.check({charge.order_no})
    assert ends["settled"] == 1
    assert ("alarm.forged_notice" in ends) == callback.startswith("forged")


@pytest.mark.parametrize("payer", ["refuse", "twice", "too_much", "late"])
async def test_payers_of_every_kind(town: Town, payments: HttpPayments, payer: str) -> None:
    charge = town.charge()
    await town.offered(payments, charge)
    if payer == "late":
        closed = await payments.close(charge.order_no, SECONDS)
        assert isinstance(closed, Payment)
        assert closed.state is PaymentState.CLOSED
    assert await town.hand(charge.order_no, payer)
    end = {
        "refuse": PaymentState.REFUSED, "twice": PaymentState.PAID,
        "too_much": PaymentState.REFUNDED, "late": PaymentState.REFUNDED,
    }[payer]  # fmt: skip
    await town.until(payments, charge.order_no, end)
    paid = end is PaymentState.PAID
    assert await town.case(charge) == ("settled" if paid else "unpaid")
    town.wait(town.quiet)
    town.check({charge.order_no} if paid else set())


async def test_a_fleet_that_restarts_is_only_unreachable_meanwhile(
    town: Town, payments: HttpPayments
) -> None:
    charge = town.charge()
    await town.offered(payments, charge)
    town.kill("fleet")
    assert await payments.state(charge.order_no, 1) is PaymentFault.UNREACHABLE
    await town.hand(charge.order_no)
    town.start_fleet()
    await town.until(payments, charge.order_no, PaymentState.PAID)
    with town.store() as store, store.read() as connection:
        assert balances(connection)[Account.HELD] == -500


async def test_no_answer_in_time_is_unreachable(town: Town, payments: HttpPayments) -> None:
    async def deaf(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(30)

    server = await asyncio.start_server(deaf, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    slow = HttpPayments(ProvenLine(url, town._token, town._case_key), "KT-0001")
    assert await slow.order(town.charge(), 0.2) is PaymentFault.UNREACHABLE
    await slow.end()
    server.close()


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"state":"paid"}', b"\xff" * 50])
async def test_an_answer_without_proof_says_nothing(town: Town, body: bytes) -> None:
    """Nobody on the way can say *paid*, nor *closed*."""
    number = town.charge().order_no
    said = json.dumps({"order_no": number, "state": "paid", "amount": 500}).encode()
    for content in (body, said):
        for headers in ({}, {wire.ANSWER_MAC: wire.mac("guess", content)}):
            client = town.payments()
            client._line.open._client = httpx.AsyncClient(
                base_url=town.url,
                transport=httpx.MockTransport(
                    lambda _r, c=content, h=headers: httpx.Response(200, content=c, headers=h)
                ),
            )
            assert await client.state(number, SECONDS) is PaymentFault.UNREACHABLE
            await client.end()


async def test_strangers_are_not_answered(town: Town) -> None:
    async with httpx.AsyncClient(base_url=town.url, trust_env=False) as http:
        for path in ("payments/0123456789", "payments/0123456789/state", "appointments/free"):
            answer = await http.post(f"/api/v1/gateway/{path}", json={"sealed": "00"})
            assert (answer.status_code, answer.headers["cache-control"]) == (401, "no-store")
            headers = {"Authorization": f"Bearer {town._token.read_text()}"}
            answer = await http.post(
                f"/api/v1/gateway/{path}", json={"sealed": "00"}, headers=headers
            )
            assert (answer.status_code, answer.headers["cache-control"]) == (400, "no-store")


# ---- Appointments ----------------------------------------------------------------------------


def tomorrow() -> str:
    """The first working day that is offered."""
    days = (date.today() + timedelta(days=ahead) for ahead in range(2, 30))  # noqa: DTZ011
    return next(day for day in days if is_workday(day)).isoformat()


def place(serial: int, person: str, slot: str = "morning") -> Place:
    return Place(REQUEST.format(serial), "WEDDING", "v1", tomorrow(), slot, person)


async def test_an_appointment_from_free_to_cancelled(appointments: HttpAppointments) -> None:
    free = await appointments.free("WEDDING", "v1", "", SECONDS)
    assert not isinstance(free, BookingFault)
    assert FreeSlot(tomorrow(), "morning", CAPACITY) in free
    held = await appointments.hold(place(1, ZHANG), SECONDS)
    assert isinstance(held, Reservation)
    assert (held.state, held.seconds > 500) == (BookingState.HELD, True)
    free = await appointments.free("WEDDING", "v1", "", SECONDS)
    assert not isinstance(free, BookingFault)
    assert FreeSlot(tomorrow(), "morning", CAPACITY - 1) in free
    for _ in range(2):
        kept = await appointments.confirm(held.request_no, "C-1", SECONDS)
        assert isinstance(kept, Reservation)
        assert kept.state is BookingState.CONFIRMED
    assert await appointments.hold(place(2, ZHANG), SECONDS) is BookingFault.ALREADY_BOOKED
    gone = await appointments.release(held.request_no, SECONDS)
    assert isinstance(gone, Reservation)
    assert gone.state is BookingState.RELEASED


async def test_every_refusal_of_an_appointment_is_a_value(appointments: HttpAppointments) -> None:
    assert await appointments.free("FLAT", "v1", "", SECONDS) is BookingFault.UNKNOWN_ITEM
    assert await appointments.free("WEDDING", "v0", "", SECONDS) is BookingFault.UNKNOWN_CATALOGUE
    assert await appointments.hold(place(1, ""), SECONDS) is BookingFault.NOBODY
    assert await appointments.hold(place(2, "A", "night"), SECONDS) is BookingFault.NOT_OFFERED
    unknown = await appointments.confirm(REQUEST.format(9), "C-1", SECONDS)
    assert unknown is BookingFault.UNKNOWN_REQUEST


async def test_everybody_at_once_over_http(appointments: HttpAppointments) -> None:
    asked = [appointments.hold(place(n, f"person {n}"), 20) for n in range(16)]
    told = await asyncio.gather(*asked)
    assert sum(isinstance(one, Reservation) for one in told) == CAPACITY
    assert told.count(BookingFault.FULL) == 16 - CAPACITY


async def test_a_held_place_survives_the_fleets_restart(
    town: Town, appointments: HttpAppointments
) -> None:
    held = await town.insist(lambda: appointments.hold(place(1, ZHANG), SECONDS))
    town.kill("fleet")
    assert await appointments.release(held.request_no, 1) is BookingFault.UNREACHABLE
    town.start_fleet()

    async def confirm() -> Reservation | None:
        told = await appointments.confirm(held.request_no, "C-1", SECONDS)
        return told if isinstance(told, Reservation) else None

    assert (await town.insist(confirm)).state is BookingState.CONFIRMED
