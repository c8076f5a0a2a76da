"""What every driver of sensors must do."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from drivers.sensors.emulation import DEFAULTS
from drivers.sensors.status import FAULTS, SensorFault
from kiosk.model import DeviceState
from sensorswork import LIMIT, Bench, gpio, serial

BENCHES: list[Callable[[Path], AbstractAsyncContextManager[Bench]]] = [serial, gpio]


@pytest.fixture(params=BENCHES, ids=lambda made: made.__name__)
async def bench(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Bench]:
    async with request.param(tmp_path) as made:
        yield made


async def test_the_first_status_tells_every_reading(bench: Bench) -> None:
    status = await bench.sensors.status()
    assert status.device == "sensors"
    assert status.state is DeviceState.ONLINE
    assert status.fault is None
    assert status.readings == {
        "door": "closed",
        "ups": "good",
        "proximity": "not_present",
        "headphones": "not_present",
        "operator_switch": "run",
    }


@pytest.mark.parametrize(
    ("reading", "word"),
    [
        ("door", "open"),
        ("door", "tampered"),
        ("ups", "engaged"),
        ("ups", "low"),
        ("proximity", "present"),
        ("headphones", "present"),
        ("operator_switch", "maintenance"),
        ("operator_switch", "supervisor"),
    ],
)
async def test_each_word_is_told_and_wakes_who_waits(bench: Bench, reading: str, word: str) -> None:
    before = await bench.sensors.status()
    waiting = asyncio.create_task(bench.sensors.change())
    await asyncio.sleep(0.05)
    assert not waiting.done()
    bench.put(**{reading: word})
    await asyncio.wait_for(waiting, LIMIT)
    after = await bench.sensors.status()
    assert dict(after.readings) == {**before.readings, reading: word}


@pytest.mark.parametrize(
    ("put", "code", "state", "usable"),
    [
        ({"door": "tampered"}, SensorFault.DOOR_TAMPERED, DeviceState.FRAUD_SUSPECTED, False),
        ({"door": "open"}, SensorFault.DOOR_OPEN, DeviceState.USER_ERROR, False),
        ({"ups": "engaged"}, SensorFault.UPS_ENGAGED, DeviceState.ONLINE, True),
        ({"ups": "low"}, SensorFault.UPS_LOW, DeviceState.OFFLINE, False),
        (
            {"fault": "contradiction"},
            SensorFault.READING_UNKNOWN,
            DeviceState.HARDWARE_ERROR,
            False,
        ),
    ],
)
async def test_each_trouble_has_its_fault_and_goes_with_it(
    bench: Bench, put: dict[str, str], code: SensorFault, state: DeviceState, usable: bool
) -> None:
    bench.put(**put)
    status = await bench.fails(code)
    assert status.state is state
    assert status.usable is usable
    assert status.fault is not None
    assert status.fault.action is FAULTS[code]
    bench.put(**{key: DEFAULTS[key] for key in put})
    await bench.until(lambda status: status.fault is None)


async def test_mains_that_came_back_are_recovered(bench: Bench) -> None:
    bench.put(ups="engaged")
    await bench.says(ups="engaged")
    bench.put(ups="good")
    assert (await bench.says(ups="recovered")).fault is None


async def test_what_is_unplugged_is_unknown_and_never_closed_and_comes_back(bench: Bench) -> None:
    assert (await bench.sensors.status()).usable
    for _ in range(2):
        bench.put(plugged=False)
        status = await bench.fails(SensorFault.SENSOR_UNREACHABLE)
        status = await bench.until(lambda status: status.state is DeviceState.NO_DEVICE)
        assert set(status.readings.values()) == {"unknown"}
        bench.put(plugged=True)
        status = await bench.until(lambda status: status.fault is None)
        assert status.readings["door"] == "closed"


async def test_a_change_between_two_waits_is_not_missed(bench: Bench) -> None:
    await bench.sensors.status()
    bench.put(proximity="present")
    await asyncio.wait_for(bench.sensors.change(), LIMIT)
    bench.put(proximity="not_present")
    await bench.says(proximity="not_present")
    await asyncio.wait_for(bench.sensors.change(), LIMIT)


async def test_who_stops_waiting_leaves_nothing_behind(bench: Bench) -> None:
    await bench.sensors.status()
    for _ in range(3):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(bench.sensors.change(), 0.02)
    assert bench.sensors._waiters == []
    bench.put(door="open")
    await asyncio.wait_for(bench.sensors.change(), LIMIT)


async def test_closing_ends_waits_and_threads(bench: Bench) -> None:
    await bench.sensors.status()
    waiting = asyncio.create_task(bench.sensors.change())
    await asyncio.sleep(0)
    await bench.sensors.close()
    await asyncio.wait_for(waiting, LIMIT)
    assert (await bench.sensors.status()).state is DeviceState.NO_DEVICE
    assert not [one for one in threading.enumerate() if one.name in ("sensors-gpio", "sensors-ups")]
    await bench.sensors.close()
