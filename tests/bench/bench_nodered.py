"""The peer: Node-RED puts the same messages into the same PostgreSQL, as people build it.

MQTT in → a function that gives each record a message of its own → a function that inserts its row
by node-postgres's pool. Fetched from npm into `var/bench/nodered` when it is measured.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from ingestload import KEY, ROOT, broker, client, messages, stations
from npm import npm
from sqlalchemy.engine import make_url

import postgreswork
from fleet.records import COPIED
from fleet.simulate.station import Station
from fleet.store.database import Store
from kiosk import wire

FOLDER = ROOT / "var/bench/nodered"
PACKAGES = ("node-red@5", "pg@8")
SECONDS = 60.0

COLUMNS = (*COPIED, "terminal", "data", "received_at")
INSERT = """
const r = msg.payload, names = {names};
const row = names.map(name => r[name] ?? msg.rest[name] ?? {missing}[name]);
await global.get("pool").query(
  "INSERT INTO records ({columns}) VALUES ({marks}) ON CONFLICT DO NOTHING", row);
"""
SPLIT = """
const rest = { terminal: msg.payload.terminal, received_at: Date.now() / 1000 };
return [msg.payload.records.map(r => {
  const data = Buffer.from(JSON.stringify(r.data));
  return { payload: { ...r, data }, rest };
})];
"""
SETTINGS = """
const pg = require("pg");
module.exports = {{
  flowFile: "flows.json", httpAdminRoot: false, httpNodeRoot: false, uiPort: 0,
  uiHost: "127.0.0.1", logging: {{ console: {{ level: "info" }} }}, telemetry: {{ enabled: false }},
  functionGlobalContext: {{ pool: new pg.Pool({{ connectionString: {url}, max: 10 }}) }},
}};
"""


def fetched() -> bool:
    """Only what is not there yet."""
    if (FOLDER / "node_modules/node-red/red.js").exists():
        return True
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "package.json").write_text('{"private": true}\n')
    return npm("install", "--ignore-scripts", "--no-audit", "--no-fund", *PACKAGES, folder=FOLDER)


def rate(url: str, made: list[Station], most: int) -> float:
    """Records a second; 0: it cannot be fetched."""
    if not fetched():
        return 0.0
    Store(url).close()
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    sent = _some(made, most)
    with broker() as port, running(port, plain), client(port) as speaker:
        first, rest = sent[0], sent[1:]
        with psycopg.connect(plain, autocommit=True) as connection:
            _until(connection, 1, lambda: speaker.publish(first[0], wire.encode(first[1]), qos=1))
            _until(connection, len(first[1].records))
            total = len(first[1].records) + sum(len(batch.records) for _, batch in rest)
            begun = time.perf_counter()
            for topic, batch in rest:
                speaker.publish(topic, wire.encode(batch), qos=1)
            _until(connection, total)
            return (total - len(first[1].records)) / (time.perf_counter() - begun)


def _some(made: list[Station], most: int) -> list[tuple[str, wire.Events]]:
    found, count = list[tuple[str, wire.Events]](), 0
    for topic, batch in messages(made):
        found.append((topic, batch))
        count += len(batch.records)
        if count > most:
            break
    return found


def _until(connection: psycopg.Connection, rows: int, again: object = None) -> None:
    deadline, asked = time.monotonic() + SECONDS, 0.0
    while True:
        found = connection.execute("SELECT count(*) FROM records").fetchone()
        if found is not None and found[0] >= rows:
            return
        if time.monotonic() > deadline:
            raise TimeoutError(f"Node-RED has stored {found} of {rows}")
        if callable(again) and time.monotonic() - asked > 0.5:
            again()
            asked = time.monotonic()
        time.sleep(0.01)


@contextmanager
def running(port: int, url: str) -> Iterator[None]:
    node = Path(sys.executable).parent / "node"
    (FOLDER / "settings.js").write_text(SETTINGS.format(url=json.dumps(url)))
    (FOLDER / "flows.json").write_text(json.dumps(_flow(port)))
    red = FOLDER / "node_modules/node-red/red.js"
    command = [str(node), str(red), "--userDir", str(FOLDER), "--settings", "settings.js"]
    with (FOLDER / "log.txt").open("w") as log:
        process = subprocess.Popen(command, cwd=FOLDER, stdout=log, stderr=log)
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


def _flow(port: int) -> list[dict[str, object]]:
    names = ", ".join(f'\\"{name}\\"' for name in COLUMNS)
    marks = ", ".join(f"${at}" for at in range(1, len(COLUMNS) + 1))
    missing = {
        "specversion": "1.0", "datacontenttype": "application/json", "session": "", "of": 0,
        "sealed": "", "historical": False,
    }  # fmt: skip
    insert = INSERT.replace("{columns}", names).replace("{marks}", marks)
    insert = insert.replace("{names}", json.dumps(COLUMNS)).replace(
        "{missing}", json.dumps(missing)
    )
    function = {"type": "function", "z": "tab", "outputs": 1, "x": 0, "y": 0, "libs": []}
    return [
        {"id": "tab", "type": "tab", "label": "ingest"},
        {"id": "broker", "type": "mqtt-broker", "broker": "127.0.0.1", "port": str(port),
         "protocolVersion": "5", "keepalive": "60", "cleansession": True, "autoConnect": True},
        {"id": "in", "type": "mqtt in", "z": "tab", "topic": f"{wire.PREFIX}/+/+/events",
         "qos": "1", "datatype": "json", "broker": "broker", "x": 0, "y": 0, "wires": [["split"]]},
        {**function, "id": "split", "func": SPLIT, "wires": [["insert"]]},
        {**function, "id": "insert", "func": insert, "wires": [[]]},
    ]  # fmt: skip


def main() -> None:
    with postgreswork.server(durable=True) as url:
        print(f"Node-RED: {rate(url, stations(KEY, 20, 7.0), 3000):.0f} records a second")


if __name__ == "__main__":
    main()
