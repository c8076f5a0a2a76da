"""From what a look at the camera saw to a device status that people can act on. Pure."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType

from drivers.camera.wire import End
from drivers.debounce import Debounce
from kiosk.model import DeviceState, DeviceStatus, Fault, FaultAction

DEVICE = "camera"
DOUBT_SECONDS = 60.0


class Look(StrEnum):
    """What a cheap look finds. The camera itself is not opened: that needs a citizen's consent."""

    PRESENT = "present"
    ABSENT = "absent"
    DENIED = "denied"  # present, but this program may not open it
    MISNAMED = "misnamed"  # the settings name no possible source


class CameraFault(StrEnum):
    """Codes of this class's faults."""

    NOT_CONNECTED = "not_connected"
    DENIED = "denied"
    MISNAMED = "misnamed"
    NO_PICTURE = "no_picture"  # it is there, but was silent, or ended
    FROZEN = "frozen"  # it gives one and the same picture
    TOO_LARGE = "too_large"  # it gives larger pictures than can be taken
    PROCESS_FAILED = "process_failed"  # its library crashed, or could not be started


FAULTS: Mapping[str, FaultAction] = MappingProxyType(
    {
        CameraFault.NOT_CONNECTED: FaultAction.MAINTENANCE,
        CameraFault.DENIED: FaultAction.CONFIGURATION,
        CameraFault.MISNAMED: FaultAction.CONFIGURATION,
        CameraFault.NO_PICTURE: FaultAction.RESET,
        CameraFault.FROZEN: FaultAction.RESET,
        CameraFault.TOO_LARGE: FaultAction.CONFIGURATION,
        CameraFault.PROCESS_FAILED: FaultAction.RESET,
    }
)
_MISSING: Mapping[Look, tuple[DeviceState, CameraFault]] = MappingProxyType(
    {
        Look.ABSENT: (DeviceState.NO_DEVICE, CameraFault.NOT_CONNECTED),
        Look.DENIED: (DeviceState.OFFLINE, CameraFault.DENIED),
        Look.MISNAMED: (DeviceState.NO_DEVICE, CameraFault.MISNAMED),
    }
)
_ENDS: Mapping[End, CameraFault] = MappingProxyType(
    {
        End.FROZEN: CameraFault.FROZEN,
        End.TOO_LARGE: CameraFault.TOO_LARGE,
        End.CRASHED: CameraFault.PROCESS_FAILED,
    }
)
_ONLINE = DeviceStatus(DEVICE, DeviceState.ONLINE)


def failing(state: DeviceState, code: CameraFault, detail: str = "") -> DeviceStatus:
    return DeviceStatus(DEVICE, state, fault=Fault(code, FAULTS[code], detail))


class Presence:
    """A camera that is present but gave no picture is in doubt until it was away and came back, or
    for `DOUBT_SECONDS`: then the next citizen's attempt must show whether it works again.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._debounce = Debounce(DEVICE)
        self._away = False
        self._doubt: End | None = None
        self._doubt_ends: float | None = None

    def look(self, seen: Look) -> DeviceStatus:
        """Take one look into account."""
        if seen is not Look.PRESENT:
            self._away = True
            return self._debounce.see(failing(*_MISSING[seen]), missed=True)
        if self._away or (self._doubt_ends is not None and self._now() >= self._doubt_ends):
            self._doubt_ends = None
        self._away = False
        return self._debounce.see(self._doubtful() if self._doubt_ends else _ONLINE, missed=False)

    def gave_pictures(self, count: int) -> None:
        """A capture has ended, and not for want of pictures. One alone may still be frozen."""
        if count > (self._doubt is End.FROZEN):
            self._doubt_ends = None

    def gave_none(self, end: End | None) -> None:
        """A capture has failed. `end`: why its pictures ended, if that is known."""
        self._doubt = end
        self._doubt_ends = self._now() + DOUBT_SECONDS

    def _doubtful(self) -> DeviceStatus:
        if self._doubt is None:
            return failing(DeviceState.HARDWARE_ERROR, CameraFault.NO_PICTURE)
        code = _ENDS.get(self._doubt, CameraFault.NO_PICTURE)
        return failing(DeviceState.HARDWARE_ERROR, code, self._doubt)
