"""A receipt printer's driver, the simulated printer at the other end of its line, and a slip."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from drivers.options import Site
from drivers.receipt import operations as ops
from drivers.receipt.decode import decode
from drivers.receipt.escpos import encode
from drivers.receipt.file import EscposFilePrinter
from drivers.receipt.network import EscposNetworkPrinter
from drivers.receipt.plugs import Plug, PtyPlug, TcpPlug
from drivers.receipt.serial import EscposSerialPrinter
from drivers.receipt.simulator import ReceiptSimulator
from drivers.receipt.usb import EscposUsbPrinter
from drivers.statefile import write_state
from kiosk.model import (
    Align,
    DeviceStatus,
    PairLine,
    PrintOutcome,
    QrLine,
    Receipt,
    RuleLine,
    Rung,
    TextLine,
)
from kiosk.ports import ReceiptPrinter
from receiptusb import VENDOR, UsbPlug, on_the_bus

LINK = "https://example.invalid/c/KT0001-000123"
RECEIPT = Receipt(
    (
        TextLine("示例县政务服务中心", Align.CENTRE, scale=2, bold=True),
        RuleLine(),
        PairLine("办件编号", "KT0001-000123"),
        PairLine("申请人", "刘䶮"),
        TextLine("请凭办件编号查询进度。"),
        QrLine(LINK),
    )
)
JOB_BYTES = len(encode(RECEIPT))
CLIMB = [Rung.QUEUED, Rung.SENT, Rung.PRINTED, Rung.PRESENTED]
WELL = {
    "paper": "full", "cover": "closed", "cutter": "ok", "error": None, "feed_button": False,
    "power": "on", "plugged": True, "silent": False, "noise": None, "delay": 0,
}  # fmt: skip


@dataclass
class Bench:
    """A driver, the simulated printer behind it, and what both have shown."""

    folder: Path
    line: str
    simulator: ReceiptSimulator
    plug: Plug
    printer: ReceiptPrinter
    rungs: list[Rung] = field(default_factory=list)

    def change(self, **state: object) -> None:
        write_state(self.folder / "receipt.json", **state)

    async def print(
        self,
        job: str = "job-1",
        on: Callable[[Rung], None] | None = None,
        receipt: Receipt = RECEIPT,
    ) -> PrintOutcome:
        def climb(rung: Rung) -> None:
            self.rungs.append(rung)
            if on:
                on(rung)

        return await self.printer.print(job, receipt, climb)

    async def print_when_back(self, job: str) -> PrintOutcome:
        """What never reached the printer may be tried again."""
        for _ in range(40):
            outcome = await self.print(job)
            if outcome.rung is not Rung.QUEUED:
                break
            await asyncio.sleep(0.1)
        return outcome

    async def until(self, good: Callable[[DeviceStatus], bool]) -> DeviceStatus:
        """Polls as health does, but faster; a line that is away has its pauses."""
        for _ in range(160):
            status = await self.printer.status()
            if good(status):
                return status
            await asyncio.sleep(0.05)
        raise AssertionError(status)

    def slips(self) -> list[Path]:
        return sorted((self.folder / "receipts").glob("*.escpos"))

    async def quiet(self) -> None:
        """Time enough for a buffer that was left full to come out."""
        await asyncio.sleep(0.4)


def code_of(outcome: PrintOutcome | DeviceStatus) -> str | None:
    return outcome.fault.code if outcome.fault else None


def said(slip: Path) -> str:
    return "".join(d.op.text for d in decode(slip.read_bytes()) if isinstance(d.op, ops.Text))


@asynccontextmanager
async def working(
    folder: Path,
    line: str,
    dots_per_second: float = 4000,
    *,
    pictures: bool = False,
    **options: Any,
) -> AsyncIterator[Bench]:
    """`line`: network, serial, usb or file; `options` of the driver, or of the simulator.

    Without `pictures` no PNG is made, which takes long.
    """
    plug = PLUGS[line](folder)
    sizes = {key: options[key] for key in ("buffer_bytes", "width_dots") if key in options}
    options.pop("buffer_bytes", None)
    simulator = ReceiptSimulator(folder, 0, dots_per_second, plug=plug, pictures=pictures, **sizes)
    with on_the_bus(plug) if isinstance(plug, UsbPlug) else nullcontext():
        simulator.start()
        printer = driver(line, folder, plug, **options)
        try:
            yield Bench(folder, line, simulator, plug, printer)
        finally:
            await printer.close()
            simulator.stop()


async def on_every_line(
    folder: Path, act: Callable[[Bench], Awaitable[None]], dots_per_second: float = 4000
) -> None:
    """The same at once on each line, for what takes its time."""

    async def one(line: str) -> None:
        (folder / line).mkdir(parents=True)
        async with working(folder / line, line, dots_per_second) as bench:
            await act(bench)

    await asyncio.gather(*(one(line) for line in LINES))


def driver(line: str, folder: Path, plug: Plug, **options: Any) -> ReceiptPrinter:
    made, address = DRIVERS[line]
    wanted = {"timeout": 0.6, "finish_seconds": 8, **address(folder, plug), **options}
    return made.build(made.Options.model_validate(wanted), Site())


def serial_plug(folder: Path) -> PtyPlug:
    return PtyPlug(folder / "receipt.tty", xon_xoff=True)


PLUGS: dict[str, Callable[[Path], Plug]] = {
    "network": lambda _: TcpPlug(),
    "serial": serial_plug,
    "usb": lambda _: UsbPlug(),
    "file": lambda folder: PtyPlug(folder / "lp0"),
}
DRIVERS: dict[str, tuple[Any, Callable[[Path, Any], dict[str, Any]]]] = {
    "network": (EscposNetworkPrinter, lambda _, plug: {"host": "127.0.0.1", "port": plug.port}),
    "serial": (
        EscposSerialPrinter,
        lambda folder, _: {"port": str(folder / "receipt.tty"), "flow": "xon_xoff"},
    ),
    "usb": (
        EscposUsbPrinter,
        lambda _, plug: {"vendor_id": hex(VENDOR), "product_id": plug.product},
    ),
    "file": (EscposFilePrinter, lambda folder, _: {"path": str(folder / "lp0")}),
}
LINES = tuple(DRIVERS)
