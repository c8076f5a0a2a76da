"""Speech that fails: its players, its engine, its settings, and the simulated sound device."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from drivers.speech.simulator import HEARD_FILE, OUTPUTS, STATE_FILE
from drivers.speech.status import FAULTS, OF_ENGINE, OF_PLAYER, SpeechFault, understand
from drivers.speech.transport import EspeakOptions
from drivers.statefile import replace_json
from kiosk.model import DeviceState, DeviceStatus, FaultAction, Spoken, Voice
from speechwork import EN, ESPEAK, LIMIT, Bench, alive, program, until

pytestmark = pytest.mark.skipif(ESPEAK is None, reason="espeak-ng is not installed")


ROOT = Path(__file__).parents[2]


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    bench = Bench(tmp_path)
    yield bench
    await bench.speech.close()
    await until(
        lambda: not any(alive(pid) for name in ("loud", "private") for pid in bench.pids(name))
    )


# ---- Faults ----------------------------------------------------------------------------------


async def test_speech_that_works_is_well_from_the_first_question(bench: Bench) -> None:
    assert await bench.speech.status() == DeviceStatus("speech", DeviceState.ONLINE)
    assert bench.heard() == []


async def test_a_check_is_made_once_and_not_with_every_status(bench: Bench) -> None:
    for _ in range(4):
        await bench.speech.status()
    assert len(bench.pids()) == 1


async def test_while_it_speaks_it_is_busy_and_is_not_disturbed(bench: Bench) -> None:
    bench.mode("real")
    saying = asyncio.create_task(bench.say("A text that takes its time to be spoken."))
    await bench.playing(1)
    assert (await bench.speech.status()).state is DeviceState.BUSY
    bench.speech.stop()
    await saying
    assert len(bench.pids()) == 1


async def test_who_speaks_does_not_wait_for_a_check_that_hangs(bench: Bench) -> None:
    bench.mode("hang")
    checking = asyncio.create_task(bench.speech.status())
    [pid] = await bench.playing(1)
    bench.mode("fast")
    assert await bench.say("hello") is Spoken.SAID
    assert not alive(pid)
    await checking
    assert (await bench.speech.status()).usable


@pytest.mark.parametrize("mode", ["broken", "hang"])
async def test_a_player_that_fails_or_hangs_is_told_and_comes_back(bench: Bench, mode: str) -> None:
    speech = bench.another(player_seconds=0.3)
    assert (await speech.status()).usable
    bench.mode(mode)
    assert await asyncio.wait_for(speech.say("hello", EN, Voice()), LIMIT) is Spoken.FAILED
    assert not any(alive(pid) for pid in bench.pids())
    states = [(await speech.status()).state for _ in range(3)]
    assert states == [DeviceState.ONLINE, DeviceState.ONLINE, DeviceState.NO_DEVICE]
    status = await speech.status()
    assert status.fault is not None
    assert status.fault.code == SpeechFault.PLAYER_FAILED
    bench.mode("fast")
    assert (await speech.status()).usable
    assert await speech.say("hello", EN, Voice()) is Spoken.SAID
    await speech.close()


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"engine": "/no/such/engine"}, SpeechFault.ENGINE_MISSING),
        ({"player": "/no/such/player"}, SpeechFault.PLAYER_MISSING),
        ({"private_player": "/no/such/player"}, SpeechFault.PLAYER_MISSING),
    ],
)
async def test_what_is_not_installed_is_a_matter_of_settings(
    bench: Bench, options: dict[str, str], code: SpeechFault
) -> None:
    speech = bench.another(**options)
    status = await speech.status()
    assert status.fault is not None
    assert (status.fault.code, status.fault.action) == (code, FaultAction.CONFIGURATION)
    bench.plugged = "private_player" in options
    assert await speech.say("hello", EN, Voice()) is Spoken.FAILED
    await speech.close()


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("exit 1", SpeechFault.VOICE_MISSING),
        ("exit 0", SpeechFault.VOICE_MISSING),
        ("head -c 3000 /dev/urandom", SpeechFault.VOICE_MISSING),
        ("kill -SEGV $$", SpeechFault.ENGINE_FAILED),
        ("sleep 600", SpeechFault.ENGINE_FAILED),
    ],
)
async def test_an_engine_that_does_not_speak_is_told_in_bounded_time(
    bench: Bench, tmp_path: Path, script: str, code: SpeechFault
) -> None:
    speech = bench.another(engine=program(tmp_path / "engine", script))
    begun = time.monotonic()
    status = await speech.status()
    assert time.monotonic() - begun < 30
    assert status.fault is not None
    assert status.fault.code == code
    if "sleep" not in script:
        assert await speech.say("hello", EN, Voice()) is Spoken.FAILED
    assert bench.heard() == []
    await speech.close()


async def test_a_player_that_stops_reading_is_killed_in_time(bench: Bench, tmp_path: Path) -> None:
    """More sound than a pipe takes."""
    player = program(tmp_path / "deaf", f"echo $$ >> {tmp_path}/loud.pids\nexec sleep 600")
    speech = bench.another(player=player, player_seconds=0.2)
    text = "A sentence that is long enough to fill a pipe with its sound."
    assert await asyncio.wait_for(speech.say(text, EN, Voice()), LIMIT) is Spoken.FAILED
    assert not any(alive(pid) for pid in bench.pids())
    await speech.close()


def test_every_fault_has_an_action_and_a_state() -> None:
    assert set(FAULTS) == set(SpeechFault) == {*OF_ENGINE.values(), *OF_PLAYER.values()}
    for code in SpeechFault:
        assert not understand(code).usable


def test_every_option_is_described_and_a_command_may_be_one_text() -> None:
    assert all(field.description for field in EspeakOptions.model_fields.values())
    options = EspeakOptions.model_validate({"player": "aplay -q -D 'plug:my card'"})
    assert options.player == ("aplay", "-q", "-D", "plug:my card")
    assert EspeakOptions().player == ("aplay", "-q")


# ---- The simulated sound device --------------------------------------------------------------


def simulated(folder: Path, output: str) -> str:
    return f"{sys.executable} -m drivers.speech.simulator {folder} {output}"


async def test_the_simulated_device_tells_how_much_was_heard_and_never_what(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    speech = bench.another(
        player=simulated(tmp_path, "loudspeaker"), private_player=simulated(tmp_path, "headphones")
    )
    assert (await speech.status()).usable
    assert not (tmp_path / HEARD_FILE).exists()
    bench.plugged = True
    assert await speech.say("One. Two.", EN, Voice(rate=300), private=True) is Spoken.SAID
    heard = json.loads((tmp_path / HEARD_FILE).read_text("utf-8"))
    assert heard["output"] == "headphones"
    assert heard["sentences"] == 2
    assert 0.3 < heard["seconds"] < 5
    await speech.close()


@pytest.mark.parametrize("output", OUTPUTS[1:])
async def test_the_simulated_device_can_fail(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, output: str
) -> None:
    monkeypatch.chdir(ROOT)
    replace_json(tmp_path / STATE_FILE, {"output": output})
    speech = bench.another(player=simulated(tmp_path, "loudspeaker"), player_seconds=0.2)
    status = await bench.status(speech)
    assert status.fault is not None
    assert status.fault.code == SpeechFault.PLAYER_FAILED
    await speech.close()
