"""How a program ended -> what is known of speech. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from drivers.speech.programs import Ended
from kiosk.model import DeviceState, DeviceStatus, Fault, FaultAction

DEVICE = "speech"


class SpeechFault(StrEnum):
    """Speech's closed set of fault codes."""

    ENGINE_MISSING = "engine_missing"  # espeak-ng is not installed
    ENGINE_FAILED = "engine_failed"  # it crashed, or hung
    VOICE_MISSING = "voice_missing"  # it has no such voice, or gave no sound
    PLAYER_MISSING = "player_missing"
    PLAYER_FAILED = "player_failed"  # no sound device, or it hung


FAULTS: Mapping[str, FaultAction] = MappingProxyType(
    {
        SpeechFault.ENGINE_MISSING: FaultAction.CONFIGURATION,
        SpeechFault.ENGINE_FAILED: FaultAction.RESET,
        SpeechFault.VOICE_MISSING: FaultAction.CONFIGURATION,
        SpeechFault.PLAYER_MISSING: FaultAction.CONFIGURATION,
        SpeechFault.PLAYER_FAILED: FaultAction.MAINTENANCE,
    }
)
OF_ENGINE: Mapping[Ended, SpeechFault] = MappingProxyType(
    {
        Ended.MISSING: SpeechFault.ENGINE_MISSING,
        Ended.FAILED: SpeechFault.VOICE_MISSING,
        Ended.KILLED: SpeechFault.ENGINE_FAILED,
    }
)
OF_PLAYER: Mapping[Ended, SpeechFault] = MappingProxyType(
    {
        Ended.MISSING: SpeechFault.PLAYER_MISSING,
        Ended.FAILED: SpeechFault.PLAYER_FAILED,
        Ended.KILLED: SpeechFault.PLAYER_FAILED,
    }
)
_STATES: Mapping[SpeechFault, DeviceState] = MappingProxyType(
    {
        SpeechFault.ENGINE_MISSING: DeviceState.NO_DEVICE,
        SpeechFault.ENGINE_FAILED: DeviceState.HARDWARE_ERROR,
        SpeechFault.VOICE_MISSING: DeviceState.OFFLINE,
        SpeechFault.PLAYER_MISSING: DeviceState.NO_DEVICE,
        SpeechFault.PLAYER_FAILED: DeviceState.NO_DEVICE,
    }
)


def understand(fault: SpeechFault | None) -> DeviceStatus:
    if fault is None:
        return DeviceStatus(DEVICE, DeviceState.ONLINE)
    return DeviceStatus(DEVICE, _STATES[fault], fault=Fault(fault, FAULTS[fault]))
