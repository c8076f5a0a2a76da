"""What every ID card reader must do with cards, whatever its protocol."""

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


async def test_an_empty_reader_waits_and_reads_nothing(bench: Bench) -> None:
    await nothing_arrives(bench.reader)
    assert await bench.reader.read() is CardFault.LIFTED


@pytest.mark.parametrize("name", ["zhang", "li", "hmt", "foreigner_i", "foreigner_y"])
async def test_each_kind_of_card_is_read_whole(bench: Bench, name: str) -> None:
    await bench.put(name)
    assert await bench.reader.arrival() is None
    assert await bench.reader.read("a passport's lines mean nothing to it") == SAMPLES[name]


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
    assert await bench.reader.arrival() is None
    assert await bench.reader.read() is told
    await bench.put("li")
    assert await bench.reader.arrival() is None
    assert await bench.reader.read() == SAMPLES["li"]


async def test_a_card_that_comes_while_it_is_waited_for_arrives(bench: Bench) -> None:
    waiting = asyncio.create_task(bench.reader.arrival())
    await asyncio.sleep(A_WHILE)
    assert not waiting.done()
    await bench.put("zhang")
    assert await asyncio.wait_for(waiting, LIMIT) is None
    assert await bench.reader.read() == SAMPLES["zhang"]


async def test_a_card_that_was_read_arrives_again_only_after_it_was_lifted(bench: Bench) -> None:
    for _ in range(2):
        await bench.put("zhang")
        assert await bench.reader.arrival() is None
        assert await bench.reader.read() == SAMPLES["zhang"]
        await nothing_arrives(bench.reader)
        await bench.lift()


async def test_a_card_that_is_lifted_between_arrival_and_read_was_lifted(bench: Bench) -> None:
    await bench.put("zhang")
    assert await bench.reader.arrival() is None
    await bench.lift()
    assert await bench.reader.read() is CardFault.LIFTED
    await nothing_arrives(bench.reader)


async def test_a_card_that_lies_there_already_is_not_fresh_until_it_was_lifted(
    bench: Bench,
) -> None:
    await bench.put("zhang")
    waiting = asyncio.create_task(bench.reader.arrival(fresh=True))
    await asyncio.sleep(A_WHILE)
    assert not waiting.done()
    assert await bench.reader.arrival() is None  # for one who is content with it
    await bench.lift()
    await asyncio.sleep(2 * A_WHILE)
    assert not waiting.done()
    await bench.put("zhang")
    assert await asyncio.wait_for(waiting, LIMIT) is None
    assert await bench.reader.arrival() is None
    assert await bench.reader.read() == SAMPLES["zhang"]


async def test_status_tells_a_healthy_reader_from_the_first_question(bench: Bench) -> None:
    status = await bench.reader.status()
    assert status.device == "idcard"
    assert status.state is DeviceState.ONLINE
    assert status.fault is None
    assert status.usable


async def test_asking_for_status_does_not_lose_a_card(bench: Bench) -> None:
    await bench.put("zhang")
    assert await bench.reader.arrival() is None
    assert (await bench.reader.status()).usable
    assert await bench.reader.read() == SAMPLES["zhang"]


async def test_status_is_told_while_a_card_is_awaited(bench: Bench) -> None:
    waiting = asyncio.create_task(bench.reader.arrival())
    for _ in range(3):
        assert (await bench.reader.status()).usable
    assert not waiting.done()
    waiting.cancel()


async def test_calls_at_once_do_not_mix(bench: Bench) -> None:
    await bench.put("zhang")
    arrived, status, card, again = await asyncio.gather(
        bench.reader.arrival(), bench.reader.status(), bench.reader.read(), bench.reader.status()
    )
    assert arrived is None
    assert card == SAMPLES["zhang"]
    assert status.usable
    assert again.usable


@pytest.mark.parametrize("name", sorted(SAMPLES))
async def test_nothing_of_a_citizen_shows_in_results_or_logs(
    bench: Bench, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    await bench.put(name)
    result = await bench.reader.read()
    shown = repr(result) + caplog.text
    sample = SAMPLES[name]
    secrets = (sample.name, sample.number, sample.name_en, sample.address, sample.new_address)
    for secret in (*secrets, sample.pass_number):
        assert not secret or secret not in shown
