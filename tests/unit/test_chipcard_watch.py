"""What the watch makes of pcscd's words, where vpcd has no way to make pcscd say them."""

from __future__ import annotations

import asyncio
import queue
from collections.abc import AsyncIterator, Mapping

import pytest
from smartcard import scard

from drivers.chipcard.pcsc import PLUG_AND_PLAY, Context, trouble_of
from drivers.chipcard.status import FAULTS, Trouble, status_of
from drivers.chipcard.watch import Scene, Watch, scene_after
from kiosk.model import DeviceState

EMPTY, PRESENT = scard.SCARD_STATE_EMPTY, scard.SCARD_STATE_PRESENT
NAME = "Sample Reader 00 00"
States = dict[str, tuple[int, bytes]]


class Script(Context):
    """pcscd by hand: `say` gives what the next wait returns, `names` what is listed."""

    def __init__(self) -> None:
        super().__init__(None)
        self.names: list[str] | Trouble = [NAME]
        self.asked: list[Mapping[str, int]] = []
        self._answers: queue.Queue[States | Trouble] = queue.Queue()
        self.closed = 0

    def say(self, answer: States | Trouble) -> None:
        self._answers.put(answer)

    def readers(self) -> list[str] | Trouble:
        return self.names

    def wait(self, known: Mapping[str, int], seconds: float) -> States | Trouble:
        self.asked.append(known)
        return self._answers.get(timeout=20)

    def cancel(self) -> None:
        self.say({})

    def close(self) -> None:
        self.closed += 1


@pytest.fixture
async def script() -> Script:
    return Script()


@pytest.fixture
async def watch(script: Script) -> AsyncIterator[Watch]:
    watch = Watch("Sample", lambda: script)
    watch.start()
    yield watch
    await watch.stop(5)


async def seen(watch: Watch, **expected: object) -> Scene:
    async with asyncio.timeout(60):
        while True:
            scene = watch.now()
            if all(getattr(scene, key) == value for key, value in expected.items()):
                return scene
            await asyncio.sleep(0.01)


def of(state: int, counter: int = 0, name: str = NAME) -> States:
    return {PLUG_AND_PLAY: (0, b""), name: (state | counter << 16, b"\x3b")}


async def test_readers_come_and_go_while_the_service_runs(script: Script, watch: Watch) -> None:
    script.say(of(EMPTY))
    await seen(watch, trouble=None, reader=NAME)
    script.names = []
    script.say({PLUG_AND_PLAY: (scard.SCARD_STATE_CHANGED, b"")})
    await seen(watch, trouble=Trouble.NO_READER)
    assert script.asked[-1] == {PLUG_AND_PLAY: 0}
    script.names = ["Other Reader 00 00"]
    script.say({PLUG_AND_PLAY: (scard.SCARD_STATE_CHANGED, b"")})
    await seen(watch, trouble=Trouble.OTHER_READER)
    script.names = ["Other Reader 00 00", NAME]
    script.say({PLUG_AND_PLAY: (scard.SCARD_STATE_CHANGED, b"")})
    script.say(of(EMPTY))
    await seen(watch, trouble=None, reader=NAME)


async def test_a_reader_that_vanishes_between_list_and_wait_is_listed_again(
    script: Script, watch: Watch
) -> None:
    script.say({})
    script.say(of(EMPTY))
    await seen(watch, trouble=None)


@pytest.mark.parametrize("state", [scard.SCARD_STATE_UNAVAILABLE, scard.SCARD_STATE_UNKNOWN | 0x8])
async def test_a_reader_without_power_is_told_and_comes_back(
    script: Script, watch: Watch, state: int
) -> None:
    script.say(of(state))
    scene = await seen(watch, trouble=Trouble.READER_UNAVAILABLE)
    status = status_of(scene.trouble)
    assert (status.state, status.fault and status.fault.action) == ("hardware_error", "reset")
    script.say(of(EMPTY))
    await seen(watch, trouble=None)


async def test_the_service_is_opened_again_after_it_failed(script: Script, watch: Watch) -> None:
    script.say(of(PRESENT, 5))
    card = (await seen(watch, trouble=None)).card
    script.say(Trouble.SERVICE_DOWN)
    await seen(watch, trouble=Trouble.SERVICE_DOWN)
    script.say(of(PRESENT, 0))
    assert (await seen(watch, trouble=None)).card == card, "nobody was asked to lift it"
    assert script.closed == 1


async def test_a_list_that_fails_is_a_service_that_fails(script: Script) -> None:
    script.names = Trouble.SERVICE_REFUSED
    watch = Watch("", lambda: script)
    watch.start()
    await seen(watch, trouble=Trouble.SERVICE_REFUSED)
    await watch.stop(5)


def test_a_card_is_another_one_when_it_was_counted() -> None:
    lying = Scene(None, NAME, 7, 3)
    assert scene_after(lying, NAME, PRESENT | 3 << 16, b"").card == 7
    assert scene_after(lying, NAME, PRESENT | 5 << 16, b"").card == -1
    assert scene_after(lying, NAME, EMPTY | 4 << 16, b"").card == 0
    assert scene_after(Scene(None, NAME), NAME, PRESENT, b"").card == -1
    held = Scene(Trouble.READER_IN_USE, NAME, 7, 3)
    assert scene_after(held, NAME, PRESENT | 3 << 16, b"").card == 7
    assert scene_after(held, NAME, PRESENT | 5 << 16, b"").card == -1
    away = Scene(Trouble.SERVICE_HUNG, "", 7)
    assert scene_after(away, NAME, PRESENT | 9 << 16, b"").card == 7
    assert scene_after(away, NAME, EMPTY, b"").card == 0


def test_every_trouble_has_a_state_and_an_action() -> None:
    assert set(FAULTS) == set(Trouble)
    for trouble in Trouble:
        status = status_of(trouble)
        assert status.usable is (trouble is Trouble.ISSUERS_MISSING)
        assert status.fault is not None
        assert status.fault.action is FAULTS[trouble]
    assert status_of(None).state is DeviceState.ONLINE


@pytest.mark.parametrize(
    ("code", "trouble"),
    [
        (scard.SCARD_E_NO_SERVICE, Trouble.SERVICE_DOWN),
        (scard.SCARD_F_COMM_ERROR, Trouble.SERVICE_DOWN),
        (scard.SCARD_W_SECURITY_VIOLATION, Trouble.SERVICE_REFUSED),
        (scard.SCARD_E_READER_UNAVAILABLE, Trouble.READER_UNAVAILABLE),
        (0x80100099, Trouble.SERVICE_DOWN),
    ],
)
def test_codes_of_pcscd_in_words(code: int, trouble: Trouble) -> None:
    assert trouble_of(code) is trouble
