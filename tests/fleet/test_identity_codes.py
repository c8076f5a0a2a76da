"""One-time codes over real HTTP, asked for by the terminal's own client."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import stat
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from fleet.identity.answers import Fault
from fleet.identity.codes import A_DAY, AGAIN, SECONDS
from fleet.identity.senders import NoSender
from identitywork import LI, NO_PHONE, NO_PIN, NOBODY, PATIENT, ZHANG, Window, other, refused
from kiosk.gateway import HttpCredentials
from kiosk.model import CodeSent, SecretAnswer, SecretFault

DAY = 24 * 3600


@pytest.fixture
def window(tmp_path: Path) -> Window:
    return Window(tmp_path)


@pytest.fixture
async def terminal(window: Window) -> AsyncIterator[HttpCredentials]:
    with window.open() as url:
        client = window.terminal(url)
        yield client
        await client.close()


async def sent(terminal: HttpCredentials, number: str = ZHANG) -> CodeSent:
    found = await terminal.send_code(number, PATIENT)
    assert isinstance(found, CodeSent)
    return found


async def check(terminal: HttpCredentials, challenge: str, code: str) -> SecretAnswer:
    return await terminal.check_code(challenge, code, PATIENT)


def wrong(left: int, wait: int = AGAIN) -> SecretAnswer:
    """`wait`: until another code may be asked for."""
    return SecretAnswer(SecretFault.WRONG, tries_left=left, wait=wait)


def locked(wait: int) -> SecretAnswer:
    return SecretAnswer(SecretFault.LOCKED, tries_left=0, wait=wait)


EXPIRED = SecretAnswer(SecretFault.EXPIRED)


def test_the_fleets_faults_are_the_terminals_faults() -> None:
    assert [fault.value for fault in Fault] == [fault.value for fault in SecretFault]


async def test_the_right_code_is_accepted_once(window: Window, terminal: HttpCredentials) -> None:
    found = await sent(terminal)
    assert (found.phone, found.seconds, found.again) == ("138****8000", SECONDS, AGAIN)
    assert await check(terminal, found.challenge, window.code) == SecretAnswer()
    assert await check(terminal, found.challenge, window.code) == EXPIRED


async def test_the_phone_shows_the_code_in_both_languages(
    window: Window, terminal: HttpCredentials
) -> None:
    await sent(terminal, LI)
    shown = json.loads(window.phone_file.read_text("utf-8"))
    assert shown["number"] == "138****8001"
    assert shown["text"].count(shown["code"]) == 2
    assert "【示例县】" in shown["text"]
    assert "valid for 5 minutes" in shown["text"]
    assert stat.S_IMODE(window.phone_file.stat().st_mode) == 0o600


async def test_three_wrong_tries_kill_a_code(window: Window, terminal: HttpCredentials) -> None:
    found = await sent(terminal)
    bad = other(window.code)
    assert await check(terminal, found.challenge, bad) == wrong(2)
    assert await check(terminal, found.challenge, "") == wrong(1)
    window.now += 20
    assert await check(terminal, found.challenge, bad) == locked(AGAIN - 20)
    assert await check(terminal, found.challenge, window.code) == locked(AGAIN - 20)
    window.now += AGAIN - 20
    assert await check(terminal, found.challenge, window.code) == EXPIRED
    fresh = await sent(terminal)
    assert await check(terminal, fresh.challenge, window.code) == SecretAnswer()


async def test_a_code_is_too_old_after_five_minutes(
    window: Window, terminal: HttpCredentials
) -> None:
    found = await sent(terminal)
    window.now += SECONDS - 1
    assert await check(terminal, found.challenge, other(window.code)) == wrong(2, wait=1)
    window.now += 1
    assert await check(terminal, found.challenge, window.code) == EXPIRED
    assert rows(window, "SELECT * FROM identity_codes") == []


async def test_another_code_comes_after_a_minute_and_spoils_the_first(
    window: Window, terminal: HttpCredentials
) -> None:
    first, code = await sent(terminal), window.code
    window.now += AGAIN - 1
    assert await refused(terminal, ZHANG) is SecretFault.TOO_SOON
    assert window.code == code
    assert isinstance(await terminal.send_code(LI, PATIENT), CodeSent)
    window.now += 1
    second = await sent(terminal)
    assert second.challenge != first.challenge
    assert await check(terminal, first.challenge, code) == EXPIRED
    assert await check(terminal, second.challenge, window.code) == SecretAnswer()


async def test_nobody_gets_more_than_five_codes_a_day(
    window: Window, terminal: HttpCredentials
) -> None:
    begun = window.now
    for _ in range(A_DAY):
        await sent(terminal)
        window.now += AGAIN
    assert await refused(terminal, ZHANG) is SecretFault.TOO_SOON
    window.now = begun + DAY - 1
    assert await refused(terminal, ZHANG) is SecretFault.TOO_SOON
    window.now = begun + DAY
    await sent(terminal)


async def test_a_dead_fifth_code_tells_how_long_there_is_no_other(
    window: Window, terminal: HttpCredentials
) -> None:
    begun = window.now
    for _ in range(A_DAY - 1):
        await sent(terminal)
        window.now += AGAIN
    last = await sent(terminal)
    answers = [await check(terminal, last.challenge, "") for _ in range(3)]
    assert answers[-1] == locked(round(begun + DAY - window.now))


@pytest.mark.parametrize("number", [NOBODY, NO_PHONE, "", "not a number"])
async def test_without_a_phone_on_file_there_is_no_code(
    window: Window, terminal: HttpCredentials, number: str
) -> None:
    assert await refused(terminal, number) is SecretFault.NOT_REGISTERED
    assert not window.phone_file.exists()
    assert rows(window, "SELECT * FROM identity_people") == []


async def test_a_code_belongs_to_the_terminal_that_asked_for_it(window: Window) -> None:
    with window.open() as url:
        mine, theirs = window.terminal(url), window.terminal(url, window.other_token)
        found = await sent(mine)
        assert await check(theirs, found.challenge, window.code) == EXPIRED
        assert await check(mine, found.challenge, window.code) == SecretAnswer()
        await mine.close()
        await theirs.close()


async def test_a_code_that_could_not_be_sent_may_be_asked_for_again_at_once(
    window: Window, terminal: HttpCredentials
) -> None:
    window.phone_file.parent.write_bytes(b"in the way")
    assert await refused(terminal, ZHANG) is SecretFault.UNREACHABLE
    assert rows(window, "SELECT * FROM identity_codes") == []
    window.phone_file.parent.unlink()
    await sent(terminal)


async def test_without_a_sender_no_code_is_promised(tmp_path: Path) -> None:
    window = Window(tmp_path, NoSender())
    with window.open() as url:
        terminal = window.terminal(url)
        assert await refused(terminal, ZHANG) is SecretFault.UNREACHABLE
        assert await refused(terminal, NOBODY) is SecretFault.NOT_REGISTERED
        await terminal.close()


async def test_a_person_without_a_pin_gets_codes(window: Window, terminal: HttpCredentials) -> None:
    found = await sent(terminal, NO_PIN)
    assert await check(terminal, found.challenge, window.code) == SecretAnswer()


async def test_an_identity_service_that_is_away_is_unreachable(
    window: Window, terminal: HttpCredentials
) -> None:
    window.persons.away = True
    assert await refused(terminal, ZHANG) is SecretFault.UNREACHABLE


async def test_many_at_once_are_three_tries_and_no_more(
    window: Window, terminal: HttpCredentials
) -> None:
    found = await sent(terminal)
    codes = [f"{(int(window.code) + 1 + n) % 10**6:06}" for n in range(10)]
    told = await asyncio.gather(*(check(terminal, found.challenge, code) for code in codes))
    assert sorted(told, key=lambda one: -(one.tries_left or 0)) == [
        wrong(2), wrong(1), *[locked(AGAIN)] * 8,
    ]  # fmt: skip
    assert await check(terminal, found.challenge, window.code) == locked(AGAIN)


async def test_the_last_try_made_twice_at_once_counts_once(
    window: Window, terminal: HttpCredentials
) -> None:
    found = await sent(terminal)
    for _ in range(2):
        await check(terminal, found.challenge, other(window.code))
    right, bad = window.code, other(window.code)
    told = await asyncio.gather(
        check(terminal, found.challenge, right), check(terminal, found.challenge, bad)
    )
    # Whichever came first decided: then the right one was used, or the code was dead.
    assert told in ([SecretAnswer(), EXPIRED], [locked(AGAIN), locked(AGAIN)])


async def test_one_code_used_by_many_at_once_lets_one_in(
    window: Window, terminal: HttpCredentials
) -> None:
    found = await sent(terminal)
    told = await asyncio.gather(*(check(terminal, found.challenge, window.code) for _ in range(8)))
    assert told.count(SecretAnswer()) == 1
    assert told.count(EXPIRED) == 7


async def test_a_restart_keeps_the_code_and_its_tries(window: Window) -> None:
    with window.open() as url:
        terminal = window.terminal(url)
        found = await sent(terminal)
        for _ in range(2):
            await check(terminal, found.challenge, "")
        await terminal.close()
    with window.open() as url:
        terminal = window.terminal(url)
        assert await refused(terminal, ZHANG) is SecretFault.TOO_SOON
        assert await check(terminal, found.challenge, "") == locked(AGAIN)
        await terminal.close()


def rows(window: Window, query: str) -> list[Any]:
    with closing(sqlite3.connect(window.database, timeout=30)) as connection:
        return connection.execute(query).fetchall()
