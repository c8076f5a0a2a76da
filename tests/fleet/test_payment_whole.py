"""From the code on a terminal's page to the settled case: a real fleet manager with its broker, and
a real provider. The terminal's session is real, its devices are not."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import msgspec
import paho.mqtt.client as mqtt
import pytest
import uvicorn
from paho.mqtt.enums import CallbackAPIVersion
from sqlalchemy import select

from fakes import Bench
from fleet.handling.plan import Duty
from fleet.identity.senders import SimulatedSender
from fleet.manager import listen, start
from fleet.payment import notices
from fleet.payment.http import HttpProvider
from fleet.place import Outside, Place
from fleet.platform.adapters import routing
from fleet.platform.contract import Decision, Standing
from fleet.platform.persons import SamplePersons
from fleet.store.database import Store
from fleet.store.payment_tables import payment_orders
from kiosk import events as e
from kiosk import wire
from kiosk.gateway.payments import HttpPayments
from kiosk.gateway.proven import ProvenLine
from kiosk.processes import free_port
from kiosk.services.load import Catalogue
from kiosk.session.recovery import recover
from kiosk.view import State
from payingwork import all_told, close, order_no, outcomes, papers, paying_bench, serve, to_payment
from paymentwork import CATALOGUE, FLAT

SECONDS = 60.0
TENANT = "sample"


@dataclass
class Office:
    """Approves everything that it is given."""

    seen: list[str] = field(default_factory=list)

    def decide(self, case: wire.CasePayload) -> Decision:
        self.seen.append(case.case_no)
        return Decision(Standing.APPROVED)


@dataclass
class House:
    """A fleet and its provider. `until`: the first true value."""

    folder: Path
    url: str
    provider: str
    broker: int
    office: Office
    until: Callable[..., Any]

    def bench(self) -> Bench:
        """A terminal; the case key is the fleet's."""
        trust = self.folder / "trust"

        def key() -> bytes:
            return bytes.fromhex((trust / "case.pub").read_text())

        payments = HttpPayments(ProvenLine(self.url, trust / "terminal.token", key), "KT-0001")
        made = paying_bench(self.folder, payments, payment_poll=0.05)
        made.terminal.case_key = key
        return made

    def scan(self, qr: str) -> None:
        """Somebody holds a phone before the screen."""
        told = httpx.post(f"{self.provider}/hand/pay", json={"qr": qr}, trust_env=False)
        assert told.json() == {"done": True}

    def deliver(self, bench: Bench) -> None:
        """What the agent does with the journal."""
        client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
        client.connect("127.0.0.1", self.broker)
        client.loop_start()
        records = list(bench.journal.walk())
        message = wire.encode(wire.Events("KT-0001", records))
        sent = client.publish(wire.topic(TENANT, "KT-0001", "events"), message, 1)
        sent.wait_for_publish(SECONDS)
        client.disconnect()
        client.loop_stop()

    def get(self, path: str) -> Any:
        token = (self.folder / "trust" / "terminal.token").read_text()
        headers = {"Authorization": f"Bearer {token}"}
        return httpx.get(self.url + path, headers=headers, trust_env=False).json()

    def order(self, number: str) -> str:
        store = Store(f"sqlite:///{self.folder}/var/fleet.db")
        query = select(payment_orders.c.state).where(payment_orders.c.order_no == number)
        with store.read() as connection:
            found = connection.scalar(query)
        store.close()
        return str(found)


@contextmanager
def provider(folder: Path) -> Iterator[str]:
    """A process of its own; where it listens."""
    argv = [sys.executable, "-m", "fleet.payment.provider", "--folder", str(folder)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().split()[-1]
        finally:
            process.terminate()


@pytest.fixture
def house(tmp_path: Path, until: Callable[..., Any]) -> Iterator[House]:
    with ExitStack() as stack:
        address = stack.enter_context(provider(tmp_path / "sim"))
        sock = stack.enter_context(listen("127.0.0.1", 0))
        url, broker = f"http://127.0.0.1:{sock.getsockname()[1]}", free_port()
        office = Office()
        outside = Outside(
            routing.only(office), SamplePersons(),
            SimulatedSender(tmp_path / "phone.json", ("示例县", "Sample County")),
            HttpProvider(
                address, tmp_path / "sim" / "merchant.key", tmp_path / "sim" / "payment.pub",
                url + notices.PATH,
            ),
        )  # fmt: skip
        place = Place(
            tenant=TENANT, var=tmp_path / "var", trust=tmp_path / "trust",
            store_url=f"sqlite:///{tmp_path}/var/fleet.db", broker=("127.0.0.1", broker),
            own_broker=True, stale_seconds=90, duty=Duty("值班长"),
            items={item.task_code: item for item in CATALOGUE.items},
        )  # fmt: skip
        running = start(place, lambda: outside, stack)
        server = uvicorn.Server(uvicorn.Config(running.app, log_config=None))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]})
        thread.start()
        stack.callback(thread.join, SECONDS)
        stack.callback(setattr, server, "should_exit", True)
        until(lambda: server.started)
        yield House(tmp_path, url, address, broker, office, until)


async def test_paid_submitted_and_settled(house: House) -> None:
    bench = house.bench()
    tasks = await serve(bench)
    await bench.until(State.ATTRACT)
    house.scan((await to_payment(bench)).qr)
    shown = await papers(bench)
    number = order_no(bench)
    assert outcomes(bench) == ["paid"]
    house.deliver(bench)
    case = f"/api/v1/gateway/cases/{shown.case_no}"
    house.until(lambda: house.get(case).get("state") == "approved", SECONDS)
    assert house.order(number) == "settled"
    kinds = {one["kind"]: one for one in house.get("/api/v1/transactions")}
    assert kinds["payment"]["outcome"] == "paid"
    assert kinds["payment"]["case_no"] == kinds["case"]["case_no"]
    assert house.get("/healthz")["status"] == "ok"
    await close(bench, tasks)


async def test_killed_after_paying_the_money_goes_back(house: House) -> None:
    bench = house.bench()
    tasks = await serve(bench)
    await bench.until(State.ATTRACT)
    house.scan((await to_payment(bench)).qr)
    number = order_no(bench)
    for task in (*tasks, *bench.engine._tasks):
        task.cancel()
    bench.journal.close()
    again = house.bench()
    assert recover(again.journal) == ""
    tasks = await serve(again, "")
    assert await all_told(again) == ["interrupted"]
    house.until(lambda: house.order(number) == "refunded", SECONDS)
    assert again.data("case.intent") == []
    await close(again, tasks)


async def test_a_case_without_its_payment_is_not_handed_over(house: House) -> None:
    """A terminal that somebody has tampered with submits without paying."""
    bench = house.bench()
    free = msgspec.structs.replace(FLAT, fees=())
    bench.terminal.catalogue = Catalogue((free,), "tampered")
    tasks = await serve(bench)
    await bench.until(State.ATTRACT)
    bench.post(e.Touched(), e.ServiceChosen("FLAT"), e.GuideAccepted())
    await bench.until(State.CHECK)
    bench.post(e.AnswersConfirmed())
    shown = await papers(bench)
    house.deliver(bench)
    case = f"/api/v1/gateway/cases/{shown.case_no}"
    house.until(lambda: house.get(case).get("state") == "refused", SECONDS)
    assert house.get(case)["reason"] == "unpaid"
    assert house.office.seen == []
    assert [one["kind"] for one in house.get("/api/v1/alarms")] == ["unpaid_case"]
    await close(bench, tasks)
