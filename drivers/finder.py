"""What is plugged into this machine, and the settings that would use it. Opens nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from serial.tools import list_ports

_INPUT = Path("/dev/input/by-id")
_VIDEO = Path("/sys/class/video4linux")
_PRINTERS = Path("/dev/usb")
_GPIO = Path("/dev")


def find_devices() -> list[str]:
    """One line for each thing found: where it is, what it calls itself, which settings fit."""
    readers, why_none = _readers()
    cards = [_line("PC/SC", name, f'[chipcard.pcsc] reader = "{name}"') for name in readers]
    found = [*_serial(), *cards, *_video(), *_input(), *_usb_printers(), *_gpio()]
    missed = [f"PC/SC could not be asked: {why_none}"] if why_none else []
    return [*(found or ["nothing that a driver could use was found"]), *missed]


def _line(place: str, name: str, *settings: str) -> str:
    return f"{place:<34} {name:<34} {'  or  '.join(settings)}".rstrip()


def _serial() -> Iterator[str]:
    fits = ("[idcard.sdt_serial] port", "[receipt.escpos_serial] port", "[scanner.serial] port")
    for port in sorted(list_ports.comports(include_links=True)):
        if port.description != "n/a" or port.hwid != "n/a":
            yield _line(port.device, port.description, *fits)


def _readers() -> tuple[list[str], str]:
    """Names, or why there are none to be had: without the library, or its service."""
    try:
        from smartcard.System import readers

        return [str(reader) for reader in readers()], ""
    except Exception as error:  # noqa: BLE001
        return [], type(error).__name__


def _video() -> Iterator[str]:
    for node in sorted(_VIDEO.glob("video*")):
        number = node.name.removeprefix("video")
        yield _line(
            f"/dev/{node.name}", _read(node / "name"),
            f'[camera.opencv] source = "{number}"', f'[doccam.opencv] source = "{number}"',
        )  # fmt: skip


def _input() -> Iterator[str]:
    for node in sorted(_INPUT.glob("*-event-kbd")):
        yield _line(str(node), "", "[scanner.wedge] path", "[keypad.evdev] path")


def _usb_printers() -> Iterator[str]:
    for node in sorted(_PRINTERS.glob("lp*")):
        yield _line(str(node), "USB printer", f'[receipt.escpos_file] path = "{node}"')


def _gpio() -> Iterator[str]:
    for node in sorted(_GPIO.glob("gpiochip*")):
        yield _line(str(node), "GPIO lines", f'[sensors.gpio] chip = "{node}"')


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8").strip()
    except OSError:
        return ""
