"""For all tests: a terminal's time zone, a light heap, and the longest files begin first."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

import heap

# As `kiosk.bootstrap.keep_time` does it: at some hours of the day it is tomorrow in the county.
os.environ["TZ"] = "Asia/Shanghai"
time.tzset()

FOLDERS = ("privacy", "crash", "journey", "faults", "fuzz", "screens", "contract", "fleet", "unit")


@pytest.fixture(autouse=True, scope="module")
def light_heap() -> None:
    heap.set_aside()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """By folder: a long file that begins last would keep one worker busy and the others waiting."""
    here = Path(__file__).parent
    items.sort(key=lambda item: FOLDERS.index(item.path.relative_to(here).parts[0]))
