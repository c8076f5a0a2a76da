"""Stand-ins for ports, for tests of the session alone. Real drivers have their contract suites."""

from __future__ import annotations

import asyncio
import functools
import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from drivers.absent import STAND_INS
from kiosk.events import Event
from kiosk.identity.numbers import resident_check
from kiosk.journal import Journal
from kiosk.model import (
    CardFault,
    CardType,
    CodeSent,
    DeviceState,
    DeviceStatus,
    FaceCapture,
    FaceDecision,
    FaceFault,
    FaceHint,
    IdCard,
    Level,
    Member,
    PrintOutcome,
    Receipt,
    Rung,
    SecretAnswer,
    SecretFault,
    StaffRole,
    Text,
)
from kiosk.ports import CaseProgress, Charge, FrameSlot, Payment, PaymentFault, PaymentState
from kiosk.services.load import Catalogue, load_catalogue
from kiosk.services.search import build
from kiosk.session.clock import today
from kiosk.session.condition import Condition
from kiosk.session.engine import Engine
from kiosk.session.terminal import Devices, Limits, Place, Terminal
from kiosk.session.till import Till
from kiosk.view import State, View

ROOT = Path(__file__).parents[1]
CERTIFICATE = "11445299MB2D00006J2000100001001"
RESIDENCE = "11445299MB2D00006J2000900011001"
MARRIAGE = "11445299MB2D00006J2000500002001"
QUERY = "11445299MB2D00006J2000700007001"

ZHANG = IdCard(
    card_type=CardType.CITIZEN,
    name="张小满",
    number="11010519491231002X",
    sex="女",
    birth=date(1949, 12, 31),
    valid_from=date(2020, 1, 1),
    valid_to=None,
    address="示例县城关镇一号",
    photo=b"a portrait",
)


def somebody(name: str, birth: date, sequence: int, **more: Any) -> IdCard:
    """An invented person; an even `sequence` is a woman's."""
    first = f"445299{birth:%Y%m%d}{sequence:03d}"
    return replace(
        ZHANG,
        name=name,
        number=first + resident_check(first),
        sex="男" if sequence % 2 else "女",
        birth=birth,
        **more,
    )


TODAY = today()
LI = somebody("李远", date(1985, 4, 2), 31)
CHILD = somebody("张小果", TODAY.replace(year=TODAY.year - 9, day=1), 42)
TEEN = somebody("周成", TODAY.replace(year=TODAY.year - 16, day=1), 51)
EXPIRED = somebody("王秋实", date(1976, 9, 23), 15, valid_to=date(2020, 9, 1))
HELPER = somebody("陈桂芳", date(1979, 3, 8), 64)
OPERATOR = somebody("何力", date(1990, 1, 9), 77)
ADMINISTRATOR = somebody("罗宁", date(1988, 6, 30), 82)
STAFF = {
    HELPER.number: Member("H-01", HELPER.name, StaffRole.HELPER, Level.VILLAGE),
    OPERATOR.number: Member("O-01", OPERATOR.name, StaffRole.OPERATOR, Level.COUNTY),
    ADMINISTRATOR.number: Member("A-01", ADMINISTRATOR.name, StaffRole.ADMINISTRATOR, Level.COUNTY),
}
MATCHED = FaceDecision(None, "sample 1", 0.71, 0.4, 0.93, 0.6, challenges=("turn_left",))


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
    """Gives one card after the other; the last one again and again.

    `lying`: whether a card that was `put` has not been read yet; None: none was put.
    """

    lying: bool | None = None
    answers: list[IdCard | CardFault] = field(default_factory=lambda: [ZHANG])
    placed: asyncio.Event = field(default_factory=asyncio.Event)

    async def arrival(self, *, fresh: bool = False) -> CardFault | None:
        if fresh or self.lying is False:
            self.placed.clear()
            await self.placed.wait()
        return None

    async def read(self, _access: str = "", *, expired: bool = False) -> IdCard | CardFault:
        card = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if self.lying:
            self.lying = False
        if isinstance(card, IdCard) and not expired and card.valid_to and card.valid_to < TODAY:
            return CardFault.EXPIRED
        return card

    def put(self, card: IdCard | CardFault) -> None:
        """Put down now: seen by who waits for a fresh one, and the next that is read."""
        self.answers = [card]
        self.lying = True
        self.placed.set()


