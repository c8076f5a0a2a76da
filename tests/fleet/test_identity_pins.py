"""Service PINs over real HTTP, asked about by the terminal's own client."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from fleet.platform.contract import PlatformError
from fleet.platform.persons import SamplePersons, hashed
from identitywork import LI, NO_PHONE, NO_PIN, NOBODY, PATIENT, PIN, ZHANG, Window
from kiosk.gateway import HttpCredentials
from kiosk.model import SecretAnswer, SecretFault

DAY = 24 * 3600
OK = SecretAnswer()
UNKNOWN = SecretAnswer(SecretFault.NOT_REGISTERED)


@pytest.fixture
def window(tmp_path: Path) -> Window:
    return Window(tmp_path)


@pytest.fixture
async def terminal(window: Window) -> AsyncIterator[HttpCredentials]:
    with window.open() as url:
        client = window.terminal(url)
        yield client
        await client.close()


async def check(terminal: HttpCredentials, pin: str, number: str = ZHANG) -> SecretAnswer:
    return await terminal.check_pin(number, pin, PATIENT)


def wrong(left: int) -> SecretAnswer:
    return SecretAnswer(SecretFault.WRONG, tries_left=left)


def locked(wait: int) -> SecretAnswer:
    return SecretAnswer(SecretFault.LOCKED, tries_left=0, wait=wait)


async def lock(terminal: HttpCredentials) -> SecretAnswer:
    """Three wrong ones; the answer to the last."""
    answers = [await check(terminal, "000000") for _ in range(3)]
    assert answers[:2] == [wrong(2), wrong(1)]
    return answers[2]


async def test_the_sample_peoples_own_pins_hold(window: Window) -> None:
    window.persons = SamplePersons()
    with window.open() as url:
        terminal = window.terminal(url)
        assert await check(terminal, PIN) == OK
        assert await check(terminal, "864209", LI) == OK
        assert await check(terminal, "112358", NO_PHONE) == OK
        assert await check(terminal, PIN, LI) == wrong(2)
        await terminal.close()


@pytest.mark.parametrize("number", [NOBODY, NO_PIN, ""])
async def test_without_a_pin_on_file_nothing_is_tried(
    window: Window, terminal: HttpCredentials, number: str
) -> None:
    assert [await check(terminal, PIN, number) for _ in range(5)] == [UNKNOWN] * 5
    assert window.persons.tried == []


async def test_three_wrong_ones_lock_and_the_right_one_waits_too(
    window: Window, terminal: HttpCredentials
) -> None:
    assert await lock(terminal) == locked(30)
    window.now += 10
    assert await check(terminal, PIN) == locked(20)
    assert PIN not in window.persons.tried
    assert await check(terminal, "864209", LI) == wrong(2)  # nobody else is locked
    window.now += 20
    assert await check(terminal, PIN) == OK


async def test_the_right_one_at_the_last_try_leaves_no_lock(terminal: HttpCredentials) -> None:
    assert [await check(terminal, pin) for pin in ("0", "1", PIN, PIN)] == [
        wrong(2), wrong(1), OK, OK,
    ]  # fmt: skip


async def test_each_lock_lasts_twice_as_long_up_to_an_hour(
    window: Window, terminal: HttpCredentials
) -> None:
    waits = []
    for _ in range(9):
        told = await lock(terminal)
        waits.append(told.wait)
        window.now += told.wait
    assert waits == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]


async def test_the_right_one_forgives(window: Window, terminal: HttpCredentials) -> None:
    for _ in range(2):
        window.now += (await lock(terminal)).wait
    assert await check(terminal, "000000") == wrong(2)
    assert await check(terminal, PIN) == OK
    window.now += 60
    assert await lock(terminal) == locked(30)


async def test_a_quiet_day_forgives_and_leaves_no_row(
    window: Window, terminal: HttpCredentials
) -> None:
    for _ in range(2):
        window.now += (await lock(terminal)).wait
    window.now += DAY - 120
    assert await check(terminal, "000000") == wrong(2)
    window.now += DAY + 1
    assert await lock(terminal) == locked(30)


async def test_a_restart_keeps_the_lock_and_how_often(window: Window) -> None:
    with window.open() as url:
        terminal = window.terminal(url)
        window.now += (await lock(terminal)).wait
        assert await lock(terminal) == locked(60)
        await terminal.close()
    with window.open() as url:
        terminal = window.terminal(url)
        window.now += 1
        assert await check(terminal, PIN) == locked(59)
        window.now += 59
        assert await check(terminal, "000000") == wrong(2)
        await terminal.close()


async def test_many_at_once_are_three_tries_and_no_more(
    window: Window, terminal: HttpCredentials
) -> None:
    told = await asyncio.gather(*(check(terminal, f"{n:06}") for n in range(10)))
    assert len(window.persons.tried) == 3
    assert sorted(told, key=lambda one: -(one.tries_left or 0)) == [
        wrong(2), wrong(1), *[locked(30)] * 8,
    ]  # fmt: skip


async def test_the_last_try_made_twice_at_once_counts_once(
    window: Window, terminal: HttpCredentials
) -> None:
    for _ in range(2):
        await check(terminal, "000000")
    told = await asyncio.gather(check(terminal, "111111"), check(terminal, "222222"))
    assert told == [locked(30), locked(30)]
    assert len(window.persons.tried) == 3


async def test_an_identity_service_that_is_away_is_unreachable(
    window: Window, terminal: HttpCredentials
) -> None:
    window.persons.away = True
    assert await check(terminal, PIN) == SecretAnswer(SecretFault.UNREACHABLE)
    window.persons.away = False
    assert await check(terminal, PIN) == OK


def test_a_hash_is_of_its_pin_and_salt_alone() -> None:
    assert hashed("135790", b"a" * 16) == hashed("135790", b"a" * 16)
    assert (
        len({hashed("135790", b"a" * 16), hashed("135790", b"b" * 16), hashed("0", b"a" * 16)}) == 3
    )


@pytest.mark.parametrize(
    "content",
    ["", "people = 1", '[[people]]\nphone = "1"', '[[people]]\nnumber = "1"\npin = "zz:zz"'],
)
def test_a_damaged_list_of_people_is_told(tmp_path: Path, content: str) -> None:
    path = tmp_path / "people.toml"
    path.write_text(content)
    with pytest.raises(PlatformError, match=r"people\.toml: damaged"):
        SamplePersons(path)
