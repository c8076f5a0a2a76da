"""What the measurements of the ingest have in common: stations with a backlog, and bare limits."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import msgspec
import paho.mqtt.client as mqtt
import psycopg
from paho.mqtt.enums import CallbackAPIVersion
from sqlalchemy import Table
from sqlalchemy.engine import make_url

import managerwork
from fleet.acts import act
from fleet.moments import moment
from fleet.projection import ACTS, MOMENTS
from fleet.records import COLUMNS, values
from fleet.simulate.crowd import Crowd
from fleet.simulate.profile import load
from fleet.simulate.station import Station
from fleet.store.database import Store
from fleet.store.tables import acts, cases, moments, records
from kiosk import wire
from kiosk.processes import free_port

ROOT = Path(__file__).parents[2]
START = datetime.fromisoformat("2026-03-02T08:30:00+08:00")
BATCH = 1000
LIMIT = 240.0  # seconds
KEY = bytes(range(32))
CASES = ("case_no", "terminal", "task_code", "task_version", "kind", "sealed", "state", "received_at", "handed_over", "due_date", "certificate_no", "reason")  # fmt: skip  # noqa: E501

# Of an item that the fleet's platform refuses at once: making certificates is measured elsewhere.
_COUNTY = load("county")
_REFUSED = msgspec.structs.replace(_COUNTY.visits.items[0], task_code="0" * 31)
PROFILE = msgspec.structs.replace(
    _COUNTY, visits=msgspec.structs.replace(_COUNTY.visits, items=[_REFUSED])
)
Row = tuple[Any, ...]


def stations(key: bytes, count: int, days: float) -> list[Station]:
    made = [Station(PROFILE, 1, number, key, START) for number in range(1, count + 1)]
    for one in made:
        one.live(START + timedelta(days=days))
        one.online = True  # whose network is away just then would be waited for
        one._plan.clear()
        one.plan(1e9, lambda: None)
    return made


def drained(many: Crowd) -> tuple[int, float]:
    """How many records, and the seconds from the first to the last that the fleet held."""
    total, begun, first = many.count().waiting, time.perf_counter(), 0
    start = begun
    while (left := many.count().waiting) and time.perf_counter() - begun < LIMIT:
        if not first and left < total:  # connected: from here on it is work
            first, start = total - left, time.perf_counter()
        many.run(0.05, every=LIMIT)
    if left:
        raise TimeoutError(f"{many.count()}")
    return total - first, time.perf_counter() - start


def through_the_fleet(
    url: str, count: int, days: float, workers: int = 0
) -> tuple[float, float, int]:
    """Records a second, seconds, records."""
    with (
        tempfile.TemporaryDirectory() as folder,
        managerwork.manager(Path(folder), url or in_file(folder), workers) as on,
    ):
        many = Crowd(stations(on.key, count, days), on.where, START + timedelta(days=days))
        total, seconds = drained(many)
        many.close()
    return total / seconds, seconds, total


def in_file(folder: str) -> str:
    return f"sqlite:///{folder}/fleet.db"


# ---- The database alone ----------------------------------------------------------------------


def database_alone(url: str, made: list[Station]) -> float:
    """The same rows in the same tables, in batches, by the driver alone: records a second."""
    fresh = [(one.id, record) for one in made for record in one.unacked]
    slices = [_rows(fresh[at : at + BATCH]) for at in range(0, len(fresh), BATCH)]
    with tempfile.TemporaryDirectory() as folder:
        Store(url or in_file(folder)).close()
        with bare(url, folder) as (connection, mark):
            begun = time.perf_counter()
            for tables in slices:
                cursor = connection.cursor()
                for table, columns, rows in tables:
                    cursor.executemany(_insert(table, columns, mark), rows)
                connection.commit()
            return len(fresh) / (time.perf_counter() - begun)


@contextmanager
def bare(url: str, folder: str) -> Iterator[tuple[Any, str]]:
    """A driver's own connection, as durable as the fleet's, and its sign for a value."""
    if url:
        plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain) as connection:
            yield connection, "%s"
        return
    with closing(sqlite3.connect(f"{folder}/fleet.db")) as file:
        file.execute("PRAGMA journal_mode=WAL")
        file.execute("PRAGMA synchronous=FULL")
        yield file, "?"


def _rows(fresh: list[tuple[str, wire.Record]]) -> list[tuple[Table, tuple[str, ...], list[Row]]]:
    def told(make: Any, columns: tuple[str, ...]) -> list[Row]:
        found = (make(terminal, record, 1.0) for terminal, record in fresh)
        return [tuple(row[name] for name in columns) for row in found if row is not None]

    begun = [(t, r, msgspec.json.decode(r.data)) for t, r in fresh if r.sealed]
    return [
        (records, COLUMNS, [values(terminal, record, 1.0) for terminal, record in fresh]),
        (moments, MOMENTS, told(moment, MOMENTS)),
        (acts, ACTS, told(act, ACTS)),
        (
            cases,
            CASES,
            [
                (d["case_no"], t, d["task_code"], "", "", r.sealed, "x", 1.0, False, "", "", "")
                for t, r, d in begun
            ],
        ),
    ]


def _insert(table: Table, columns: tuple[str, ...], mark: str) -> str:
    names = ", ".join(f'"{name}"' for name in columns)
    return f"INSERT INTO {table.name} ({names}) VALUES ({', '.join([mark] * len(columns))})"


# ---- The broker alone ------------------------------------------------------------------------


def messages(made: list[Station]) -> list[tuple[str, wire.Events]]:
    """What the stations send, one after the other."""
    found = [
        (wire.topic(managerwork.TENANT, one.id, "events"), list(_batches(one))) for one in made
    ]
    return [(topic, batch) for topic, batches in found for batch in batches]


def _batches(one: Station) -> Iterator[wire.Events]:
    size, batch = 0, list[wire.Record]()
    for record in one.unacked:
        more = len(wire.encode(record)) + 1
        if batch and size + more > wire.MAX_BATCH_BYTES - 256:
            yield wire.Events(one.id, batch)
            size, batch = 0, []
        size += more
        batch.append(record)
    yield wire.Events(one.id, batch)


@contextmanager
def broker() -> Iterator[int]:
    """Mosquitto in clear; its port."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        port = free_port()
        settings = Path(folder) / "mosquitto.conf"
        settings.write_text(
            f"listener {port} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\n"
            "max_inflight_messages 1000\n"
        )
        process = subprocess.Popen(["mosquitto", "-c", str(settings)], stderr=subprocess.DEVNULL)
        stack.callback(process.wait)
        stack.callback(process.terminate)
        yield port


