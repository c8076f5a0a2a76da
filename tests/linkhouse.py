"""For tests of the link: a whole fleet with TLS in this process, and a terminal's agent."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fleet.handling.plan import Duty
from fleet.identity.senders import NoSender
from fleet.manager import Running, listen, start
from fleet.pki.authority import Authority, Terms
from fleet.place import Outside, Place, Secure
from fleet.platform.adapters import routing
from fleet.platform.contract import Decision, Standing
from fleet.platform.persons import SamplePersons
from fleet.window import Window
from kiosk import wire
from kiosk.agent.agent import Agent
from kiosk.agent.badge import Badge
from kiosk.agent.enrolment import Enrolment, Office
from kiosk.agent.identity import Identity
from kiosk.agent.known import KnownTime
from kiosk.agent.link import Broker as Address
from kiosk.agent.link import Link
from kiosk.agent.reports import Versions
from kiosk.journal import Journal
from kiosk.processes import free_port
from linkwork import SECONDS, TENANT, Town


class Approves:
    def decide(self, _case: wire.CasePayload) -> Decision:
        return Decision(Standing.APPROVED)


@dataclass
class House:
    """A fleet with TLS in this process."""

    place: Place
    running: Running
    gateway: str  # its address

    @property
    def authority(self) -> Authority:
        assert self.running.keeper is not None
        return self.running.keeper.authority

    @property
    def as_town(self) -> Town:
        return Town(self.authority, self.place.broker[1], None)  # type: ignore[arg-type]


@contextmanager
def house(folder: Path, *invited: str) -> Iterator[House]:
    (folder / "var").mkdir(parents=True)
    place = Place(
        tenant=TENANT, var=folder / "var", trust=folder / "trust",
        store_url=f"sqlite:///{folder}/var/fleet.db", broker=("127.0.0.1", free_port()),
        own_broker=True, stale_seconds=90, items={}, duty=Duty("值班长"),
        secure=Secure(Terms(), invited),
    )  # fmt: skip
    outside = Outside(routing.only(Approves()), SamplePersons(), NoSender())
    with ExitStack() as stack:
        running = start(place, lambda: outside, stack)
        assert running.keeper is not None
        sock = listen("127.0.0.1", 0)
        url = f"https://127.0.0.1:{sock.getsockname()[1]}"
        Window(running.app, running.keeper.server).start(sock, stack)
        yield House(place, running, url)


@dataclass
class Terminal:
    """The agent's parts as `kiosk agent` wires them, on threads. `invited`: it finds the code."""

    house: House
    name: str
    folder: Path
    invited: bool = True
    journal: Journal = field(init=False)
    identity: Identity = field(init=False)
    enrolment: Enrolment = field(init=False)
    link: Link = field(init=False)
    stop: threading.Event = field(default_factory=threading.Event)
    # What `Badge` takes beside: `means` and `wish`.
    upkeep: Callable[[Terminal, KnownTime], dict[str, Any]] | None = None

    def __post_init__(self) -> None:
        trust = self.house.place.trust
        self.journal = Journal.open(self.folder / "journal.db", self.name)
        self.identity = Identity(self.folder / "link.pem", trust / "link.pem", self.name)
        # A journal belongs to one thread: this one is the agent's.
        self._own = Journal.open(self.folder / "journal.db", self.name)
        known = KnownTime(self._own, lambda: self.identity.since)
        address = Address(*self.house.place.broker, trust / "link.pem", self.identity)
        self.link = Link(address, TENANT, self.name, known=known.latest)
        code = (trust if self.invited else self.folder) / f"{self.name}.enrol"
        office = Office(self.house.gateway, trust / "link.pem", code)
        self.enrolment = Enrolment(
            self.identity, office, self.name,
            changed=self.link.renewed, lost=lambda: self.link.disowned,
        )  # fmt: skip
        more = self.upkeep(self, known) if self.upkeep is not None else {}
        badge = Badge(known, self.identity, self.enrolment, TENANT, trust, **more)
        self._agent = (Versions("1", "1", "somewhere"), 2**28, badge)
        self._thread = threading.Thread(target=self._run)
        self._enrolling = self.enrolment.start(self.stop)
        self._thread.start()

    def _run(self) -> None:
        Agent(self._own, self.link, *self._agent).run(self.stop)
        self._own.close()

    @property
    def status(self) -> dict[str, Any]:
        told: dict[str, Any] = self.journal.statuses().get("link", ({}, 0.0))[0]
        return told

    @property
    def serial(self) -> int:
        found = self.identity.certificate
        return 0 if found is None else found.serial_number

    def close(self) -> None:
        self.stop.set()
        self._thread.join(SECONDS)
        self._enrolling.join(SECONDS)
        self.journal.close()
