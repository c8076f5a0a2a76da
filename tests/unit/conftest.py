"""A session on fakes, out of its starting page."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

import fakes
from fakes import Bench
from kiosk import events as e
from kiosk.view import (
    State,
)


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    made = fakes.bench(tmp_path)
    task = asyncio.create_task(made.engine.run())
    await asyncio.sleep(0)
    made.post(e.ServiceRestored())
    await made.until(State.ATTRACT)
    yield made
    await made.engine.stop()
    task.cancel()
