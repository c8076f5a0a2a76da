"""Speech and keypad beside a visit: what gives way to what, and what is never said aloud."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

from kiosk.model import Key, Language, Speaking, Spoken, Utterance, Voice
from kiosk.session.aloud import Aloud

ZH = Language.ZH


class Mouth:
    """Speaks until it is told to go on; private words only with headphones."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.quick, self.plugged, self.broken = True, False, False
        self._stopped = asyncio.Event()

    async def say(
        self, text: str, language: Language, voice: Voice, *, private: bool = False
    ) -> Spoken:
        if self.broken:
            raise OSError("no such sound")
        if private and not self.plugged:
            return Spoken.WITHHELD
        self.begun.append(text)
        if self.quick:
            return Spoken.SAID
        self._stopped.clear()
        await self._stopped.wait()
        return Spoken.INTERRUPTED

    async def beep(self) -> Spoken:
        return Spoken.FAILED

    def stop(self) -> None:
        self._stopped.set()

    async def status(self) -> None:
        """Nobody asks."""

    async def close(self) -> None:
        """Nothing is open."""


class Keys:
    def __init__(self) -> None:
        self.pressed: asyncio.Queue[Key | None] = asyncio.Queue()

    async def key(self) -> Key | None:
        return await self.pressed.get()

    async def status(self) -> None:
        """Nobody asks."""

    async def close(self) -> None:
        """Nothing is open."""


class Room:
    def __init__(self) -> None:
        self.mouth, self.keys = Mouth(), Keys()
        self.heard: list[Key | bool] = []
        self.active = 0
        condition = SimpleNamespace(headphones=lambda: self.mouth.plugged)
        devices = SimpleNamespace(beside={"speech": self.mouth, "keypad": self.keys})
        terminal: Any = SimpleNamespace(devices=devices, condition=condition)
        self.aloud = Aloud(terminal, self.heard.append, self.heard.append, self._count)

    def _count(self) -> None:
        self.active += 1

    def say(self, *texts: str, urgent: bool = True, private: bool = False) -> None:
        parts = tuple(Utterance(text, ZH, private) for text in texts)
        self.aloud.say(Speaking(parts, Voice(), Utterance("private", ZH), urgent))


@asynccontextmanager
async def room() -> AsyncIterator[Room]:
    made = Room()
    work = asyncio.ensure_future(made.aloud.run())
    await asyncio.sleep(0)
    yield made
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not true():
            await asyncio.sleep(0.005)


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
