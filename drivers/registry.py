"""Name in the settings → driver. Imports late, so that a terminal needs only its own libraries.

A driver that can't be had never stops the terminal: a stand-in takes its place, whose status says
why, and the services that need the device go off the menu.

A package from outside adds a driver by an entry point of the group `kiosk.drivers`, named
`<device>.<driver>`: `"idcard.acme" = "acme_kiosk:AcmeReader"`.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any

import structlog
from pydantic import ValidationError

from drivers.absent import STAND_INS
from drivers.options import Driver, Site
from kiosk.model import DeviceState, DeviceStatus, Fault, FaultAction
from kiosk.ports import Device

log = structlog.get_logger("drivers")

GROUP = "kiosk.drivers"
NONE = "none"

DRIVERS: Mapping[str, str] = {
    "idcard.sdt_serial": "drivers.idcard.transport:SdtSerialReader",
    "chipcard.pcsc": "drivers.chipcard.transport:PcscReader",
    "camera.opencv": "drivers.camera.transport:OpenCvFaceCamera",
    "receipt.escpos_network": "drivers.receipt.network:EscposNetworkPrinter",
    "receipt.escpos_serial": "drivers.receipt.serial:EscposSerialPrinter",
    "receipt.escpos_usb": "drivers.receipt.usb:EscposUsbPrinter",
    "receipt.escpos_file": "drivers.receipt.file:EscposFilePrinter",
    "document.ipp": "drivers.document.transport:IppPrinter",
    "scanner.camera": "drivers.scanner.camera:CameraScanner",
    "scanner.serial": "drivers.scanner.serial:SerialScanner",
    "scanner.wedge": "drivers.scanner.wedge:WedgeScanner",
    "doccam.opencv": "drivers.doccam.transport:OpenCvDocumentCamera",
    "keypad.evdev": "drivers.keypad.transport:EvdevKeypad",
    "sensors.gpio": "drivers.sensors.gpio:GpioSensors",
    "sensors.serial": "drivers.sensors.serial:SerialSensors",
    "speech.espeak": "drivers.speech.transport:EspeakSpeech",
}
FAULTS: Mapping[str, FaultAction] = {
    "driver_unknown": FaultAction.CONFIGURATION,
    "driver_not_installed": FaultAction.CONFIGURATION,
    "driver_settings": FaultAction.CONFIGURATION,
    "driver_broken": FaultAction.CONFIGURATION,
}
CLASSES = tuple(dict.fromkeys(name.partition(".")[0] for name in DRIVERS))


def build(device: str, name: str, options: Mapping[str, Any], site: Site) -> Device:
    """The driver `name` of the class `device`, or a stand-in that says why there is none."""
    if name == NONE:
        return STAND_INS[device](DeviceStatus(device, DeviceState.NO_DEVICE))
    try:
        driver = find(f"{device}.{name}")
        return driver.build(driver.Options.model_validate(dict(options)), site)
    except LookupError:
        return _missing(device, "driver_unknown", f"no driver is called {device}.{name}")
    except ImportError as error:
        return _missing(device, "driver_not_installed", f"{error.name or error} is missing")
    except ValidationError as error:
        return _missing(device, "driver_settings", _wrong(device, name, error))
    except Exception as error:  # noqa: BLE001 (an outside driver may do anything)
        return _missing(device, "driver_broken", type(error).__name__)


def find(name: str) -> type[Driver]:
    """By `<device>.<driver>`; `LookupError` when nobody offers it."""
    if name in DRIVERS:
        module, _, attribute = DRIVERS[name].partition(":")
        found: type[Driver] = getattr(import_module(module), attribute)
        return found
    [point] = entry_points(group=GROUP, name=name) or [None]
    if point is None:
        raise LookupError(name)
    outside: type[Driver] = point.load()
    return outside


def _wrong(device: str, name: str, error: ValidationError) -> str:
    """Key and reason of each mistake; never a value."""
    mistakes = (f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
    return f"[{device}.{name}] " + "; ".join(mistakes)


def _missing(device: str, code: str, detail: str) -> Device:
    log.error("driver_missing", device=device, reason=code, detail=detail)
    fault = Fault(code, FAULTS[code], detail)
    return STAND_INS[device](DeviceStatus(device, DeviceState.NO_DEVICE, fault=fault))
