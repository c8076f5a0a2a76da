"""`kiosk check`: one line for each thing that a terminal needs, with the remedy where it fails."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path

from config.schema import TerminalSettings
from kiosk import bootstrap
from kiosk.errors import CatalogueError, JournalError, SettingsError
from kiosk.model import DeviceStatus
from kiosk.ports import FrameSlot
from kiosk.services.load import load_catalogue
from kiosk.settings import load, version

DEBOUNCE = 3  # looks until a driver is sure that a device is absent

Finding = tuple[bool, str, str]  # good, what was looked at, what was found


def run_checks(path: Path) -> int:
    """0 when everything is good, 1 otherwise."""
    try:
        settings = load(path)
    except SettingsError as error:
        print(f"  wrong  settings     {error}")
        return 1
    good = True
    for fine, name, found in _findings(path, settings):
        good &= fine
        print(f"  {'ok   ' if fine else 'wrong'}  {name:<12} {found}")
    return 0 if good else 1


def _findings(path: Path, settings: TerminalSettings) -> Iterator[Finding]:
    yield True, "settings", f"{path} (version {version(settings)})"
    yield _catalogue(settings)
    yield _journal(settings)
    yield _disk(settings)
    key = bootstrap.case_key(settings.terminal.trust)() is not None
    remedy = f"no case.pub in {settings.terminal.trust}: start the fleet, or copy its trust folder"
    yield key, "trust", f"{settings.terminal.trust}" if key else remedy
    yield from asyncio.run(_devices(settings))


def _catalogue(settings: TerminalSettings) -> Finding:
    try:
        catalogue = load_catalogue(settings.terminal.catalogue)
    except CatalogueError as error:
        return False, "catalogue", str(error)
    return True, "catalogue", f"{len(catalogue.items)} items (version {catalogue.version})"


def _journal(settings: TerminalSettings) -> Finding:
    if not bootstrap.journal_path(settings).exists():
        return True, "journal", "none yet: made at the first start"
    try:
        journal = bootstrap.open_journal(settings)
        records = journal.verify()
        waiting = journal.last_seq - journal.acked_through
        journal.close()
    except JournalError as error:
        return False, "journal", f"{error}: keep the file, and call maintenance"
    return True, "journal", f"{records} records, chain holds, {waiting} not held by the fleet yet"


def _disk(settings: TerminalSettings) -> Finding:
    settings.terminal.var.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(settings.terminal.var).free // 2**20
    return free > 200, "disk", f"{free} MB free for {settings.terminal.var}"


async def _devices(settings: TerminalSettings) -> list[Finding]:
    devices = bootstrap.devices(settings, FrameSlot())
    ports = (devices.reader, devices.camera, devices.receipt, devices.document)
    for _ in range(DEBOUNCE):
        statuses = await asyncio.gather(*(port.status() for port in ports))
    reachable = await devices.gateway.reachable(3)
    for port in (*ports, devices.gateway):
        await port.close()
    url = settings.gateway.url
    gateway = (
        reachable,
        "gateway",
        url if reachable else f"{url} does not answer: start the fleet",
    )
    return [*(_device(status) for status in statuses), gateway]


def _device(status: DeviceStatus) -> Finding:
    supplies = " ".join(f"{name}={level}" for name, level in status.supplies.items())
    fault = f" {status.fault.code}: {status.fault.action}" if status.fault else ""
    return status.usable, status.device, f"{status.state} {supplies}{fault}".strip()
