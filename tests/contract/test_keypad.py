"""A keypad: keys once each, in order, and the truth about its being there."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from drivers.evdev import EV_SYN, SYN_DROPPED, InputEvent, SourceFault, events
from drivers.keypad.keys import KEYS, Hands
from drivers.keypad.simulator import EVENTS, STATE_FILE, KeypadSimulator
from drivers.keypad.status import FAULTS, KeypadFault, understand
from drivers.keypad.transport import KEPT_SECONDS, EvdevKeypad, KeypadOptions
from drivers.options import Site
from drivers.statefile import replace_json
from kiosk.model import DeviceState, DeviceStatus, Key

LIMIT = 10.0
RECORDED = Path(__file__).parents[1] / "fixtures/keypad/one_enter_held_help.hex"


class Bench:
    """A keypad under test, and a finger for it."""

    def __init__(self, folder: Path, simulator: KeypadSimulator | None = None) -> None:
        self.folder = folder
        self.simulator = simulator or KeypadSimulator(folder)
        self.keypad = self.another()

    def another(self, **options: Any) -> EvdevKeypad:
        told = {"path": str(self.folder / EVENTS), "stuck_seconds": "0.3", **options}
        return EvdevKeypad.build(KeypadOptions.model_validate(told), Site())

    async def press(self, key: str) -> None:
        """Returns when the simulator has typed it."""
        followed = self.simulator.followed
        replace_json(self.folder / STATE_FILE, {"key": key})
        async with asyncio.timeout(LIMIT):
            while self.simulator.followed == followed:
                await asyncio.sleep(0.005)

    def put(self, **state: Any) -> None:
        replace_json(self.folder / STATE_FILE, state)

    async def key(self) -> Key | None:
        return await asyncio.wait_for(self.keypad.key(), LIMIT)

    async def until(self, true: Callable[[DeviceStatus], bool]) -> DeviceStatus:
        async with asyncio.timeout(LIMIT):
            while not true(status := await self.keypad.status()):
                await asyncio.sleep(0.02)
        return status


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    simulator = KeypadSimulator(tmp_path)
    simulator.start()
    bench = Bench(tmp_path, simulator)
    await bench.keypad.status()
    yield bench
    await bench.keypad.close()
    simulator.stop()


def code_of(status: DeviceStatus) -> str:
    return status.fault.code if status.fault else ""


# ---- Keys ------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", list(Key))
async def test_each_key_is_told(bench: Bench, key: Key) -> None:
    waiting = asyncio.create_task(bench.key())
    await bench.press(key.value)
    assert await waiting is key


async def test_quick_fingers_lose_no_key(bench: Bench) -> None:
    for key in ("1", "1", "0", "enter"):
        await bench.press(key)
    assert [await bench.key() for _ in range(4)] == [Key.D1, Key.D1, Key.D0, Key.ENTER]


async def test_a_key_that_nobody_asked_for_in_time_is_forgotten(bench: Bench) -> None:
    await bench.press("1")
    await asyncio.sleep(KEPT_SECONDS + 0.2)
    waiting = asyncio.create_task(bench.key())
    await bench.press("2")
    assert await waiting is Key.D2


async def test_a_forgotten_key_is_not_kept_in_memory(bench: Bench) -> None:
    await bench.press("7")
    await asyncio.sleep(KEPT_SECONDS + 0.2)
    await bench.keypad.status()
    assert not bench.keypad._pressed


async def test_who_stops_waiting_takes_no_key_away(bench: Bench) -> None:
    for _ in range(3):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(bench.keypad.key(), 0.02)
    assert bench.keypad._waiters == []
    await bench.press("5")
    assert await bench.key() is Key.D5


async def test_one_press_is_for_one_caller(bench: Bench) -> None:
    waiting = [asyncio.create_task(bench.key()) for _ in range(2)]
    await asyncio.sleep(0)
    await bench.press("1")
    await bench.press("2")
    assert {await one for one in waiting} == {Key.D1, Key.D2}


async def test_what_was_typed_before_the_keypad_was_opened_is_for_nobody(tmp_path: Path) -> None:
    simulator = KeypadSimulator(tmp_path)
    simulator.start()
    bench = Bench(tmp_path, simulator)
    try:
        await bench.press("9")
        assert (await bench.keypad.status()).usable
        await bench.press("3")
        assert await bench.key() is Key.D3
    finally:
        await bench.keypad.close()
        simulator.stop()


async def test_other_keys_can_be_named(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    path = tmp_path / "recorded"
    os.mkfifo(path)
    end = os.open(path, os.O_RDWR)
    keypad = bench.another(path=str(path), keys={"59": "cancel", 96: ""})
    try:
        await keypad.status()
        os.write(end, bytes.fromhex(RECORDED.read_text("ascii")))
        async with asyncio.timeout(LIMIT):
            assert [await keypad.key(), await keypad.key()] == [Key.D1, Key.CANCEL]
    finally:
        os.close(end)
        await keypad.close()
        await bench.keypad.close()


# ---- The device ------------------------------------------------------------------------------


async def test_a_keypad_that_is_there_is_well_from_the_first_question(bench: Bench) -> None:
    assert await bench.keypad.status() == DeviceStatus("keypad", DeviceState.ONLINE)


async def test_unplugged_while_somebody_waits_and_back_again(bench: Bench) -> None:
    for _ in range(2):
        waiting = asyncio.create_task(bench.key())
        await asyncio.sleep(0.02)
        bench.put(plugged=False)
        assert await waiting is None
        assert await bench.key() is None
        states = [(await bench.keypad.status()).state for _ in range(3)]
        assert states == [DeviceState.ONLINE, DeviceState.ONLINE, DeviceState.NO_DEVICE]
        status = await bench.keypad.status()
        assert code_of(status) == KeypadFault.NOT_CONNECTED
        bench.put(plugged=True)
        await bench.until(lambda status: status.usable)
        await bench.press("help")
        assert await bench.key() is Key.HELP


async def test_a_keypad_may_come_later_than_its_driver(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    assert await bench.key() is None
    simulator = bench.simulator
    simulator.start()
    try:
        await bench.until(lambda status: status.usable)
        await bench.press("4")
        assert await bench.key() is Key.D4
    finally:
        await bench.keypad.close()
        simulator.stop()


async def test_a_stuck_key_counts_once_and_is_a_fault_until_it_is_free(bench: Bench) -> None:
    bench.put(key="5", stuck=True)
    assert await bench.key() is Key.D5
    status = await bench.until(lambda status: code_of(status) == KeypadFault.STUCK_KEY)
    assert not status.usable
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(bench.keypad.key(), 0.2)
    bench.put(key=None, stuck=False)
    await bench.until(lambda status: status.usable)


async def test_a_stuck_key_is_forgotten_when_the_keypad_is_unplugged(bench: Bench) -> None:
    bench.put(key="5", stuck=True)
    await bench.until(lambda status: code_of(status) == KeypadFault.STUCK_KEY)
    bench.put(plugged=False)
    await bench.until(lambda status: status.state is DeviceState.NO_DEVICE)
    bench.put(plugged=True)
    await bench.until(lambda status: status.usable)


async def test_a_path_that_is_no_input_device_is_a_matter_of_settings(tmp_path: Path) -> None:
    keypad = Bench(tmp_path).another(path="/dev/null")
    assert code_of(await keypad.status()) == KeypadFault.NOT_A_KEYPAD
    assert await keypad.key() is None
    await keypad.close()


async def test_closing_ends_waits_and_the_thread_and_lets_the_device_go(bench: Bench) -> None:
    waiting = asyncio.create_task(bench.key())
    await asyncio.sleep(0.02)
    thread = bench.keypad._thread
    assert thread is not None
    await bench.keypad.close()
    assert await waiting is None
    assert await bench.key() is None
    assert (await bench.keypad.status()).state is DeviceState.NO_DEVICE
    await asyncio.to_thread(thread.join, 20)
    assert not thread.is_alive()
    await bench.keypad.close()
    other = bench.another()
    assert (await other.status()).usable
    await other.close()


async def test_no_key_is_logged(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)
    await bench.press("7")
    await bench.key()
    assert not [one for one in caplog.records if one.name.startswith("drivers")]


# ---- Bytes and rules -------------------------------------------------------------------------


def test_a_recorded_hand_gives_each_key_once() -> None:
    found, rest = events(bytes.fromhex(RECORDED.read_text("ascii")))
    hands = Hands(KEYS)
    assert hands.see(found, 0.0) == [Key.D1, Key.ENTER, Key.HELP]
    assert rest == b""
    assert hands.held(100.0) == 0.0


def test_lost_events_may_hold_the_release() -> None:
    hands = Hands(KEYS)
    hands.see([InputEvent(1, 2, 1)], 1.0)
    assert hands.held(5.0) == 4.0
    hands.see([InputEvent(EV_SYN, SYN_DROPPED, 0)], 6.0)
    assert hands.held(7.0) == 0.0


@settings(max_examples=200, deadline=None)
@given(st.lists(st.binary(max_size=200), max_size=8))
def test_any_bytes_in_any_pieces_are_survived(pieces: list[bytes]) -> None:
    hands, rest = Hands(KEYS), b""
    for at, piece in enumerate(pieces):
        found, rest = events(rest + piece)
        assert all(isinstance(key, Key) for key in hands.see(found, float(at)))
        assert len(rest) < 24
        assert hands.held(float(at)) >= 0


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.builds(
            InputEvent, st.sampled_from([0, 1, 4]), st.sampled_from([*KEYS, 300]), st.integers(0, 3)
        )
    )
)
def test_each_press_of_a_known_key_is_told_once(told: list[InputEvent]) -> None:
    downs = [
        KEYS[one.code] for one in told if one.type == 1 and one.value == 1 and one.code in KEYS
    ]
    assert Hands(KEYS).see(told, 0.0) == downs


@pytest.mark.parametrize("fault", list(SourceFault))
def test_each_fault_of_the_source_has_its_action(fault: SourceFault) -> None:
    status = understand(fault, stuck=True)
    assert not status.usable
    assert status.fault is not None
    assert status.fault.action is FAULTS[status.fault.code]


def test_every_fault_has_an_action() -> None:
    assert set(FAULTS) == set(KeypadFault)


@pytest.mark.parametrize("keys", [{"x": "help"}, {"1": "no_such_key"}, {"0": "help"}])
def test_keys_without_sense_are_refused(keys: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        KeypadOptions.model_validate({"path": "/dev/input/event0", "keys": keys})


def test_a_keypad_without_path_and_name_is_refused() -> None:
    with pytest.raises(ValidationError):
        KeypadOptions.model_validate({})


def test_every_option_is_described() -> None:
    assert all(field.description for field in KeypadOptions.model_fields.values())
