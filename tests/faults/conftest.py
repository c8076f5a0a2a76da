"""How many rounds, and what they came to."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import preload
import pytest

import tally as counting


def pytest_configure(config: pytest.Config) -> None:
    counting.register(config)


@pytest.fixture(scope="session")
def tally() -> Counter[str]:
    """rounds, kills, lost, doubled: of the whole run."""
    return counting.TALLY


@pytest.fixture(scope="session")
def rounds() -> int:
    """Of each kind of trouble: a few in every run, `KIOSK_ROUNDS` of them at night."""
    return counting.ROUNDS or 4


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if reason := preload.missing():
        pytest.skip(reason)
    return preload.build("disk", tmp_path_factory.mktemp("disk"))
