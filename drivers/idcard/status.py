"""From what a probe of the reader saw to a device status that people can act on."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from drivers.idcard.frames import Reply, Status
from drivers.idcard.line import LineFault
from drivers.idcard.photo import PhotoState
from kiosk.model import DeviceState, DeviceStatus, Fault, FaultAction

DEVICE = "idcard"


class SdtFault(StrEnum):
    NOT_CONNECTED = "not_connected"
    PORT_DENIED = "port_denied"
    SILENT = "silent"
    GARBLED = "garbled"  # rubbish and nothing else: most often the wrong baud rate
    LINE_DISTURBED = "line_disturbed"
    SELF_TEST_FAILED = "self_test_failed"
    SAM_NOT_AUTHORISED = "sam_not_authorised"
    SAM_ERROR = "sam_error"


FAULTS: Mapping[str, FaultAction] = MappingProxyType(
    {
        SdtFault.NOT_CONNECTED: FaultAction.MAINTENANCE,
        SdtFault.PORT_DENIED: FaultAction.CONFIGURATION,
        SdtFault.SILENT: FaultAction.RESET,
        SdtFault.GARBLED: FaultAction.CONFIGURATION,
        SdtFault.LINE_DISTURBED: FaultAction.MAINTENANCE,
        SdtFault.SELF_TEST_FAILED: FaultAction.MAINTENANCE,
        SdtFault.SAM_NOT_AUTHORISED: FaultAction.MAINTENANCE,
        SdtFault.SAM_ERROR: FaultAction.RESET,
    }
)
_OF_LINE: Mapping[LineFault, tuple[DeviceState, SdtFault]] = MappingProxyType(
    {
        LineFault.ABSENT: (DeviceState.NO_DEVICE, SdtFault.NOT_CONNECTED),
        LineFault.DENIED: (DeviceState.OFFLINE, SdtFault.PORT_DENIED),
        LineFault.SILENT: (DeviceState.OFFLINE, SdtFault.SILENT),
        LineFault.GARBLED: (DeviceState.HARDWARE_ERROR, SdtFault.GARBLED),
        LineFault.CHECKSUM: (DeviceState.HARDWARE_ERROR, SdtFault.LINE_DISTURBED),
        LineFault.CUT_SHORT: (DeviceState.HARDWARE_ERROR, SdtFault.LINE_DISTURBED),
    }
)
_OF_SAM: Mapping[int, SdtFault] = MappingProxyType(
    {
        Status.SELF_TEST_FAILED: SdtFault.SELF_TEST_FAILED,
        Status.SAM_NOT_AUTHORISED: SdtFault.SAM_NOT_AUTHORISED,
    }
)


def device_status(probe: Reply | LineFault, photo: PhotoState) -> DeviceStatus:
    """`probe`: what came of asking for the SAM's status. Not debounced."""
    readings = {"photo": photo.value}
    if isinstance(probe, Reply) and probe.status == Status.OK:
        return DeviceStatus(DEVICE, DeviceState.ONLINE, readings=readings)
    if isinstance(probe, Reply):
        state, code = DeviceState.HARDWARE_ERROR, _OF_SAM.get(probe.status, SdtFault.SAM_ERROR)
        detail = f"SW3 {probe.status:02X}"
    else:
        state, code = _OF_LINE[probe]
        detail = ""
    fault = Fault(code, FAULTS[code], detail)
    return DeviceStatus(DEVICE, state, fault=fault, readings=readings)
