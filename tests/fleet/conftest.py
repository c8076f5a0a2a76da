"""A fleet manager with a real Mosquitto, and a fake terminal that speaks `kiosk.wire`."""

from __future__ import annotations

import json
import os
import queue
import random
import signal
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import msgspec
import paho.mqtt.client as mqtt
import pytest
import uvicorn
from paho.mqtt.enums import CallbackAPIVersion
from playwright.sync_api import Browser, Page

import postgreswork
from browserwork import chinese, chromium
from fleet.handling.plan import Duty
from fleet.identity.senders import SimulatedSender
from fleet.manager import Running, listen, start
from fleet.place import Outside, Place
from fleet.platform.adapters import routing
from fleet.platform.contract import Decision, PlatformError, Standing
from fleet.platform.persons import SamplePersons
from fleet.store.database import Store
from kiosk import wire
from kiosk.processes import free_port

TENANT = "sample"
SECONDS = 20.0


def wait_until(condition: Callable[[], Any], seconds: float = SECONDS) -> Any:
    """The first true value of `condition`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.02)
    pytest.fail(f"still not so after {seconds} s")


@dataclass
class StubPlatform:
    """Approves everything; `failures`: how many times it refuses to answer first."""

    seen: list[wire.CasePayload] = field(default_factory=list)
    failures: int = 0

    def decide(self, case: wire.CasePayload) -> Decision:
        if self.failures:
            self.failures -= 1
            raise PlatformError("not now")
        self.seen.append(case)
        return Decision(
            Standing.APPROVED,
            certificate_no=f"C-{case.case_no}",
            certificate=b"%PDF-" + case.case_no.encode(),
            result=(("姓名", "Name", case.applicant.name),),
        )


class Terminal:
    """Writes a chain, sends what it is told to, keeps the acknowledgements that come."""

    def __init__(self, port: int, name: str = "KT-0001", journal: str = "j1") -> None:
        self.name = name
        self.journal = journal
        self.chain: list[wire.Record] = []
        self.acks: queue.Queue[wire.Ack] = queue.Queue()
        self.hosts: list[wire.HostState] = []
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
        self._client.reconnect_delay_set(1, 1)
        self._client.on_connect = self._subscribe
        self._client.on_message = self._hear
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()

    def _subscribe(self, client: mqtt.Client, *_: Any) -> None:
        client.subscribe([(wire.topic(TENANT, self.name, "ack"), 1), (wire.host_topic(TENANT), 1)])

    def _hear(self, _client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:
        heard = msgspec.json.decode(message.payload, type=wire.Ack | wire.HostState)
        if isinstance(heard, wire.HostState):
            self.hosts.append(heard)
        else:
            self.acks.put(heard)

    def wait_for_fleet(self) -> wire.HostState:
        wait_until(lambda: self.hosts and self.hosts[-1].online)
        return self.hosts[-1]

    def write(self, kind: str = "boot.event", data: Any = None, sealed: str = "") -> wire.Record:
        """The next record of the chain."""
        seq = len(self.chain) + 1
        blank = wire.Record(
            id=f"{self.journal}-{seq}",
            source=f"/terminals/{self.name}",
            type=f"kiosk.{kind}",
            time="2026-01-02T03:04:05.000+08:00",
            journal=self.journal,
            boot=1,
            seq=seq,
            prev=self.chain[-1].hash if self.chain else wire.GENESIS,
            hash="",
            data=msgspec.Raw(msgspec.json.encode(data or {"n": seq})),
            sealed=sealed,
        )
        record = msgspec.structs.replace(blank, hash=wire.digest(blank))
        self.chain.append(record)
        return record

    def write_many(self, count: int) -> list[wire.Record]:
        return [self.write() for _ in range(count)]

    def write_case(
        self, key: bytes, case_no: str, name: str = "张小样", sealed: str = ""
    ) -> wire.Record:
        payload = wire.CasePayload(
            case_no=case_no,
            terminal=self.name,
            task_code="T1",
            task_version="1",
            apply_date="2026-01-02T03:04:05+08:00",
            applicant=wire.CaseApplicant(name, "11010519491231002X"),
            answers={},
            identity="card",
        )
        data = {"case_no": case_no, "task_code": "T1", "task_version": "1", "kind": "instant"}
        return self.write("case.intent", data, sealed or wire.seal(key, payload))

    def send(self, *records: wire.Record) -> None:
        self.publish("events", wire.Events(self.name, list(records)))

    def publish(self, leaf: str, message: Any, retain: bool = False, name: str = "") -> None:
        """`message`: a wire message, or bytes as they are."""
        payload = message if isinstance(message, bytes) else wire.encode(message)
        topic = wire.topic(TENANT, name or self.name, leaf)
        self._client.publish(topic, payload, qos=1, retain=retain).wait_for_publish(SECONDS)

    def say_state(self, session: int, online: bool = True, retain: bool = True) -> None:
        now = "2026-01-02T03:04:05Z"
        self.publish("state", wire.State(self.name, online, session, 1, now), retain=retain)

    def wait_ack(self, through: int) -> wire.Ack:
        """The first acknowledgement that reaches so far."""
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            try:
                ack = self.acks.get(timeout=0.2)
            except queue.Empty:
                continue
            if ack.through >= through and ack.journal == self.journal:
                return ack
        pytest.fail(f"no acknowledgement through {through}")

    def next_ack(self, seconds: float = SECONDS) -> wire.Ack | None:
        try:
            return self.acks.get(timeout=seconds)
        except queue.Empty:
            return None

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


class Database:
    """A second look at the fleet's file, past its own code."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def rows(self, query: str, *values: Any) -> list[dict[str, Any]]:
        with closing(sqlite3.connect(self.path, timeout=30)) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(query, values)]

    def records(self, terminal: str = "KT-0001") -> list[tuple[Any, ...]]:
        columns = "seq, hash, prev, type, data, sealed"
        query = f"SELECT {columns} FROM records WHERE terminal = ? ORDER BY journal, seq"
        return [tuple(row.values()) for row in self.rows(query, terminal)]


