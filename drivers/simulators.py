"""All simulated devices in one process: `python -m drivers.simulators --folder var/sim`.

`<folder>/ready.json` says when and where they listen. Ends by SIGTERM or SIGINT, or when the
process that started it is gone: nothing is left running behind a terminal that was killed.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol, TypeVar

from drivers.statefile import replace_json

READY = "ready.json"
PORTS = ("receipt", "camera", "document", "doccam")
_LOOK_EVERY = 0.5  # seconds between looks for the parent process


class Simulator(Protocol):
    def start(self) -> None: ...

    def stop(self) -> None: ...


class Listening(Simulator, Protocol):
    @property
    def port(self) -> int: ...


Started = TypeVar("Started", bound=Simulator)


def main(arguments: Sequence[str] | None = None) -> int:
    parent = os.getppid()
    parser = argparse.ArgumentParser(prog="drivers.simulators", description="Simulated devices.")
    parser.add_argument("--folder", type=Path, required=True, help="state files and papers")
    for device in PORTS:
        parser.add_argument(f"--{device}-port", type=int, default=0, help="0: any free port")
    parser.add_argument("--route", action="append", default=[], metavar="NEAR:HOST:PORT",
                        help="a relay that network.json can cut")  # fmt: skip
    options = parser.parse_args(arguments)

    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    with ExitStack() as running:
        ports = {device: getattr(options, f"{device}_port") for device in PORTS}
        _start_all(options.folder, ports, _routes(options.route), running)
        while not stopped.wait(_LOOK_EVERY) and os.getppid() == parent:
            pass
    return 0


def _routes(said: Sequence[str]) -> dict[int, tuple[str, int]]:
    """`18831:127.0.0.1:18830` → {18831: ("127.0.0.1", 18830)}."""
    parts = [one.split(":") for one in said]
    return {int(near): (host, int(port)) for near, host, port in parts}


def _start_all(
    folder: Path, ports: dict[str, int], routes: dict[int, tuple[str, int]], running: ExitStack
) -> None:
    """Each is stopped again when `running` closes, whatever happened to the others."""
    # Late: their libraries take long, and a wrong command line should be told at once.
    from drivers.camera.simulator import CameraSimulator
    from drivers.chipcard.pcscd import missing
    from drivers.chipcard.simulator import ChipcardSimulator
    from drivers.doccam.simulator import DocumentCameraSimulator
    from drivers.document.simulator import DocumentSimulator
    from drivers.idcard.simulator import SdtSimulator
    from drivers.keypad.simulator import KeypadSimulator
    from drivers.network import NetworkCut
    from drivers.receipt.simulator import ReceiptSimulator
    from drivers.scanner.simulator import ScannerSimulator
    from drivers.sensors.simulator import SensorsSimulator

    def start(simulator: Started) -> Started:
        simulator.start()
        running.callback(simulator.stop)
        return simulator

    folder.mkdir(parents=True, exist_ok=True)
    ready = folder / READY
    ready.unlink(missing_ok=True)
    start(NetworkCut(folder, routes))
    for plain in (SdtSimulator, ScannerSimulator, KeypadSimulator, SensorsSimulator):
        start(plain(folder))
    if not missing():
        start(ChipcardSimulator(folder))
    listening: dict[str, Listening] = {
        "receipt": start(ReceiptSimulator(folder, ports["receipt"])),
        "document": start(DocumentSimulator(folder, folder, ports["document"])),
        "camera": start(CameraSimulator(folder, ports["camera"])),
        "doccam": start(DocumentCameraSimulator(folder, ports["doccam"])),
    }
    running.callback(ready.unlink, missing_ok=True)
    said = {f"{device}_port": simulator.port for device, simulator in listening.items()}
    replace_json(ready, {**said, "pid": os.getpid()})


if __name__ == "__main__":
    sys.exit(main())
