"""The camera's process against capture in this one, from the same simulated stream."""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import cv2
import numpy as np

from drivers.camera.pictures import Scene, picture
from drivers.camera.process import Mode, ProcessGrabber, camera_process
from drivers.camera.source import open_source

STARTS = 5
SECONDS = 4.0
SIDES = (1280, 720)

Row = tuple[str, float, float]


def measure() -> list[Row]:
    """(what, ours, peer's): a film of 30 pictures a second, of which all are taken."""
    with tempfile.TemporaryDirectory() as folder:
        film = film_of(Path(folder) / "film.avi")
        fresh, ready, bare = first_pictures(film)
        ours, peer = flow(film, through_process), flow(film, in_process)
    return [
        ("camera, first picture, process ready, s", ready, bare),
        ("camera, first picture, fresh process, s", fresh, bare),
        ("camera, pictures a second", ours[0], peer[0]),
        ("camera, CPU of all processes, %", ours[1], peer[1]),
        ("camera, CPU of the terminal's process, %", ours[2], peer[2]),
    ]


def film_of(path: Path) -> str:
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 30, SIDES)
    for index in range(30):
        writer.write(np.asarray(cv2.resize(picture(Scene.FACE, index / 30), SIDES), np.uint8))
    writer.release()
    return str(path)


def first_pictures(film: str) -> tuple[float, float, float]:
    """Median seconds until the first picture: fresh process, ready process, no process."""
    fresh, ready, bare = [], [], []
    spare = camera_process()
    for _ in range(STARTS):
        fresh.append(timed(lambda: one_of(ProcessGrabber(film, Mode()))))
        spare.prepare()
        time.sleep(1)
        ready.append(timed(lambda: one_of(ProcessGrabber(film, Mode(), spare=spare))))
        bare.append(timed(lambda: one_in_process(film)))
    spare.close()
    return statistics.median(fresh), statistics.median(ready), statistics.median(bare)


def timed(act: Callable[[], Callable[[], object]]) -> float:
    """Seconds of `act`, without the clearing away that it returns."""
    begin = time.perf_counter()
    clear = act()
    seconds = time.perf_counter() - begin
    clear()
    return seconds


def one_of(grabber: ProcessGrabber) -> Callable[[], object]:
    grabber.start()
    assert grabber.look(10) is not None

    def clear() -> bool:
        grabber.halt()
        return grabber.released(5)

    return clear


def one_in_process(film: str) -> Callable[[], object]:
    source = open_source(film, Mode())
    assert source is not None
    assert source.grab()
    assert source.picture() is not None
    return source.release


def flow(
    film: str, take: Callable[[str, float], tuple[int, float, float]]
) -> tuple[float, float, float]:
    """Pictures a second; CPU of all, and of this process, in % of one core. Without the start."""
    count, mine, others = take(film, SECONDS)
    return count / SECONDS, (mine + others) / SECONDS * 100, mine / SECONDS * 100


def through_process(film: str, seconds: float) -> tuple[int, float, float]:
    grabber = ProcessGrabber(film, Mode(rate=120))
    grabber.start()
    grabber.look(10)
    before, own = cpu_seconds(grabber.pid), time.process_time()
    count, until = 0, time.perf_counter() + seconds
    while time.perf_counter() < until:
        count += grabber.look(1) is not None
    used, own = cpu_seconds(grabber.pid) - before, time.process_time() - own
    grabber.halt()
    grabber.released(5)
    return count, own, used


def in_process(film: str, seconds: float) -> tuple[int, float, float]:
    source = open_source(film, Mode())
    assert source is not None
    own = time.process_time()
    count, until = 0, time.perf_counter() + seconds
    while time.perf_counter() < until and source.grab():
        frame = source.picture()
        assert frame is not None
        cv2.resize(frame, (853, 480), interpolation=cv2.INTER_AREA)
        count += 1
    source.release()
    return count, time.process_time() - own, 0.0


def cpu_seconds(pid: int | None) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    for what, ours, peer in measure():
        print(f"{what:<44}{ours:9.3f}{peer:9.3f}{ours / peer:8.2f} x")
