"""For tests of what breaks on the way: a fleet without TLS in this process, and real agents."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fleet.handling.plan import Duty
from fleet.identity.senders import NoSender
from fleet.manager import Running, start
from fleet.place import Outside, Place
from fleet.platform.adapters import routing
from fleet.platform.persons import SamplePersons
from kiosk import wire
from kiosk.agent.agent import Agent
from kiosk.agent.backoff import Backoff
from kiosk.agent.broker import Broker
from kiosk.agent.link import Link
from kiosk.agent.reports import Versions
from kiosk.journal import Journal
from kiosk.processes import free_port
from linkhouse import Approves
from linkwork import SECONDS, TENANT, until

ZHANG = wire.CaseApplicant("张小样", "11010519491231002X")


@dataclass
class House:
    """`port`: of the broker's."""

    folder: Path
    port: int
    running: Running

    @property
    def key(self) -> bytes:
        return bytes.fromhex((self.folder / "trust/case.pub").read_text())

    @property
    def broker_pid(self) -> int:
        file = self.folder / "var/broker/mosquitto.pid"
        return int(until(file.read_text, "the broker to write its number"))

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.folder / "var/fleet.db", timeout=30)) as db:
            return db.execute(query, values).fetchall()

    def held(self, journal: str) -> list[tuple[int, str]]:
        return self.rows("SELECT seq, hash FROM records WHERE journal = ? ORDER BY seq", journal)

    def alarms(self) -> set[str]:
        return {kind for (kind,) in self.rows("SELECT kind FROM alarms")}

    def cases(self) -> list[str]:
        return sorted(number for (number,) in self.rows("SELECT case_no FROM cases"))


@contextmanager
def house(folder: Path, broker: int = 0) -> Iterator[House]:
    """`broker`: the port of one that is not the fleet's own."""
    (folder / "var").mkdir(parents=True, exist_ok=True)
    port = broker or free_port()
    place = Place(
        tenant=TENANT, var=folder / "var", trust=folder / "trust",
        store_url=f"sqlite:///{folder}/var/fleet.db", broker=("127.0.0.1", port),
        own_broker=not broker, stale_seconds=90, items={}, duty=Duty("值班长"),
    )  # fmt: skip
    outside = Outside(routing.only(Approves()), SamplePersons(), NoSender())
    with ExitStack() as stack:
        yield House(folder, port, start(place, lambda: outside, stack))


@dataclass
class Terminal:
    """An agent on a thread; `journal` is the screen process's side of the same file."""

    name: str
    file: Path
    port: int
    journal: Journal = field(init=False)
    stop: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.journal = Journal.open(self.file, self.name)
        self._own = Journal.open(self.file, self.name)
        quick = Backoff(0.05, 0.3)
        link = Link(Broker("127.0.0.1", self.port), TENANT, self.name, backoff=quick)
        self._agent = Agent(self._own, link, Versions("1", "1", "somewhere"))
        self._thread = threading.Thread(target=self._agent.run, args=(self.stop,))
        self._thread.start()

    def file_case(self, key: bytes, number: int) -> str:
        """A case, as a visit writes it; its number."""
        case_no = f"{self.name}-{number}"
        payload = wire.CasePayload(
            case_no, self.name, "T1", "1", "2026-01-02T03:04:05+08:00", ZHANG, {}, "card"
        )
        data = {"case_no": case_no, "task_code": "T1", "task_version": "1", "kind": "promise"}
        intent = self.journal.begin("case", data, "", wire.seal(key, payload))
        self.journal.end(intent, {"case_no": case_no, "standing": "accepted"})
        return case_no

    @property
    def online(self) -> bool:
        return bool(self.journal.statuses().get("link", ({}, 0.0))[0].get("online"))

    @property
    def sent(self) -> int:
        """The newest record that is under way."""
        return self._agent._outbox._sent

    @property
    def written(self) -> list[tuple[int, str]]:
        return [(one.seq, one.hash) for one in self.journal.walk()]

    def caught_up(self) -> None:
        until(lambda: self.journal.acked_through == self.journal.last_seq, "every record's ack")

    def close(self) -> None:
        self.stop.set()
        self._thread.join(SECONDS)
        self._own.close()
        self.journal.close()


@contextmanager
def terminal(house_or_port: House | int, file: Path, name: str = "KT-0001") -> Iterator[Terminal]:
    port = house_or_port if isinstance(house_or_port, int) else house_or_port.port
    made = Terminal(name, file, port)
    try:
        yield made
    finally:
        made.close()
