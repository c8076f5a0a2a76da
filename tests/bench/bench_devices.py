"""Each device against its own limit in the same run: the wire, a bare library, a plain tool.

Seconds; the ratio is ours to the limit's. Nothing here is asserted.
"""

from __future__ import annotations

import asyncio
import importlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parent)]

# Each measures with `measure() -> [(name, seconds, seconds of the limit)]`.
PARTS = ("chipcard", "sdt", "receipt", "ipp", "camera", "doccam")
IDLE = "idle"  # in a process of its own: the PC/SC library keeps its socket as long as it lives
IDLE_SECONDS = 20.0
LOOK_EVERY = 5.0


def main() -> None:
    for part in PARTS:
        for name, seconds, limit in importlib.import_module(f"bench_{part}").measure():
            print(f"{name:<44}{seconds:10.4f}   {seconds / limit:6.2f} x {limit:10.4f}", flush=True)
    subprocess.run([sys.executable, __file__, IDLE], check=True)


def idle() -> Iterator[str]:
    """This process's CPU with a driver of every class connected to its simulated device."""
    import realhousehold

    with tempfile.TemporaryDirectory() as name, realhousehold.running(
        Path(name), "simulators"
    ) as home:  # fmt: skip
        realhousehold.wait((home.folder / "sim/ready.json").exists, 40, "simulators")
        os.environ.update(home.env)
        percent, connected = asyncio.run(rest())
    yield f"{f'idle CPU, {connected} devices connected':<44}{percent:10.2f} %"


async def rest() -> tuple[float, int]:
    """Per cent of a core, and how many devices were usable."""
    import realhousehold
    from drivers.options import Site
    from kiosk import bootstrap
    from kiosk.session.card import await_card
    from kiosk.settings import load

    devices = bootstrap.devices(load(realhousehold.SETTINGS), Site())

    async def looks(seconds: float) -> int:
        usable, until = 0, time.monotonic() + seconds
        while time.monotonic() < until:
            found = [await port.status() for port in devices.every.values()]
            usable = sum(status.usable for status in found)
            await asyncio.sleep(LOOK_EVERY)
        return usable

    waiting = asyncio.create_task(await_card((devices.reader, devices.chip), lambda _event: None))
    await looks(LOOK_EVERY)
    begun = time.process_time()
    usable = await looks(IDLE_SECONDS)
    percent = (time.process_time() - begun) / IDLE_SECONDS * 100
    waiting.cancel()
    for port in devices.every.values():
        await port.close()
    return percent, usable


if __name__ == "__main__":
    if sys.argv[1:] == [IDLE]:
        for row in idle():
            print(row, flush=True)
    else:
        main()
