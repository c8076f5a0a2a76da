"""Drivers by name: built late from their own sections; a bad one costs its device, nothing else."""

from __future__ import annotations

from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path
from typing import Any, ClassVar, Self

import pytest
from pydantic import Field

from config.schema import TerminalSettings
from drivers import registry
from drivers.absent import STAND_INS
from drivers.options import Options, Site
from kiosk.model import DeviceState, DeviceStatus, Fault, FaultAction


class AcmeReader:
    """A driver from outside."""

    class Options(Options):
        port: str = Field(description="where it is")
        baud: int = Field(9600, description="its speed")

    made: ClassVar[list[Any]] = []

    @classmethod
    def build(cls, options: Any, _site: Site) -> Self:
        cls.made.append(options)
        return cls()

    async def status(self) -> DeviceStatus:
        return DeviceStatus("idcard", DeviceState.ONLINE)

    async def close(self) -> None:
        """Nothing is open."""


class BrokenReader(AcmeReader):
    @classmethod
    def build(cls, options: Any, site: Site) -> Self:
        raise RuntimeError("private detail")


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if packages with these entry points were installed."""
    points = [
        EntryPoint("idcard.acme", "test_registry_acme:AcmeReader", registry.GROUP),
        EntryPoint("idcard.broken", "test_registry_acme:BrokenReader", registry.GROUP),
        EntryPoint("idcard.hollow", "no_such_package:Reader", registry.GROUP),
    ]
    import sys

    monkeypatch.setitem(sys.modules, "test_registry_acme", sys.modules[__name__])

    def found(**wanted: str) -> EntryPoints:
        return EntryPoints(points).select(**wanted)

    monkeypatch.setattr(registry, "entry_points", found)


async def fault_of(name: str, options: dict[str, Any] | None = None) -> Fault:
    status = await registry.build("idcard", name, options or {}, Site()).status()
    assert status.state is DeviceState.NO_DEVICE
    assert status.fault is not None
    assert registry.FAULTS[status.fault.code] is status.fault.action
    return status.fault


@pytest.mark.usefixtures("outside")
async def test_an_outside_package_adds_a_driver() -> None:
    device = registry.build("idcard", "acme", {"port": "/dev/x", "baud": "4800"}, Site())
    assert (await device.status()).state is DeviceState.ONLINE
    assert (AcmeReader.made[-1].port, AcmeReader.made[-1].baud) == ("/dev/x", 4800)


@pytest.mark.usefixtures("outside")
@pytest.mark.parametrize(
    ("name", "options", "code"),
    [
        ("nobody", {}, "driver_unknown"),
        ("hollow", {}, "driver_not_installed"),
        ("acme", {}, "driver_settings"),
        ("acme", {"port": "/dev/x", "buad": 1}, "driver_settings"),
        ("broken", {"port": "/dev/x"}, "driver_broken"),
    ],
)
async def test_a_driver_that_cannot_be_had_says_why(
    name: str, options: dict[str, Any], code: str
) -> None:
    fault = await fault_of(name, options)
    assert (fault.code, fault.action) == (code, FaultAction.CONFIGURATION)
    assert "private detail" not in fault.detail


@pytest.mark.usefixtures("outside")
async def test_wrong_options_are_named_without_their_values() -> None:
    detail = (await fault_of("acme", {"port": "/dev/x", "baud": "very fast"})).detail
    assert "[idcard.acme] baud" in detail
    assert "very fast" not in detail


@pytest.mark.parametrize("device", registry.CLASSES)
async def test_a_class_without_a_driver_is_not_fitted(device: str) -> None:
    status = await registry.build(device, "none", {}, Site()).status()
    assert status == DeviceStatus(device, DeviceState.NO_DEVICE)


@pytest.mark.parametrize("name", registry.DRIVERS)
def test_every_driver_can_be_imported_and_describes_its_options(name: str) -> None:
    driver = registry.find(name)
    assert issubclass(driver.Options, Options)
    for key, field in driver.Options.model_fields.items():
        assert field.description, f"{name}: {key}"


def test_settings_stand_ins_and_drivers_know_the_same_classes() -> None:
    assert set(registry.CLASSES) == set(STAND_INS)
    assert set(registry.CLASSES) <= set(TerminalSettings.model_fields)


def test_a_drivers_section_is_taken_and_a_stray_key_refused(tmp_path: Path) -> None:
    from config.load import SettingsFileError, terminal

    file = tmp_path / "terminal.toml"
    file.write_text('[idcard]\ndriver = "acme"\n[idcard.acme]\nport = "/dev/x"\n')
    assert terminal(file).idcard.options == {"port": "/dev/x"}
    file.write_text('[idcard]\ndriver = "acme"\nport = "/dev/x"\n')
    with pytest.raises(SettingsFileError, match="unknown key 'port'"):
        terminal(file)
