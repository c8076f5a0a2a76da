"""Speech with the real espeak-ng, and players of our own that record what came.

Bytes of sound are real; whether a person hears them is for hardware to show.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from drivers.speech import wav
from drivers.speech.programs import Ended, Utterance
from kiosk.model import Language, Spoken, Voice
from speechwork import EN, ESPEAK, ZH, Bench, alive, loudness, program, until

pytestmark = pytest.mark.skipif(ESPEAK is None, reason="espeak-ng is not installed")


SECRET = "张伟，身份证号11010519491231002X"


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    bench = Bench(tmp_path)
    yield bench
    await bench.speech.close()
    await until(
        lambda: not any(alive(pid) for name in ("loud", "private") for pid in bench.pids(name))
    )


# ---- What is heard ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "language", "shortest"),
    [
        ("请将身份证放在读卡区。", ZH, 1.5),
        ("Please put your identity card on the reader.", EN, 1.5),
        ("请插入USB设备。", ZH, 1.0),
        ("Mr 张伟", EN, 0.7),
    ],
)
async def test_a_text_becomes_sound(
    bench: Bench, text: str, language: Language, shortest: float
) -> None:
    assert await bench.say(text, language) is Spoken.SAID
    [sound] = bench.heard()
    assert shortest < sound.seconds < 10
    assert loudness(sound) > 3000


async def test_a_beep_is_heard_by_whoever_is_near(bench: Bench) -> None:
    """On the loudspeaker, whatever is plugged in, and also without a voice."""
    bench.plugged = True
    mute = bench.another(engine="/nowhere/espeak-ng")
    try:
        assert await mute.beep() is Spoken.SAID
    finally:
        await mute.close()
    [sound] = bench.heard("loud")
    assert 1 < sound.seconds < 2
    assert loudness(sound) > 10_000
    bench.mode("broken")
    assert await bench.speech.beep() is Spoken.FAILED
    assert bench.heard("private") == []


async def test_chinese_is_not_spelled_as_latin_letters(bench: Bench) -> None:
    """Ten syllables take some three seconds; twenty letters and ten digits far longer."""
    await bench.say("请将身份证放在读卡区", ZH)
    assert bench.heard()[0].seconds < 5


async def test_rate_and_volume_are_obeyed(bench: Bench) -> None:
    for voice in (Voice(), Voice(rate=300), Voice(volume=20), Voice(volume=0), Voice(9999, 9999)):
        await bench.say("Please insert your card now.", voice=voice)
    paths = sorted((bench.folder / "loud").glob("*"))
    sounds = [sound for path in paths if (sound := wav.decode(path.read_bytes()))]
    usual, quick, soft, mute, extreme = sounds
    assert quick.seconds < 0.75 * usual.seconds
    assert 0 < loudness(soft) < 0.5 * loudness(usual)
    assert loudness(mute) == 0
    assert extreme.seconds < quick.seconds


async def test_a_long_text_is_spoken_whole_sentence_by_sentence(bench: Bench) -> None:
    assert await bench.say("这是一句话。" * 12, ZH) is Spoken.SAID
    assert len(bench.heard()) == 12


async def test_what_has_no_words_is_said_at_once(bench: Bench) -> None:
    assert await bench.say("……", ZH) is Spoken.SAID
    assert bench.heard() == []


# ---- Silence at once -------------------------------------------------------------------------


async def test_stopping_from_another_thread_ends_every_process_at_once(bench: Bench) -> None:
    bench.mode("child")
    saying = asyncio.create_task(bench.say("A sentence of some length. " * 5))
    pids = await bench.playing(2)
    assert all(alive(pid) for pid in pids)
    threading.Thread(target=bench.speech.stop).start()
    assert await saying is Spoken.INTERRUPTED
    await until(lambda: not any(alive(pid) for pid in pids))
    assert len(bench.heard()) == 1


async def test_a_new_text_interrupts_the_old_one(bench: Bench) -> None:
    bench.mode("real")
    first = asyncio.create_task(bench.say("The first text, which takes its time to be spoken."))
    [pid] = await bench.playing(1)
    bench.mode("fast")
    assert await bench.say("second") is Spoken.SAID
    assert await first is Spoken.INTERRUPTED
    assert not alive(pid)


async def test_a_caller_who_leaves_takes_the_sound_along(bench: Bench) -> None:
    bench.mode("real")
    saying = asyncio.create_task(bench.say("A text that takes its time to be spoken."))
    [pid] = await bench.playing(1)
    saying.cancel()
    with pytest.raises(asyncio.CancelledError):
        await saying
    await until(lambda: not alive(pid))


async def test_stopping_while_nothing_speaks_does_nothing(bench: Bench) -> None:
    bench.speech.stop()
    assert await bench.say("hello") is Spoken.SAID
    bench.speech.stop()
    assert await bench.say("hello") is Spoken.SAID


async def test_a_stopped_utterance_starts_no_program() -> None:
    utterance = Utterance()
    utterance.stop()
    assert utterance.run(["true"], b"", 1.0) is Ended.STOPPED


async def test_closing_ends_what_is_spoken(bench: Bench) -> None:
    bench.mode("real")
    saying = asyncio.create_task(bench.say("A text that takes its time to be spoken."))
    [pid] = await bench.playing(1)
    await bench.speech.close()
    assert await saying is Spoken.INTERRUPTED
    assert not alive(pid)
    assert await bench.say("hello") is Spoken.FAILED
    assert not (await bench.speech.status()).usable
    await bench.speech.close()


# ---- Privacy ---------------------------------------------------------------------------------


async def test_private_content_without_headphones_is_withheld(bench: Bench) -> None:
    assert await bench.say(SECRET, ZH, private=True) is Spoken.WITHHELD
    assert bench.pids("loud") == bench.pids("private") == []


async def test_with_headphones_everything_is_heard_there_and_nowhere_else(bench: Bench) -> None:
    bench.plugged = True
    assert await bench.say(SECRET, ZH, private=True) is Spoken.SAID
    assert await bench.say("hello") is Spoken.SAID
    assert len(bench.heard("private")) == 2
    assert bench.pids("loud") == []


async def test_without_a_player_for_headphones_nothing_private_is_spoken(bench: Bench) -> None:
    bench.plugged = True
    speech = bench.another(private_player="")
    assert await speech.say(SECRET, ZH, Voice(), private=True) is Spoken.WITHHELD
    assert await speech.say("hello", EN, Voice()) is Spoken.SAID
    assert len(bench.heard("loud")) == 1
    await speech.close()


async def test_pulled_headphones_silence_private_content_at_once(bench: Bench) -> None:
    bench.plugged = True
    bench.mode("real", "private")
    saying = asyncio.create_task(bench.say(SECRET * 3, ZH, private=True))
    [pid] = await bench.playing(1, "private")
    bench.plugged = False
    assert await saying is Spoken.WITHHELD
    await until(lambda: not alive(pid))
    assert bench.pids("loud") == []


async def test_no_argument_environment_log_or_file_holds_the_text(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    seen = tmp_path / "seen"
    engine = program(
        tmp_path / "engine",
        f'cat /proc/$$/cmdline /proc/$$/environ >> {seen}\nexec {ESPEAK} "$@"',
    )
    player = program(
        tmp_path / "play", f"cat /proc/$$/cmdline /proc/$$/environ >> {seen}\ncat > /dev/null"
    )
    speech = bench.another(engine=engine, player=player)
    for text, language in ((SECRET, ZH), ("Mr 张伟 11010519491231002X", EN)):
        assert await speech.say(text, language, Voice()) is Spoken.SAID
    await speech.close()
    told = seen.read_bytes().decode("utf-8", "replace") + caplog.text
    assert "--stdin" in told
    for secret in ("张", "zhang", "11010519491231002X", "1 1 0 1", "yao1"):
        assert secret not in told
    assert list(temporary.iterdir()) == []
