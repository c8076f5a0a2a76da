"""The console and the interface in front of 10,000 terminals, while hundreds of messages come.

Latency beside a bare FastAPI route and the same page of an empty fleet; resident memory after
loads; seconds from a message to its sight in an open list. KIOSK_TERMINALS (default 10,000),
KIOSK_LOADS (default 1,000), KIOSK_RATE (default 300 messages a second).
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles
from typing import IO

import httpx
import uvicorn
from fastapi import FastAPI
from nicegui import Client

sys.path.insert(0, str(Path(__file__).parents[1]))

from browserwork import chromium
from consolework import ALL, GOOD, JAMMED, now
from fleet.console.pages import mount
from fleet.ingest import Arrival, Ingest
from fleet.interface.routes import Desk, router
from fleet.live import Live
from fleet.metrics import Metrics
from fleet.reports.build import Reporter
from fleet.rollouts.desk import RolloutDesk
from fleet.store.database import Store
from kiosk import wire

TERMINALS = int(os.environ.get("KIOSK_TERMINALS", "10000"))
LOADS = int(os.environ.get("KIOSK_LOADS", "1000"))
RATE = int(os.environ.get("KIOSK_RATE", "300"))
ROUNDS, SIGHTS = 30, 30
LET_GO_SECONDS = 150.0  # at most; NiceGUI keeps a page that never connected for one minute
PATHS = ("/", "/terminals/KT-00001", "/api/v1/terminals?limit=100", "/api/v1/terminals/KT-00001")


def serve(folder: Path) -> None:
    """Lines `topic payload` go to the real ingest; an empty one is answered after all before it."""
    store, app = Store(f"sqlite:///{folder}/fleet.db"), FastAPI()
    live, ingest = Live(store, 3600.0), Ingest(store, "sample", Metrics())
    ingest.start(lambda _terminal, _ack: None)

    @app.get("/bare")
    async def bare() -> dict[str, bool]:
        return {"ok": True}

    app.get("/kept")(lambda: len(Client.instances))
    app.include_router(router(Desk(store, live, Reporter(store, {}), RolloutDesk(store))))
    mount(app, live)
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    threading.Thread(target=take, args=(ingest, server), daemon=True).start()
    print(listener.getsockname()[1], flush=True)
    server.run(sockets=[listener])


def take(ingest: Ingest, server: uvicorn.Server) -> None:
    """Until whoever started this is gone."""
    last = threading.Event()
    for line in sys.stdin:
        topic, _, payload = line.rstrip("\n").partition(" ")
        if topic:
            last = threading.Event()
            ingest.put(Arrival(topic, payload.encode(), done=last.set))
        else:
            print("ok" if last.wait(120) else "not committed", flush=True)
    server.should_exit = True


class Fleet:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdin
        assert process.stdout
        self.process = process
        self._said: IO[str] = process.stdin
        self._heard: IO[str] = process.stdout
        self._one = threading.Lock()
        self.http = httpx.Client(
            base_url=f"http://127.0.0.1:{int(self._heard.readline())}", trust_env=False, timeout=60
        )

    def send(self, leaf: str, *messages: wire.Birth | wire.Health) -> None:
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

    @property
    def memory(self) -> float:
        """Resident MB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024


