"""What is known of the keypad -> a device status that people can act on. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from drivers.evdev import SourceFault
from kiosk.model import DeviceState, DeviceStatus, Fault, FaultAction

DEVICE = "keypad"


class KeypadFault(StrEnum):
    """The keypad's closed set of fault codes."""

    NOT_CONNECTED = "not_connected"
    PORT_DENIED = "port_denied"  # rights, or another program has grabbed it
    NOT_A_KEYPAD = "not_a_keypad"  # the path names something that is no input device
    STUCK_KEY = "stuck_key"  # something lies on it, or it is jammed


FAULTS: Mapping[str, FaultAction] = MappingProxyType(
    {
        KeypadFault.NOT_CONNECTED: FaultAction.MAINTENANCE,
        KeypadFault.PORT_DENIED: FaultAction.CONFIGURATION,
        KeypadFault.NOT_A_KEYPAD: FaultAction.CONFIGURATION,
        KeypadFault.STUCK_KEY: FaultAction.CLEAR,
    }
)
_OF_SOURCE: Mapping[SourceFault, tuple[DeviceState, KeypadFault]] = MappingProxyType(
    {
        SourceFault.ABSENT: (DeviceState.NO_DEVICE, KeypadFault.NOT_CONNECTED),
        SourceFault.DENIED: (DeviceState.OFFLINE, KeypadFault.PORT_DENIED),
        SourceFault.TAKEN: (DeviceState.OFFLINE, KeypadFault.PORT_DENIED),
        SourceFault.NO_INPUT: (DeviceState.NO_DEVICE, KeypadFault.NOT_A_KEYPAD),
    }
)


def understand(fault: SourceFault | None, *, stuck: bool) -> DeviceStatus:
    if fault is not None:
        return _failing(*_OF_SOURCE[fault])
    if stuck:
        return _failing(DeviceState.USER_ERROR, KeypadFault.STUCK_KEY)
    return DeviceStatus(DEVICE, DeviceState.ONLINE)


def _failing(state: DeviceState, code: KeypadFault) -> DeviceStatus:
    return DeviceStatus(DEVICE, state, fault=Fault(code, FAULTS[code]))
