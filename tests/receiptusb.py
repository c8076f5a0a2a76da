"""A USB bus with simulated receipt printers on it, as a backend of pyusb.

There is no physical USB here: everything above libusb is real (pyusb, python-escpos, the driver),
its bulk transfers end in the simulator's engine.
"""

from __future__ import annotations

import errno
import itertools
import threading
import time
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
import usb.backend
import usb.backend.libusb1
from usb.core import USBError, USBTimeoutError

from drivers.receipt.engine import Engine

VENDOR = 0x04B8
IN, OUT = 0x81, 0x03  # not python-escpos' defaults
_PACKET = 64
_PRINTER = 7
_BULK = 2
_PRODUCTS = itertools.count(0x0202)
_HUB_BUFFER = 4096  # bytes on their way


class UsbPlug:
    """The simulator's side of the cable. Each printer has a product number of its own."""

    def __init__(self) -> None:
        self.product = next(_PRODUCTS)
        self.moved = threading.Condition()
        self.generation = 0  # of plugging in: what was opened before is stale
        self.present = False
        self.denied = False
        self.to_printer = bytearray()
        self.to_host = bytearray()

    def start(self) -> None:
        self.on()

    def on(self) -> None:
        with self.moved:
            if not self.present:
                self.generation += 1
            self.present = True

    def off(self) -> None:
        self.pull()

    def pull(self) -> None:
        with self.moved:
            self.present = False
            self.to_printer.clear()
            self.to_host.clear()
            self.moved.notify_all()

    def stop(self) -> None:
        self.pull()

    def serve(self, engine: Engine, seconds: float) -> None:
        with self.moved:
            self.moved.wait_for(lambda: self.to_printer and engine.room, seconds)
            room = engine.room
            data = bytes(self.to_printer[:room])
            del self.to_printer[:room]
        engine.take(data, time.monotonic())
        answers = engine.due(time.monotonic())
        with self.moved:
            self.to_host += answers
            self.moved.notify_all()


Handle = tuple[UsbPlug, int]  # and the generation that was found


class Bus(usb.backend.IBackend):  # type: ignore[misc]
    """The host's side."""

    def __init__(self) -> None:
        self.plugs: list[UsbPlug] = []

    def enumerate_devices(self) -> Iterator[Handle]:
        yield from [(plug, plug.generation) for plug in self.plugs if plug.present]

    def get_parent(self, dev: Handle) -> None:
        return None

    def get_device_descriptor(self, dev: Handle) -> SimpleNamespace:
        return SimpleNamespace(
            bLength=18, bDescriptorType=1, bcdUSB=0x0200, bDeviceClass=0, bDeviceSubClass=0,
            bDeviceProtocol=0, bMaxPacketSize0=64, idVendor=VENDOR, idProduct=dev[0].product,
            bcdDevice=0x0100, iManufacturer=0, iProduct=0, iSerialNumber=0, bNumConfigurations=1,
            address=5, bus=1, port_number=2, port_numbers=(2,), speed=3,
        )  # fmt: skip

    def get_configuration_descriptor(self, dev: Handle, config: int) -> SimpleNamespace:
        if config:
            raise IndexError(config)
        return SimpleNamespace(
            bLength=9, bDescriptorType=2, wTotalLength=41, bNumInterfaces=2, bConfigurationValue=1,
            iConfiguration=0, bmAttributes=0xC0, bMaxPower=1, extra_descriptors=[],
        )  # fmt: skip

    def get_interface_descriptor(
        self, dev: Handle, intf: int, alt: int, config: int
    ) -> SimpleNamespace:
        """A vendor's own interface first, then the printer."""
        if alt or intf > 1:
            raise IndexError(intf)
        return SimpleNamespace(
            bLength=9, bDescriptorType=4, bInterfaceNumber=intf, bAlternateSetting=0,
            bNumEndpoints=2 * intf, bInterfaceClass=_PRINTER if intf else 0xFF,
            bInterfaceSubClass=1, bInterfaceProtocol=2, iInterface=0, extra_descriptors=[],
        )  # fmt: skip

    def get_endpoint_descriptor(
        self, dev: Handle, ep: int, intf: int, alt: int, config: int
    ) -> SimpleNamespace:
        return SimpleNamespace(
            bLength=7, bDescriptorType=5, bEndpointAddress=(IN, OUT)[ep], bmAttributes=_BULK,
            wMaxPacketSize=_PACKET, bInterval=0, bRefresh=0, bSynchAddress=0, extra_descriptors=[],
        )  # fmt: skip

    def open_device(self, dev: Handle) -> Handle:
        if dev[0].denied:
            raise USBError("Access denied (insufficient permissions)", -3, errno.EACCES)
        self._check(dev)
        return dev

    def close_device(self, dev_handle: Handle) -> None: ...

    def set_configuration(self, dev_handle: Handle, config_value: int) -> None:
        self._check(dev_handle)

    def get_configuration(self, dev_handle: Handle) -> int:
        self._check(dev_handle)
        return 1

    def claim_interface(self, dev_handle: Handle, intf: int) -> None:
        self._check(dev_handle)

    def release_interface(self, dev_handle: Handle, intf: int) -> None: ...

    def reset_device(self, dev_handle: Handle) -> None:
        self._check(dev_handle)

    def bulk_write(self, dev_handle: Handle, ep: int, intf: int, data: Any, timeout: int) -> int:
        """As libusb: what went before the time was over is counted; nothing is an error."""
        assert (ep, intf) == (OUT, 1)
        plug, data, sent = dev_handle[0], bytes(data), 0
        end = time.monotonic() + timeout / 1000
        with plug.moved:
            while sent < len(data):
                self._check(dev_handle)
                room = _HUB_BUFFER - len(plug.to_printer)
                if not room and not plug.moved.wait(max(0, end - time.monotonic())):
                    break
                plug.to_printer += data[sent : sent + room]
                sent = min(len(data), sent + room)
                plug.moved.notify_all()
        if not sent:
            raise USBTimeoutError("Operation timed out", -7, errno.ETIMEDOUT)
        return sent

    def bulk_read(
        self, dev_handle: Handle, ep: int, intf: int, buff: array[int], timeout: int
    ) -> int:
        assert (ep, intf) == (IN, 1)
        assert not len(buff) % _PACKET, "a packet may not fit"
        plug = dev_handle[0]
        with plug.moved:
            self._check(dev_handle)
            plug.moved.wait_for(lambda: plug.to_host or not plug.present, timeout / 1000)
            self._check(dev_handle)
            packet = bytes(plug.to_host[:_PACKET])
            del plug.to_host[:_PACKET]
        if not packet:
            raise USBTimeoutError("Operation timed out", -7, errno.ETIMEDOUT)
        buff[: len(packet)] = array("B", packet)
        return len(packet)

    def _check(self, handle: Handle) -> None:
        plug, generation = handle
        if not plug.present or generation != plug.generation:
            raise USBError("No such device (it may have been disconnected)", -4, errno.ENODEV)


BUS = Bus()
_patch = pytest.MonkeyPatch()


@contextmanager
def on_the_bus(plug: UsbPlug) -> Iterator[None]:
    """pyusb finds the bus as long as any printer is on it."""
    if not BUS.plugs:
        _patch.setattr(usb.backend.libusb1, "get_backend", lambda *_, **__: BUS)
    BUS.plugs.append(plug)
    try:
        yield
    finally:
        BUS.plugs.remove(plug)
        if not BUS.plugs:
            _patch.undo()
