"""A receipt printer's settings, and the drivers they build."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from drivers import registry
from drivers.options import Site
from drivers.receipt.escpos import Cut, Paper
from drivers.receipt.file import FileOptions
from drivers.receipt.network import EscposNetworkPrinter, NetworkOptions
from drivers.receipt.options import ReceiptOptions
from drivers.receipt.serial import SerialOptions
from drivers.receipt.usb import UsbOptions

ALL = (NetworkOptions, SerialOptions, UsbOptions, FileOptions)


@pytest.mark.parametrize(
    ("options", "paper"),
    [
        ({}, Paper(576, native_qr=True, cut=Cut.PARTIAL)),
        ({"width_dots": "384"}, Paper(384, native_qr=True, cut=Cut.PARTIAL)),
        ({"cutter": "false"}, Paper(576, native_qr=True, cut=Cut.NONE)),
        ({"profile": "POS-5890"}, Paper(384, native_qr=False, cut=Cut.NONE)),
        ({"profile": "TM-T88V"}, Paper(512, native_qr=True, cut=Cut.PARTIAL)),
        ({"profile": "TH230"}, Paper(576, native_qr=False, cut=Cut.PARTIAL)),
        ({"profile": "TM-T88V", "width_dots": 384}, Paper(384)),
    ],
)
def test_the_profile_says_what_the_printer_can(options: dict[str, object], paper: Paper) -> None:
    assert ReceiptOptions.model_validate(options).paper == paper


@pytest.mark.parametrize(
    "options",
    [
        {"profile": "no such printer"},
        {"profile": "TM-U220"},  # prints no pictures
        {"profile": "POS-5890", "width_dots": 576},  # wider than the paper
        {"width_dots": 577},
        {"timeout": 0},
        {"timeout": 10},  # a status must be had within five seconds
        {"answers": "perhaps"},
        {"codepage": "GB18030"},
    ],
)
def test_settings_that_fit_no_printer_are_refused(options: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ReceiptOptions.model_validate(options)


def test_usb_numbers_are_taken_as_people_write_them() -> None:
    told = UsbOptions.model_validate({"vendor_id": "0x04b8", "product_id": 514})
    assert (told.vendor_id, told.product_id) == (0x04B8, 0x0202)
    with pytest.raises(ValidationError):
        UsbOptions.model_validate({"vendor_id": "Epson", "product_id": 1})


@pytest.mark.parametrize(
    ("options", "key"), [(NetworkOptions, "host"), (SerialOptions, "port"), (FileOptions, "path")]
)
@pytest.mark.parametrize("value", ["", "\x00", "/dev/lp\x00"])
def test_no_address_can_be_empty_or_hold_a_nul(
    options: type[ReceiptOptions], key: str, value: str
) -> None:
    with pytest.raises(ValidationError):
        options.model_validate({key: value})


@pytest.mark.parametrize("options", ALL)
def test_every_option_says_what_it_is(options: type[ReceiptOptions]) -> None:
    assert all(field.description for field in options.model_fields.values())


@pytest.mark.parametrize("name", ["network", "serial", "usb", "file"])
def test_the_registry_finds_each_driver(name: str) -> None:
    assert issubclass(registry.find(f"receipt.escpos_{name}").Options, ReceiptOptions)


async def test_without_its_font_the_driver_says_which_package_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("drivers.receipt.glyphs.missing_package", lambda: "fonts-noto-cjk")
    with pytest.raises(ImportError) as error:
        EscposNetworkPrinter.build(NetworkOptions(host="127.0.0.1"), Site())
    assert error.value.name == "fonts-noto-cjk"


async def test_without_libusb_the_driver_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("usb.backend.libusb1.get_backend", lambda *_, **__: None)
    options = {"vendor_id": 1, "product_id": 1}
    status = await registry.build("receipt", "escpos_usb", options, Site()).status()
    assert status.fault
    assert (status.fault.code, "libusb-1.0-0" in status.fault.detail) == (
        "driver_not_installed",
        True,
    )
