"""Certificate printers for tests, the driver on them, and an independent client."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from pyipp import IPP
from pyipp.enums import IppOperation

import ippserver
from drivers.document.simulator import DocumentSimulator
from drivers.document.transport import IppPrinter
from drivers.options import Site
from drivers.statefile import write_state
from kiosk.model import PrintOutcome, Rung

ROOT = Path(__file__).parents[1]
PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Page >>\nendobj\n%%EOF\n"
CANCELED, COMPLETED = 7, 9
CLIMB = [Rung.QUEUED, Rung.SENT, Rung.PRINTED, Rung.PRESENTED]
QUICK = {"fault_seconds": 0.3, "cancel_seconds": 0.6, "finish_seconds": 10, "accept_seconds": 0.8}
# A terminal that prints, says each rung, and can be killed.
TERMINAL = """
import asyncio, sys
from drivers.document.transport import IppPrinter
from drivers.options import Site
printer = IppPrinter.build(IppPrinter.Options(uri=sys.argv[1]), Site())
asyncio.run(printer.print("job-1", sys.argv[2].encode(), lambda rung: print(rung, flush=True)))
"""


class World(Protocol):
    """One printer, simulated or CUPS's."""

    @property
    def uri(self) -> str: ...

    def sheets(self) -> list[Path]: ...

    def paper(self, sheets: int) -> None: ...

    def toner(self, percent: int) -> None: ...


class Simulated:
    def __init__(self, folder: Path, **state: object) -> None:
        self.folder = folder
        self.change(**{"rung_seconds": 0.1, **state})
        self.simulator = DocumentSimulator(folder, folder)
        self.simulator.start()

    @property
    def uri(self) -> str:
        return self.simulator.uri

    def change(self, **state: object) -> None:
        write_state(self.folder / "document.json", **state)

    def sheets(self) -> list[Path]:
        return sorted((self.folder / "certificates").glob("*.pdf"))

    def paper(self, sheets: int) -> None:
        self.change(paper="full" if sheets > 25 else "low" if sheets else "out")

    def toner(self, percent: int) -> None:
        self.change(toner="full" if percent > 10 else "low" if percent else "out")

    def restart(self) -> None:
        port = self.simulator.port
        self.simulator.stop()
        self.simulator = DocumentSimulator(self.folder, self.folder, port)
        self.simulator.start()

    def stop(self) -> None:
        self.simulator.stop()


class Cups:
    def __init__(self, server: ippserver.Server) -> None:
        self._server = server
        self.uri = server.uri
        self.sheets, self.paper = server.sheets, server.paper

    def toner(self, percent: int) -> None:
        self._server.supplies(toner=percent)


def driver(uri: str, **options: object) -> IppPrinter:
    return IppPrinter.build(IppPrinter.Options.model_validate({"uri": uri, **options}), Site())


@dataclass
class Bench:
    world: World
    printer: IppPrinter
    rungs: list[Rung] = field(default_factory=list)

    async def print(
        self, job: str = "job-1", on: Callable[[Rung], None] = lambda _: None, pdf: bytes = PDF
    ) -> PrintOutcome:
        def climb(rung: Rung) -> None:
            self.rungs.append(rung)
            on(rung)

        return await self.printer.print(job, pdf, climb)

    async def until(self, condition: Callable[[], bool], seconds: float = 60) -> None:
        async with asyncio.timeout(seconds):
            while not condition():
                await asyncio.sleep(0.01)


class SimulatedBench(Bench):
    world: Simulated


async def execute(uri: str, operation: IppOperation, user: str = "kiosk", **more: Any) -> Any:
    """By pyipp alone."""
    said = {name.replace("_", "-"): value for name, value in more.items() if name != "data"}
    message = {"operation-attributes-tag": {"requesting-user-name": user, **said}}
    data = {"data": more["data"]} if "data" in more else {}
    async with IPP(uri) as ipp:
        return await ipp.execute(operation, {**message, **data})


async def give(uri: str, name: str, user: str = "kiosk", pdf: bytes = PDF) -> int:
    """A job that the driver did not make; its number."""
    answer = await execute(uri, IppOperation.PRINT_JOB, user, job_name=name,
                           document_format="application/pdf", data=pdf)  # fmt: skip
    return int(answer["jobs"][0]["job-id"])


async def waiting(uri: str) -> list[str]:
    """Names of the jobs that may still come out."""
    answer = await execute(uri, IppOperation.GET_JOBS, requested_attributes=["job-id", "job-name"])
    return [job["job-name"] for job in answer["jobs"] if job]


async def ended(uri: str) -> dict[str, int]:
    """Name and state of the jobs that are over."""
    answer = await execute(uri, IppOperation.GET_JOBS, which_jobs="completed",
                           requested_attributes=["job-id", "job-name", "job-state"])  # fmt: skip
    return {job["job-name"]: int(job["job-state"]) for job in answer["jobs"] if job}


def killed_when_sent(uri: str) -> None:
    """kill -9 of a terminal as soon as the printer has its job."""
    process = subprocess.Popen(
        [sys.executable, "-c", TERMINAL, uri, PDF.decode()], cwd=ROOT, stdout=subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        assert [process.stdout.readline().strip() for _ in range(2)] == [b"queued", b"sent"]
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait(10)
        if process.stdout:
            process.stdout.close()
