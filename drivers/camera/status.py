"""From what a look at the camera saw to a device status that people can act on. Pure."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType

from kiosk.model import DeviceState, DeviceStatus, Fault, FaultAction

DEVICE = "camera"
MISSES = 3  # a camera that misses one or two looks is still taken for present
DOUBT_SECONDS = 60.0


class Look(StrEnum):
    """What a cheap look finds. The camera itself is not opened: that needs a citizen's consent."""

    PRESENT = "present"
    ABSENT = "absent"
    DENIED = "denied"  # present, but this program may not open it
    MISNAMED = "misnamed"  # the settings name no possible source


_ONLINE = DeviceStatus(DEVICE, DeviceState.ONLINE)
_NO_PICTURE = DeviceStatus(
    DEVICE, DeviceState.HARDWARE_ERROR, fault=Fault("no_picture", FaultAction.RESET)
)
_MISSING: Mapping[Look, DeviceStatus] = MappingProxyType(
    {
        Look.ABSENT: DeviceStatus(
            DEVICE, DeviceState.NO_DEVICE, fault=Fault("not_connected", FaultAction.MAINTENANCE)
        ),
        Look.DENIED: DeviceStatus(
            DEVICE, DeviceState.OFFLINE, fault=Fault("denied", FaultAction.CONFIGURATION)
        ),
        Look.MISNAMED: DeviceStatus(
            DEVICE, DeviceState.NO_DEVICE, fault=Fault("misnamed", FaultAction.CONFIGURATION)
        ),
    }
)


class Presence:
    """Remembers the last status that was certain until `MISSES` looks have failed in a row.

    A camera that is present but gave no picture is in doubt until it was away and came back, or
    for `DOUBT_SECONDS`: then the next citizen's attempt must show whether it works again.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._misses = 0
        self._known = DeviceStatus(DEVICE, DeviceState.STARTING)
        self._doubt_ends: float | None = None

    def look(self, seen: Look) -> DeviceStatus:
        """Take one look into account."""
        if seen is not Look.PRESENT:
            self._misses += 1
            if self._misses >= MISSES:
                self._known = _MISSING[seen]
            return self._known
        if self._misses or (self._doubt_ends is not None and self._now() >= self._doubt_ends):
            self._doubt_ends = None
        self._misses = 0
        self._known = _ONLINE if self._doubt_ends is None else _NO_PICTURE
        return self._known

    def gave_pictures(self, gave: bool) -> None:
        """Take the end of a capture into account."""
        self._doubt_ends = None if gave else self._now() + DOUBT_SECONDS
