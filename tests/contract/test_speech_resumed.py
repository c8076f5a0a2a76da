"""What was cut goes on, with the real espeak-ng and players of our own that record what came."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from kiosk.model import About, Cut, Speaking, Spoken, Utterance, Voice
from kiosk.session.aloud import Aloud
from speechwork import ESPEAK, ZH, Bench, alive, until

pytestmark = pytest.mark.skipif(ESPEAK is None, reason="espeak-ng is not installed")

SENTENCES = ("请放身份证。", "不要拿走；请稍等。", "本页有三项。")
VOICE = Voice(rate=320)
INSTEAD = Utterance("插上耳机。", ZH)


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    bench = Bench(tmp_path)
    bench.speech = bench.another(player_seconds=60)
    yield bench
    await bench.speech.close()


@asynccontextmanager
async def speaker(bench: Bench) -> AsyncIterator[Aloud]:
    devices = SimpleNamespace(beside={"speech": bench.speech})
    condition = SimpleNamespace(headphones=lambda: bench.plugged)
    terminal: Any = SimpleNamespace(devices=devices, condition=condition)
    aloud = Aloud(terminal, lambda _: None, lambda _: None, lambda: None)
    work = asyncio.ensure_future(aloud.run())
    await asyncio.sleep(0)
    yield aloud
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)


def speaking(*texts: str, private: bool = False, cut: Cut = Cut.KEPT) -> Speaking:
    parts = tuple(Utterance(text, ZH, private) for text in texts)
    return Speaking(parts, VOICE, INSTEAD, about=About.PAGE, cut=cut)


def played(bench: Bench, name: str = "loud") -> list[bytes]:
    return [sound.samples for sound in bench.heard(name)]


async def test_the_sentence_that_was_cut_is_heard_again_from_its_beginning(bench: Bench) -> None:
    """Also where it was cut in its second half, which espeak-ng is given on its own."""
    assert await bench.say("".join(SENTENCES), ZH, voice=VOICE) is Spoken.SAID
    first, half, other_half, last = played(bench)
    async with speaker(bench) as aloud:
        bench.mode("hang 6")
        aloud.say(speaking("".join(SENTENCES)))
        cut = (await bench.playing(7))[-1]
        aloud.say(speaking())
        await until(lambda: not alive(cut))
        bench.mode("fast")
        aloud.say(speaking(cut=Cut.RESUMED))
        await until(lambda: len(played(bench)) == 9)
    assert played(bench)[4:] == [first, half, half, other_half, last]


async def test_what_is_private_goes_on_in_headphones_or_not_at_all(bench: Bench) -> None:
    bench.plugged = True
    bench.mode("hang", "private")
    async with speaker(bench) as aloud:
        aloud.say(speaking("".join(SENTENCES), private=True))
        [cut] = await bench.playing(1, "private")
        aloud.say(speaking())
        await until(lambda: not alive(cut))
        bench.mode("fast", "private")
        aloud.say(speaking(cut=Cut.RESUMED))
        await until(lambda: len(played(bench, "private")) == 4)
        assert bench.pids("loud") == []
        bench.mode("hang", "private")
        aloud.say(speaking("".join(SENTENCES), private=True))
        await bench.playing(6, "private")
        aloud.say(speaking())
        bench.plugged = False
        aloud.say(speaking(cut=Cut.RESUMED))
        await until(lambda: len(played(bench)) == 1)
    heard = played(bench)
    assert await bench.say(INSTEAD.text, ZH, voice=VOICE) is Spoken.SAID
    assert played(bench) == heard * 2
