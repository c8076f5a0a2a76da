"""What is wrong with a PC/SC reader, as a status that people can act on.

A card that does not answer is no fault of the reader: `read` tells of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from kiosk.model import DeviceState, DeviceStatus, Fault, FaultAction

DEVICE = "chipcard"


class Trouble(StrEnum):
    """The closed set of this class's fault codes."""

    SERVICE_DOWN = "service_down"  # pcscd does not run, or has just died
    SERVICE_HUNG = "service_hung"  # pcscd runs and does not answer
    SERVICE_REFUSED = "service_refused"  # pcscd will not serve this user, or this library
    NO_READER = "no_reader"
    OTHER_READER = "other_reader"  # there are readers, but none of the name in the settings
    READER_UNAVAILABLE = "reader_unavailable"  # it is there and does not react: no power, broken
    READER_IN_USE = "reader_in_use"  # another program uses it
    ISSUERS_MISSING = "issuers_missing"  # no folder of issuers: every passport will be refused


FAULTS: Mapping[str, FaultAction] = MappingProxyType(
    {
        Trouble.SERVICE_DOWN: FaultAction.RESET,
        Trouble.SERVICE_HUNG: FaultAction.RESET,
        Trouble.SERVICE_REFUSED: FaultAction.CONFIGURATION,
        Trouble.NO_READER: FaultAction.MAINTENANCE,
        Trouble.OTHER_READER: FaultAction.CONFIGURATION,
        Trouble.READER_UNAVAILABLE: FaultAction.RESET,
        Trouble.READER_IN_USE: FaultAction.CONFIGURATION,
        Trouble.ISSUERS_MISSING: FaultAction.CONFIGURATION,
    }
)
_STATES: Mapping[Trouble, DeviceState] = MappingProxyType(
    {
        Trouble.SERVICE_DOWN: DeviceState.OFFLINE,
        Trouble.SERVICE_HUNG: DeviceState.OFFLINE,
        Trouble.SERVICE_REFUSED: DeviceState.OFFLINE,
        Trouble.NO_READER: DeviceState.NO_DEVICE,
        Trouble.OTHER_READER: DeviceState.NO_DEVICE,
        Trouble.READER_UNAVAILABLE: DeviceState.HARDWARE_ERROR,
        Trouble.READER_IN_USE: DeviceState.OFFLINE,
        Trouble.ISSUERS_MISSING: DeviceState.ONLINE,  # other cards are read
    }
)


def status_of(trouble: Trouble | None) -> DeviceStatus:
    if trouble is None:
        return DeviceStatus(DEVICE, DeviceState.ONLINE)
    return DeviceStatus(DEVICE, _STATES[trouble], fault=Fault(trouble, FAULTS[trouble]))
