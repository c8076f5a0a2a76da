"""Speech and keypad on the session's loop; what they say and mean is the screen's."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

import structlog

from kiosk.model import Key, Speaking, Spoken, Utterance, Voice
from kiosk.ports import Keypad, Speech
from kiosk.session.terminal import Terminal

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
        self._news = asyncio.Event()
        self._turn = 0  # grows with everything urgent: what began before must end

    def say(self, speaking: Speaking) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._take, speaking)

    async def run(self) -> None:
        self._loop = asyncio.get_running_loop()
        await asyncio.gather(self._keys(), self._plug(), self._speak())

    def _take(self, speaking: Speaking) -> None:
        if speaking.urgent:
            self._turn += 1
            self._waiting.clear()
            if self._speech is not None:
                self._speech.stop()
        elif self._waiting and not self._waiting[-1].urgent:
            self._waiting.pop()
        self._waiting.append(speaking)
        self._news.set()

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
        turn, withheld = self._turn, False
        for part in speaking.parts:
            ended = await self._one(speech, part, speaking.voice)
            if ended is Spoken.WITHHELD and not withheld:
                withheld = True
                ended = await self._one(speech, speaking.instead, speaking.voice)
            if self._turn != turn or ended is Spoken.FAILED:
                return

    async def _one(self, speech: Speech, part: Utterance, voice: Voice) -> Spoken:
        work = asyncio.ensure_future(
            speech.say(part.text, part.language, voice, private=part.private)
        )
        try:
            while not (await asyncio.wait({work}, timeout=_LISTENING_SECONDS))[0]:
                self._active()
            return work.result()
        except Exception as error:  # noqa: BLE001 (a defect of a driver must not end the visit)
            log.error("speech_failed", error=type(error).__name__)
            return Spoken.FAILED
        finally:
            work.cancel()
