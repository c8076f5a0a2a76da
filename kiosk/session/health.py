"""Watching devices, network and journal between the acts, and saying what can be done now."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Awaitable, Callable
from typing import Any

from kiosk import events as e
from kiosk.errors import JournalError
from kiosk.model import DeviceState, DeviceStatus, Fault, FaultAction
from kiosk.session.engine import Engine
from kiosk.session.terminal import Terminal
from kiosk.view import State

LINK_SILENT_SECONDS = 20.0
MIN_FREE_BYTES = 50 * 1024 * 1024
_LISTING = (State.ATTRACT, State.SERVICES, State.OUT_OF_SERVICE)
_IN_USE = (State.CARD, State.FACE, State.SUBMITTING, State.PAPERS)


def status_data(status: DeviceStatus) -> dict[str, Any]:
    """As the journal and the wire hold it."""
    fault = status.fault
    return {
        "device": status.device,
        "state": str(status.state),
        "supplies": {name: str(level) for name, level in status.supplies.items()},
        "fault": fault.code if fault else "",
        "action": str(fault.action) if fault else "",
    }


class Health:
    """Runs beside the engine on its loop: devices every few seconds, the network every second."""

    def __init__(self, terminal: Terminal, engine: Engine) -> None:
        self._terminal = terminal
        self._engine = engine
        self._told: tuple[object, ...] = ()

    async def run(self) -> None:
        while True:
            if self._engine.state not in _IN_USE:
                await self.look()
            for _ in range(max(1, round(self._terminal.limits.health))):
                await asyncio.sleep(1)
                self.glance()

    async def look(self) -> None:
        """One round over the devices."""
        devices = self._terminal.devices
        asked: dict[str, Callable[[], Awaitable[DeviceStatus]]] = {
            "idcard": devices.reader.status,
            "camera": devices.camera.status,
            "receipt": devices.receipt.status,
            "document": devices.document.status,
        }
        found = await asyncio.gather(*(_ask(name, ask) for name, ask in asked.items()))
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
            services = {
                item.task_code: condition.why_not(item) for item in terminal.catalogue.items
            }
            told = (services, condition.notices(), terminal.out_of_service())
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

    def _linked(self) -> bool:
        """What the agent said last, unless it has been silent: then nobody knows, so no."""
        value, when = self._terminal.journal.statuses().get("link", ({}, 0.0))
        return bool(value.get("online")) and time.time() - when < LINK_SILENT_SECONDS

    def _note(self, status: DeviceStatus) -> None:
        condition, journal = self._terminal.condition, self._terminal.journal
        before = condition.statuses.get(status.device)
        condition.statuses[status.device] = status
        if before == status:
            return
        data = status_data(status)
        journal.put_status(f"device.{status.device}", data)
        if before is not None or status.fault is not None:
            journal.append("device", data)

    def _room(self) -> bool:
        """A disk about to be full takes the terminal out of service before a visit, not in it."""
        engine = self._engine
        screen = {State.ATTRACT: "idle", State.OUT_OF_SERVICE: "out_of_service"}
        self._terminal.journal.put_status("screen", screen.get(engine.state, "serving"))
        return shutil.disk_usage(self._terminal.journal.folder).free > MIN_FREE_BYTES


async def _ask(name: str, ask: Callable[[], Awaitable[DeviceStatus]]) -> DeviceStatus:
    """A driver that hangs or breaks is a status too."""
    try:
        return await asyncio.wait_for(ask(), 6)
    except TimeoutError:
        return DeviceStatus(name, DeviceState.OFFLINE, fault=Fault("silent", FaultAction.RESET))
    except Exception as error:  # noqa: BLE001
        fault = Fault(f"driver_{type(error).__name__}", FaultAction.MAINTENANCE)
        return DeviceStatus(name, DeviceState.HARDWARE_ERROR, fault=fault)
