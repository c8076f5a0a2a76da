"""The terminal's screen beside the same screen in Chromium and in Qt Quick, on one display.

First frame, memory, idle processor and the time from a touch to the pixel that answers it, in
turns. Then ours alone: turning a list of 21,735 services, and memory over many visits (200, or
2,000 with KIOSK_LONG=1). Nothing here is asserted.
"""

from __future__ import annotations

import gc
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))

from screenpeers import Peer, cpu_seconds, memory_mb, peers
from xpixel import Eye

from screens.xvfb import display

ROUNDS, PRESSES, REST = 3, 20, 8.0
DEEP, PAPER, PRESSED = (11, 52, 119), (255, 255, 255), (220, 230, 245)
HEADER, TILE = (540, 6), (480, 836)  # a place in each where nothing is written
ITEMS, TURNS = 21735, 100
VISITS = 2000 if os.environ.get("KIOSK_LONG") else 200
UNITS = {"first frame": "s", "memory (PSS)": "MB", "idle processor": "%", "touch to pixel": "ms",
         "touch to pixel, p95": "ms"}  # fmt: skip
Figures = dict[str, dict[str, float]]  # what → whose → how much


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for row in rows(measured(peers(folder))):
            print(row, flush=True)
        with display(1080, 1920) as number:
            os.environ["DISPLAY"] = number
            for row in alone(folder):
                print(row, flush=True)


def rows(figures: Figures) -> Iterator[str]:
    for what, unit in UNITS.items():
        each = figures[what]
        told = [f"{name} {value:.2f} {unit} ({each['ours'] / max(value, 0.01):.2f} x)"
                for name, value in each.items() if name != "ours"]  # fmt: skip
        yield f"{what:<24}{each['ours']:9.2f} {unit:<3} {'; '.join(told)}"


# ---- Beside others ---------------------------------------------------------------------------


def measured(all_: list[Peer]) -> Figures:
    """One after the other, several rounds; the medians."""
    seen: dict[str, dict[str, list[float]]] = {what: {} for what in UNITS}
    for peer in all_ * ROUNDS:
        try:
            for what, value in once(peer).items():
                seen[what].setdefault(peer.name, []).append(value)
        except TimeoutError as error:
            print(f"{peer.name} was not seen: {error}", flush=True)
    return {
        what: {name: statistics.median(values) for name, values in each.items()}
        for what, each in seen.items()
    }


def once(peer: Peer) -> dict[str, float]:
    with display(1080, 1920) as number:
        eye = Eye(number)
        eye.move(*TILE)
        with peer.running(number) as pid:
            begin = time.perf_counter()
            eye.wait(*HEADER, DEEP, 60)
            eye.wait(*TILE, PAPER, 60)
            first = time.perf_counter() - begin
            time.sleep(4)
            touches = sorted(touched(eye) for _ in range(PRESSES))
            time.sleep(3)
            before = cpu_seconds(pid)
            time.sleep(REST)
            idle = (cpu_seconds(pid) - before) / REST * 100
            memory = memory_mb(pid)
        eye.close()
    values = (first, memory, idle, statistics.median(touches), touches[int(0.95 * PRESSES)])
    return dict(zip(UNITS, values, strict=True))


def touched(eye: Eye) -> float:
    """Milliseconds from the press until the tile looks pressed."""
    eye.button(down=True)
    seconds = eye.wait(*TILE, PRESSED, 5)
    eye.button(down=False)
    eye.wait(*TILE, PAPER, 5)
    time.sleep(0.5)
    return seconds * 1000


# ---- Ours alone ------------------------------------------------------------------------------


def alone(folder: Path) -> Iterator[str]:
    app, step = started(folder)
    times = turning(app, step)
    yield (f"{'turning ' + format(ITEMS, ',') + ' services':<34}first {times[0]:.0f} ms, then "
           f"median {statistics.median(times[1:]):.0f}, p95 "
           f"{sorted(times[1:])[int(0.95 * TURNS)]:.0f} ms a frame")  # fmt: skip
    sizes = visits(app, step)
    told = ", ".join(f"{at}: {size:.0f}" for at, size in sizes.items())
    yield f"{'memory after visits, MB':<34}{told}"


def started(folder: Path) -> tuple[Any, Callable[[int], None]]:
    from screens.settings import prepare

    prepare(folder / "kivy", 1080, 1920, left=0, cursor=False)
    from kiosk.ports import FrameSlot
    from screens.app import KioskApp
    from screens.samples import SITE
    from screens.step import begin, frames

    app = KioskApp(
        lambda _event: None, FrameSlot(), Path("config/locales"), folder / "fonts",
        size=(1080, 1920), site=SITE,
    )  # fmt: skip
    begin(app)
    return app, frames


def turning(app: Any, step: Callable[[int], None]) -> list[float]:
    """Milliseconds of each frame: the first shows the list, each other one more page of it."""
    from kiosk.model import Language, Text
    from kiosk.view import ServicesBody, ServiceTile, ShelfTile, State
    from screens.samples import sample

    office = Text("示例县人力资源和社会保障局", "Human Resources and Social Security")
    tiles = tuple(
        ServiceTile(f"N{n}", Text(f"第{n}项服务", f"Service {n}"), office, "car", "instant")
        for n in range(ITEMS)
    )
    shelf = ShelfTile("theme", "work", ITEMS)
    body = ServicesBody(tiles, shelf=shelf, searchable=True, found=ITEMS)
    app.show(sample(State.SERVICES, body, Language.ZH, 1))
    step(1)  # the page is taken over
    times = [timed(lambda: step(1))]
    for _ in range(TURNS):
        app.targets()["page_down"].act()
        times.append(timed(lambda: step(1)))
    return times


def timed(act: Callable[[], None]) -> float:
    begin = time.perf_counter()
    act()
    return (time.perf_counter() - begin) * 1000


PAGES = ("attract", "services", "guide", "card", "consent", "question-phone", "question-choice",
         "check", "submitting", "papers-ready", "rating", "thanks")  # fmt: skip


def visits(app: Any, step: Callable[[int], None]) -> dict[int, float]:
    """Resident memory after a warm-up of 20 visits, half-way, and at the end. Every page is laid
    out; those of every tenth visit are drawn, which takes most of the time."""
    from kivy.core.window import Window

    from kiosk.model import Language
    from screens.samples import bodies, sample

    known, sizes, serial = bodies(), {}, 1
    for number in range(1, VISITS + 1):
        if number % 10 == 1:
            Window.on_draw = Window.on_flip = lambda: None
        elif number % 10 == 0:
            del Window.on_draw, Window.on_flip
        for name in PAGES:
            serial += 1
            language = list(Language)[number % 2]
            app.show(sample(*known[name], language, serial))
            step(2)
        if number in {20, VISITS // 2, VISITS}:
            gc.collect()
            sizes[number] = resident_mb()
    return sizes


def resident_mb() -> float:
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


if __name__ == "__main__":
    main()
