"""An ID card's read through the driver, against what its bytes take on the wire.

The simulated reader runs in a process of its own and answers as fast as its line carries the bytes
(8N1, both ways), so that the wire is the limit. A real reader needs time of its own for the card.
"""

from __future__ import annotations

import asyncio
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from drivers.idcard.frames import Command, request
from drivers.idcard.simulator import LINK, STATE_FILE, SdtSimulator
from drivers.idcard.transport import SdtSerialReader
from drivers.statefile import replace_json

READS = 9
BITS_PER_BYTE = 10
# name, sample card, rate, whether with fingerprints and appended address, bytes of the replies
CASES = (
    ("ID card, 115200 baud", "zhang", 115200, False, (15, 19, 1295)),
    ("ID card, all there is, 115200 baud", "zhang", 115200, True, (15, 19, 2321, 11)),
    ("ID card, 9600 baud", "zhang", 9600, False, (15, 19, 1295)),
)


def measure() -> list[tuple[str, float, float]]:
    """Name, seconds of find, select and read together (median), seconds on the wire alone."""
    return [
        (name, asyncio.run(_seconds(card, baud, everything)), _limit(baud, replies))
        for name, card, baud, everything, replies in CASES
    ]


def _limit(baud: int, replies: tuple[int, ...]) -> float:
    asked = len(replies) * len(request(Command.FIND))
    return (asked + sum(replies)) * BITS_PER_BYTE / baud


async def _seconds(card: str, baud: int, everything: bool) -> float:
    with tempfile.TemporaryDirectory() as name, _simulator(Path(name)) as folder:
        replace_json(folder / STATE_FILE, {"baud": baud})
        reader = SdtSerialReader(
            str(folder / LINK), baud, fingerprints=everything, new_address=everything
        )
        times = []
        for _ in range(READS):
            await reader.status()  # the port is open, as it is on a terminal in service
            replace_json(folder / STATE_FILE, {"baud": baud, "card": card})
            begun = time.perf_counter()
            arrived, read = await reader.arrival(), await reader.read()
            times.append(time.perf_counter() - begun)
            assert arrived is None
            assert not isinstance(read, str), read  # a fault
        await reader.close()
    return statistics.median(times)


@contextmanager
def _simulator(folder: Path) -> Iterator[Path]:
    process = subprocess.Popen(
        [sys.executable, __file__, "--simulate", str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdout.readline()  # it is ready
        yield folder
    finally:
        process.stdin.close()
        process.stdout.close()
        process.wait(10)


def _simulate(folder: Path) -> None:
    simulator = SdtSimulator(folder)
    simulator.start()
    print("ready", flush=True)
    sys.stdin.read()
    simulator.stop()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--simulate"]:
        _simulate(Path(sys.argv[2]))
    else:
        for what, seconds, limit in measure():
            print(f"{what:<36}{seconds:8.4f} s {seconds / limit:6.3f} x  wire {limit:8.4f} s")
