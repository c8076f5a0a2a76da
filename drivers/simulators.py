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
_LOOK_EVERY = 0.5  # seconds between looks for the parent process


class Simulator(Protocol):
    def start(self) -> None: ...

    def stop(self) -> None: ...


Started = TypeVar("Started", bound=Simulator)


def main(arguments: Sequence[str] | None = None) -> int:
    parent = os.getppid()
    parser = argparse.ArgumentParser(prog="drivers.simulators", description="Simulated devices.")
    parser.add_argument("--folder", type=Path, required=True, help="state files and papers")
    parser.add_argument("--receipt-port", type=int, default=0, help="0: any free port")
    parser.add_argument("--camera-port", type=int, default=0, help="0: any free port")
    options = parser.parse_args(arguments)

    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    with ExitStack() as running:
        _start_all(options.folder, options.receipt_port, options.camera_port, running)
        while not stopped.wait(_LOOK_EVERY) and os.getppid() == parent:
            pass
    return 0


def _start_all(folder: Path, receipt_port: int, camera_port: int, running: ExitStack) -> None:
    """Each is stopped again when `running` closes, whatever happened to the others."""
    # Late: their libraries take long, and a wrong command line should be told at once.
    from drivers.camera.simulator import CameraSimulator
    from drivers.document.simulator import DocumentSimulator
    from drivers.idcard.simulator import SdtSimulator
    from drivers.receipt.simulator import ReceiptSimulator

    def start(simulator: Started) -> Started:
        simulator.start()
        running.callback(simulator.stop)
        return simulator

    folder.mkdir(parents=True, exist_ok=True)
    ready = folder / READY
    ready.unlink(missing_ok=True)
    start(SdtSimulator(folder))
    receipt = start(ReceiptSimulator(folder, receipt_port))
    start(DocumentSimulator(folder, folder))
    camera = start(CameraSimulator(folder, camera_port))
    running.callback(ready.unlink, missing_ok=True)
    ports = {"receipt_port": receipt.port, "camera_port": camera.port, "pid": os.getpid()}
    replace_json(ready, ports)


if __name__ == "__main__":
    sys.exit(main())