def as_rows(chain: list[wire.Record]) -> list[tuple[Any, ...]]:
    """What `Database.records` must give for a chain."""
    return [(r.seq, r.hash, r.prev, r.type, bytes(r.data), r.sealed) for r in chain]


def _inode(path: Path) -> int:
    """0: there is no such file."""
    return path.stat().st_ino if path.exists() else 0


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A database of one's own; whoever uses it empties it first."""
    if why := postgreswork.missing():
        pytest.skip(why)
    with postgreswork.server() as url:
        yield url


@pytest.fixture
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a store of one's own is: SQLite, or what a test asks for."""
    return postgreswork.own(request, tmp_path)


@pytest.fixture(params=postgreswork.DATABASES)
def each_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The same, once for each kind of database."""
    return postgreswork.own(request, tmp_path)


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    made = Store(url)
    yield made
    made.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as made:
        yield made


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A Chinese one; at its end no request may have left this machine."""
    with chinese(browser) as opened:
        yield opened


class Fleet:
    """A fleet manager inside the test's process, with a child Mosquitto."""

    def __init__(self, folder: Path) -> None:
        self.platform = StubPlatform()
        self.place = Place(
            tenant=TENANT,
            var=folder / "var",
            trust=folder / "trust",
            store_url=f"sqlite:///{folder}/var/fleet.db",
            broker=("127.0.0.1", free_port()),
            own_broker=True,
            stale_seconds=90,
            items={},
            duty=Duty("值班长"),
        )
        self.database = Database(folder / "var" / "fleet.db")
        self.stack = ExitStack()
        self.phone = folder / "sim" / "phone.json"
        sender = SimulatedSender(self.phone, ("示例县政务服务", "Sample County"))
        outside = Outside(routing.only(self.platform), SamplePersons(), sender)
        self.running: Running = start(self.place, lambda: outside, self.stack)
        self.api = self._serve()
        self._terminals: list[Terminal] = []

    def _serve(self) -> httpx.Client:
        sock = self.stack.enter_context(listen("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(self.running.app, log_config=None))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]})
        thread.start()
        self.stack.callback(thread.join, SECONDS)
        self.stack.callback(setattr, server, "should_exit", True)
        wait_until(lambda: server.started)
        address = f"http://127.0.0.1:{sock.getsockname()[1]}"
        return self.stack.enter_context(httpx.Client(base_url=address, trust_env=False))

    @property
    def token(self) -> str:
        return (self.place.trust / "terminal.token").read_text()

    @property
    def case_key(self) -> bytes:
        return bytes.fromhex((self.place.trust / "case.pub").read_text())

    @property
    def broker_pid(self) -> int:
        return int((self.place.var / "broker" / "mosquitto.pid").read_text())

    def restart_broker(self) -> None:
        """Kill it, and wait until the fleet is subscribed at the next one."""
        before = self.database.rows("SELECT value FROM counters WHERE name = 'host.session'")
        self._kill_broker()
        query = "SELECT value FROM counters WHERE name = 'host.session'"
        wait_until(lambda: self.database.rows(query) != before)
        wait_until(lambda: self.api.get("/healthz").status_code == 200)

    def _kill_broker(self) -> None:
        """Its retained messages are saved first; by itself it does that about once a second."""
        saved = self.place.var / "broker" / "mosquitto.db"
        before = _inode(saved)
        os.kill(self.broker_pid, signal.SIGUSR1)
        wait_until(lambda: _inode(saved) != before)
        os.kill(self.broker_pid, signal.SIGKILL)
        wait_until(lambda: self.api.get("/healthz").status_code == 503)

    def terminal(self, name: str = "KT-0001", journal: str = "j1") -> Terminal:
        terminal = Terminal(self.place.broker[1], name, journal)
        self._terminals.append(terminal)
        terminal.wait_for_fleet()
        return terminal

    def gateway(self, path: str) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}"}
        return self.api.get(f"/api/v1/gateway/{path}", headers=headers)

    def close(self) -> None:
        for terminal in self._terminals:
            terminal.close()
        self.stack.close()


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[Fleet]:
    manager = Fleet(tmp_path)
    yield manager
    manager.close()


@pytest.fixture
def terminal(fleet: Fleet) -> Terminal:
    return fleet.terminal()


@pytest.fixture
def shuffle() -> random.Random:
    return random.Random(7)


@pytest.fixture
def until() -> Callable[..., Any]:
    return wait_until


@pytest.fixture
def rows_of() -> Callable[[list[wire.Record]], list[tuple[Any, ...]]]:
    return as_rows


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def new_terminal() -> Iterator[Callable[..., Terminal]]:
    """Terminals for a fleet manager in another process: port, name, journal."""
    made: list[Terminal] = []

    def make(port: int, name: str = "KT-0001", journal: str = "j1") -> Terminal:
        made.append(Terminal(port, name, journal))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def database() -> type[Database]:
    return Database


@pytest.fixture
def settings(tmp_path: Path) -> Callable[..., Path]:
    """Writes a fleet.toml with free ports below `tmp_path`; returns its path."""

    def make(broker: int, http: int) -> Path:
        path = tmp_path / "fleet.toml"
        store = f"sqlite:///{tmp_path}/var/fleet.db"
        path.write_text(
            f"[fleet]\nvar = {json.dumps(str(tmp_path / 'var'))}\n"
            f"trust = {json.dumps(str(tmp_path / 'trust'))}\n"
            f"[broker]\nport = {broker}\n[http]\nport = {http}\n[link]\ntls = false\n"
            f"[store]\nurl = {json.dumps(store)}\n"
        )
        return path

    return make
