"""From what a scanner did to a device status that people can act on. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from drivers.camera import status as camera
from drivers.debounce import Debounce
from kiosk.model import Code, DeviceState, DeviceStatus, Fault, FaultAction, ScanFault

DEVICE = "scanner"
GARBLED_SCANS = 3


class ScannerFault(StrEnum):
    """Of scanners with a line of their own; a camera has a camera's faults."""

    NOT_CONNECTED = "not_connected"
    DENIED = "denied"  # it is there, but this program may not open it
    TAKEN = "taken"  # another program has it
    WRONG_DEVICE = "wrong_device"  # what the settings name is no scanner's line
    GARBLED = "garbled"  # one scan after the other is no text: speed, framing, character set


FAULTS: Mapping[str, FaultAction] = MappingProxyType(
    {
        **camera.FAULTS,
        ScannerFault.NOT_CONNECTED: FaultAction.MAINTENANCE,
        ScannerFault.DENIED: FaultAction.CONFIGURATION,
        ScannerFault.TAKEN: FaultAction.CONFIGURATION,
        ScannerFault.WRONG_DEVICE: FaultAction.CONFIGURATION,
        ScannerFault.GARBLED: FaultAction.CONFIGURATION,
    }
)
_STATES: Mapping[ScannerFault | None, DeviceState] = MappingProxyType(
    {
        None: DeviceState.ONLINE,
        ScannerFault.NOT_CONNECTED: DeviceState.NO_DEVICE,
        ScannerFault.DENIED: DeviceState.OFFLINE,
        ScannerFault.TAKEN: DeviceState.OFFLINE,
        ScannerFault.WRONG_DEVICE: DeviceState.NO_DEVICE,
        # it works, and a readable code may be the next
        ScannerFault.GARBLED: DeviceState.ONLINE,
    }
)


class Health:
    """What is known of one scanner."""

    def __init__(self) -> None:
        self._debounce = Debounce(DEVICE)
        self._garbled = 0

    def look(self, fault: ScannerFault | None) -> DeviceStatus:
        """Take one look at the device into account; None: it is there and open."""
        if fault is None and self._garbled >= GARBLED_SCANS:
            return self._debounce.see(status_of(ScannerFault.GARBLED), missed=False)
        missed = fault not in (None, ScannerFault.WRONG_DEVICE)  # which no look will change
        return self._debounce.see(status_of(fault), missed=missed)

    def scanned(self, result: Code | ScanFault) -> None:
        if result is ScanFault.NOT_READABLE:
            self._garbled += 1
        elif isinstance(result, Code):
            self._garbled = 0


def status_of(fault: ScannerFault | None) -> DeviceStatus:
    told = None if fault is None else Fault(fault, FAULTS[fault])
    return DeviceStatus(DEVICE, _STATES[fault], fault=told)
