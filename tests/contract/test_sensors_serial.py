"""What is special about sensors on serial lines."""

from __future__ import annotations

import asyncio
import fcntl
import os
import threading
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest

from drivers.sensors.simulator import MODULE_LINK, SensorsSimulator
from drivers.sensors.status import Seen, SensorFault
from kiosk.model import DeviceState, FaultAction
from sensorswork import LIMIT, Bench, serial, serial_sensors


@pytest.fixture
async def on_lines(tmp_path: Path) -> AsyncIterator[Bench]:
    async with serial(tmp_path) as made:
        yield made


@pytest.mark.parametrize("fault", ["silent", "checksum", "cut_short", "garbage"])
async def test_a_module_that_says_no_sense_is_unreachable(on_lines: Bench, fault: str) -> None:
    await on_lines.sensors.status()
    on_lines.put(fault=fault)
    status = await on_lines.says(door="unknown", headphones="unknown", proximity="unknown")
    assert status.fault is not None
    assert status.fault.code == SensorFault.SENSOR_UNREACHABLE
    on_lines.put(fault=None)
    await on_lines.until(lambda status: status.fault is None)


async def test_the_first_two_misses_change_nothing(on_lines: Bench) -> None:
    before = await on_lines.sensors.status()
    source = on_lines.sensors._watches[0].source
    missed = asyncio.Event()
    loop, look = asyncio.get_running_loop(), source.look

    def seen() -> Seen | SensorFault:
        answer = look()
        if isinstance(answer, SensorFault):
            on_lines.put(fault=None)
            loop.call_soon_threadsafe(missed.set)
        return answer

    source.look = seen  # type: ignore[method-assign]
    on_lines.put(fault="checksum")
    await asyncio.wait_for(missed.wait(), LIMIT)
    for _ in range(20):
        assert (await on_lines.sensors.status()).readings == before.readings
        await asyncio.sleep(0.01)


async def test_a_silent_ups_is_unknown_while_the_door_is_still_told(on_lines: Bench) -> None:
    await on_lines.sensors.status()
    on_lines.put(fault="ups_silent")
    status = await on_lines.fails(SensorFault.SENSOR_UNREACHABLE)
    assert status.readings["ups"] == "unknown"
    assert status.readings["door"] == "closed"
    assert status.state is DeviceState.HARDWARE_ERROR


async def test_a_module_without_such_inputs_is_a_matter_of_settings(on_lines: Bench) -> None:
    on_lines.put(fault="refused")
    status = await on_lines.fails(SensorFault.MODULE_REFUSED)
    assert status.fault is not None
    assert status.fault.action is FaultAction.CONFIGURATION
    assert status.readings["door"] == "unknown"


@pytest.mark.parametrize(
    ("state", "code"),
    [("failed", SensorFault.UPS_FAILED), ("battery_low", SensorFault.UPS_BATTERY_LOW)],
)
async def test_a_ups_in_need_of_care_does_not_stop_the_terminal(
    on_lines: Bench, state: str, code: SensorFault
) -> None:
    on_lines.put(ups=state)
    assert (await on_lines.fails(code)).usable


async def test_a_port_that_another_program_has_is_denied(tmp_path: Path) -> None:
    simulator = SensorsSimulator(tmp_path)
    simulator.start()
    held = os.open(tmp_path / MODULE_LINK, os.O_RDWR | os.O_NOCTTY)
    fcntl.flock(held, fcntl.LOCK_EX)
    sensors = serial_sensors(tmp_path)
    try:
        status = await sensors.status()
        assert status.fault is not None
        assert status.fault.code == SensorFault.PORT_DENIED
        assert status.readings["ups"] == "good"
        fcntl.flock(held, fcntl.LOCK_UN)
        await Bench(sensors, lambda: None).says(door="closed")
    finally:
        os.close(held)
        await sensors.close()
        simulator.stop()


async def test_sensors_may_come_later_than_their_driver(tmp_path: Path) -> None:
    sensors = serial_sensors(tmp_path)
    simulator = SensorsSimulator(tmp_path)
    try:
        assert (await sensors.status()).state is DeviceState.NO_DEVICE
        simulator.start()
        await Bench(sensors, lambda: None).says(door="closed", ups="good")
    finally:
        await sensors.close()
        simulator.stop()


async def test_a_line_without_its_sensor_leaves_the_reading_out(tmp_path: Path) -> None:
    simulator = SensorsSimulator(tmp_path)
    simulator.start()
    sensors = serial_sensors(tmp_path, ups_port="", inputs={"headphones": "!3"})
    try:
        assert (await sensors.status()).readings == {"headphones": "present"}
    finally:
        await sensors.close()
        simulator.stop()


async def test_a_line_that_is_flooded_with_noise_stays_bounded(tmp_path: Path) -> None:
    device, terminal = os.openpty()
    stop = threading.Event()

    def flood() -> None:
        os.set_blocking(device, False)
        while not stop.wait(0.001):
            with suppress(BlockingIOError):
                os.write(device, os.urandom(512))

    flooding = threading.Thread(target=flood)
    sensors = serial_sensors(tmp_path, module_port=os.ttyname(terminal), ups_port="")
    flooding.start()
    try:
        begun = time.monotonic()
        status = await sensors.status()
        assert time.monotonic() - begun < 30
        assert set(status.readings.values()) == {"unknown"}
    finally:
        stop.set()
        flooding.join()
        await sensors.close()
        os.close(terminal)
        os.close(device)
