"""What every ID card reader must do, whatever its protocol.

A new reader adds one entry to `BENCHES`: a function that yields a `Bench` around the real driver
and something that plays the hardware.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Protocol

import pytest

from drivers.idcard.samples import SAMPLES
from drivers.idcard.simulator import SdtSimulator
from drivers.idcard.transport import SdtSerialReader
from drivers.statefile import replace_json
from kiosk.model import CardFault, DeviceState, IdCard
from kiosk.ports import CardReader

TODAY = date(2026, 11, 21)
LIMIT = 10.0


class Bench(Protocol):
    """A reader under test, and hands for its hardware. What a hand does holds when it returns."""

    reader: CardReader

    def another(self) -> CardReader:
        """A second driver for the same hardware."""

    async def put(self, card: str, fault: str = "") -> None: ...

    async def lift(self) -> None: ...

    async def silence(self) -> None: ...

    async def unplug(self) -> None: ...

    async def plug(self) -> None: ...


class SdtBench:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._link = folder / "idcard.tty"
        self.reader: CardReader = self.another()

    def another(self) -> CardReader:
        return SdtSerialReader(str(self._link), today=lambda: TODAY)

    async def put(self, card: str, fault: str = "") -> None:
        self._write(card=card, fault=fault or None)

    async def lift(self) -> None:
        self._write()

    async def silence(self) -> None:
        self._write(fault="silent")

    async def unplug(self) -> None:
        self._write(plugged=False)
        await _until(lambda: not self._link.is_symlink())

    async def plug(self) -> None:
        self._write(plugged=True)
        await _until(self._link.exists)

    def _write(self, **state: object) -> None:
        replace_json(self._folder / "idcard.json", state)


async def _until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + LIMIT
    while not condition():
        assert time.monotonic() < end, "it never happened"
        await asyncio.sleep(0.01)


@asynccontextmanager
async def sdt_serial(folder: Path) -> AsyncIterator[Bench]:
    simulator = SdtSimulator(folder)
    simulator.start()
    bench = SdtBench(folder)
    try:
        yield bench
    finally:
        await bench.reader.close()
        simulator.stop()


BENCHES: list[Callable[[Path], AbstractAsyncContextManager[Bench]]] = [sdt_serial]


@pytest.fixture(params=BENCHES, ids=lambda made: made.__name__)
async def bench(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Bench]:
    async with request.param(tmp_path) as made:
        yield made


async def test_an_empty_reader_finds_nothing_and_reads_nothing(bench: Bench) -> None:
    assert await bench.reader.find() is False
    assert await bench.reader.read() is CardFault.LIFTED


@pytest.mark.parametrize("name", ["zhang", "li", "hmt", "foreigner_i", "foreigner_y"])
async def test_each_kind_of_card_is_read_whole(bench: Bench, name: str) -> None:
    await bench.put(name)
    assert await bench.reader.find() is True
    card = await bench.reader.read()
    assert card == SAMPLES[name]
    assert isinstance(card, IdCard)
    assert len(card.photo) == 1024


@pytest.mark.parametrize(
    ("card", "fault", "told"),
    [
        ("zhang", "checksum", CardFault.CHECKSUM),
        ("zhang", "cut_short", CardFault.CUT_SHORT),
        ("zhang", "wrong_card", CardFault.WRONG_CARD),
        ("zhang", "lifted", CardFault.LIFTED),
        ("zhang", "refused", CardFault.REFUSED),
        ("bad_number", "", CardFault.BAD_NUMBER),
        ("expired", "", CardFault.EXPIRED),
        ("foreigner_y", "checksum", CardFault.CHECKSUM),
        ("foreigner_i", "cut_short", CardFault.CUT_SHORT),
    ],
)
async def test_each_bad_card_gives_its_own_fault_and_the_next_card_is_read(
    bench: Bench, card: str, fault: str, told: CardFault
) -> None:
    await bench.put(card, fault)
    assert await bench.reader.find() is True
    assert await bench.reader.read() is told
    await bench.put("li")
    assert await bench.reader.find() is True
    assert await bench.reader.read() == SAMPLES["li"]


async def test_a_card_that_is_lifted_between_find_and_read_was_lifted(bench: Bench) -> None:
    await bench.put("zhang")
    assert await bench.reader.find() is True
    await bench.lift()
    assert await bench.reader.read() is CardFault.LIFTED
    assert await bench.reader.find() is False


async def test_a_silent_reader_is_no_reader_until_it_speaks_again(bench: Bench) -> None:
    await bench.silence()
    assert await bench.reader.find() is CardFault.NO_READER
    assert await bench.reader.read() is CardFault.NO_READER
    await bench.put("zhang")
    assert await bench.reader.find() is True
    assert await bench.reader.read() == SAMPLES["zhang"]


async def test_an_unplugged_reader_works_again_once_it_is_plugged_in(bench: Bench) -> None:
    assert await bench.reader.find() is False
    for _ in range(3):
        await bench.unplug()
        assert await bench.reader.find() is CardFault.NO_READER
        assert await bench.reader.read() is CardFault.NO_READER
        await bench.plug()
        assert await bench.reader.find() is False
        await bench.put("zhang")
        assert await bench.reader.find() is True
        assert await bench.reader.read() == SAMPLES["zhang"]


async def test_a_reader_that_is_unplugged_during_a_read_ends_the_read(bench: Bench) -> None:
    await bench.put("zhang")
    assert await bench.reader.find() is True
    reading = asyncio.create_task(bench.reader.read())
    await asyncio.sleep(0.05)
    await bench.unplug()
    assert await reading in (CardFault.NO_READER, SAMPLES["zhang"])
    assert await bench.reader.find() is CardFault.NO_READER
    await bench.plug()
    assert await bench.reader.find() is False


async def test_a_reader_may_come_later_than_its_driver(bench: Bench) -> None:
    await bench.unplug()
    late = bench.another()
    assert await late.find() is CardFault.NO_READER
    await bench.plug()
    assert await late.find() is False
    await late.close()


async def test_status_tells_a_healthy_reader_from_the_first_question(bench: Bench) -> None:
    status = await bench.reader.status()
    assert status.device == "idcard"
    assert status.state is DeviceState.ONLINE
    assert status.fault is None
    assert status.usable


async def test_a_missing_reader_is_believed_gone_at_the_third_miss(bench: Bench) -> None:
    await bench.reader.status()
    await bench.unplug()
    states = [(await bench.reader.status()).state for _ in range(3)]
    assert states == [DeviceState.ONLINE, DeviceState.ONLINE, DeviceState.NO_DEVICE]
    status = await bench.reader.status()
    assert status.fault is not None
    assert not status.usable
    await bench.plug()
    assert (await bench.reader.status()).state is DeviceState.ONLINE


async def test_a_silent_reader_is_not_usable_after_three_misses(bench: Bench) -> None:
    await bench.silence()
    status = [await bench.reader.status() for _ in range(3)][-1]
    assert not status.usable
    assert status.fault is not None


async def test_asking_for_status_does_not_lose_a_card(bench: Bench) -> None:
    await bench.put("zhang")
    assert await bench.reader.find() is True
    assert (await bench.reader.status()).usable
    assert await bench.reader.read() == SAMPLES["zhang"]


async def test_the_loop_goes_on_while_a_silent_reader_is_waited_for(bench: Bench) -> None:
    await bench.silence()
    turns = 0
    asked = asyncio.create_task(bench.reader.find())
    while not asked.done():
        turns += 1
        await asyncio.sleep(0)
    assert await asked is CardFault.NO_READER
    assert turns > 10


async def test_calls_at_once_do_not_mix(bench: Bench) -> None:
    await bench.put("zhang")
    found, status, card, again = await asyncio.gather(
        bench.reader.find(), bench.reader.status(), bench.reader.read(), bench.reader.status()
    )
    assert found is True
    assert card == SAMPLES["zhang"]
    assert status.usable
    assert again.usable


async def test_a_closed_reader_leaves_the_device_to_others(bench: Bench) -> None:
    assert await bench.reader.find() is False
    await bench.reader.close()
    assert await bench.reader.find() is CardFault.NO_READER
    assert await bench.reader.read() is CardFault.NO_READER
    await bench.reader.close()
    other = bench.another()
    assert await other.find() is False
    await other.close()


async def test_closing_ends_a_call_that_waits_and_frees_the_device(bench: Bench) -> None:
    await bench.silence()
    waiting = asyncio.create_task(bench.reader.read())
    await asyncio.sleep(0.1)
    await bench.reader.close()
    assert await waiting is CardFault.NO_READER
    await bench.put("zhang")
    other = bench.another()
    assert await other.find() is True
    await other.close()


@pytest.mark.parametrize("name", sorted(SAMPLES))
async def test_nothing_of_a_citizen_shows_in_results_or_logs(
    bench: Bench, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    await bench.put(name)
    result = await bench.reader.read()
    shown = repr(result) + caplog.text
    sample = SAMPLES[name]
    for secret in (sample.name, sample.number, sample.name_en, sample.address):
        assert not secret or secret not in shown
