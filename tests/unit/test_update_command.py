"""`kiosk update`: from a stick, as trusted as over the network; or nothing is changed at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from fleet.updates import command
from kiosk import update_command
from kiosk.__main__ import app
from kiosk.update_command import UpdateError
from kiosk.updates import boot
from kiosk.updates.place import Place
from updateswork import Town

SETTINGS = Path(__file__).parents[2] / "config" / "terminal.toml"


class Stick:
    """A terminal without a network, and what somebody carries to it."""

    def __init__(self, town: Town, folder: Path) -> None:
        self.town, self.folder = town, folder

    @property
    def place(self) -> Place:
        return self.town.place()

    def carry(self, *versions: str, check: str = "exit 0") -> None:
        """By the fleet's own commands."""
        for version in versions:
            file = self.town.release(version, check=check)
            self.fleet("add", "software", version, str(file))
        self.fleet("export", str(self.folder))

    def fleet(self, *words: str) -> None:
        updates = self.town.repository.folder
        assert command.run(command.parse(list(words)), updates, self.town.trust) == 0

    def plug_in(self, version: str = "") -> int:
        return update_command.run(SETTINGS, self.folder, version)


@pytest.fixture
def stick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stick]:
    town = Town(tmp_path, 1, 1)
    assert town.place().add(town.release("0.1.0"), "0.1.0") is None
    boot.point(town.root, "0.1.0")
    monkeypatch.setenv("KIOSK_UPDATES__ROOT", str(town.root))
    monkeypatch.setenv("KIOSK_TERMINAL__TRUST", str(town.trust))
    monkeypatch.setenv("KIOSK_TERMINAL__VAR", str(tmp_path / "var"))
    return Stick(town, tmp_path / "stick")


def test_the_newest_is_installed_and_runs_from_the_next_start_on(stick: Stick) -> None:
    stick.carry("0.9.0", "0.10.0")
    done = CliRunner().invoke(
        app, ["update", str(stick.folder), "--settings", str(SETTINGS)], catch_exceptions=False
    )
    assert done.exit_code == 0
    assert done.stdout == "0.10.0 is installed; it runs from the next start on\n"
    assert (stick.place.current, stick.place.on_trial) == ("0.10.0", True)
    assert boot.read(stick.town.root, "trial.json")["before"] == "0.1.0"
    assert boot.read(stick.town.root, "trial.json")["online"] is False, "there is no network"
    assert not stick.place.has("0.9.0")


def test_the_version_that_somebody_names_and_the_one_in_use(
    stick: Stick, capsys: pytest.CaptureFixture[str]
) -> None:
    stick.carry("0.2.0", "0.3.0")
    assert stick.plug_in("0.2.0") == 0
    assert stick.place.current == "0.2.0"
    trial = boot.read(stick.town.root, "trial.json")
    assert stick.plug_in("0.2.0") == 0
    assert capsys.readouterr().out.endswith("0.2.0 is in use already\n")
    assert boot.read(stick.town.root, "trial.json") == trial
    with pytest.raises(UpdateError, match=r"no software 0\.7\.0 on the stick"):
        stick.plug_in("0.7.0")


def test_what_was_refused_before_is_tried_again_because_a_person_wants_it(stick: Stick) -> None:
    stick.carry("0.2.0")
    boot.refuse(stick.town.root, "0.2.0", "not_healthy")
    assert stick.plug_in() == 0
    assert stick.place.current == "0.2.0"


def test_a_version_that_does_not_pass_its_own_check_is_not_installed(stick: Stick) -> None:
    stick.carry("0.2.0", check="exit 1")
    with pytest.raises(UpdateError, match=r"0\.2\.0 is not installed: check_failed"):
        stick.plug_in()
    _unchanged(stick)


@pytest.mark.parametrize("at", [0, 100, -1])
def test_a_damaged_release_is_refused(stick: Stick, at: int) -> None:
    stick.carry("0.2.0")
    (file,) = (path for path in (stick.folder / "targets").rglob("*software-0.2.0.zip"))
    raw = bytearray(file.read_bytes())
    raw[at] ^= 1
    file.write_bytes(raw)
    with pytest.raises(UpdateError, match=r"software-0\.2\.0\.zip is not good: changed"):
        stick.plug_in()
    _unchanged(stick)


def test_a_stick_of_another_office_is_not_trusted(stick: Stick, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = Stick(Town(tmp_path / "other", 1, 1), stick.folder)
    other.carry("0.2.0")
    with pytest.raises(UpdateError, match="the stick is not good: "):
        stick.plug_in()
    _unchanged(stick)


def test_an_empty_stick_and_a_terminal_without_versions(
    stick: Stick, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UpdateError, match="the stick is not good: unreachable"):
        stick.plug_in()
    stick.carry()
    with pytest.raises(UpdateError, match="no software"):
        stick.plug_in()
    monkeypatch.setenv("KIOSK_UPDATES__ROOT", "")
    with pytest.raises(UpdateError, match=r"set \[updates\] root"):
        stick.plug_in()
    _unchanged(stick)


def _unchanged(stick: Stick) -> None:
    assert stick.place.current == "0.1.0"
    assert not stick.place.has("0.2.0")
    assert not stick.place.on_trial
