"""A fleet with nothing but store, ingest and console, for the console's tests.

`python console_server.py STORE_URL` prints its port, then takes one JSON object per line:
`{"topic", "payload", "ago"}` is ingested as if it had come `ago` seconds before now. It answers
each with `ok` after the commit.
"""

from __future__ import annotations

import json
import socket
import sys
import threading
import time

import uvicorn
from fastapi import FastAPI

from fleet.console.pages import mount
from fleet.ingest import Arrival, Ingest
from fleet.live import Live
from fleet.metrics import Metrics
from fleet.store.database import Store

STALE_SECONDS = 3600.0
NAMES = {"SAMPLE-CERT": ("出具参保证明", "Proof of insurance")}


class Door:
    """Hands lines of stdin to the real ingest thread, each at its own time."""

    def __init__(self, store: Store) -> None:
        self._ago = 0.0
        self._committed = threading.Event()
        self._ingest = Ingest(store, "sample", Metrics(), lambda: time.time() - self._ago)
        self._ingest.start(lambda _terminal, _ack: None)
        store.changes.subscribe(self._committed.set)

    def serve(self) -> None:
        for line in sys.stdin:
            said = json.loads(line)
            self._ago = said["ago"]
            self._committed.clear()
            self._ingest.put(Arrival(said["topic"], said["payload"].encode()))
            print("ok" if self._committed.wait(10) else "not committed", flush=True)


def main() -> None:
    store = Store(sys.argv[1])
    app = FastAPI()
    mount(app, Live(store, STALE_SECONDS), item_names=NAMES)
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    threading.Thread(target=Door(store).serve, daemon=True).start()
    print(listener.getsockname()[1], flush=True)
    server.run(sockets=[listener])


if __name__ == "__main__":
    main()
