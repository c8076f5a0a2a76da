"""Readings and troubles of sensors -> a device status that people can act on. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from drivers.sensors.megatec import Report
from drivers.sensors.readings import UNKNOWN, Contact, read
from kiosk.model import DeviceState, DeviceStatus, Fault, FaultAction

DEVICE = "sensors"


class SensorFault(StrEnum):
    """The sensors' closed set of fault codes, the most urgent first."""

    DOOR_TAMPERED = "door_tampered"
    UPS_LOW = "ups_low"  # on battery, and that is nearly empty
    DOOR_OPEN = "door_open"
    UPS_ENGAGED = "ups_engaged"  # on battery
    PORT_DENIED = "port_denied"  # rights, or another program has it
    MODULE_REFUSED = "module_refused"  # the I/O module has no such inputs
    SENSOR_UNREACHABLE = "sensor_unreachable"
    READING_UNKNOWN = "reading_unknown"  # contacts that contradict each other
    UPS_FAILED = "ups_failed"
    UPS_BATTERY_LOW = "ups_battery_low"  # with mains: still charging, or worn out


FAULTS: Mapping[str, FaultAction] = MappingProxyType(
    {
        SensorFault.DOOR_TAMPERED: FaultAction.SUSPEND,
        SensorFault.UPS_LOW: FaultAction.SUSPEND,
        SensorFault.DOOR_OPEN: FaultAction.CLEAR,
        SensorFault.UPS_ENGAGED: FaultAction.MAINTENANCE,
        SensorFault.PORT_DENIED: FaultAction.CONFIGURATION,
        SensorFault.MODULE_REFUSED: FaultAction.CONFIGURATION,
        SensorFault.SENSOR_UNREACHABLE: FaultAction.MAINTENANCE,
        SensorFault.READING_UNKNOWN: FaultAction.MAINTENANCE,
        SensorFault.UPS_FAILED: FaultAction.MAINTENANCE,
        SensorFault.UPS_BATTERY_LOW: FaultAction.MAINTENANCE,
    }
)
_STATES: Mapping[SensorFault, DeviceState] = MappingProxyType(
    {
        SensorFault.DOOR_TAMPERED: DeviceState.FRAUD_SUSPECTED,
        SensorFault.UPS_LOW: DeviceState.OFFLINE,
        SensorFault.DOOR_OPEN: DeviceState.USER_ERROR,
        SensorFault.UPS_ENGAGED: DeviceState.ONLINE,
        SensorFault.PORT_DENIED: DeviceState.OFFLINE,
        SensorFault.MODULE_REFUSED: DeviceState.HARDWARE_ERROR,
        SensorFault.SENSOR_UNREACHABLE: DeviceState.HARDWARE_ERROR,
        SensorFault.READING_UNKNOWN: DeviceState.HARDWARE_ERROR,
        SensorFault.UPS_FAILED: DeviceState.ONLINE,
        SensorFault.UPS_BATTERY_LOW: DeviceState.ONLINE,
    }
)
_URGENCY = tuple(SensorFault)
_OF_WORDS: Mapping[tuple[str, str], SensorFault] = MappingProxyType(
    {
        ("door", "tampered"): SensorFault.DOOR_TAMPERED,
        ("door", "open"): SensorFault.DOOR_OPEN,
        ("ups", "engaged"): SensorFault.UPS_ENGAGED,
    }
)
_NOT_HEARD = (
    SensorFault.PORT_DENIED,
    SensorFault.MODULE_REFUSED,
    SensorFault.SENSOR_UNREACHABLE,
)


@dataclass(frozen=True, slots=True)
class Seen:
    """What one source of readings says. `fault`: what its words alone do not tell."""

    readings: Mapping[str, str]
    fault: SensorFault | None = None


def of_contacts(contacts: Mapping[Contact, bool]) -> Seen:
    readings = read(contacts)
    return Seen(readings, SensorFault.UPS_LOW if readings.get("ups") == "low" else None)


def of_ups(report: Report) -> Seen:
    """One word for a UPS, and its fault. `recovered` is not here: it needs a memory."""
    on_battery = report.mains_failed or report.shutting_down
    rules = (
        (on_battery and report.battery_low, "low", SensorFault.UPS_LOW),
        (report.shutting_down, "low", SensorFault.UPS_LOW),
        (report.mains_failed, "engaged", None),
        (report.failed, "good", SensorFault.UPS_FAILED),
        (report.testing, "powering", None),
        (report.battery_low, "low", SensorFault.UPS_BATTERY_LOW),
        (True, "good", None),
    )
    word, fault = next((word, fault) for holds, word, fault in rules if holds)
    return Seen({"ups": word}, fault)


def understand(seen: Iterable[Seen]) -> DeviceStatus:
    """One status of all sources together; the other faults are named in the detail."""
    sources = tuple(seen)
    readings = {name: word for one in sources for name, word in one.readings.items()}
    faults = {one.fault for one in sources if one.fault}
    faults |= {_OF_WORDS[item] for item in readings.items() & _OF_WORDS.keys()}
    heard = (one for one in sources if one.fault not in _NOT_HEARD)
    if any(UNKNOWN in one.readings.values() for one in heard):
        faults.add(SensorFault.READING_UNKNOWN)
    if not faults:
        return DeviceStatus(DEVICE, DeviceState.ONLINE, readings=readings)
    first, *others = sorted(faults, key=_URGENCY.index)
    state = _STATES[first]
    if all(one.fault is SensorFault.SENSOR_UNREACHABLE for one in sources):
        state = DeviceState.NO_DEVICE
    detail = ", ".join([*others, *_unknown(readings)])
    return DeviceStatus(DEVICE, state, fault=Fault(first, FAULTS[first], detail), readings=readings)


def _unknown(readings: Mapping[str, str]) -> list[str]:
    return [f"{name} {word}" for name, word in sorted(readings.items()) if word == UNKNOWN]
