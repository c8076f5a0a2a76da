"""One sentence through espeak-ng and a player. Blocking: for the device's worker thread only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from drivers.speech import wav
from drivers.speech.programs import Ended, Utterance
from drivers.speech.pronounce import pronounce
from drivers.speech.status import OF_ENGINE, OF_PLAYER, SpeechFault
from drivers.speech.wav import Sound
from kiosk.model import Language, Voice

RATES = (80, 450)  # words a minute that espeak-ng can
_CLOCKS = 1.1  # those of sound devices differ
_LOUDEST = 200  # espeak-ng's amplitude


@dataclass(frozen=True, slots=True)
class Engine:
    """`seconds`: for each part of a sentence; a hundredth of that is usual."""

    program: str
    seconds: float = 5.0


def synthesise(
    utterance: Utterance, engine: Engine, sentence: str, language: Language, voice: Voice
) -> list[Sound] | SpeechFault | None:
    """None: stopped."""
    sounds = []
    for part in pronounce(sentence, language):
        command = _command(engine.program, part.voice, voice)
        said = utterance.run(command, part.text.encode("utf-8"), engine.seconds)
        if said is Ended.STOPPED:
            return None
        if isinstance(said, Ended):
            return OF_ENGINE[said]
        sound = wav.decode(said)
        if sound is None or not sound.samples:
            return SpeechFault.VOICE_MISSING
        sounds.append(sound)
    return sounds


def playing_seconds(sounds: Sequence[Sound], slack: float) -> float:
    """After which a player hangs that should have played these."""
    return sum(sound.seconds for sound in sounds) * _CLOCKS + slack


def play(
    utterance: Utterance, player: Sequence[str], sounds: Sequence[Sound], seconds: float
) -> SpeechFault | None:
    ended = utterance.run(player, wav.encode(sounds), seconds)
    if isinstance(ended, Ended) and ended is not Ended.STOPPED:
        return OF_PLAYER[ended]
    return None


def _command(program: str, name: str, voice: Voice) -> list[str]:
    """The text is not in it: everybody on this machine may read a program's arguments."""
    low, high = RATES
    rate = min(max(voice.rate, low), high)
    amplitude = min(max(voice.volume, 0), 100) * _LOUDEST // 100
    settings = ["-b", "1", "-v", name, "-s", str(rate), "-a", str(amplitude)]
    return [program, "--stdin", "--stdout", *settings]