@dataclass
class FakeCamera(FakeDevice):
    matching: bool = True
    answers: list[FaceCapture | FaceFault] = field(
        default_factory=lambda: [FaceCapture(1, 1, b"\0\0\0")]
    )
    decisions: list[FaceDecision] = field(default_factory=lambda: [MATCHED])

    async def verify(
        self, portrait: bytes, on_hint: Callable[[FaceHint], None], seconds: float
    ) -> FaceDecision:
        on_hint(FaceHint.TURN_LEFT)
        await asyncio.sleep(0)
        return self.decisions.pop(0) if len(self.decisions) > 1 else self.decisions[0]

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
class FakeCredentials:
    """A phone on file, one right code and one right PIN."""

    sent: CodeSent | SecretAnswer = field(default_factory=lambda: CodeSent("c1", "138****8000"))
    code: str = "246810"
    pin: str = "864209"
    wrong: SecretAnswer = SecretAnswer(SecretFault.WRONG, 2)
    asked: list[str] = field(default_factory=list)

    async def send_code(self, number: str, seconds: float) -> CodeSent | SecretAnswer:
        self.asked.append(number)
        return self.sent

    async def check_code(self, challenge: str, code: str, seconds: float) -> SecretAnswer:
        return SecretAnswer() if code == self.code else self.wrong

    async def check_pin(self, number: str, pin: str, seconds: float) -> SecretAnswer:
        self.asked.append(number)
        return SecretAnswer() if pin == self.pin else self.wrong

    async def close(self) -> None:
        """Nothing is open."""


@dataclass
class FakeRoster:
    """Card number → member; one PIN for all."""

    people: dict[str, Member] = field(default_factory=dict)
    pin: str = "735195"
    wrong: SecretAnswer = SecretAnswer(SecretFault.WRONG, 2)

    def members(self) -> tuple[Member, ...]:
        return tuple(self.people.values())

    def find(self, card_number: str) -> Member | None:
        return self.people.get(card_number)

    def check(self, member: Member, pin: str) -> SecretAnswer:
        return SecretAnswer() if pin == self.pin else self.wrong


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
class FakePayments:
    """Somebody pays every code at once. Real payments: `tests/payingwork.py`."""

    asked: list[Charge] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)

    async def order(self, charge: Charge, seconds: float) -> Payment | PaymentFault:
        self.asked.append(charge)
        return Payment(charge.order_no, PaymentState.PAID, charge.amount)

    async def state(self, order_no: str, seconds: float) -> Payment | PaymentFault:
        return Payment(order_no, PaymentState.PAID, 0)

    async def close(self, order_no: str, seconds: float) -> Payment | PaymentFault:
        self.closed.append(order_no)
        return Payment(order_no, PaymentState.CLOSED, 0)

    async def end(self) -> None:
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
    credentials: FakeCredentials
    roster: FakeRoster
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

    async def until(self, state: State, seconds: float = 60) -> View:
        """Wait until the newest view is of `state`."""
        async with asyncio.timeout(seconds):
            while not self.views or self.view.state is not state:
                await asyncio.sleep(0.005)
        return self.view

    async def breath(self) -> None:
        await asyncio.sleep(0.005)

    def data(self, kind: str) -> list[dict[str, Any]]:
        """Of the journal's records of this kind."""
        records = (r for r in self.journal.records(1) if r.type.startswith(f"kiosk.{kind}"))
        return [json.loads(bytes(record.data)) for record in records]

    def kinds(self) -> list[str]:
        return [record.type.removeprefix("kiosk.") for record in self.journal.records(1)]


LIMITS = Limits(
    ack=0.2, decision=0.3, poll=0.01, face=5, thanks=1, rating=1, payment_poll=0.01, paid=0.01
)


@functools.cache
def shipped() -> Catalogue:
    """Everything that the demonstration offers, with an index to find it by."""
    known = load_catalogue(ROOT / "config/catalogue")
    index = sqlite3.connect(":memory:")
    build(index, known.items)
    return replace(known, index=index)


@functools.cache
def few() -> Catalogue:
    """The items that tests name: so few that one page shows them all."""
    named = {CERTIFICATE, RESIDENCE, MARRIAGE, QUERY}
    items = tuple(item for item in shipped().items if item.task_code in named)
    return Catalogue(items, shipped().version, representatives=items)


def bench(folder: Path, limits: Limits | None = None) -> Bench:
    key = X25519PrivateKey.generate()
    reader, camera = FakeReader("idcard"), FakeCamera("camera")
    chip = STAND_INS["chipcard"](DeviceStatus("chipcard", DeviceState.NO_DEVICE))
    receipt, document = FakePrinter("receipt"), FakePrinter("document")
    gateway, credentials, roster = FakeGateway(), FakeCredentials(), FakeRoster()
    journal = Journal.open(folder / "journal.db", "KT-0001")
    journal.start_boot()
    names = ("idcard", "camera", "receipt", "document")
    online = {name: DeviceStatus(name, DeviceState.ONLINE) for name in names}
    terminal = Terminal(
        place=Place("KT-0001", Text("示例县政务服务中心", "Sample County"), "12345"),
        limits=limits or LIMITS,
        catalogue=few(),
        journal=journal,
        devices=Devices(reader, chip, camera, receipt, document, gateway, FrameSlot()),
        case_key=lambda: key.public_key().public_bytes_raw(),
        check_certificate=lambda pdf: pdf.startswith(b"%PDF"),
        credentials=credentials,
        roster=roster,
        condition=Condition(statuses=online, online=True, commissioned=True),
        till=Till(journal, FakePayments()),
    )
    return Bench(terminal, reader, camera, receipt, document, gateway, credentials, roster, key)
