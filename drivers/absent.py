"""Devices that this terminal was built without (`driver = "none"`). They say so, and do nothing."""

from __future__ import annotations

from kiosk.model import (
    CardFault,
    DeviceState,
    DeviceStatus,
    FaceCapture,
    FaceFault,
    Fault,
    FaultAction,
    IdCard,
    PrintOutcome,
    Receipt,
    Rung,
)
from kiosk.ports import OnHint, OnRung

NOT_FITTED = Fault("not_fitted", FaultAction.CONFIGURATION)


class _Absent:
    device = ""

    def __init__(self, *_settings: object) -> None:
        """Takes what the real driver would take."""

    async def status(self) -> DeviceStatus:
        return DeviceStatus(self.device, DeviceState.NO_DEVICE)

    async def close(self) -> None:
        """Nothing is open."""


class AbsentReader(_Absent):
    device = "idcard"

    async def find(self) -> bool | CardFault:
        return CardFault.NO_READER

    async def read(self) -> IdCard | CardFault:
        return CardFault.NO_READER


class AbsentCamera(_Absent):
    device = "camera"

    async def capture(self, _on_hint: OnHint, _seconds: float) -> FaceCapture | FaceFault:
        return FaceFault.NO_CAMERA


class AbsentReceiptPrinter(_Absent):
    device = "receipt"

    async def print(self, _job: str, _receipt: Receipt, _on_rung: OnRung) -> PrintOutcome:
        return PrintOutcome(Rung.QUEUED, NOT_FITTED)


class AbsentDocumentPrinter(_Absent):
    device = "document"

    async def print(self, _job: str, _pdf: bytes, _on_rung: OnRung) -> PrintOutcome:
        return PrintOutcome(Rung.QUEUED, NOT_FITTED)
