"""Speech behind `kiosk.ports.Speech`: espeak-ng as a process, and a player for its sound."""

from __future__ import annotations

import asyncio
import shlex
import shutil
import time
from collections.abc import Callable, Sequence
from typing import Annotated, ClassVar, Self

from pydantic import BeforeValidator, Field

from drivers.debounce import Debounce
from drivers.options import Options, Site
from drivers.speech import wav
from drivers.speech.engine import Engine, play, playing_seconds, synthesise
from drivers.speech.programs import Utterance
from drivers.speech.pronounce import breaths
from drivers.speech.status import DEVICE, SpeechFault, understand
from drivers.speech.wav import Sound
from drivers.worker import Worker
from kiosk.model import DeviceState, DeviceStatus, Language, Spoken, Voice

LONGEST = 20_000  # characters of one utterance; what comes after them is not spoken
_LISTEN_EVERY = 0.05  # seconds between looks whether the headphones are still plugged in
_ENGINE_PATIENCE = 30.0  # for a sentence with all its changes of voice
_MARGIN = 2.0  # seconds; each program is killed long before
_CHECK_SECONDS = 4.5  # for all of a check
_PROBE_SECONDS = 1.4  # for each of its programs
_PROBES = ((Language.ZH, "好"), (Language.EN, "a"))
_PROBE_SILENCE = 0.05  # seconds
_BEEP = tuple(sound for _ in range(3) for sound in (wav.tone(1000, 0.25), wav.silence(0.15)))

Command = Annotated[
    tuple[str, ...],
    BeforeValidator(lambda said: shlex.split(said) if isinstance(said, str) else said),
]


class EspeakOptions(Options):
    engine: str = Field("espeak-ng", description="The espeak-ng program")
    player: Command = Field(
        ("aplay", "-q"),
        min_length=1,
        description="Program, with arguments, that plays WAV from its input on the loudspeaker",
    )
    private_player: Command = Field(
        (),
        description="The same for the headphones, on their own sound device; "
        "empty: private content is never spoken",
    )
    player_seconds: float = Field(
        3.0, ge=0.1, le=60, description="Seconds beyond a sound's end after which a player hangs"
    )
    check_seconds: float = Field(
        60.0, ge=0, description="Seconds between checks of a sound device that works"
    )


