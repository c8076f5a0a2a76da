"""A town for whole items: the real fleet (all but its broker and its HTTP) and one real platform.

A terminal's journal goes in as the agent sends it; time passes at the platform by hand.
"""

from __future__ import annotations

import asyncio
import contextlib
import queue
import re
import time
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import select

import fakes
from fakes import Bench
from fleet import cases
from fleet.archive.desk import LaterDesk
from fleet.archive.pages import Pages
from fleet.caseworkers import CaseWorkers
from fleet.conclusions import Concluder
from fleet.handling import book
from fleet.handling.context import Context, context
from fleet.handling.errands import Courier, Puller
from fleet.handling.plan import Duty
from fleet.handling.rounds import Rounds
from fleet.handling.states import CaseState, Refusal
from fleet.ingest import Arrival, Ingest
from fleet.metrics import Metrics
from fleet.platform.adapters.routing import Platforms, connect
from fleet.platform.sample import SamplePlatform
from fleet.store.database import Store
from fleet.store.tables import alarms
from fleet.store.tables import cases as held
from kiosk import certificates, wire
from kiosk import events as e
from kiosk.agent.outbox import Outbox
from kiosk.ports import CaseProgress
from kiosk.ports import CaseState as Told
from kiosk.services.item import Item
from kiosk.session.terminal import Limits
from kiosk.view import State
from platformwork import PLATFORMS, BackEnd, items, sample
from realhousehold import wait

T = TypeVar("T")
TENANT = "sample"
QUICK = Limits(ack=30, decision=30, poll=0.005, face=5, thanks=30, rating=30, paid=0.01)


@dataclass
class TownGateway(fakes.FakeGateway):
    """What the fleet's HTTP would answer, read where it reads it."""

    town: Town | None = None

    async def progress(self, case_no: str, seconds: float) -> CaseProgress | None:
        assert self.town is not None
        told = cases.progress(self.town.store, case_no)
        if told is None:
            return CaseProgress(case_no, Told.UNKNOWN)
        return CaseProgress(
            case_no, Told(told.state), told.due_date, told.certificate_no, told.reason,
            tuple(told.result),
        )  # fmt: skip

    async def certificate(self, case_no: str, seconds: float) -> bytes | None:
        assert self.town is not None
        return cases.certificate(self.town.store, case_no)


