"""Real drivers at the other end of real simulators: each rig starts one, and leads to it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeVar

import pcsc
from documentwork import QUICK
from drivers.camera.simulator import CameraSimulator
from drivers.doccam.simulator import DocumentCameraSimulator
from drivers.document.simulator import DocumentSimulator
from drivers.idcard.simulator import SdtSimulator
from drivers.keypad.simulator import EVENTS, KeypadSimulator
from drivers.receipt.plugs import PtyPlug
from drivers.receipt.simulator import ReceiptSimulator
from drivers.scanner.simulator import TTY, ScannerSimulator
from drivers.sensors.emulation import INPUTS
from drivers.sensors.simulator import MODULE_LINK, UPS_LINK, SensorsSimulator
from drivers.statefile import replace_json, write_state

LIMIT = 20.0  # seconds: far more than any of this should take
Options = dict[str, Any]
Rig = Callable[["Room"], Options]


@dataclass
class Room:
    """Where one recipe is cooked. `simulated`: which device the simulator is, by its state file.

    `chips`: the one reader with pcscd, which takes long to start.
    """

    folder: Path
    simulated: str
    chips: Callable[[], pcsc.ChipcardRoom]
    running: ExitStack = field(default_factory=ExitStack)
    driver: Any = None

    def put(self, **state: object) -> None:
        """All at once: what is not named is as in the beginning."""
        replace_json(self.folder / f"{self.simulated}.json", state)

    def change(self, **state: object) -> None:
        write_state(self.folder / f"{self.simulated}.json", **state)


class Simulator(Protocol):
    def start(self) -> None: ...

    def stop(self) -> None: ...


S = TypeVar("S", bound=Simulator)


def _run(room: Room, simulator: S) -> S:
    simulator.start()
    room.running.callback(simulator.stop)
    return simulator


def _sdt(room: Room) -> Options:
    _run(room, SdtSimulator(room.folder))
    return {"port": str(room.folder / "idcard.tty")}


def _pcsc(room: Room) -> Options:
    """The state file is that of the one reader which all recipes share."""
    room.folder = room.chips().folder
    room.put()
    return {"socket": str(pcsc.SOCKET)}


def _stream(room: Room) -> Options:
    room.simulated = "camera"
    return _at(_run(room, CameraSimulator(room.folder)).port)


def _plate(room: Room) -> Options:
    return _at(_run(room, DocumentCameraSimulator(room.folder)).port)


def _at(port: int) -> Options:
    return {"source": f"http://127.0.0.1:{port}/stream.mjpg", "keep_ready": False}


def _network(room: Room) -> Options:
    port = _run(room, ReceiptSimulator(room.folder, 0, 4000, pictures=False)).port
    return {"host": "127.0.0.1", "port": port, "timeout": 0.5}


def _receipt_line(room: Room) -> Options:
    plug = PtyPlug(room.folder / "receipt.tty", xon_xoff=True)
    _run(room, ReceiptSimulator(room.folder, plug=plug, pictures=False))
    return {"port": str(room.folder / "receipt.tty"), "flow": "xon_xoff", "timeout": 0.5}


def _ipp(room: Room) -> Options:
    room.change(rung_seconds=0.1)
    return {"uri": _run(room, DocumentSimulator(room.folder, room.folder)).uri, **QUICK}


def _scanner(room: Room) -> Options:
    _run(room, ScannerSimulator(room.folder))
    return {"port": str(room.folder / TTY)}


def _keypad(room: Room) -> Options:
    _run(room, KeypadSimulator(room.folder))
    return {"path": str(room.folder / EVENTS), "stuck_seconds": 0.3}


def _sensors(room: Room) -> Options:
    _run(room, SensorsSimulator(room.folder))
    return {
        "module_port": str(room.folder / MODULE_LINK),
        "inputs": {contact: str(number) for contact, number in INPUTS.items()},
        "ups_port": str(room.folder / UPS_LINK),
        "ups_every": 0.1,
    }


def _speech(room: Room) -> Options:
    player = f"{sys.executable} -m drivers.speech.simulator {room.folder} loudspeaker"
    return {"player": player, "player_seconds": 0.3}


_OUTSIDE = """
import asyncio
from drivers.options import Options as Base

class Broken:
    Options = Base

    @classmethod
    def build(cls, options, site):
        raise RuntimeError("it is not for this machine")

class Hanging(Broken):
    @classmethod
    def build(cls, options, site):
        return cls()

    async def status(self):
        await asyncio.Event().wait()

    async def close(self):
        pass

class Raising(Hanging):
    async def status(self):
        raise ZeroDivisionError
"""
_POINTS = """[kiosk.drivers]
keypad.broken = acme_kiosk_trouble:Broken
keypad.hanging = acme_kiosk_trouble:Hanging
keypad.raising = acme_kiosk_trouble:Raising
keypad.hollow = acme_kiosk_missing:Reader
"""


def _outside(room: Room) -> Options:
    """A package of somebody else's is installed, whose drivers are no good."""
    (room.folder / "acme_kiosk_trouble.py").write_text(_OUTSIDE)
    points = room.folder / "acme_kiosk_trouble-1.0.dist-info" / "entry_points.txt"
    points.parent.mkdir()
    points.write_text(_POINTS)
    sys.path.insert(0, str(room.folder))
    room.running.callback(sys.path.remove, str(room.folder))
    room.running.callback(sys.modules.pop, "acme_kiosk_trouble", None)
    return {}


RIGS: Mapping[str, Rig] = {
    "idcard.sdt_serial": _sdt,
    **dict.fromkeys(("keypad.broken", "keypad.hanging", "keypad.raising", "keypad.hollow"),
                    _outside),
    "chipcard.pcsc": _pcsc,
    "camera.opencv": _stream,
    "receipt.escpos_network": _network,
    "receipt.escpos_serial": _receipt_line,
    "document.ipp": _ipp,
    "scanner.serial": _scanner,
    "scanner.camera": _stream,
    "doccam.opencv": _plate,
    "keypad.evdev": _keypad,
    "sensors.serial": _sensors,
    "speech.espeak": _speech,
}  # fmt: skip
