"""The PC/SC driver against a real pcscd, with cards of ours in vpcd's reader."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import date
from pathlib import Path

import pytest

from drivers.chipcard.samples import SAMPLES, Passport, SocialCard
from drivers.chipcard.transport import PcscReader
from kiosk.model import CardFault, CardType, DeviceState, IdCard
from pcsc import ChipcardRoom, chipcard_room, page

A_WHILE = 0.8  # seconds: pcscd looks for a card twice in it
ZHANG, ANNA = "passport_zhang", "passport_eriksson"


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChipcardRoom]:
    with chipcard_room(tmp_path_factory.mktemp("chipcard")) as made:
        yield made


@pytest.fixture
async def reader(room: ChipcardRoom) -> AsyncIterator[PcscReader]:
    driver = room.driver()
    yield driver
    await driver.close()


async def nothing_arrives(reader: PcscReader, *, fresh: bool = False) -> None:
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(reader.arrival(fresh=fresh), A_WHILE)


async def test_an_empty_reader_waits_and_reads_nothing(
    room: ChipcardRoom, reader: PcscReader
) -> None:
    room.set()
    await room.empty(reader)
    await nothing_arrives(reader)
    assert await reader.read() is CardFault.LIFTED
    assert await reader.uid() is CardFault.LIFTED


@pytest.mark.parametrize(
    ("name", "number", "ethnic", "valid_to"),
    [
        ("social_zhang", "445299199003072043", "汉", date(2034, 3, 1)),
        ("social_li", "445299195410121019", "汉", None),
        ("social_long", "445299197609231513", "维吾尔", date(2034, 3, 1)),
    ],
)
async def test_a_social_security_card_tells_its_holder(
    room: ChipcardRoom, reader: PcscReader, name: str, number: str, ethnic: str, valid_to: date
) -> None:
    """In a slot (T=0, with GET RESPONSE and 6Cxx) and by radio; rare characters and long names."""
    await room.put(reader, name)
    card = await reader.read()
    sample = SAMPLES[name]
    assert isinstance(card, IdCard)
    assert isinstance(sample, SocialCard)
    assert card.card_type is CardType.SOCIAL_SECURITY
    assert (card.name, card.number, card.ethnic) == (sample.name, number, ethnic)
    assert card.birth == date.fromisoformat(number[6:14])
    assert card.sex == {"1": "男", "2": "女"}[sample.sex]
    assert (card.valid_from, card.valid_to) == (date(2024, 3, 1), valid_to)


async def test_a_passport_is_read_whole(room: ChipcardRoom, reader: PcscReader) -> None:
    await room.put(reader, ZHANG)
    card = await reader.read(page(ZHANG))
    assert isinstance(card, IdCard)
    assert card.card_type is CardType.PASSPORT
    assert (card.name, card.name_en, card.number) == ("张小满", "ZHANG XIAOMAN", "E12345678")
    assert (card.birth, card.sex, card.nationality) == (date(1990, 3, 7), "女", "CHN")
    assert (card.valid_from, card.valid_to) == (date(2021, 5, 20), date(2031, 5, 19))
    assert card.photo.startswith(b"\xff\xd8\xff")
    assert card.photo.endswith(b"\xff\xd9")


async def test_a_card_of_three_lines_with_a_long_number_and_a_jpeg2000_are_read(
    room: ChipcardRoom, reader: PcscReader
) -> None:
    await room.put(reader, "idcard_utopia")
    card = await reader.read(page("idcard_utopia"))
    assert isinstance(card, IdCard)
    assert (card.name, card.number) == ("STEVENSON PETER JOHN", "D23145890734")
    assert card.valid_from == date.min
    await room.put(reader, ANNA)
    card = await reader.read(page(ANNA))
    assert isinstance(card, IdCard)
    assert card.photo.startswith(b"\x00\x00\x00\x0cjP  ")


async def test_a_passport_asks_for_its_page_and_stays_readable_while_it_lies_there(
    room: ChipcardRoom, reader: PcscReader
) -> None:
    await room.put(reader, ZHANG)
    assert await reader.read() is CardFault.ACCESS_NEEDED
    assert await reader.read("P<NOT<A<PAGE") is CardFault.ACCESS_NEEDED
    assert await reader.read(page(ANNA)) is CardFault.REFUSED
    assert await reader.arrival() is None
    assert isinstance(await reader.read(page(ZHANG)), IdCard)


@pytest.mark.parametrize(
    ("name", "fault", "told"),
    [
        ("bank", None, CardFault.WRONG_CARD),
        ("transit", None, CardFault.WRONG_CARD),
        ("social_expired", None, CardFault.EXPIRED),
        ("social_bad_number", None, CardFault.BAD_NUMBER),
        ("passport_expired", None, CardFault.EXPIRED),
        ("social_zhang", "mute", CardFault.UNREADABLE),
        ("social_zhang", "dead", CardFault.UNREADABLE),
        ("social_zhang", "cut_short", CardFault.UNREADABLE),
        ("social_zhang", "torn", CardFault.LIFTED),
        (ZHANG, "torn", CardFault.LIFTED),
        (ZHANG, "dead", CardFault.UNREADABLE),
        (ZHANG, "cut_short", CardFault.UNREADABLE),
        (ZHANG, "bad_mac", CardFault.UNREADABLE),
        (ZHANG, "altered", CardFault.REFUSED),
    ],
)
async def test_each_bad_card_gives_its_own_fault_and_leaves_the_reader_well(
    room: ChipcardRoom, reader: PcscReader, name: str, fault: str | None, told: CardFault
) -> None:
    await room.put(reader, name, fault)
    access = page(name) if isinstance(SAMPLES[name], Passport) else ""
    assert await reader.read(access) is told
    assert (await reader.status()).state is DeviceState.ONLINE


async def test_a_chip_that_falls_silent_ends_in_time_and_the_next_card_is_read(
    room: ChipcardRoom,
) -> None:
    reader = room.driver(seconds=1)
    try:
        await room.put(reader, "social_zhang", "silent")
        assert await asyncio.wait_for(reader.read(), 5) is CardFault.UNREADABLE
        again = asyncio.get_running_loop().time()
        assert await reader.read() is CardFault.UNREADABLE
        assert asyncio.get_running_loop().time() - again < 3, "waits on a reader that is held"
        assert (await reader.status()).usable
        await room.put(reader, "social_li")
        assert isinstance(await reader.read(), IdCard)
    finally:
        await reader.close()


async def test_a_slow_chip_is_waited_for(room: ChipcardRoom, reader: PcscReader) -> None:
    await room.put(reader, "social_zhang", "slow")
    turns, reading = 0, asyncio.create_task(reader.read())
    while not reading.done():
        turns += 1
        await asyncio.sleep(0.01)
    assert isinstance(await reading, IdCard)
    assert turns > 10, "the loop stood still"


async def test_a_card_that_was_read_counts_again_only_after_it_was_lifted(
    room: ChipcardRoom, reader: PcscReader
) -> None:
    await room.put(reader, "social_zhang")
    assert await reader.arrival() is None, "not read yet"
    assert isinstance(await reader.read(), IdCard)
    await nothing_arrives(reader)
    await room.put(reader, "social_zhang")
    assert isinstance(await reader.read(), IdCard)


async def test_a_card_that_already_lies_there_is_not_fresh(
    room: ChipcardRoom, reader: PcscReader
) -> None:
    await room.put(reader, "social_zhang")
    await nothing_arrives(reader, fresh=True)
    waiting = asyncio.create_task(reader.arrival(fresh=True))
    await asyncio.sleep(0)
    room.set(card="social_li")  # pulls the first
    assert await asyncio.wait_for(waiting, 10) is None


async def test_the_radio_number_tests_a_reader(room: ChipcardRoom, reader: PcscReader) -> None:
    await room.put(reader, "social_li")
    assert await reader.uid() == bytes.fromhex("08A1B2C3")
    await room.put(reader, "social_zhang")
    assert await reader.uid() == b"", "a contact card has none"


@pytest.mark.parametrize(
    ("strict", "fault", "accepted"),
    [(True, "forged", False), (True, None, True), (False, "forged", True)],
)
async def test_signers_of_unknown_issuers_are_refused_only_where_issuers_are_given(
    room: ChipcardRoom, strict: bool, fault: str | None, accepted: bool
) -> None:
    reader = room.driver(issuers=room.simulator.issuers if strict else None)
    try:
        await room.put(reader, ANNA, fault)
        card = await reader.read(page(ANNA))
        assert isinstance(card, IdCard) if accepted else card is CardFault.REFUSED
    finally:
        await reader.close()


@pytest.mark.parametrize(("name", "fault"), [("social_li", None), (ANNA, None), (ANNA, "torn")])
async def test_nothing_of_a_citizen_shows_in_results_or_logs(
    room: ChipcardRoom,
    reader: PcscReader,
    name: str,
    fault: str | None,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(0)
    await room.put(reader, name, fault)
    result = await reader.read(page(name) if name == ANNA else "")
    out, err = capfd.readouterr()
    shown = repr(result) + caplog.text + out + err
    for secret in ("李䶮", "445299195410121019", "ERIKSSON", "L898902C", "740812"):
        assert secret not in shown


async def test_a_closed_reader_leaves_the_device_to_others(
    room: ChipcardRoom, reader: PcscReader, tmp_path: Path
) -> None:
    waiting = asyncio.create_task(reader.arrival())
    await asyncio.sleep(0.1)
    await reader.close()
    assert await asyncio.wait_for(waiting, 30) is CardFault.NO_READER
    assert await reader.arrival() is CardFault.NO_READER
    assert await reader.read() is CardFault.NO_READER
    await reader.close()
    other = room.driver()
    await room.put(other, "social_zhang")
    assert isinstance(await other.read(), IdCard)
    await other.close()
