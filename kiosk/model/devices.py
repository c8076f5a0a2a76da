"""Devices, in the vocabulary of XFS4IoT."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class DeviceState(StrEnum):
    ONLINE = "online"
    OFFLINE = "offline"
    NO_DEVICE = "no_device"
    HARDWARE_ERROR = "hardware_error"
    USER_ERROR = "user_error"
    BUSY = "busy"
    STARTING = "starting"
    FRAUD_SUSPECTED = "fraud_suspected"


class SupplyLevel(StrEnum):
    FULL = "full"
    LOW = "low"
    OUT = "out"
    JAMMED = "jammed"
    UNKNOWN = "unknown"
    NOT_SUPPORTED = "not_supported"


class FaultAction(StrEnum):
    """What a person has to do about a fault."""

    RESET = "reset"
    CLEAR = "clear"
    REFILL = "refill"
    CONFIGURATION = "configuration"
    MAINTENANCE = "maintenance"
    SUSPEND = "suspend"


@dataclass(frozen=True, slots=True)
class Fault:
    """A typed fault: `code` is a word of the device's closed set; never citizen's data."""

    code: str
    action: FaultAction
    detail: str = ""


@dataclass(frozen=True, slots=True)
class DeviceStatus:
    """What is known of one device now. An unknown supply is never the same as a full one.

    `readings`: what sensors say, in XFS4IoT's words (`{"door": "closed", "ups": "engaged"}`).
    """

    device: str
    state: DeviceState
    supplies: Mapping[str, SupplyLevel] = field(default_factory=dict)
    fault: Fault | None = None
    readings: Mapping[str, str] = field(default_factory=dict)

    @property
    def usable(self) -> bool:
        """Can serve a citizen: online (or busy) and no supply is out or jammed."""
        bad = (SupplyLevel.OUT, SupplyLevel.JAMMED)
        ready = self.state in (DeviceState.ONLINE, DeviceState.BUSY)
        return ready and not any(level in bad for level in self.supplies.values())
