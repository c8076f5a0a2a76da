"""A slip through the driver, against what its bytes take on the line alone.

The simulated printer runs in a process of its own. On the serial line its motor is infinitely fast,
so that the wire is the limit; on the network it is a printer of 200 mm/s, and the limit is the same
bytes sent bare over one connection, up to the answer to the question after the cut.
"""

from __future__ import annotations

import asyncio
import json
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from drivers.options import Site
from drivers.receipt.answers import QUESTIONS
from drivers.receipt.escpos import encode
from drivers.receipt.network import EscposNetworkPrinter, NetworkOptions
from drivers.receipt.serial import EscposSerialPrinter, SerialOptions
from drivers.receipt.transport import EscposPrinter
from kiosk.model import Align, PairLine, QrLine, Receipt, RuleLine, TextLine

ROUNDS = 5
BAUD = 115200
RECEIPT = Receipt(
    (
        TextLine("示例县政务服务中心", Align.CENTRE, scale=2, bold=True),
        TextLine("业务受理回执", Align.CENTRE),
        RuleLine(),
        PairLine("办件编号", "KT0001-000123"),
        PairLine("申请人", "刘䶮"),
        PairLine("受理时间", "2026-11-21 09:30"),
        PairLine("承诺办结", "2026-11-28"),
        RuleLine(),
        TextLine("请凭办件编号查询进度。Keep this slip."),
        QrLine("https://example.invalid/c/KT0001-000123"),
    )
)
JOB = encode(RECEIPT) + QUESTIONS[0].ask
PRINTER = """
import json, sys, threading
from pathlib import Path
from drivers.receipt.plugs import PtyPlug, TcpPlug
from drivers.receipt.simulator import ReceiptSimulator
folder, speed, baud = Path(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])
plug = PtyPlug(folder / "tty", baud) if baud else TcpPlug()
printer = ReceiptSimulator(folder, 0, speed, plug=plug, pictures=False)
printer.start()
print(json.dumps({"port": 0 if baud else plug.port}), flush=True)
sys.stdin.read()
printer.stop()
"""


def measure() -> list[tuple[str, float, float]]:
    """Name, seconds until the slip is presented (median), seconds of the line alone."""
    with simulated(1e9, BAUD) as (folder, _):
        serial = EscposSerialPrinter.build(
            SerialOptions.model_validate({"port": str(folder / "tty"), "flow": "none"}), Site()
        )
        over_serial = asyncio.run(slips(serial))
    with simulated(1600, 0) as (_, port):
        network = EscposNetworkPrinter.build(NetworkOptions(host="127.0.0.1", port=port), Site())
        over_network = asyncio.run(slips(network))
        alone = statistics.median(bare(port) for _ in range(ROUNDS))
    return [
        (f"slip over serial, {BAUD} baud", over_serial, len(JOB) * 10 / BAUD),
        ("slip over network, 200 mm/s", over_network, alone),
    ]


async def slips(printer: EscposPrinter[Any]) -> float:
    """As in service: the printer has been looked at before."""
    await printer.status()
    times = []
    for number in range(ROUNDS):
        begun = time.perf_counter()
        outcome = await printer.print(f"job-{number}", RECEIPT, lambda _: None)
        times.append(time.perf_counter() - begun)
        assert outcome.done, outcome
    await printer.close()
    return statistics.median(times)


def bare(port: int) -> float:
    begun = time.perf_counter()
    with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
        line.sendall(JOB)
        assert len(line.recv(1)) == 1
        return time.perf_counter() - begun


@contextmanager
def simulated(dots_per_second: float, baud: int) -> Iterator[tuple[Path, int]]:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-c", PRINTER, folder, str(dots_per_second), str(baud)]
        with subprocess.Popen(
            command, cwd=Path(__file__).parents[2], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as process:
            assert process.stdin
            assert process.stdout
            try:
                yield Path(folder), int(json.loads(process.stdout.readline())["port"])
            finally:
                process.stdin.close()
                process.wait(10)


if __name__ == "__main__":
    for name, seconds, limit in measure():
        print(f"{name:<36} {seconds:7.3f} s  {seconds / limit:5.2f} x {limit:7.3f} s")
