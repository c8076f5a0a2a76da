"""A simulated camera, and the real driver on it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from camerawork import Visit, released
from drivers.camera.simulator import CameraSimulator


@pytest.fixture
def simulator(tmp_path: Path) -> Iterator[CameraSimulator]:
    simulator = CameraSimulator(tmp_path)
    simulator.start()
    yield simulator
    simulator.stop()


@pytest.fixture
async def visit(simulator: CameraSimulator) -> AsyncIterator[Visit]:
    visit = Visit(f"http://127.0.0.1:{simulator.port}/stream.mjpg")
    yield visit
    await visit.camera.close()
    await released()


@pytest.fixture
async def of_source() -> AsyncIterator[object]:
    visits: list[Visit] = []

    def make(source: str) -> Visit:
        visits.append(Visit(source))
        return visits[-1]

    yield make
    for visit in visits:
        await visit.camera.close()
    await released()
