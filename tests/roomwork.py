"""Speech, a keypad and the plug of headphones around `Aloud`, for tests of what is said when."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

from kiosk.model import About, Cut, Key, Language, Speaking, Spoken, Utterance, Voice
from kiosk.session.aloud import Aloud

ZH = Language.ZH


class Mouth:
    """Speaks until it is told to go on; private words only with headphones."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.quick, self.plugged, self.broken = True, False, False
        self._over = asyncio.Event()
        self._ended = Spoken.SAID

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
        self._over.clear()
        await self._over.wait()
        return self._ended

    async def beep(self) -> Spoken:
        return Spoken.FAILED

    def stop(self) -> None:
        self.end(Spoken.INTERRUPTED)

    def end(self, how: Spoken = Spoken.SAID) -> None:
        """Of what is being said."""
        self._ended = how
        self._over.set()

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
    def __init__(self, mouth: Mouth | None = None) -> None:
        self.mouth, self.keys = mouth or Mouth(), Keys()
        self.heard: list[Key | bool] = []
        self.active = 0
        condition = SimpleNamespace(headphones=lambda: self.mouth.plugged)
        devices = SimpleNamespace(beside={"speech": self.mouth, "keypad": self.keys})
        terminal: Any = SimpleNamespace(devices=devices, condition=condition)
        self.aloud = Aloud(terminal, self.heard.append, self.heard.append, self._count)

    def _count(self) -> None:
        self.active += 1

    def say(
        self, *texts: str, about: About = About.PROGRAM, urgent: bool = True,
        private: bool = False, cut: Cut = Cut.KEPT,
    ) -> None:  # fmt: skip
        parts = tuple(Utterance(text, ZH, private) for text in texts)
        instead = Utterance("private", ZH)
        self.aloud.say(Speaking(parts, Voice(), instead, urgent, about, cut))

    def hush(self) -> None:
        self.say()

    def go_on(self) -> None:
        self.say("nothing", cut=Cut.RESUMED)

    def forget(self, *, urgent: bool = False) -> None:
        self.say(urgent=urgent, cut=Cut.FORGOTTEN)

    async def says(self, *begun: str) -> None:
        """Until exactly this has begun; then nothing is known of it any more."""
        async with asyncio.timeout(60):
            while self.mouth.begun != list(begun):
                assert self.mouth.begun == list(begun)[: len(self.mouth.begun)], self.mouth.begun
                await asyncio.sleep(0.005)
        self.mouth.begun.clear()


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