@contextmanager
def fleet() -> Iterator[Fleet]:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        process = subprocess.Popen(
            [sys.executable, __file__, "serve", folder], cwd=folder,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            yield Fleet(process)
        finally:
            process.terminate()
            process.wait(30)


def birth(number: int) -> wire.Birth:
    name = f"KT-{number:05}"
    return wire.Birth(
        name, 1, 1, f"j-{name}", 9, now(), f"第 {number // 20} 中心", "0.1.0",
        devices=GOOD, services=ALL,
    )  # fmt: skip


def health(number: int, devices: list[wire.DeviceHealth]) -> wire.Health:
    return wire.Health(f"KT-{number:05}", 1, now(), devices, "idle")


@contextmanager
def traffic(on: Fleet) -> Iterator[None]:
    """RATE messages a second, of all terminals but the first in turn."""
    over = threading.Event()

    def run() -> None:
        number, begun = 0, time.perf_counter()
        while not over.wait(0.05):
            due = int((time.perf_counter() - begun) * RATE)
            many = range(number, due)
            on.send("health", *(health(2 + n % (TERMINALS - 1), GOOD) for n in many))
            number = due

    (thread := threading.Thread(target=run)).start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def middle(taken: list[float]) -> tuple[float, float]:
    """p50 and p95."""
    cuts = quantiles(taken, n=20)
    return cuts[9], cuts[18]


def latency(on: Fleet, path: str) -> tuple[float, float]:
    """Milliseconds, p50 and p95."""
    taken = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        assert on.http.get(path).status_code == 200, path
        taken.append((time.perf_counter() - begun) * 1000)
    return middle(taken)


def latencies(on: Fleet, empty: dict[str, float]) -> None:
    bare, worst = latency(on, "/bare")
    print(f"{'ms':36}{'p50':>8}{'p95':>8}{'of empty':>10}{'of bare':>9}")
    print(f"{'a bare route':36}{bare:8.1f}{worst:8.1f}", flush=True)
    for path in PATHS:
        half, most = latency(on, path)
        print(f"{path:36}{half:8.1f}{most:8.1f}{half / empty[path]:9.1f}x{half / bare:8.1f}x")


def of_empty() -> dict[str, float]:
    """p50 of each path in a fleet of one terminal, without traffic."""
    with fleet() as on:
        on.send("birth", birth(1))
        on.settle()
        return {path: latency(on, path)[0] for path in PATHS}


def sights(on: Fleet) -> None:
    """A device of the first terminal jams and recovers, until an open list shows it."""
    taken = []
    with chromium() as browser:
        page = browser.new_page(locale="zh-CN")
        page.goto(str(on.http.base_url))
        page.get_by_label("终端编号或地点").fill("KT-00001")
        row = page.locator("section[aria-label=终端] tbody tr", has_text="KT-00001")
        for round_ in range(SIGHTS):
            devices, word = (GOOD, "正常") if round_ % 2 else ([*GOOD[:3], JAMMED], "卡纸")
            shown = row.locator(".k-device", has_text="打印机").filter(has_text=word)
            begun = time.perf_counter()
            on.send("health", health(1, devices))
            shown.wait_for(timeout=60_000)
            taken.append(time.perf_counter() - begun)
    half, most = middle(taken)
    print(f"from a message to its sight in an open list: p50 {half:.2f} s, p95 {most:.2f} s")


def let_go(on: Fleet) -> None:
    """Waits until the server keeps no page of anybody."""
    deadline = time.monotonic() + LET_GO_SECONDS
    while kept := on.http.get("/kept").json():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{kept} pages are kept")
        time.sleep(1)


def memory(on: Fleet) -> None:
    """After loads of the list by plain HTTP: the most, and once their pages are let go."""
    found, done = [on.memory], 0
    for loads in (LOADS // 10, LOADS):
        for _ in range(loads - done):
            assert on.http.get("/").status_code == 200
        done, most = loads, on.memory
        let_go(on)
        found.append(on.memory)
        print(f"memory after {loads} loads: {most:.0f} MB, let go {found[-1]:.0f}", flush=True)
    print(f"before them {found[0]:.0f} MB; the last to the first: {found[-1] / found[1]:.2f}")


def main() -> None:
    empty = of_empty()
    with fleet() as on:
        on.send("birth", *map(birth, range(1, TERMINALS + 1)))
        on.settle()
        print(f"{TERMINALS:,} terminals, {RATE} messages a second, load {os.getloadavg()[0]:.1f}")
        with traffic(on):
            latencies(on, empty)
            sights(on)
            memory(on)


if __name__ == "__main__":
    serve(Path(sys.argv[2])) if sys.argv[1:2] == ["serve"] else main()
