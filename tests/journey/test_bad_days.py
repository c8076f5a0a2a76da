"""Every listed mishap, met by the real session on the real drivers and simulated devices.

Each must give the citizen one plain sentence and a way on, give the operator a typed fault with an
action, and lose nothing. The screen is left out: its words are looked up in the locale files.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po

import fakes
from drivers import registry
from drivers.camera.simulator import CameraSimulator
from drivers.document.simulator import DocumentSimulator
from drivers.idcard.simulator import SdtSimulator
from drivers.options import Site
from drivers.receipt.simulator import ReceiptSimulator
from drivers.statefile import write_state
from kiosk import events as e
from kiosk.model import DeviceState
from kiosk.sample_citizen import ANSWERS
from kiosk.session.engine import Engine
from kiosk.session.health import Health
from kiosk.session.terminal import Devices, Limits
from kiosk.view import Notice, PapersBody, ProblemBody, QuestionBody, State, View
from visiting import INK, gather

LOCALES = fakes.ROOT / "config/locales"


def sentence(key: str) -> str:
    """The citizen's words in both languages; a missing one fails the test."""
    words = []
    for name in ("zh_CN", "en"):
        with (LOCALES / f"{name}.po").open("rb") as file:
            message = read_po(file).get(key)
        assert message is not None, f"{key} is not in {name}"
        assert message.string, f"{key} has no words in {name}"
        words.append(str(message.string))
    return words[0]


@dataclass
class Station:
    """A terminal whose devices are simulated at the far end of real wires."""

    folder: Path
    bench: fakes.Bench
    engine: Engine
    health: Health
    views: list[View]

    def simulate(self, device: str, **state: object) -> None:
        write_state(self.folder / f"{device}.json", **state)

    async def until(self, condition: Callable[[View], bool], seconds: float = 60) -> View:
        async with asyncio.timeout(seconds):
            while not (self.views and condition(self.views[-1])):
                await asyncio.sleep(0.01)
        return self.views[-1]

    async def problem(self) -> ProblemBody:
        body = (await self.until(lambda view: view.state is State.PROBLEM)).body
        assert isinstance(body, ProblemBody)
        assert sentence(f"problem.{body.code}")
        assert sentence(f"way_out.{body.way_out}")
        return body

    async def card_page(self, task: str = fakes.RESIDENCE) -> None:
        for event in (e.Touched(), e.ServiceChosen(task), e.GuideAccepted()):
            self.engine.post(event)
        before = (State.ATTRACT, State.SERVICES, State.GUIDE)
        await self.until(lambda view: view.state not in before)

    async def to_papers(self) -> PapersBody:
        """From the questions on, as a citizen who answers everything."""
        seen: object = None
        async with asyncio.timeout(40):
            while True:
                view = self.views[-1]
                if isinstance(view.body, PapersBody) and view.body.done:
                    return view.body
                if isinstance(view.body, QuestionBody) and view.body != seen:
                    seen = view.body
                    self.engine.post(e.Answered(view.body.name, ANSWERS[view.body.name]))
                if view.body != seen and (gathering := gather(view)) is not None:
                    seen = view.body
                    self.engine.post(gathering)
                if view.state is State.CHECK and seen is not State.CHECK:
                    seen = State.CHECK
                    self.engine.post(e.AnswersConfirmed())
                if view.state is State.SIGN and seen is not State.SIGN:
                    seen = State.SIGN
                    self.engine.post(e.Signed(INK))
                await asyncio.sleep(0.01)

    def records(self, kind: str) -> list[dict[str, Any]]:
        return [
            json.loads(bytes(record.data))
            for record in self.bench.journal.records(1)
            if record.type.startswith(f"kiosk.{kind}")
        ]

    def printed(self) -> int:
        return len(list((self.folder / "receipts").glob("*.escpos")))


@pytest.fixture
async def station(tmp_path: Path) -> AsyncIterator[Station]:
    receipt = ReceiptSimulator(tmp_path)
    camera = CameraSimulator(tmp_path)
    document = DocumentSimulator(tmp_path, tmp_path)
    simulators = (SdtSimulator(tmp_path), receipt, camera, document)
    for simulator in simulators:
        simulator.start()
    limits = Limits(ack=0.2, decision=0.2, poll=0.02, face=6, face_tries=1, thanks=1, rating=1)
    bench = fakes.bench(tmp_path / "journal", limits)
    bench.terminal.place = replace(bench.terminal.place, demonstration=True)  # frames a face
    d = bench.terminal.devices
    site = Site(d.frames)
    made: dict[str, Any] = {
        "reader": ("idcard", "sdt_serial", {"port": str(tmp_path / "idcard.tty")}),
        "camera": ("camera", "opencv", {"source": f"http://127.0.0.1:{camera.port}/stream.mjpg"}),
        "receipt": ("receipt", "escpos_network", {"host": "127.0.0.1", "port": receipt.port}),
        "document": ("document", "ipp", {"uri": document.uri}),
    }
    ports = {name: registry.build(*driver, site) for name, driver in made.items()}
    bench.terminal.devices = Devices(**ports, chip=d.chip, gateway=d.gateway, frames=d.frames)
    views: list[View] = []
    engine = Engine(bench.terminal, views.append)
    station = Station(tmp_path, bench, engine, Health(bench.terminal, engine), views)
    running = asyncio.create_task(station.engine.run())
    await asyncio.sleep(0)
    station.engine.post(e.ServiceRestored())
    await station.until(lambda view: view.state is State.ATTRACT)
    yield station
    await station.engine.stop()
    running.cancel()
    for port in ("reader", "camera", "receipt", "document"):
        await getattr(bench.terminal.devices, port).close()
    for simulator in simulators:
        simulator.stop()


