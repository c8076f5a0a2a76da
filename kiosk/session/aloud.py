"""Speech and keypad on the session's loop; what they say and mean is the screen's."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import replace

import structlog

from kiosk.model import About, Cut, Key, Speaking, Spoken, Utterance, Voice
from kiosk.ports import Keypad, Speech
from kiosk.session.terminal import Terminal
from kiosk.session.unsaid import Unsaid

log = structlog.get_logger("session")

_AWAY_SECONDS = 2.0  # to the next look for a keypad that is away
_PLUG_SECONDS = 0.5  # between looks at the socket of the headphones
_LISTENING_SECONDS = 5.0  # who listens is not idle


class Aloud:
    """`say` may be called from any thread. `on_key`, `on_plug` and `active` are called on the
    session's loop; `active` again and again while somebody is spoken to."""

    def __init__(
        self,
        terminal: Terminal,
        on_key: Callable[[Key], None],
        on_plug: Callable[[bool], None],
        active: Callable[[], None],
    ) -> None:
        speech, keypad = (terminal.devices.beside.get(name) for name in ("speech", "keypad"))
        self._speech = speech if isinstance(speech, Speech) else None
        self._keypad = keypad if isinstance(keypad, Keypad) else None
        self._headphones, self._on_key = terminal.condition.headphones, on_key
        self._on_plug, self._active = on_plug, active
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting: deque[Speaking] = deque()
        self._unsaid = Unsaid()
        self._news = asyncio.Event()
        self._turn = 0  # grows with everything urgent: what began before must end

    def say(self, speaking: Speaking) -> None:
        if self._speech is not None and self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._take, self._speech, speaking)

    async def run(self) -> None:
        self._loop = asyncio.get_running_loop()
        await asyncio.gather(self._keys(), self._plug(), self._speak())

    def _take(self, speech: Speech, speaking: Speaking) -> None:
        if speaking.cut is Cut.FORGOTTEN:
            self._forget()
        if speaking.urgent:
            self._interrupt(speech)
        if speaking.cut is Cut.RESUMED:
            self._waiting.extend(self._unsaid.resume(speaking))
        elif speaking.parts:
            self._add(speaking)
        self._news.set()

    def _interrupt(self, speech: Speech) -> None:
        self._turn += 1
        self._unsaid.cut(self._waiting)
        self._waiting.clear()
        speech.stop()

    def _add(self, speaking: Speaking) -> None:
        self._unsaid.outdate(speaking)
        if self._waiting and not self._waiting[-1].urgent:
            self._waiting.pop()
        self._waiting.append(speaking)

    def _forget(self) -> None:
        """What waits is still said, but belongs to no page."""
        self._unsaid.forget()
        self._waiting = deque(replace(one, about=About.PROGRAM) for one in self._waiting)

    async def _keys(self) -> None:
        while self._keypad is not None:
            key = await self._keypad.key()
            if key is None:
                await asyncio.sleep(_AWAY_SECONDS)
            else:
                self._active()
                self._on_key(key)

    async def _plug(self) -> None:
        plugged = False
        while True:
            if self._headphones() != plugged:
                plugged = not plugged
                self._on_plug(plugged)
            await asyncio.sleep(_PLUG_SECONDS)

    async def _speak(self) -> None:
        while self._speech is not None:
            await self._news.wait()
            self._news.clear()
            while self._waiting:
                await self._all(self._speech, self._waiting.popleft())

    async def _all(self, speech: Speech, speaking: Speaking) -> None:
        listening = asyncio.ensure_future(self._listened())
        try:
            await self._sentences(speech, speaking)
        finally:
            listening.cancel()

    async def _listened(self) -> None:
        while True:
            await asyncio.sleep(_LISTENING_SECONDS)
            self._active()

    async def _sentences(self, speech: Speech, speaking: Speaking) -> None:
        """One at a time, so that it is known how far it came."""
        turn, withheld = self._turn, False
        self._unsaid.begin(speaking)
        while self._unsaid.rest:
            ended = await self._one(speech, self._unsaid.rest[0], speaking.voice)
            if ended is Spoken.WITHHELD and not withheld and self._turn == turn:
                withheld = True
                ended = await self._one(speech, speaking.instead, speaking.voice)
            if self._turn != turn:
                return
            if ended is Spoken.INTERRUPTED:  # somebody else has the sound now
                self._unsaid.cut()
                return
            if ended is Spoken.FAILED:
                self._unsaid.rest.clear()
                return
            self._unsaid.rest.popleft()

    async def _one(self, speech: Speech, part: Utterance, voice: Voice) -> Spoken:
        try:
            return await speech.say(part.text, part.language, voice, private=part.private)
        except Exception as error:  # noqa: BLE001 (a defect of a driver must not end the visit)
            log.error("speech_failed", error=type(error).__name__)
            return Spoken.FAILED
