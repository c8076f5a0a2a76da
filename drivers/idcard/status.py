"""From what a probe of the reader saw to a device status that people can act on."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from drivers.idcard.frames import Reply, Status
from drivers.idcard.line import LineFault
from kiosk.model import DeviceState, DeviceStatus, Fault, FaultAction

DEVICE = "idcard"
MISSES = 3  # a reader that misses one or two probes is still taken for present

Known = tuple[DeviceState, Fault | None]

_DISTURBED: Known = (
    DeviceState.HARDWARE_ERROR,
    Fault("line_disturbed", FaultAction.MAINTENANCE),
)
_OF_LINE: Mapping[LineFault, Known] = MappingProxyType(
    {
        LineFault.ABSENT: (
            DeviceState.NO_DEVICE,
            Fault("not_connected", FaultAction.MAINTENANCE),
        ),
        LineFault.DENIED: (
            DeviceState.OFFLINE,
            Fault("port_denied", FaultAction.CONFIGURATION),
        ),
        LineFault.SILENT: (DeviceState.OFFLINE, Fault("silent", FaultAction.RESET)),
        # rubbish and nothing else: most often the wrong baud rate
        LineFault.GARBLED: (
            DeviceState.HARDWARE_ERROR,
            Fault("garbled", FaultAction.CONFIGURATION),
        ),
        LineFault.CHECKSUM: _DISTURBED,
        LineFault.CUT_SHORT: _DISTURBED,
    }
)
_OF_SAM: Mapping[int, Known] = MappingProxyType(
    {
        Status.OK: (DeviceState.ONLINE, None),
        Status.SELF_TEST_FAILED: (
            DeviceState.HARDWARE_ERROR,
            Fault("self_test_failed", FaultAction.MAINTENANCE),
        ),
        Status.SAM_NOT_AUTHORISED: (
            DeviceState.HARDWARE_ERROR,
            Fault("sam_not_authorised", FaultAction.MAINTENANCE),
        ),
    }
)


class Presence:
    """Remembers the last status that was certain until `MISSES` probes have failed in a row."""

    def __init__(self) -> None:
        self._misses = 0
        self._known = DeviceStatus(DEVICE, DeviceState.STARTING)

    def observe(self, probe: Reply | LineFault) -> DeviceStatus:
        """`probe`: what came of asking for the SAM's status."""
        if isinstance(probe, Reply):
            self._misses = 0
            self._known = _status(_OF_SAM.get(probe.status) or _undocumented(probe.status))
        else:
            self._misses += 1
            if self._misses >= MISSES:
                self._known = _status(_OF_LINE[probe])
        return self._known


def _undocumented(status: int) -> Known:
    fault = Fault("sam_error", FaultAction.RESET, f"SW3 {status:02X}")
    return DeviceState.HARDWARE_ERROR, fault


def _status(known: Known) -> DeviceStatus:
    state, fault = known
    return DeviceStatus(DEVICE, state, fault=fault)
