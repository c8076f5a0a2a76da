"""`make bench`: a visit's machine time, the start, and the terminal at rest, as ratios.

Every figure has its peer from the same run: the bare drivers on the same simulated devices for a
visit, the smallest Kivy program for start and rest. Nothing here is asserted.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine
from itertools import pairwise
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import fakes
import realhousehold

VISITS = 6
REST_SECONDS = 20.0
FULL_SIZE = {"KIOSK_SCREEN__WIDTH": "1080", "KIOSK_SCREEN__HEIGHT": "1920"}
BARE = Path(__file__).with_name("bare_kivy.py")


def main() -> None:
    with tempfile.TemporaryDirectory() as name, realhousehold.running(
        Path(name), "fleet", "simulators", "agent"
    ) as home:  # fmt: skip
        realhousehold.wait((Path(name) / "trust/case.pub").exists, 20, "the fleet's keys")
        for row in (*visit(home), *start(home), *rest(home)):
            print(row, flush=True)


def line(what: str, ours: float, unit: str, peer: float, peer_name: str) -> str:
    return (
        f"{what:<34}{ours:9.2f} {unit:<3} {ours / peer:6.2f} x  {peer:9.2f} {unit:<3} {peer_name}"
    )


# ---- A visit ---------------------------------------------------------------------------------


def visit(home: realhousehold.Household) -> list[str]:
    """Touch to thank-you with every page drawn, against the devices' own time for the same acts."""
    devices = asyncio.run(bare_devices(home))
    screen = home.play(fakes.CERTIFICATE, VISITS, **FULL_SIZE)
    realhousehold.wait(lambda: screen.poll() is not None, 300, "the visits")
    home.running.pop("screen")
    steps = [json.loads(text) for text in home.steps_file.read_text().splitlines()]
    machine, whole = zip(*(times(steps, number) for number in range(1, VISITS)), strict=True)
    alone = sum(devices.values())
    rows = [f"{name:<34}{seconds:9.2f} s" for name, seconds in devices.items()]
    rows.append(f"{'visit, with the finger':<34}{statistics.median(whole):9.2f} s")
    own = statistics.median(machine)
    return [*rows, line("visit, the machine's part", own, "s", alone, "the devices alone")]


def times(steps: list[dict[str, Any]], number: int) -> tuple[float, float]:
    """Seconds of one visit, touch to thank-you: the machine's part, and all of it.

    The finger's part is what passes on a page that waits for it, until its last press; a page
    that waits for a device is the machine's.
    """
    begin = [i for i, step in enumerate(steps) if step["press"] == "start"][number]
    end = next(i for i in range(begin, len(steps)) if steps[i]["name"] == "thanks")
    finger, entered = 0.0, 0.0
    for before, step in pairwise(steps[begin : end + 1]):
        if not step["press"]:
            entered = step["at_ms"]
        elif step["name"] != "papers":
            finger += step["at_ms"] - (before["at_ms"] if before["press"] else entered)
    whole = steps[end]["at_ms"] - steps[begin]["at_ms"]
    return (whole - finger) / 1000, whole / 1000


async def bare_devices(home: realhousehold.Household) -> dict[str, float]:
    """Median seconds of each act on the bare drivers, without session, journal or screen."""
    os.environ.update(home.env)
    from drivers.options import Site
    from kiosk import bootstrap
    from kiosk.model import CardFault, Receipt, TextLine
    from kiosk.settings import load

    devices = bootstrap.devices(load(realhousehold.SETTINGS), Site())
    slip = Receipt(tuple(TextLine(f"line {n}") for n in range(26)))
    serial = iter(range(1000))

    async def card() -> None:
        home.simulate("idcard", card="zhang", fault=None)
        assert await devices.reader.arrival() is None
        assert not isinstance(await devices.reader.read(), CardFault)

    async def face() -> None:
        await devices.camera.capture(lambda _hint: None, 20)

    async def papers() -> None:
        job = f"bench-{next(serial)}"
        await asyncio.gather(
            devices.receipt.print(job, slip, lambda _rung: None),
            devices.document.print(job, b"%PDF-1.7 bench", lambda _rung: None),
        )

    acts = {"card on the bare reader": card, "face on the bare camera": face,
            "papers on the bare printers": papers}  # fmt: skip
    return {name: await median(act) for name, act in acts.items()}


async def median(act: Callable[[], Coroutine[Any, Any, None]]) -> float:
    times = []
    for _ in range(5):
        begin = time.perf_counter()
        await act()
        times.append(time.perf_counter() - begin)
    return statistics.median(times)


# ---- Start and rest --------------------------------------------------------------------------


def start(home: realhousehold.Household) -> list[str]:
    """From the start of the process to the first frame, five times each, in turn."""
    ours, bare = [], []
    for _ in range(5):
        ours.append(first_line(home, [*screen_argv(), "--task", fakes.CERTIFICATE], "attract"))
        bare.append(first_line(home, [realhousehold.PYTHON, str(BARE), "60"], "frame"))
    return [line("start to the idle screen", statistics.median(ours), "s",
                 statistics.median(bare), "bare Kivy, first frame")]  # fmt: skip


def screen_argv() -> list[str]:
    from kiosk import household

    return household.screen_argv(realhousehold.SETTINGS)


def first_line(home: realhousehold.Household, argv: list[str], awaited: str) -> float:
    begin = time.perf_counter()
    process = spawn(home, argv, subprocess.PIPE)
    assert process.stdout is not None
    for text in process.stdout:
        if awaited in text.decode():
            break
    seconds = time.perf_counter() - begin
    process.terminate()
    process.wait(20)
    return seconds


def spawn(home: realhousehold.Household, argv: list[str], out: int) -> subprocess.Popen[bytes]:
    env = {**os.environ, **home.env, **FULL_SIZE}
    return subprocess.Popen(
        argv, cwd=realhousehold.ROOT, env=env, stdout=out, stderr=subprocess.DEVNULL
    )


def rest(home: realhousehold.Household) -> list[str]:
    """The idle screen and the agent, against the smallest Kivy program at the same frame rate."""
    screen = spawn(home, screen_argv(), subprocess.DEVNULL)
    bare = spawn(home, [realhousehold.PYTHON, str(BARE), "15"], subprocess.DEVNULL)
    agent = home.running["agent"]
    time.sleep(8)
    before = [cpu_seconds(process.pid) for process in (screen, agent, bare)]
    time.sleep(REST_SECONDS)
    after = [cpu_seconds(process.pid) for process in (screen, agent, bare)]
    percent = [(b - a) / REST_SECONDS * 100 for a, b in zip(before, after, strict=True)]
    memory = [resident_mb(process.pid) for process in (screen, agent, bare)]
    for process in (screen, bare):
        process.terminate()
        process.wait(20)
    return [
        line("idle CPU, screen", percent[0], "%", percent[2], "bare Kivy"),
        line("idle CPU, screen and agent", percent[0] + percent[1], "%", percent[2], "bare Kivy"),
        line("resident memory, screen", memory[0], "MB", memory[2], "bare Kivy"),
        line("resident memory, agent", memory[1], "MB", memory[2], "bare Kivy"),
    ]


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


if __name__ == "__main__":
    main()
