"""Each test here is a round in which something was killed; what is lost or doubled is counted."""

from __future__ import annotations

import pytest

import tally


def pytest_configure(config: pytest.Config) -> None:
    tally.register(config)


@pytest.fixture
def rounds() -> int:
    """Of each kind of trouble: a few in every run, `KIOSK_ROUNDS` of them at night."""
    return tally.ROUNDS or 4