@dataclass
class Town:
    """`platform`: city or county, to which everything goes."""

    folder: Path
    platform: str
    back_end: BackEnd
    store: Store
    platforms: Platforms
    key: X25519PrivateKey
    trust: Path
    acks: queue.SimpleQueue[wire.Ack] = field(default_factory=queue.SimpleQueue)

    def __post_init__(self) -> None:
        metrics = Metrics()
        self.life: Context = context(
            self.store, self.key, b"k" * 32, items=items(), duty=Duty("综合受理岗")
        )
        self.ingest = Ingest(self.store, TENANT, metrics)
        self.pages = Pages(self.store, self.key)
        self.workers = CaseWorkers(
            self.store, self.key, self.platforms.by_name, self.platforms.routes.name, metrics
        )
        one: Any = self.platforms.by_name[self.platform]
        self.rounds = Rounds(self.life, reporting=True)
        self.puller = Puller(self.life, self.platform, one)
        desk = LaterDesk(self.store, self.key, self.platforms.by_name, self.platforms.routes.name)
        self.courier = Courier(self.life, desk.bring)
        self.concluder = Concluder(self.store, self.key, one, metrics, mine=lambda _code: True)
        self.ingest.start(lambda _terminal, ack: self.acks.put(ack))
        self.workers.start()

    def close(self) -> None:
        self.workers.stop()
        self.ingest.stop()
        self.platforms.close()
        self.store.close()

    async def agent(self, bench: Bench) -> None:
        """For ever: what the terminal writes is sent, and forgotten once it is acknowledged."""
        terminal = bench.terminal.place.terminal
        outbox = Outbox(bench.journal)
        outbox.connected(time.monotonic())
        self._born(bench)
        while True:
            if batch := outbox.next_batch(time.monotonic()):
                message = wire.encode(wire.Events(terminal=terminal, records=batch))
                self.ingest.put(Arrival(wire.topic(TENANT, terminal, "events"), message))
            for digest in bench.journal.pages.digests():
                if page := bench.journal.pages.read(digest):
                    self.pages.keep(page.digest, page.sealed)
                    bench.journal.pages.taken(digest)
            with contextlib.suppress(queue.Empty):
                while True:
                    outbox.acknowledged(self.acks.get_nowait(), time.monotonic())
            await asyncio.sleep(0.005)

    def _born(self, bench: Bench) -> None:
        """What a terminal says first; the fleet's answer tells it what is held."""
        place, journal = bench.terminal.place.terminal, bench.journal
        birth = wire.Birth(place, 1, journal.boot, journal.id, journal.last_seq, "2026-01-02")
        self.ingest.put(Arrival(wire.topic(TENANT, place, "birth"), wire.encode(birth)))

    def hand_in(self, bench: Bench, case: wire.CasePayload, *pictures: bytes) -> None:
        """What was missing, as a terminal writes it down, until the fleet holds it."""
        public = self.key.public_key().public_bytes_raw()
        acts = [({"case_no": case.case_no}, wire.seal(public, case))]
        pages = [wire.seal_page(public, picture) for picture in pictures]
        bench.journal.begin_all("supplement", acts, "", pages)

        async def send() -> None:
            agent = asyncio.create_task(self.agent(bench))
            async with asyncio.timeout(30):
                while (
                    bench.journal.acked_through < bench.journal.last_seq
                    or bench.journal.pages.waiting
                ):
                    await asyncio.sleep(0.005)
            agent.cancel()

        asyncio.run(send())

    # ---- the days after ----------------------------------------------------------------------

    def settle(self) -> None:
        """Everybody does what there is to do, until nothing is left."""
        wait(lambda: not self._received(), 30, "the workers to bring every case to its platform")
        busy = True
        while busy:
            self.rounds.until_quiet()
            busy = self.puller.once() or self.courier.once() or self.concluder.once()

    def _received(self) -> list[str]:
        """Cases that no platform has yet."""
        with self.store.read() as connection:
            query = select(held.c.case_no).where(held.c.handed_over.is_(False))
            return list(connection.scalars(query))

    def pass_days(self, days: int) -> None:
        self.settle()
        self.back_end.advance(days)
        self.settle()

    def told(self, case_no: str) -> cases.Progress:
        found = cases.progress(self.store, case_no)
        assert found is not None, f"the fleet does not know {case_no}"
        return found

    def certificate(self, case_no: str) -> bytes | None:
        return cases.certificate(self.store, case_no)

    def state(self, case_no: str) -> CaseState:
        with self.store.read() as connection:
            found = book.read(connection, self.life.calendar, [case_no])[case_no].state
        assert not isinstance(found, Refusal), found
        return found

    def alarms(self) -> list[str]:
        """Kinds of what people would have been called for."""
        with self.store.read() as connection:
            return list(connection.scalars(select(alarms.c.kind)))

    def terminal(self, folder: Path) -> Bench:
        """That stands in this town: on fakes, but for what it hears from the fleet."""
        made = fakes.bench(folder, QUICK)
        made.terminal.devices.gateway = made.gateway = TownGateway(town=self)
        made.case_key = self.key
        made.terminal.case_key = lambda: self.key.public_key().public_bytes_raw()
        made.terminal.check_certificate = lambda pdf: self.verdict(pdf).valid
        made.terminal.catalogue = fakes.shipped()
        return made

    def verdict(self, pdf: bytes) -> certificates.Verdict:
        return certificates.verify_pdf(pdf, self.trust)

    async def serve(self, bench: Bench, visit: Coroutine[Any, Any, T]) -> T:
        """With the engine and the agent running for as long as the visit lasts."""
        beside = [asyncio.create_task(bench.engine.run()), asyncio.create_task(self.agent(bench))]
        try:
            await bench.breath()
            bench.post(e.ServiceRestored())
            await bench.until(State.ATTRACT)
            return await visit
        finally:
            await bench.engine.stop()
            for task in beside:
                task.cancel()


@contextmanager
def town(platform: str, folder: Path) -> Iterator[Town]:
    """With its own back end process, to which every department's cases go."""
    (folder / platform).mkdir(parents=True)
    back_end = BackEnd(platform, folder / platform)
    back_end.start()
    try:
        built_in: SamplePlatform = sample(folder)
        _point(platform, back_end, folder / "platforms", items())
        platforms = connect(
            folder / "platforms", items().values(), built_in, built_in.papers, folder / "adapters"
        )
        key = X25519PrivateKey.generate()
        store = Store(f"sqlite:///{folder}/fleet.db")
        made = Town(folder, platform, back_end, store, platforms, key, folder / "trust")
        try:
            yield made
        finally:
            made.close()
    finally:
        back_end.stop()


def _point(name: str, back_end: BackEnd, folder: Path, known: dict[str, Item]) -> None:
    """The platform's own file, with the address of this process and with every department."""
    folder.mkdir()
    departments = sorted({item.dept_code for item in known.values()})
    text = (PLATFORMS / f"{name}.toml").read_text("utf-8")
    for key, value in {
        "url": f'"{back_end.url}"',
        "secret_file": f'"{back_end.folder / f"{name}.secret"}"',
        "dept_codes": str(departments).replace("'", '"'),
    }.items():
        text, count = re.subn(rf"(?m)^{key} = [^#\n]*", f"{key} = {value}", text)
        assert count == 1, key
    (folder / f"{name}.toml").write_text(text, "utf-8")
