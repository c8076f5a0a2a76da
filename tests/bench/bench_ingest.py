"""Records a second from stations' journals into the fleet's database, committed and acknowledged.

`python tests/bench/bench_ingest.py`: a real fleet process with its Mosquitto and TLS, SQLite and
PostgreSQL; beside it, in the same run, what the database alone and the broker alone can do, and
what Node-RED makes of the same messages (`bench_nodered.py`).
"""

from __future__ import annotations

import sys
from contextlib import ExitStack

import bench_nodered
from ingestload import KEY, broker_alone, database_alone, stations, through_the_fleet

import postgreswork

COUNT, DAYS = 40, 21.0
PEERS = 1500  # records through Node-RED


def main() -> None:
    made = stations(KEY, COUNT, DAYS)
    broker = broker_alone(made)
    print("records a second, committed and acknowledged; the same rows by the database alone")
    print(f"{'':22} {'ours':>8} {'database':>9} {'broker':>8} {'of the slower':>14}")
    with ExitStack() as stack:
        kinds = {"sqlite": ("", 0), "postgresql": ("", 0), "postgresql, 2 workers": ("", 2)}
        if why := postgreswork.missing():
            print(f"without PostgreSQL: {why}", file=sys.stderr)
            kinds = {"sqlite": ("", 0)}
        else:
            url = stack.enter_context(postgreswork.server(durable=True))
            kinds = {name: (url if "post" in name else "", n) for name, (_, n) in kinds.items()}
        ours = 0.0
        for name, (url, workers) in kinds.items():
            bare = database_alone(_emptied(url), made)
            ours, _, _ = through_the_fleet(_emptied(url), COUNT, DAYS, workers)
            share = ours / min(bare, broker)
            print(f"{name:22} {ours:8.0f} {bare:9.0f} {broker:8.0f} {share:13.2f}x", flush=True)
            if url and not workers:
                best = ours
        if len(kinds) > 1:
            peer = bench_nodered.rate(postgreswork.emptied(url), made, PEERS)
            told = f"{peer:.0f} ({best / peer:.1f} x)" if peer else "could not be had"
            print(f"Node-RED, MQTT to PostgreSQL, a row a message part: {told}")


def _emptied(url: str) -> str:
    """'' is a file of its own each time."""
    return postgreswork.emptied(url) if url else ""


if __name__ == "__main__":
    main()