@pytest.mark.parametrize(
    ("state", "code", "action"),
    [
        ({"card": "zhang", "fault": "checksum"}, "card.checksum", "maintenance"),
        ({"card": "zhang", "fault": "cut_short"}, "card.cut_short", "maintenance"),
        ({"card": "zhang", "fault": "wrong_card"}, "card.wrong_card", ""),
        ({"card": "zhang", "fault": "lifted"}, "card.lifted", ""),
        ({"card": "zhang", "fault": "refused"}, "card.refused", ""),
        ({"card": "bad_number"}, "card.bad_number", ""),
        ({"card": "expired"}, "card.expired", ""),
        ({"card": "zhang", "plugged": False}, "card.no_reader", "maintenance"),
    ],
)
async def test_a_card_that_cannot_be_read(
    station: Station, state: dict[str, Any], code: str, action: str
) -> None:
    station.simulate("idcard", **state)
    await station.card_page()
    body = await station.problem()
    assert body.code == code
    [told] = station.records("identity.card")
    assert (f"card.{told['outcome']}", told["action"]) == (code, action)
    # The way on: with the reader well and a good card, the same visit goes to its end.
    station.simulate("idcard", card=None, fault=None, plugged=True)
    await asyncio.sleep(0.7)  # the simulator has taken notice
    station.engine.post(e.WayOutTaken())
    if body.way_out == "services":
        await station.until(lambda view: view.state is State.SERVICES)
        for event in (e.ServiceChosen(fakes.RESIDENCE), e.GuideAccepted()):
            station.engine.post(event)
    await asyncio.sleep(0.5)
    station.simulate("idcard", card="zhang")
    papers = await station.to_papers()
    assert (papers.standing, station.printed()) == ("provisional", 1)


async def test_no_paper_is_known_before_and_told_after(station: Station) -> None:
    station.simulate("receipt", paper="out")
    await station.health.look()
    [told] = [data for data in station.records("device") if data["device"] == "receipt"]
    assert (told["supplies"]["paper"], told["fault"], told["action"]) == (
        "out", "paper_out", "refill",
    )  # fmt: skip
    notice = Notice("no_receipts", "receipt", "paper_out", "refill")
    assert notice in station.bench.terminal.condition.notices()
    station.simulate("idcard", card="zhang")
    await station.card_page()
    papers = await station.to_papers()
    assert papers.papers[0].trouble == "paper.trouble.no_paper"
    assert sentence(papers.papers[0].trouble)
    assert station.printed() == 0
    assert station.records("print.outcome")[0]["rung"] == "queued"
    assert len(station.records("case.intent")) == 1


async def test_a_printer_unplugged_in_mid_print_is_unconfirmed_and_never_repeated(
    station: Station,
) -> None:
    station.simulate("idcard", card="zhang")
    station.simulate("receipt", die_after=400)
    await station.card_page()
    papers = await station.to_papers()
    assert papers.papers[0].trouble == "paper.trouble.unconfirmed"
    assert sentence(papers.papers[0].trouble)
    [told] = station.records("print.outcome")
    assert told["rung"] == "unconfirmed"
    assert told["fault"]
    assert told["action"]
    station.simulate("receipt", power="on", die_after=None)
    await asyncio.sleep(1.5)
    assert station.printed() == 0
    for _ in range(3):  # presence is debounced
        await station.health.look()
    assert station.bench.terminal.condition.usable("receipt")


async def test_an_absent_camera_never_ends_a_visit(station: Station) -> None:
    station.simulate("camera", power="off")
    station.simulate("idcard", card="zhang")
    await station.card_page(fakes.CERTIFICATE)
    await station.until(lambda view: view.state is State.CONSENT)
    station.engine.post(e.ConsentGiven())
    body = await station.problem()
    assert (body.code, body.way_out) == ("face.no_camera", "other_ways")
    station.engine.post(e.WayOutTaken())
    await station.until(lambda view: view.state is State.WAYS)
    station.engine.post(e.WayChosen("pin"))
    await station.until(lambda view: view.state is State.PIN)
    station.engine.post(e.SecretEntered(station.bench.credentials.pin))
    papers = await station.to_papers()
    assert papers.papers[0].trouble == ""
    for _ in range(3):
        await station.health.look()
    status = station.bench.terminal.condition.statuses["camera"]
    assert status.state is DeviceState.NO_DEVICE
    assert status.fault is not None
    assert status.fault.action


async def test_nobody_before_the_camera_is_told_what_to_do(station: Station) -> None:
    station.simulate("camera", scene="empty")
    station.simulate("idcard", card="zhang")
    await station.card_page(fakes.CERTIFICATE)
    await station.until(lambda view: view.state is State.CONSENT)
    station.engine.post(e.ConsentGiven())
    body = await station.problem()
    assert (body.code, body.way_out) == ("face.timed_out", "other_ways")
