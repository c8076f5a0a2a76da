"""A simulated camera, and the real driver on it; real faces before it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import facevisits
import release
from camerawork import Visit, released
from drivers.camera.simulator import CameraSimulator
from facework import FARTHEST, Person, gesture, pack


def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Painted and warped pictures are kept from test to test: some 500 MB."""
    if release.leaves(item, nextitem):
        release.forget("drivers.", "facework", "camerawork")


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

    def make(source: str, *arguments: Any, **options: Any) -> Visit:
        visits.append(Visit(source, *arguments, **options))
        return visits[-1]

    yield make
    for visit in visits:
        await visit.camera.close()
    await released()


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pack of real models."""
    for hint in FARTHEST:
        gesture("obama", hint)  # takes its time, once
    return pack(tmp_path_factory.mktemp("models"))


@pytest.fixture
async def before(models: Path) -> AsyncIterator[Callable[..., facevisits.Visit]]:
    """Makes visits of whom a function shows; all is let go afterwards."""
    async with facevisits.visits(models) as make:
        yield make


@pytest.fixture
def obama(before: Callable[..., facevisits.Visit]) -> facevisits.Visit:
    """A person who does what is asked for."""
    return facevisits.acted(before, Person("obama"))
