"""Stand-ins for ports, for tests of the session alone. Real drivers have their contract suites."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from kiosk.events import Event
from kiosk.journal import Journal
from kiosk.model import (
    CardFault,
    CardType,
    DeviceState,
    DeviceStatus,
    FaceCapture,
    FaceFault,
    FaceHint,
    IdCard,
    PrintOutcome,
    Receipt,
    Rung,
    Text,
)
from kiosk.ports import CaseProgress, FrameSlot
from kiosk.services.load import load_catalogue
from kiosk.session.engine import Engine
from kiosk.session.terminal import Condition, Devices, Limits, Place, Terminal
from kiosk.view import State, View

ROOT = Path(__file__).parents[1]
CERTIFICATE = "11445299MB2D0000XR2000100001001"
RESIDENCE = "11445299MB2D0000XR2000900011001"
QUERY = "11445299MB2D0000XR2000700007001"

ZHANG = IdCard(
    card_type=CardType.CITIZEN,
    name="张小满",
    number="11010519491231002X",
    sex="女",
    birth=date(1949, 12, 31),
    valid_from=date(2020, 1, 1),
    valid_to=None,
    address="示例县城关镇一号",
)


@dataclass
class FakeDevice:
    device: str
    state: DeviceState = DeviceState.ONLINE

    async def status(self) -> DeviceStatus:
        return DeviceStatus(self.device, self.state)

    async def close(self) -> None:
        """Nothing is open."""


@dataclass
class FakeReader(FakeDevice):
    answers: list[IdCard | CardFault] = field(default_factory=lambda: [ZHANG])

    async def find(self) -> bool | CardFault:
        return True

    async def read(self) -> IdCard | CardFault:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@dataclass
class FakeCamera(FakeDevice):
    answers: list[FaceCapture | FaceFault] = field(
        default_factory=lambda: [FaceCapture(1, 1, b"\0\0\0")]
    )

    async def capture(
        self, on_hint: Callable[[FaceHint], None], seconds: float
    ) -> FaceCapture | FaceFault:
        on_hint(FaceHint.HOLD_STILL)
        await asyncio.sleep(0)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@dataclass
class FakePrinter(FakeDevice):
    outcome: PrintOutcome = PrintOutcome(Rung.PRESENTED)
    printed: list[tuple[str, Receipt | bytes]] = field(default_factory=list)
    before: Callable[[], None] = lambda: None

    async def print(
        self, job: str, paper: Receipt | bytes, on_rung: Callable[[Rung], None]
    ) -> PrintOutcome:
        self.before()
        await asyncio.sleep(0.01)
        self.printed.append((job, paper))
        on_rung(self.outcome.rung)
        return self.outcome


@dataclass
class FakeGateway:
    progress_of: Callable[[str], CaseProgress | None] = lambda _case: None
    pdf: bytes | None = None
    up: bool = True

    async def progress(self, case_no: str, seconds: float) -> CaseProgress | None:
        return self.progress_of(case_no)

    async def certificate(self, case_no: str, seconds: float) -> bytes | None:
        return self.pdf

    async def reachable(self, seconds: float) -> bool:
        return self.up

    async def close(self) -> None:
        """Nothing is open."""


@dataclass
class Bench:
    """A terminal on fakes: press things, look at views, read the journal."""

    terminal: Terminal
    reader: FakeReader
    camera: FakeCamera
    receipt: FakePrinter
    document: FakePrinter
    gateway: FakeGateway
    case_key: X25519PrivateKey
    views: list[View] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.engine = Engine(self.terminal, self.views.append)

    @property
    def view(self) -> View:
        return self.views[-1]

    @property
    def journal(self) -> Journal:
        return self.terminal.journal

    def post(self, *events: Event) -> None:
        for event in events:
            self.engine.post(event)

    async def until(self, state: State, seconds: float = 5) -> View:
        """Wait until the newest view is of `state`."""
        async with asyncio.timeout(seconds):
            while not self.views or self.view.state is not state:
                await asyncio.sleep(0.005)
        return self.view

    def kinds(self) -> list[str]:
        return [record.type.removeprefix("kiosk.") for record in self.journal.records(1)]


def bench(folder: Path, limits: Limits | None = None) -> Bench:
    key = X25519PrivateKey.generate()
    reader, camera = FakeReader("idcard"), FakeCamera("camera")
    receipt, document = FakePrinter("receipt"), FakePrinter("document")
    gateway = FakeGateway()
    journal = Journal.open(folder / "journal.db", "KT-0001")
    journal.start_boot()
    names = ("idcard", "camera", "receipt", "document")
    online = {name: DeviceStatus(name, DeviceState.ONLINE) for name in names}
    terminal = Terminal(
        place=Place("KT-0001", Text("示例县政务服务中心", "Sample County"), "12345"),
        limits=limits or Limits(ack=0.2, decision=0.3, poll=0.01, face=5, thanks=1, rating=1),
        catalogue=load_catalogue(ROOT / "config/catalogue"),
        journal=journal,
        devices=Devices(reader, camera, receipt, document, gateway, FrameSlot()),
        case_key=lambda: key.public_key().public_bytes_raw(),
        check_certificate=lambda pdf: pdf.startswith(b"%PDF"),
        condition=Condition(statuses=online, online=True, commissioned=True),
    )
    return Bench(terminal, reader, camera, receipt, document, gateway, key)