class EspeakSpeech:
    """With headphones plugged in, everything goes there: a listener needs one place to hear."""

    Options: ClassVar = EspeakOptions

    def __init__(self, options: EspeakOptions, headphones: Callable[[], bool]) -> None:
        self._options = options
        self._headphones = headphones
        self._worker = Worker(DEVICE)
        self._debounce = Debounce(DEVICE)
        self._current: Utterance | None = None
        self._speaking = 0
        self._check: Utterance | None = None
        self._fault: SpeechFault | None = None
        self._checked: float | None = None  # when it was last known to work, or not to
        self._closed = False

    @classmethod
    def build(cls, options: EspeakOptions, site: Site) -> Self:
        return cls(options, site.headphones)

    async def say(
        self, text: str, language: Language, voice: Voice, *, private: bool = False
    ) -> Spoken:
        """Whatever ends it, cancelling too: no program of it goes on."""
        self.stop()
        if self._closed:
            return Spoken.FAILED
        player = self._output(private=private)
        if player is None:
            return Spoken.WITHHELD
        utterance = self._begin()
        speaking = asyncio.ensure_future(self._spoken(utterance, text, language, voice, player))
        return await self._heard(utterance, speaking, private=private)

    async def beep(self) -> Spoken:
        """Also while headphones are plugged in: nobody may be wearing them."""
        self.stop()
        if self._closed:
            return Spoken.FAILED
        utterance = self._begin()
        return await self._heard(utterance, asyncio.ensure_future(self._beeped(utterance)))

    def stop(self) -> None:
        current = self._current
        if current is not None:
            current.stop()

    async def status(self) -> DeviceStatus:
        """A check makes no sound: both voices speak to nobody, the player gets silence."""
        if self._closed:
            return understand(SpeechFault.PLAYER_FAILED)
        if not self._speaking and self._check is None and self._due():
            await self._look()
        if self._speaking:
            return DeviceStatus(DEVICE, DeviceState.BUSY)
        missed = self._fault is SpeechFault.PLAYER_FAILED
        return self._debounce.see(understand(self._fault), missed=missed)

    async def close(self) -> None:
        self._closed = True
        self.stop()
        if self._check is not None:
            self._check.stop()
        self._worker.close()

    def _output(self, *, private: bool) -> tuple[str, ...] | None:
        """The player to be used now; None: private content must not be spoken."""
        heard = self._options.private_player if self._headphones() else ()
        return heard or (None if private else self._options.player)

    def _begin(self) -> Utterance:
        utterance = self._current = Utterance()
        if self._check is not None:
            self._check.stop()
        return utterance

    async def _heard(
        self, utterance: Utterance, speaking: asyncio.Future[Spoken], *, private: bool = False
    ) -> Spoken:
        self._speaking += 1
        try:
            if private and not await self._kept_private(speaking):
                return Spoken.WITHHELD
            return await speaking
        finally:
            utterance.stop()
            speaking.cancel()
            self._speaking -= 1

    async def _beeped(self, utterance: Utterance) -> Spoken:
        """That it was heard says nothing of the voice."""
        try:
            fault = await self._play(utterance, self._options.player, _BEEP)
        except TimeoutError:
            fault = SpeechFault.PLAYER_FAILED
        if utterance.stopped:
            return Spoken.INTERRUPTED
        if fault is not None:
            self._known(fault)
        return Spoken.SAID if fault is None else Spoken.FAILED

    async def _spoken(
        self, utterance: Utterance, text: str, language: Language, voice: Voice,
        player: tuple[str, ...],
    ) -> Spoken:  # fmt: skip
        fault: SpeechFault | None = None
        for sentence in breaths(text[:LONGEST]):
            try:
                fault = await self._sentence(utterance, sentence, language, voice, player)
            except TimeoutError:
                fault = SpeechFault.ENGINE_FAILED
            if utterance.stopped:
                return Spoken.INTERRUPTED
            self._known(fault)
            if fault is not None:
                return Spoken.FAILED
        return Spoken.SAID

    async def _sentence(
        self,
        utterance: Utterance,
        sentence: str,
        language: Language,
        voice: Voice,
        player: tuple[str, ...],
    ) -> SpeechFault | None:
        engine = Engine(self._options.engine)
        sounds = await self._worker.call(
            _ENGINE_PATIENCE, synthesise, utterance, engine, sentence, language, voice
        )
        if not isinstance(sounds, list):
            return sounds
        return await self._play(utterance, player, sounds) if sounds else None

    async def _play(
        self, utterance: Utterance, player: tuple[str, ...], sounds: Sequence[Sound]
    ) -> SpeechFault | None:
        seconds = playing_seconds(sounds, self._options.player_seconds)
        return await self._worker.call(seconds + _MARGIN, play, utterance, player, sounds, seconds)

    async def _kept_private(self, speaking: asyncio.Future[Spoken]) -> bool:
        """Until it is spoken. False: the headphones were pulled before, and it must stop."""
        while not (await asyncio.wait({speaking}, timeout=_LISTEN_EVERY))[0]:
            if not self._headphones():
                return False
        return True

    def _due(self) -> bool:
        if self._fault is not None or self._checked is None:
            return True
        every = self._options.check_seconds
        return every > 0 and time.monotonic() - self._checked >= every

    async def _look(self) -> None:
        """Abandoned as soon as somebody wants to speak; then nothing is learnt."""
        check = self._check = Utterance()
        try:
            fault = await self._worker.call(_CHECK_SECONDS, self._probe, check)
        except TimeoutError:
            fault = SpeechFault.ENGINE_FAILED
        else:
            if check.stopped:
                return
        finally:
            check.stop()
            self._check = None
        self._known(fault)

    def _probe(self, check: Utterance) -> SpeechFault | None:
        """On the worker's thread."""
        options = self._options
        players = (options.player, options.private_player)
        if any(player and shutil.which(player[0]) is None for player in players):
            return SpeechFault.PLAYER_MISSING
        engine = Engine(options.engine, _PROBE_SECONDS)
        for language, syllable in _PROBES:
            sounds = synthesise(check, engine, syllable, language, Voice())
            if not isinstance(sounds, list):
                return sounds
        player = self._output(private=False) or options.player
        seconds = min(options.player_seconds, _PROBE_SECONDS)
        return play(check, player, [wav.silence(_PROBE_SILENCE)], seconds)

    def _known(self, fault: SpeechFault | None) -> None:
        self._fault = fault
        self._checked = time.monotonic()
