"""A fake terminal that speaks `kiosk.wire` over MQTT, and a look past the fleet into its store."""

from __future__ import annotations

import queue
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from kiosk import wire

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
