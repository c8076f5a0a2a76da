"""Speech and keypad beside a visit: what gives way to what, and what is never said aloud."""

from __future__ import annotations

import asyncio

import pytest

from kiosk.model import Key
from kiosk.session import aloud
from roomwork import room, until


async def test_what_is_urgent_interrupts_and_what_is_not_waits() -> None:
    async with room() as here:
        here.mouth.quick = False
        here.say("page one", "and its text")
        await until(lambda: here.mouth.begun == ["page one"])
        here.say("news", urgent=False)
        here.say("newer news", urgent=False)
        await asyncio.sleep(0.02)
        assert here.mouth.begun == ["page one"]
        here.say("page two")
        await until(lambda: here.mouth.begun[-1:] == ["page two"])
        here.mouth.quick = True
        here.say("news", urgent=False)
        here.mouth.stop()
        await until(lambda: here.mouth.begun == ["page one", "page two", "news"])


async def test_private_words_are_replaced_once_without_headphones() -> None:
    async with room() as here:
        here.say("secret", "secret too", private=True)
        await until(lambda: bool(here.mouth.begun))
        assert here.mouth.begun == ["private"]
        here.mouth.plugged = True
        here.say("secret", private=True)
        await until(lambda: here.mouth.begun == ["private", "secret"])


async def test_a_driver_that_breaks_ends_nothing() -> None:
    async with room() as here:
        here.mouth.broken = True
        here.say("one")
        await asyncio.sleep(0.02)
        here.mouth.broken = False
        here.say("two")
        await until(lambda: here.mouth.begun == ["two"])


async def test_keys_and_the_plug_are_told_and_count_as_presence() -> None:
    async with room() as here:
        here.keys.pressed.put_nowait(Key.DOWN)
        await until(lambda: Key.DOWN in here.heard)
        assert here.active == 1
        here.mouth.plugged = True
        await until(lambda: True in here.heard)
        here.mouth.plugged = False
        await until(lambda: False in here.heard)


async def test_who_listens_to_many_short_sentences_is_not_idle(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(aloud, "_LISTENING_SECONDS", 0.05)
    async with room() as here:
        here.mouth.quick = False
        here.say("One. Two. Three. Four. Five.")
        for word in ("One.", "Two.", "Three.", "Four.", "Five."):
            await here.says(word)
            await asyncio.sleep(0.03)
            here.mouth.end()
        await until(lambda: here.active > 0)
        told = here.active
        await asyncio.sleep(0.2)
        assert here.active - told <= 1, "when it is silent, nobody is known to listen"
