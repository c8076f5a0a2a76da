"""Devices that are not there: not fitted (`driver = "none"`), or without a driver that works.

They do nothing, and their status says why.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence

from kiosk.model import (
    CardFault,
    Code,
    DeviceStatus,
    FaceCapture,
    FaceDecision,
    FaceFault,
    Fault,
    FaultAction,
    IdCard,
    Key,
    Language,
    Page,
    PrintOutcome,
    Receipt,
    Rung,
    ScanFault,
    Spoken,
    Voice,
)
from kiosk.ports import Device, OnHint, OnPageHint, OnRung

NOT_FITTED = Fault("not_fitted", FaultAction.CONFIGURATION)


class _Absent:
    def __init__(self, status: DeviceStatus) -> None:
        self._status = status

    async def status(self) -> DeviceStatus:
        return self._status

    async def close(self) -> None:
        """Nothing is open."""


class _Reader(_Absent):
    async def arrival(self, *, fresh: bool = False) -> CardFault | None:
        return CardFault.NO_READER

    async def read(self, _access: str = "", *, expired: bool = False) -> IdCard | CardFault:
        return CardFault.NO_READER


class _Camera(_Absent):
    matching = False

    async def verify(self, _portrait: bytes, _on_hint: OnHint, _seconds: float) -> FaceDecision:
        return FaceDecision(FaceFault.NO_CAMERA)

    async def capture(self, _on_hint: OnHint, _seconds: float) -> FaceCapture | FaceFault:
        return FaceFault.NO_CAMERA


class _Printer(_Absent):
    async def print(self, _job: str, _paper: Receipt | bytes, _on_rung: OnRung) -> PrintOutcome:
        return PrintOutcome(Rung.QUEUED, self._status.fault or NOT_FITTED)


class _Scanner(_Absent):
    async def scan(self, _seconds: float) -> Code | ScanFault:
        return ScanFault.NO_SCANNER


class _DocumentCamera(_Absent):
    async def capture(self, _on_hint: OnPageHint, _seconds: float) -> Page | ScanFault:
        return ScanFault.NO_SCANNER

    async def bind(self, _pages: Sequence[Page], _max_bytes: int) -> bytes | ScanFault:
        return ScanFault.NO_SCANNER


class _Keypad(_Absent):
    async def key(self) -> Key | None:
        return None


class _Sensors(_Absent):
    async def change(self) -> None:
        await asyncio.Event().wait()


class _Speech(_Absent):
    async def say(
        self, _text: str, _language: Language, _voice: Voice, *, private: bool = False
    ) -> Spoken:
        return Spoken.WITHHELD if private else Spoken.FAILED

    async def beep(self) -> Spoken:
        return Spoken.FAILED

    def stop(self) -> None:
        """Nothing speaks."""


STAND_INS: Mapping[str, Callable[[DeviceStatus], Device]] = {
    "idcard": _Reader,
    "chipcard": _Reader,
    "camera": _Camera,
    "receipt": _Printer,
    "document": _Printer,
    "scanner": _Scanner,
    "doccam": _DocumentCamera,
    "keypad": _Keypad,
    "sensors": _Sensors,
    "speech": _Speech,
}
