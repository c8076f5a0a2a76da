"""Three misses before a device that was there is called absent: cables flap, storms help nobody."""

from __future__ import annotations

from kiosk.model import DeviceState, DeviceStatus

MISSES = 3


class Debounce:
    """Holds the last certain status through the first misses; all else passes at once."""

    def __init__(self, device: str) -> None:
        self._known = DeviceStatus(device, DeviceState.STARTING)
        self._misses = 0

    def see(self, status: DeviceStatus, *, missed: bool) -> DeviceStatus:
        """`missed`: the device did not answer, or is not there; `status` says so."""
        self._misses = self._misses + 1 if missed else 0
        if not missed or self._misses >= MISSES:
            self._known = status
        return self._known
