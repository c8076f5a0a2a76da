"""Ports of a household: those of the settings where they name some that are free."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk import processes
from kiosk.household import Ports
from kiosk.settings import load

SHIPPED = Path(__file__).parents[2] / "config/terminal.toml"


def test_a_port_of_another_kind_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """A serial printer's `port` is a path, a camera's `source` may be a number."""
    monkeypatch.setenv("KIOSK_RECEIPT__DRIVER", "escpos_serial")
    monkeypatch.setenv("KIOSK_RECEIPT__ESCPOS_SERIAL__PORT", "/dev/ttyS1")
    monkeypatch.setenv("KIOSK_CAMERA__OPENCV__SOURCE", "0")
    ports = Ports.of(load(SHIPPED))
    assert min(ports.receipt, ports.camera) > 0


def test_no_port_is_given_twice() -> None:
    ports = Ports.of(load(SHIPPED))
    assert len({getattr(ports, name) for name in Ports.__slots__}) == len(Ports.__slots__)


def test_no_port_is_given_twice_before_it_is_taken() -> None:
    """A relay that is given its own target's port would connect to itself for ever."""
    given = [processes.free_port() for _ in range(200)]
    assert len(set(given)) == len(given)
