"""A real pcscd with cards of ours in its reader, for tests of whatever speaks PC/SC.

libpcsclite remembers the socket's name for as long as a process lives. So every room of this
process is reached by one name, a link that leads to the present one; import this module before
anything has called PC/SC.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from smartcard import scard

from drivers.chipcard.pcscd import missing
from drivers.chipcard.samples import SAMPLES, Passport
from drivers.chipcard.simulator import STATE_FILE, ChipcardSimulator
from drivers.chipcard.transport import PcscOptions, PcscReader
from drivers.chipcard.watch import Scene
from drivers.statefile import replace_json

TODAY = date(2026, 11, 21)
LIMIT = 60.0
_HOME = tempfile.TemporaryDirectory(prefix="kiosk-pcsc-")
SOCKET = Path(_HOME.name) / "pcscd.comm"
os.environ["PCSCLITE_CSOCK_NAME"] = str(SOCKET)
# The first call, now: a driver that another test builds would name another socket for good.
scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)


def page(name: str) -> str:
    """The MRZ of a sample passport, as a scanner hands it over."""
    sample = SAMPLES[name]
    assert isinstance(sample, Passport)
    return "\n".join(sample.mrz)


class ChipcardRoom:
    """A simulated reader, and hands for it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.simulator = ChipcardSimulator(folder)

    def driver(self, **options: object) -> PcscReader:
        settings = PcscOptions.model_validate({"socket": str(SOCKET), **options})
        return PcscReader(settings, today=lambda: TODAY)

    def set(self, **state: object) -> None:
        """All at once: what is not named is as in the beginning."""
        replace_json(self.folder / STATE_FILE, state)

    async def put(self, reader: PcscReader, card: str, fault: str | None = None) -> None:
        """Put `card` in instead of what is there, and wait until the driver has seen it."""
        before = (await reader.look()).card
        self.set(card=card, fault=fault)
        await seen(reader, lambda scene: scene.card not in (0, before))
        assert await reader.arrival() is None

    async def empty(self, reader: PcscReader) -> None:
        """Wait until the driver sees a reader without a card."""
        await seen(reader, lambda scene: not scene.card)


async def seen(reader: PcscReader, what: Callable[[Scene], bool]) -> None:
    """Wait until the driver sees `what`, without any trouble."""
    end = time.monotonic() + LIMIT
    while (scene := await reader.look()).trouble or not what(scene):
        assert time.monotonic() < end, scene
        await asyncio.sleep(0.02)


@contextmanager
def chipcard_room(folder: Path) -> Iterator[ChipcardRoom]:
    """Skips where no pcscd of one's own can run."""
    reason = missing()
    if reason:
        pytest.skip(reason)
    room = ChipcardRoom(folder)
    room.simulator.start()
    SOCKET.unlink(missing_ok=True)
    SOCKET.symlink_to(room.simulator.socket)
    try:
        yield room
    finally:
        room.simulator.stop()
        SOCKET.unlink(missing_ok=True)