@contextmanager
def client(port: int) -> Iterator[mqtt.Client]:
    """Connected; tries until the broker listens."""
    made = mqtt.Client(CallbackAPIVersion.VERSION2)
    deadline = time.monotonic() + 10
    while True:
        try:
            made.connect("127.0.0.1", port)
            break
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
    made.loop_start()
    yield made
    made.disconnect()
    made.loop_stop()


def broker_alone(made: list[Station]) -> float:
    """The same messages from one client to another through Mosquitto, QoS 1, in clear."""
    sent = [(topic, wire.encode(batch), len(batch.records)) for topic, batch in messages(made)]
    total, heard = sum(size for _, _, size in sent), [0]
    sizes = {payload[:200]: size for _, payload, size in sent}

    def take(_client: Any, _data: Any, message: mqtt.MQTTMessage) -> None:
        heard[0] += sizes[bytes(message.payload)[:200]]

    with broker() as port, client(port) as listener, client(port) as speaker:
        listener.on_message = take
        listener.on_subscribe = lambda *_: heard.append(1)
        listener.subscribe(f"{wire.PREFIX}/#", 1)
        while len(heard) < 2:
            time.sleep(0.01)
        begun = time.perf_counter()
        for topic, payload, _ in sent:
            speaker.publish(topic, payload, qos=1)
        while heard[0] < total:
            time.sleep(0.005)
        return total / (time.perf_counter() - begun)
