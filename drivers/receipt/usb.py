"""A printer on USB, without the kernel's printer driver (pyusb, libusb 1.0).

python-escpos finds the printer and takes it from the kernel's driver. The endpoints are read from
the printer's own description: the library's defaults fit only some. Its rights come from udev:
without a rule that lets the terminal's user write to the device, the fault is `port_denied`.
"""

from __future__ import annotations

import errno
import time
from typing import Annotated, Any, ClassVar, Self

import usb.backend.libusb1
import usb.core
import usb.util
from pydantic import BeforeValidator, Field

from drivers.options import Site
from drivers.receipt.link import Wire, library, opened
from drivers.receipt.options import ReceiptOptions
from drivers.receipt.transport import EscposPrinter

_PRINTER_CLASS = 7
_LONGEST = 4096  # a multiple of every packet size: a shorter read may lose a packet
_EMPTY_PAUSE = 0.01  # some printers answer at once that they have nothing to say


def _number(value: object) -> object:
    """Settings and the environment may say 0x04b8 as text."""
    try:
        return int(value, 0) if isinstance(value, str) else value
    except ValueError:
        return value


UsbId = Annotated[int, BeforeValidator(_number), Field(ge=0, le=0xFFFF)]


class UsbOptions(ReceiptOptions):
    vendor_id: UsbId = Field(description="USB vendor number, as lsusb shows it: 0x04b8")
    product_id: UsbId = Field(description="USB product number")
    serial_number: str | None = Field(
        None, description="tells two printers of the same model apart; none: the first one found"
    )


class UsbWire:
    bytes_per_second = 5000

    def __init__(self, options: UsbOptions) -> None:
        wanted: dict[str, Any] = {"idVendor": options.vendor_id, "idProduct": options.product_id}
        if options.serial_number:
            wanted["serial_number"] = options.serial_number
        self._printer = opened(library().Usb(usb_args=wanted, timeout=_milliseconds(1)))
        self._device = self._printer.device
        try:
            self._in, self._out = _endpoints(self._device)
        except BaseException:
            self.close(drop=True)
            raise

    def send(self, data: bytes, seconds: float, *, urgent: bool = False) -> int:
        try:
            return int(self._device.write(self._out, data, _milliseconds(seconds)))
        except usb.core.USBTimeoutError:
            return 0

    def receive(self, seconds: float) -> bytes:
        try:
            data = bytes(self._device.read(self._in, _LONGEST, _milliseconds(seconds)))
        except usb.core.USBTimeoutError:
            return b""
        if not data:
            time.sleep(min(seconds, _EMPTY_PAUSE))
        return data

    def close(self, *, drop: bool) -> None:
        self._printer.close()


class EscposUsbPrinter(EscposPrinter[UsbOptions]):
    Options: ClassVar[type[UsbOptions]] = UsbOptions

    @classmethod
    def build(cls, options: UsbOptions, site: Site) -> Self:
        if usb.backend.libusb1.get_backend() is None:
            raise ImportError("libusb is not installed", name="libusb-1.0-0")
        return super().build(options, site)

    def _open(self) -> Wire:
        return UsbWire(self._options)


def _endpoints(device: Any) -> tuple[int, int]:
    """Addresses of the bulk endpoints, in and out, of the printer's interface."""
    configuration = device.get_active_configuration()
    interfaces = list(configuration)
    printers = [one for one in interfaces if one.bInterfaceClass == _PRINTER_CLASS]
    for interface in printers or interfaces:
        ends = {
            usb.util.endpoint_direction(end.bEndpointAddress): end.bEndpointAddress
            for end in interface
            if usb.util.endpoint_type(end.bmAttributes) == usb.util.ENDPOINT_TYPE_BULK
        }
        if len(ends) == 2:
            return ends[usb.util.ENDPOINT_IN], ends[usb.util.ENDPOINT_OUT]
    raise OSError(errno.ENODEV, "no printer at this address")


def _milliseconds(seconds: float) -> int:
    """At least one: pyusb takes 0 for no limit."""
    return max(1, int(seconds * 1000))
