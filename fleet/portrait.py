"""A terminal's stored words -> one `TerminalRow`: the three truths, devices, supplies, gaps."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Row

from fleet.ranges import Ranges
from fleet.rows import DeviceRow, Serving, TerminalRow
from kiosk import wire

NOT_SERVING = ("maintenance", "out_of_service", "down")

Known = Row[*tuple[Any, ...]]
M = TypeVar("M", wire.State, wire.Birth, wire.Health, wire.Services)


def portrait(terminal: Known, chain: Known | None, now: float, limit: float) -> TerminalRow:
    """`limit`: seconds of silence after which a terminal is stale."""
    state, birth = _read(terminal.state, wire.State), _read(terminal.birth, wire.Birth)
    health = _read(terminal.health, wire.Health)
    services = _services(terminal, birth)
    heard = None if terminal.heard_at is None else max(0.0, now - terminal.heard_at)
    stale = heard is None or heard > limit
    serving, reasons = _serving(terminal.online, stale, health, services)
    spoken = _newest(state, birth)
    return TerminalRow(
        id=terminal.terminal,
        site=birth.site if birth else "",
        online=terminal.online,
        session=terminal.session,
        boot=terminal.boot,
        heard_seconds_ago=heard,
        stale=stale,
        serving=serving,
        reasons=reasons,
        screen=health.screen if health else "",
        devices=_devices(terminal, birth, health),
        services=services,
        software=spoken.software if spoken else "",
        settings=spoken.settings if spoken else "",
        catalogue=spoken.catalogue if spoken else "",
        outbox=health.outbox if health else 0,
        cpu_percent=health.cpu_percent if health else 0.0,
        memory_mb=health.memory_mb if health else 0.0,
        disk_free_mb=health.disk_free_mb if health else 0.0,
        uptime_s=health.uptime_s if health else 0.0,
        journal=chain.journal if chain else terminal.journal,
        through=chain.through if chain else 0,
        missing=msgspec.json.decode(chain.missing, type=Ranges) if chain else (),
        chain_broken=chain.broken if chain else False,
        certificate_days=health.certificate_days if health else None,
        link_faults=_link_faults(health),
        clock_offset=_clock_offset(health, terminal.health_at),
        read_at=now,
    )


def _clock_offset(health: wire.Health | None, heard_at: float | None) -> float | None:
    """None where nothing can be told from it: no health, or a time without its zone."""
    if health is None or heard_at is None:
        return None
    try:
        said = datetime.fromisoformat(health.time)
    except ValueError:
        return None
    return None if said.tzinfo is None else said.timestamp() - heard_at


def _link_faults(health: wire.Health | None) -> tuple[str, ...]:
    said = (health.certificate_fault, health.link_fault) if health else ()
    return tuple(fault for fault in said if fault)


def _serving(
    online: bool, stale: bool, health: wire.Health | None, services: dict[str, str]
) -> tuple[Serving, tuple[str, ...]]:
    """What a silent terminal said last is no longer known to be so."""
    unknown = {"offline": not online, "stale": stale, "no_health": health is None}
    if any(unknown.values()):
        return Serving.UNKNOWN, tuple(why for why, holds in unknown.items() if holds)
    assert health is not None
    whys = tuple(dict.fromkeys(why for why in services.values() if why))
    if health.screen in NOT_SERVING:
        return Serving.NO, (f"screen.{health.screen}", *(whys or _troubles(health.devices)))
    if not services:
        return Serving.UNKNOWN, ("no_services",)
    if not whys:
        return Serving.YES, ()
    return (Serving.NO if all(services.values()) else Serving.PARTLY), whys


def _troubles(devices: list[wire.DeviceHealth]) -> tuple[str, ...]:
    needs = [need for device in devices for need in _device(device).needs if need.level != "low"]
    return tuple(f"device.{need.device}.{need.level}" for need in needs)


def _device(said: wire.DeviceHealth) -> DeviceRow:
    return DeviceRow(
        said.device, said.state, dict(said.supplies), said.fault, said.action, said.driver
    )


def _devices(
    terminal: Known, birth: wire.Birth | None, health: wire.Health | None
) -> tuple[DeviceRow, ...]:
    """From whichever of birth and health came last."""
    later = (terminal.birth_at or 0.0) > (terminal.health_at or 0.0)
    said = birth if birth is not None and (later or health is None) else health
    return tuple(_device(device) for device in said.devices) if said else ()


def _services(terminal: Known, birth: wire.Birth | None) -> dict[str, str]:
    message = _read(terminal.services, wire.Services)
    later = (terminal.birth_at or 0.0) > (terminal.services_at or 0.0)
    if birth is not None and (message is None or (later and birth.services)):
        return birth.services
    return message.items if message else {}


def _newest(state: wire.State | None, birth: wire.Birth | None) -> wire.State | wire.Birth | None:
    if state and birth:
        return birth if birth.session > state.session else state
    return state or birth


def _read(text: str | None, kind: type[M]) -> M | None:
    return msgspec.json.decode(text, type=kind) if text else None
