"""Messages about the terminal as it is now, made from the journal's status table."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from kiosk import wire
from kiosk.agent import vitals
from kiosk.journal import Journal

SCREEN_SILENT_SECONDS = 30.0
OLD_COPY = "old_copy"  # of the journal; see `kiosk.agent.outbox`


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


@dataclass(frozen=True, slots=True)
class Versions:
    software: str
    settings: str
    site: str
    given: str = ""  # settings of the fleet's that are in use


def _catalogue(journal: Journal) -> str:
    """The version that the screen process offers; '' before it has said so."""
    return str(journal.statuses().get("catalogue", ("", 0.0))[0])


def _devices(statuses: dict[str, tuple[Any, float]]) -> list[wire.DeviceHealth]:
    return [
        wire.DeviceHealth(**value)
        for name, (value, _time) in sorted(statuses.items())
        if name.startswith("device.") and not _not_fitted(value)
    ]


def _not_fitted(value: dict[str, Any]) -> bool:
    return value["state"] == "no_device" and not value["fault"]


def _screen(statuses: dict[str, tuple[Any, float]]) -> str:
    """A screen process that has not said anything for a while is down, whatever it said last."""
    value, when = statuses.get("screen", ("down", 0.0))
    return "down" if abs(time.time() - when) > SCREEN_SILENT_SECONDS else str(value)


def state(journal: Journal, session: int, online: bool, versions: Versions) -> wire.State:
    return wire.State(
        terminal=journal.terminal,
        online=online,
        session=session,
        boot=journal.boot,
        time=now(),
        software=versions.software,
        settings=versions.settings,
        catalogue=_catalogue(journal),
        protocol=wire.PROTOCOL,
        given=versions.given,
    )


def name(journal: Journal) -> str:
    """An old copy speaks under a name of its own: else the fleet would take it for the other one,
    and hear neither, since the numbers of their sessions go back and forth."""
    return f"{journal.id}.{OLD_COPY}" if journal.ahead else journal.id


def birth(journal: Journal, session: int, versions: Versions) -> wire.Birth:
    statuses = journal.statuses()
    return wire.Birth(
        terminal=journal.terminal,
        session=session,
        boot=journal.boot,
        journal=name(journal),
        last_seq=journal.last_seq,
        time=now(),
        site=versions.site,
        software=versions.software,
        settings=versions.settings,
        catalogue=_catalogue(journal),
        devices=_devices(statuses),
        services=dict(statuses.get("services", ({}, 0.0))[0]),
        protocol=wire.PROTOCOL,
        given=versions.given,
    )


def services(journal: Journal, session: int) -> wire.Services:
    items = dict(journal.statuses().get("services", ({}, 0.0))[0])
    return wire.Services(journal.terminal, session, now(), items)


def health(journal: Journal, session: int, outbox: int) -> wire.Health:
    statuses = journal.statuses()
    body = vitals.read(journal.folder)
    return wire.Health(
        terminal=journal.terminal,
        session=session,
        time=now(),
        devices=_devices(statuses),
        screen=_screen(statuses),
        outbox=outbox,
        pages=journal.pages.waiting,
        cpu_percent=body.cpu_percent,
        memory_mb=body.memory_mb,
        disk_free_mb=body.disk_free_mb,
        uptime_s=body.uptime_s,
        journal_fault=OLD_COPY if journal.ahead else "",
    )
