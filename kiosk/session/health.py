"""Watching devices, network and journal between the acts, and saying what can be done now."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Mapping
from dataclasses import replace

import structlog

from kiosk import events as e
from kiosk.errors import JournalError
from kiosk.model import DeviceState, DeviceStatus, Fault, FaultAction
from kiosk.ports import Device, Sensors
from kiosk.session.appointment import settle
from kiosk.session.booking import give_back
from kiosk.session.condition import status_data
from kiosk.session.engine import Engine
from kiosk.session.orders import OrderDesk
from kiosk.session.terminal import Terminal
from kiosk.view import State

log = structlog.get_logger("session")

# What is known of a driver that keeps its promises badly, whatever its device.
FAULTS: Mapping[str, FaultAction] = {
    "silent": FaultAction.RESET,
    "driver_failed": FaultAction.MAINTENANCE,
}
STATUS_SECONDS = 6.0
LINK_SILENT_SECONDS = 20.0
_BETWEEN = (State.ATTRACT, State.OUT_OF_SERVICE)
MIN_FREE_BYTES = 50 * 1024 * 1024
_LISTING = (
    State.ATTRACT, State.SERVICES, State.CASES, State.CASE, State.APPOINTMENT, State.WAYS,
    State.MATERIALS, State.STAFF, State.OUT_OF_SERVICE,
)  # fmt: skip
_IN_USE = (
    State.CARD, State.FACE, State.CASES, State.SCAN, State.SUBMITTING, State.PAPERS, State.TICKET,
    State.NOTICE, State.SLIP,
)  # fmt: skip
# What the fleet is told of the screen; a visit is "serving".
_SCREENS = {
    State.ATTRACT: "idle",
    State.OUT_OF_SERVICE: "out_of_service",
    State.STAFF: "maintenance",
}


class Health:
    """Runs beside the engine on its loop: devices every few seconds, the network every second."""

    def __init__(self, terminal: Terminal, engine: Engine) -> None:
        self._terminal = terminal
        self._engine = engine
        self._told: tuple[object, ...] = ()
        self._sheets = ""

    async def run(self) -> None:
        orders = OrderDesk(self._terminal, self._engine, self.glance)
        await asyncio.gather(self._rounds(), self._follow_sensors(), orders.run())

    async def _rounds(self) -> None:
        while True:
            if self._engine.state not in _IN_USE:
                await self.look()
            for _ in range(max(1, round(self._terminal.limits.health))):
                await asyncio.sleep(1)
                await self._renew_catalogue()
                await self._give_back()
                self.glance()

    async def _follow_sensors(self) -> None:
        """A door or a power cut is told at once, even in a visit."""
        sensors = self._terminal.devices.beside.get("sensors")
        while isinstance(sensors, Sensors):
            try:
                await sensors.change()
                self._note(await ask("sensors", sensors))
                self.glance()
            except Exception as error:  # noqa: BLE001 (the rounds go on telling what they find)
                log.error("sensors_failed", error=type(error).__name__)
                await asyncio.sleep(self._terminal.limits.health)

    async def look(self) -> None:
        """One round over the devices."""
        every = self._terminal.devices.every
        found = await asyncio.gather(*(ask(name, port) for name, port in every.items()))
        condition = self._terminal.condition
        try:
            for status in found:
                self._note(status)
            condition.journal_ok = self._room()
        except JournalError:
            condition.journal_ok = False
        self.glance()

    def glance(self) -> None:
        """Network and fleet; then say what can be done now, if that has changed."""
        terminal, condition = self._terminal, self._terminal.condition
        condition.commissioned = terminal.case_key() is not None
        try:
            condition.online = self._linked()
            services = self._services()
            lost, next_one = terminal.out_of_service(), terminal.place.elsewhere
            told = (services, condition.notices(), lost, next_one)
            if told != self._told:
                terminal.journal.put_status("services", services)
                self._told = told
                if self._engine.state in _LISTING:
                    self._engine.post(e.ServicesChanged())
        except JournalError:
            condition.journal_ok = False
        lost = terminal.out_of_service()
        if lost and self._engine.state is State.ATTRACT:
            self._engine.post(e.ServiceLost())
        if not lost and self._engine.state is State.OUT_OF_SERVICE:
            self._engine.post(e.ServiceRestored())

    async def _give_back(self) -> None:
        """Places that were kept for a visit which came to nothing, while nobody is here."""
        terminal, engine = self._terminal, self._engine
        if terminal.appointments is None or engine.state not in _BETWEEN:
            return
        try:
            await give_back(terminal.journal, terminal.appointments)
            await settle(terminal.journal, terminal.appointments)
        except JournalError:
            terminal.condition.journal_ok = False

    async def _renew_catalogue(self) -> None:
        """Between two visits only: a visit ends by the catalogue with which it began."""
        terminal, engine = self._terminal, self._engine
        if terminal.look is None or engine.state not in _BETWEEN:
            return
        newest = await asyncio.to_thread(terminal.look)
        if newest is terminal.catalogue or engine.state not in _BETWEEN:
            return
        terminal.catalogue = newest
        try:
            terminal.journal.append("catalogue", {"version": newest.version})
            terminal.journal.put_status("catalogue", newest.version)
        except JournalError:
            terminal.condition.journal_ok = False
        engine.post(e.ServicesChanged())

    def _services(self) -> dict[str, str]:
        """What can be had now, and why not."""
        terminal, condition = self._terminal, self._terminal.condition
        return {item.task_code: condition.why_not(item) for item in terminal.examples()}

    def _linked(self) -> bool:
        """What the agent said last, unless it has been silent: then nobody knows, so no."""
        value, when = self._terminal.journal.statuses().get("link", ({}, 0.0))
        return bool(value.get("online")) and abs(time.time() - when) < LINK_SILENT_SECONDS

    def _note(self, status: DeviceStatus) -> None:
        condition, journal = self._terminal.condition, self._terminal.journal
        before = condition.statuses.get(status.device)
        condition.statuses[status.device] = status
        if before == status:
            return
        self._count(status)
        told = before is not None and _weighty(before) == _weighty(status)
        data = status_data(status, self._terminal.devices.drivers.get(status.device, ""))
        journal.put_status(f"device.{status.device}", data)
        if not told and (before is not None or status.fault is not None):
            journal.append("device", data)

    def _count(self, status: DeviceStatus) -> None:
        """The printer's own count of sheets, whenever it has moved: see `kiosk.stationery`."""
        counter = status.readings.get("sheets", "")
        if status.device == "document" and counter.isdecimal() and counter != self._sheets:
            self._sheets = counter
            data = {"paper": "certificate", "counter": int(counter)}
            self._terminal.journal.append("stationery", data)

    def _room(self) -> bool:
        """A disk about to be full takes the terminal out of service before a visit, not in it."""
        engine = self._engine
        said = _SCREENS.get(engine.state, "serving")
        condition = self._terminal.condition
        kept = condition.closed_by_staff or condition.closed_by_fleet == "maintenance"
        if engine.state is State.OUT_OF_SERVICE and kept:
            said = "maintenance"
        self._terminal.journal.put_status("screen", said)
        if self._terminal.journal.ahead:
            return False
        return shutil.disk_usage(self._terminal.journal.folder).free > MIN_FREE_BYTES


def _weighty(status: DeviceStatus) -> DeviceStatus:
    """Without counters, which change with every sheet: a record of each would tell nothing."""
    readings = {k: v for k, v in status.readings.items() if not v.isdecimal()}
    return replace(status, readings=readings)


async def ask(name: str, port: Device) -> DeviceStatus:
    """A driver that hangs or breaks is a status too."""
    try:
        return await asyncio.wait_for(port.status(), STATUS_SECONDS)
    except TimeoutError:
        return failing(name, DeviceState.OFFLINE, "silent")
    except Exception as error:  # noqa: BLE001
        return failing(name, DeviceState.HARDWARE_ERROR, "driver_failed", type(error).__name__)


def failing(name: str, state: DeviceState, code: str, detail: str = "") -> DeviceStatus:
    return DeviceStatus(name, state, fault=Fault(code, FAULTS[code], detail))
