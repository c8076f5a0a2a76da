"""What every ID card reader must do when it is absent, given up, or closed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cardwork import A_WHILE, BENCHES, LIMIT, Bench, nothing_arrives
from drivers.idcard.samples import SAMPLES
from kiosk.model import CardFault, DeviceState


@pytest.fixture(params=BENCHES, ids=lambda made: made.__name__)
async def bench(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Bench]:
    async with request.param(tmp_path) as made:
        yield made


async def test_a_silent_reader_is_no_reader_until_it_speaks_again(bench: Bench) -> None:
    await bench.silence()
    assert await bench.reader.arrival() is CardFault.NO_READER
    assert await bench.reader.read() is CardFault.NO_READER
    await bench.put("zhang")
    assert await bench.reader.arrival() is None
    assert await bench.reader.read() == SAMPLES["zhang"]


async def test_an_unplugged_reader_works_again_once_it_is_plugged_in(bench: Bench) -> None:
    for _ in range(3):
        await bench.unplug()
        assert await bench.reader.arrival() is CardFault.NO_READER
        assert await bench.reader.read() is CardFault.NO_READER
        await bench.plug()
        await bench.put("zhang")
        assert await bench.reader.arrival() is None
        assert await bench.reader.read() == SAMPLES["zhang"]


@pytest.mark.parametrize("how", ["unplug", "silence"])
async def test_a_reader_that_goes_away_while_a_card_is_awaited_ends_the_wait(
    bench: Bench, how: str
) -> None:
    waiting = asyncio.create_task(bench.reader.arrival())
    await asyncio.sleep(A_WHILE)
    await getattr(bench, how)()
    assert await asyncio.wait_for(waiting, LIMIT) is CardFault.NO_READER


async def test_a_plug_that_slips_for_a_moment_does_not_end_the_wait(bench: Bench) -> None:
    waiting = asyncio.create_task(bench.reader.arrival())
    await asyncio.sleep(A_WHILE)
    await bench.unplug()
    await bench.plug()
    await asyncio.sleep(A_WHILE)
    assert not waiting.done()
    await bench.put("zhang")
    assert await asyncio.wait_for(waiting, LIMIT) is None
    assert await bench.reader.read() == SAMPLES["zhang"]


async def test_a_reader_that_is_unplugged_during_a_read_ends_the_read(bench: Bench) -> None:
    await bench.put("zhang")
    assert await bench.reader.arrival() is None
    reading = asyncio.create_task(bench.reader.read())
    await asyncio.sleep(0.05)
    await bench.unplug()
    assert await reading in (CardFault.NO_READER, SAMPLES["zhang"])
    assert await bench.reader.arrival() is CardFault.NO_READER
    await bench.plug()
    await nothing_arrives(bench.reader)


async def test_a_reader_may_come_later_than_its_driver(bench: Bench) -> None:
    await bench.unplug()
    late = bench.another()
    assert await late.arrival() is CardFault.NO_READER
    await bench.plug()
    await nothing_arrives(late)
    await late.close()


async def test_waiting_can_be_given_up_at_any_moment(bench: Bench) -> None:
    for moment in range(8):
        waiting = asyncio.create_task(bench.reader.arrival())
        await asyncio.sleep(0.002 * moment)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert (await bench.reader.status()).usable
    await bench.put("zhang")
    assert await bench.reader.arrival() is None
    assert await bench.reader.read() == SAMPLES["zhang"]


async def test_a_read_that_is_given_up_leaves_no_reply_for_the_next_question(bench: Bench) -> None:
    await bench.put("zhang")
    assert await bench.reader.arrival() is None
    reading = asyncio.create_task(bench.reader.read())
    await asyncio.sleep(0.03)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert (await bench.reader.status()).usable
    await bench.put("li")
    assert await bench.reader.arrival() is None
    assert await bench.reader.read() == SAMPLES["li"]


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


async def test_the_loop_goes_on_while_a_silent_reader_is_waited_for(bench: Bench) -> None:
    await bench.silence()
    turns = 0
    asked = asyncio.create_task(bench.reader.arrival())
    while not asked.done():
        turns += 1
        await asyncio.sleep(0)
    assert await asked is CardFault.NO_READER
    assert turns > 10


async def test_a_closed_reader_leaves_the_device_to_others(bench: Bench) -> None:
    await bench.put("zhang")
    assert await bench.reader.arrival() is None
    await bench.reader.close()
    assert await bench.reader.arrival() is CardFault.NO_READER
    assert await bench.reader.read() is CardFault.NO_READER
    await bench.reader.close()
    other = bench.another()
    assert await other.arrival() is None
    await other.close()


@pytest.mark.parametrize("silent", [False, True])
async def test_closing_ends_a_wait_and_frees_the_device(bench: Bench, silent: bool) -> None:
    if silent:
        await bench.silence()
    waiting = asyncio.create_task(bench.reader.arrival())
    await asyncio.sleep(0.1)
    await bench.reader.close()
    assert await asyncio.wait_for(waiting, LIMIT) is CardFault.NO_READER
    await bench.put("zhang")
    other = bench.another()
    assert await other.arrival() is None
    await other.close()


async def test_closing_ends_a_read_and_frees_the_device(bench: Bench) -> None:
    await bench.silence()
    waiting = asyncio.create_task(bench.reader.read())
    await asyncio.sleep(0.1)
    await bench.reader.close()
    assert await waiting is CardFault.NO_READER
    await bench.put("zhang")
    other = bench.another()
    assert await other.arrival() is None
    await other.close()
