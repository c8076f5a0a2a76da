"""Name in the settings → driver. Imports late, so that a terminal needs only its own libraries."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

from kiosk.ports import CardReader, DocumentPrinter, FaceCamera, FrameSlot, ReceiptPrinter

_DRIVERS = {
    ("idcard", "sdt_serial"): "drivers.idcard.transport:SdtSerialReader",
    ("camera", "opencv"): "drivers.camera.transport:OpenCvFaceCamera",
    ("receipt", "escpos_network"): "drivers.receipt.transport:EscposNetworkPrinter",
    ("document", "spool"): "drivers.document.transport:SpoolPrinter",
    ("idcard", "none"): "drivers.absent:AbsentReader",
    ("camera", "none"): "drivers.absent:AbsentCamera",
    ("receipt", "none"): "drivers.absent:AbsentReceiptPrinter",
    ("document", "none"): "drivers.absent:AbsentDocumentPrinter",
}


def _driver(device: str, name: str) -> Any:
    module, _, attribute = _DRIVERS[device, name].partition(":")
    return getattr(import_module(module), attribute)


def card_reader(name: str, port: str, baud: int) -> CardReader:
    reader: CardReader = _driver("idcard", name)(port, baud)
    return reader


def face_camera(name: str, source: str, frames: FrameSlot) -> FaceCamera:
    camera: FaceCamera = _driver("camera", name)(source, frames)
    return camera


def receipt_printer(name: str, host: str, port: int, width_dots: int) -> ReceiptPrinter:
    printer: ReceiptPrinter = _driver("receipt", name)(host, port, width_dots)
    return printer


def document_printer(name: str, folder: Path) -> DocumentPrinter:
    printer: DocumentPrinter = _driver("document", name)(folder)
    return printer
