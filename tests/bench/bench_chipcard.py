"""A passport's read through the driver, against the time that its APDUs alone take.

Both go through pcscd and vpcd to a card in a process of its own, which needs its part of each
exchange for its own sealing. What the driver adds: its connection, keys, sealing, the check of the
signature, and decoding.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import threading
import time
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from drivers.chipcard.apdu import LinkFault
from drivers.chipcard.pcsc import Card, Context
from drivers.chipcard.pcscd import missing
from drivers.chipcard.reading import read_card
from drivers.chipcard.transport import PcscReader
from kiosk.model import IdCard
from pcsc import TODAY, ChipcardRoom, chipcard_room, page

READS = 9
NAME = "passport_zhang"


class Timed:
    """A card whose exchanges are counted and timed, and nothing else."""

    def __init__(self, card: Card) -> None:
        self.atr, self.t0 = card.atr, card.t0
        self.seconds = 0.0
        self.count = 0
        self._card = card

    def transmit(self, command: bytes) -> bytes | LinkFault:
        begun = time.perf_counter()
        answer = self._card.transmit(command)
        self.seconds += time.perf_counter() - begun
        self.count += 1
        return answer


def measure() -> list[tuple[str, float, float]]:
    """Name, median seconds, those of its APDUs alone; nothing where no pcscd of ours can run."""
    if missing():
        return []
    with tempfile.TemporaryDirectory() as folder, chipcard_room(Path(folder)) as room:
        return [asyncio.run(_both(room))]


async def _both(room: ChipcardRoom) -> tuple[str, float, float]:
    reader = room.driver()
    try:
        await room.put(reader, NAME)
        name = (await reader.look()).reader
        bare, whole = [], []
        for _ in range(READS):
            bare.append(await asyncio.to_thread(_bare, name, TODAY))
            whole.append(await _read(reader))
    finally:
        await reader.close()
    alone = statistics.median(timed.seconds for timed in bare)
    title = f"passport by BAC, whole read against its {bare[0].count} APDUs alone"
    return title, statistics.median(whole), alone


async def _read(reader: PcscReader) -> float:
    begun = time.perf_counter()
    card = await reader.read(page(NAME))
    assert isinstance(card, IdCard)
    return time.perf_counter() - begun


def _bare(reader: str, today: date) -> Timed:
    context = Context.open()
    assert isinstance(context, Context)
    card = context.connect(reader, b"", threading.Event())
    assert isinstance(card, Card)
    timed = Timed(card)
    assert isinstance(read_card(timed, page(NAME), today), IdCard)
    card.close()
    context.close()
    return timed
