"""Sensors under test, on simulated serial lines and on GPIO lines in memory, for tests."""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from drivers.options import Site
from drivers.sensors.emulation import DEFAULTS, INPUTS
from drivers.sensors.gpio import GpioSource
from drivers.sensors.readings import Contact
from drivers.sensors.serial import SerialOptions, SerialSensors
from drivers.sensors.simulator import MODULE_LINK, UPS_LINK, SensorsSimulator
from drivers.sensors.status import SensorFault
from drivers.sensors.transport import WatchedSensors
from drivers.sensors.wiring import Wire
from drivers.statefile import write_state
from kiosk.model import DeviceStatus

LIMIT = 10.0


class Bench:
    """Sensors under test, and hands for their hardware."""

    def __init__(self, sensors: WatchedSensors, put: Callable[..., None]) -> None:
        self.sensors = sensors
        self.put = put  # keys of `sensors.json`

    async def until(self, true: Callable[[DeviceStatus], bool]) -> DeviceStatus:
        async with asyncio.timeout(LIMIT):
            while not true(status := await self.sensors.status()):
                await asyncio.sleep(0.01)
        return status

    async def says(self, **readings: str) -> DeviceStatus:
        return await self.until(lambda status: readings.items() <= status.readings.items())

    async def fails(self, code: SensorFault) -> DeviceStatus:
        return await self.until(
            lambda status: status.fault is not None and status.fault.code == code
        )


def serial_sensors(folder: Path, **more: Any) -> SerialSensors:
    told = {
        "module_port": str(folder / MODULE_LINK),
        "inputs": {contact: str(number) for contact, number in INPUTS.items()},
        "ups_port": str(folder / UPS_LINK),
        "module_every": 0.05,
        "ups_every": 0.05,
    }
    return SerialSensors.build(SerialOptions.model_validate({**told, **more}), Site())


@asynccontextmanager
async def serial(folder: Path) -> AsyncIterator[Bench]:
    simulator = SensorsSimulator(folder)
    simulator.start()
    bench = Bench(
        serial_sensors(folder), lambda **keys: write_state(folder / "sensors.json", **keys)
    )
    try:
        yield bench
    finally:
        await bench.sensors.close()
        simulator.stop()


class OtherLines:
    """Lines that are no GPIO: levels in memory, edges as bytes in a socket."""

    def __init__(self, levels: dict[int, bool]) -> None:
        self.levels = levels
        self.gone = False
        self.opened = 0
        self._edges, self.edges = socket.socketpair()
        self._edges.setblocking(False)

    def request(self) -> OtherLines:
        self._check()
        self.opened += 1
        return self

    def values(self) -> Mapping[int, bool]:
        self._check()
        return dict(self.levels)

    def fileno(self) -> int:
        return self._edges.fileno()

    def forget_edges(self) -> None:
        self._check()
        with suppress(BlockingIOError):
            self._edges.recv(4096)

    def close(self) -> None:
        """Stays, for the next request."""

    def end(self) -> None:
        self._edges.close()
        self.edges.close()

    def _check(self) -> None:
        if self.gone:
            raise OSError(errno.ENODEV, "gone")


GPIO = {
    Contact.DOOR_CLOSED: Wire(17, inverted=True),
    Contact.TAMPERED: Wire(18),
    Contact.PERSON_PRESENT: Wire(22),
    Contact.HEADPHONES: Wire(23, inverted=True),
    Contact.MAINTENANCE: Wire(24),
    Contact.SUPERVISOR: Wire(25),
    Contact.UPS_ENGAGED: Wire(26),
    Contact.UPS_LOW: Wire(27),
}


@asynccontextmanager
async def gpio(_folder: Path) -> AsyncIterator[Bench]:
    state = dict(DEFAULTS)
    lines = OtherLines(levels(state))

    def put(**keys: Any) -> None:
        state.update(keys)
        lines.levels = levels(state)
        lines.gone = not state["plugged"]
        lines.edges.send(b"!")

    bench = Bench(WatchedSensors([GpioSource(lines.request, GPIO)]), put)
    try:
        yield bench
    finally:
        await bench.sensors.close()
        lines.end()


def levels(state: Mapping[str, Any]) -> dict[int, bool]:
    both = state["fault"] == "contradiction"
    on = {
        Contact.DOOR_CLOSED: state["door"] != "open",
        Contact.TAMPERED: state["door"] == "tampered",
        Contact.PERSON_PRESENT: state["proximity"] == "present",
        Contact.HEADPHONES: state["headphones"] == "present",
        Contact.MAINTENANCE: both or state["operator_switch"] == "maintenance",
        Contact.SUPERVISOR: both or state["operator_switch"] == "supervisor",
        Contact.UPS_ENGAGED: state["ups"] in ("engaged", "low"),
        Contact.UPS_LOW: state["ups"] == "low",
    }
    return {wire.number: on[contact] is not wire.inverted for contact, wire in GPIO.items()}
