"""The console and the interface in a process of their own, with a door for many messages at once,
and a look at its heap: for figures and for leaks.

`python pagehouse.py FOLDER` prints its port. Lines `topic payload` go to the real ingest; an empty
one is answered after all before it. It ends with whoever started it.
"""

from __future__ import annotations

import ctypes
import gc
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import httpx
import uvicorn
from fastapi import FastAPI
from nicegui import Client

from fleet.console.pages import mount
from fleet.ingest import Arrival, Ingest
from fleet.interface.routes import Desk, router
from fleet.live import Live
from fleet.metrics import Metrics
from fleet.process import settle_in
from fleet.reports.build import Reporter
from fleet.rollouts.desk import RolloutDesk
from fleet.store.database import Store
from fleet.updates.repository import Repository
from kiosk import wire

COMMIT_SECONDS = 120


def serve(folder: Path) -> None:
    store, app = Store(f"sqlite:///{folder}/fleet.db"), FastAPI()
    live, ingest = Live(store, 3600.0), Ingest(store, "sample", Metrics())
    ingest.start(lambda _terminal, _ack: None)

    @app.get("/bare")
    async def bare() -> dict[str, bool]:
        return {"ok": True}

    app.get("/heap")(heap)
    app.state.reporter = reporter = Reporter(store, {})
    app.state.rollouts = acts = RolloutDesk(store, None, Repository(folder / "updates", time.time))
    app.include_router(router(Desk(store, live, reporter, acts)))
    mount(app, live)
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    threading.Thread(target=take, args=(ingest, server), daemon=True).start()
    settle_in()
    print(listener.getsockname()[1], flush=True)
    server.run(sockets=[listener])


async def heap(*, prune: bool = True) -> dict[str, int]:
    """How many objects of the console's and of NiceGUI's there are, by class. `prune`: pages
    without a browser are let go before."""
    if prune:
        Client.prune_instances(client_age_threshold=0.0)
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)  # what is free is given back: memory shows what is held
    names = (f"{type(one).__module__}.{type(one).__name__}" for one in gc.get_objects())
    return Counter(name for name in names if name.startswith(("fleet.console.", "nicegui.")))


def take(ingest: Ingest, server: uvicorn.Server) -> None:
    """Until whoever started this is gone."""
    last = threading.Event()
    for line in sys.stdin:
        topic, _, payload = line.rstrip("\n").partition(" ")
        if topic:
            last = threading.Event()
            ingest.put(Arrival(topic, payload.encode(), done=last.set))
        else:
            print("ok" if last.wait(COMMIT_SECONDS) else "not committed", flush=True)
    server.should_exit = True


class House:
    """The other end. Safe from any thread."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdin
        assert process.stdout
        self.process = process
        self._said: IO[str] = process.stdin
        self._heard: IO[str] = process.stdout
        self._one = threading.Lock()
        self.url = f"http://127.0.0.1:{int(self._heard.readline())}"
        self.http = httpx.Client(base_url=self.url, trust_env=False, timeout=120)

    def send(self, leaf: str, *messages: wire.Incoming) -> None:
        with self._one:
            for one in messages:
                topic = wire.topic("sample", one.terminal, leaf)
                self._said.write(f"{topic} {wire.encode(one).decode()}\n")
            self._said.flush()

    def settle(self) -> None:
        with self._one:
            self._said.write("\n")
            self._said.flush()
            assert self._heard.readline() == "ok\n"

    def heap(self, *, prune: bool = True) -> Counter[str]:
        found = self.http.get("/heap", params={"prune": prune})
        return Counter(found.raise_for_status().json())

    @property
    def memory(self) -> float:
        """Resident MB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024


@contextmanager
def house() -> Iterator[House]:
    with tempfile.TemporaryDirectory(prefix="pages-") as folder:
        process = subprocess.Popen(
            [sys.executable, __file__, folder], cwd=folder,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            on = House(process)
            yield on
            on.http.close()
        finally:
            process.terminate()
            process.communicate(timeout=60)


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
