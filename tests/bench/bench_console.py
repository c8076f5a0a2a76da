"""The console and the interface in front of 10,000 terminals, while hundreds of messages come.

Latency beside a bare FastAPI route and the same page of an empty fleet; seconds from a message to
its sight in an open list; memory after loads. KIOSK_TERMINALS (default 10,000), KIOSK_LOADS
(default 1,000), KIOSK_RATE (default 300 messages a second). Some five minutes.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles

sys.path.insert(0, str(Path(__file__).parents[1]))

from browserwork import chromium
from consolework import ALL, GOOD, JAMMED, now
from kiosk import wire
from pagehouse import House, house

TERMINALS = int(os.environ.get("KIOSK_TERMINALS", "10000"))
LOADS = int(os.environ.get("KIOSK_LOADS", "1000"))
RATE = int(os.environ.get("KIOSK_RATE", "300"))
ROUNDS, SIGHTS, BATCHES = 60, 60, 10
OVERVIEW = "fleet.console.overview.Overview"
LET_GO_SECONDS = 60.0
PATHS = ("/", "/terminals/KT-00001", "/api/v1/terminals?limit=100", "/api/v1/terminals/KT-00001")


def birth(number: int) -> wire.Birth:
    name = f"KT-{number:05}"
    return wire.Birth(
        name, 1, 1, f"j-{name}", 9, now(), f"第 {number // 20} 中心", "0.1.0",
        devices=GOOD, services=ALL,
    )  # fmt: skip


def health(number: int, devices: list[wire.DeviceHealth]) -> wire.Health:
    return wire.Health(f"KT-{number:05}", 1, now(), devices, "idle")


@contextmanager
def traffic(on: House) -> Iterator[None]:
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


def latency(on: House, path: str) -> tuple[float, float]:
    """Milliseconds, p50 and p95. Before each ten, those before them are let go: NiceGUI keeps a
    page that never connects for a minute, and a browser's goes with its browser."""
    taken = []
    for round_ in range(ROUNDS):
        if round_ % 10 == 0:
            let_go(on)
        begun = time.perf_counter()
        assert on.http.get(path).status_code == 200, path
        taken.append((time.perf_counter() - begun) * 1000)
    return middle(taken)


def latencies(on: House, empty: dict[str, float]) -> None:
    bare, worst = latency(on, "/bare")
    print(f"{'ms':36}{'p50':>8}{'p95':>8}{'of empty':>10}{'of bare':>9}")
    print(f"{'a bare route':36}{bare:8.1f}{worst:8.1f}", flush=True)
    for path in PATHS:
        half, most = latency(on, path)
        print(f"{path:36}{half:8.1f}{most:8.1f}{half / empty[path]:9.1f}x{half / bare:8.1f}x")


def of_empty() -> dict[str, float]:
    """p50 of each path in a fleet of one terminal, without traffic."""
    with house() as on:
        on.send("birth", birth(1))
        on.settle()
        return {path: latency(on, path)[0] for path in PATHS}


def sights(on: House) -> None:
    """A device of the first terminal jams and recovers, until an open list shows it."""
    taken = []
    with chromium() as browser:
        page = browser.new_page(locale="zh-CN")
        page.goto(on.url)
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


def let_go(on: House) -> float:
    """Memory in MB, once no page of anybody is left."""
    deadline = time.monotonic() + LET_GO_SECONDS
    while kept := on.heap()[OVERVIEW]:
        if time.monotonic() > deadline:
            raise TimeoutError(f"{kept} pages are kept")
        time.sleep(0.5)
    return on.memory


def memory(on: House) -> None:
    """Loads of the list by plain HTTP; after each tenth of them nobody is there any more."""
    print(f"{'loads':>6}{'MB':>8}{'let go':>8}{'objects':>9}")
    print(f"{0:6}{on.memory:8.0f}{let_go(on):8.0f}{on.heap().total():9}", flush=True)
    for batch in range(1, BATCHES + 1):
        for _ in range(LOADS // BATCHES):
            assert on.http.get("/").status_code == 200
        most = on.memory
        kept = let_go(on)
        done = batch * LOADS // BATCHES
        print(f"{done:6}{most:8.0f}{kept:8.0f}{on.heap().total():9}", flush=True)


def main() -> None:
    empty = of_empty()
    with house() as on:
        on.send("birth", *map(birth, range(1, TERMINALS + 1)))
        on.settle()
        print(f"{TERMINALS:,} terminals, {RATE} messages a second, load {os.getloadavg()[0]:.1f}")
        with traffic(on):
            latencies(on, empty)
            let_go(on)
            sights(on)
            memory(on)


if __name__ == "__main__":
    main()
