"""A version beside the old one: whole or not there, and the old one again when it is no good."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.updates import boot
from kiosk.updates.place import BEFORE, Place
from kiosk.updates.release import ReleaseFault
from updateswork import Town, wheel

SECONDS = 60.0


@pytest.fixture
def town(tmp_path: Path) -> Town:
    made = Town(tmp_path, 1, 1)
    assert made.place().add(made.release("0.1.0"), "0.1.0") is None
    boot.point(made.root, "0.1.0")
    return made


def test_wheels_are_installed_into_an_environment_of_their_own(town: Town, tmp_path: Path) -> None:
    file = town.release("0.2.0", check='test "$(../0.2.0/venv/bin/sample-kiosk)" = 0.2.0',
                        wheel=wheel(tmp_path, "0.2.0"))  # fmt: skip
    assert town.place().add(file, "0.2.0") is None
    folder = town.root / "releases" / "0.2.0"
    said = subprocess.run(
        [folder / "venv/bin/sample-kiosk"], capture_output=True, text=True, check=True
    )
    assert said.stdout == "0.2.0\n"
    assert town.place().current == "0.1.0", "installed is not switched"
    assert not (folder / "wheels").exists()


def test_a_wheel_that_is_not_the_one_that_was_signed_for(town: Town, tmp_path: Path) -> None:
    file = town.release("0.2.0", wheel=wheel(tmp_path, "0.2.0"))
    _change(file, "wheels/", lambda raw: raw + b" ")
    assert town.place().add(file, "0.2.0") is ReleaseFault.NOT_INSTALLED
    assert not (town.root / "releases" / "0.2.0").exists()


@pytest.mark.parametrize(
    "name", ["tree/../../evil", "/tree/evil", "tree/venv/bin/python", "tree/release.json", "other"]
)
def test_nothing_leads_out_of_its_folder(town: Town, name: str) -> None:
    file = town.release("0.2.0")
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr(name, "evil")
    assert town.place().add(file, "0.2.0") is ReleaseFault.UNSAFE
    assert not list(town.folder.rglob("evil"))


def test_what_is_no_release_or_another(town: Town, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"PK garbage")
    assert town.place().add(tmp_path / "x", "0.2.0") is ReleaseFault.NOT_A_RELEASE
    assert town.place().add(town.release("0.3.0"), "0.2.0") is ReleaseFault.OTHER_VERSION
    failing = town.release("0.4.0", check="exit 3")
    assert town.place().add(failing, "0.4.0") is ReleaseFault.CHECK_FAILED
    assert sorted(path.name for path in (town.root / "releases").iterdir()) == ["0.1.0"]


def test_a_trial_ends_well_or_after_three_starts(town: Town) -> None:
    place = town.place()
    assert place.add(town.release("0.2.0"), "0.2.0") is None
    place.switch("0.2.0", online=True)
    assert boot.choose(town.root) == "0.2.0"
    assert not place.prove(online=False), "the one before reached the fleet, so must this one"
    assert place.prove(online=True)
    assert [boot.choose(town.root) for _ in range(9)] == ["0.2.0"] * 9
    assert place.has("0.1.0"), "the one before stays"
    assert place.add(town.release("0.3.0"), "0.3.0") is None
    place.switch("0.3.0", online=False)
    assert [boot.choose(town.root) for _ in range(5)] == ["0.3.0"] * 3 + ["0.2.0"] * 2
    assert place.refusal("0.3.0") == "not_healthy"
    assert place.add(town.release("0.3.0"), "0.3.0") is ReleaseFault.REFUSED
    place.forgive("0.3.0")
    assert place.add(town.release("0.3.0"), "0.3.0") is None


def test_a_version_whose_files_are_gone_is_not_started(town: Town) -> None:
    place = town.place()
    assert place.add(town.release("0.2.0"), "0.2.0") is None
    place.switch("0.2.0", online=False)
    (town.root / "releases" / "0.2.0" / "release.json").unlink()
    assert boot.choose(town.root) == "0.1.0"


@pytest.mark.timeout(300)
def test_killed_at_every_step_there_is_a_version_that_works(tmp_path: Path) -> None:
    """kill -9 before each thing that is done to the disk, until the update ends by itself."""
    town = Town(tmp_path, 1, 1)
    old, new = town.release("0.1.0"), town.release("0.2.0")
    steps = 0
    for point in range(10_000):
        town.root = tmp_path / f"opt-{point}"
        town.root.mkdir()
        place = town.place()
        assert place.add(old, "0.1.0") is None
        boot.point(town.root, "0.1.0")
        killed = _killed(point, lambda: _update(town.place(), new))
        _works(town)
        if not killed:
            break
        steps += 1
        _update(town.place(), new)  # the next try comes through
        assert town.place().current == "0.2.0"
        assert not town.place().on_trial
    assert steps > 15


def _update(place: Place, file: Path) -> None:
    """From the file to the proof; what a restart may find half done is done again."""
    if place.current != "0.2.0":
        assert place.add(file, "0.2.0") is None
        place.switch("0.2.0", online=False)
    boot.choose(place.root)
    place.prove(online=False)


def _works(town: Town) -> None:
    """The version that would be started is whole, and does start; a new one proves itself first."""
    version = boot.choose(town.root)
    assert version in {"0.1.0", "0.2.0"}
    proven = boot.read(town.root, BEFORE).get("version") == "0.1.0"
    assert version == "0.1.0" or proven or town.place().on_trial
    folder = town.root / "releases" / version
    assert subprocess.run([folder / "bin/run"], cwd=folder, check=False).returncode == 0


def _killed(point: int, act: Callable[[], None]) -> bool:
    """Run `act` in another process, killed before its `point`-th change; True: it was."""
    child = os.fork()
    if child == 0:
        left = [point]

        def audit(event: str, arguments: tuple[object, ...]) -> None:
            writes = event == "open" and "r" not in str(arguments[1] or "r")
            if writes or event in {"os.rename", "os.mkdir", "os.remove", "os.symlink", "os.rmdir",
                                   "os.chmod", "subprocess.Popen"}:  # fmt: skip
                left[0] -= 1
                if left[0] < 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(audit)
        try:
            act()
        finally:
            os._exit(0)
    _pid, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def test_the_program_that_starts_versions_falls_back(town: Town) -> None:
    """As systemd runs it: by the system's Python, without our packages."""
    place = town.place()
    mark = town.folder / "started"
    good = f'echo 0.1.0 >> {mark}; trap "exit 0" TERM; while :; do sleep 0.05; done'
    for version, run in (("0.5.0", good), ("0.6.0", f"echo 0.6.0 >> {mark}; exit 1")):
        assert place.add(town.release(version, run=run), version) is None
        boot.point(town.root, "0.5.0")
    place.switch("0.6.0", online=False)
    copy = town.root / "boot.py"
    copy.write_bytes(Path(boot.__file__).read_bytes())
    process = subprocess.Popen(
        ["/usr/bin/python3", "-I", "-S", copy, town.root], stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stderr is not None
        lines = [process.stderr.readline().strip() for _ in range(4)]
        assert lines == ["boot: starting 0.6.0"] * 3 + ["boot: starting 0.5.0"]
        assert boot.current(town.root) == "0.5.0"
        while not (mark.exists() and "0.1.0" in mark.read_text()):
            assert process.poll() is None
    finally:
        process.terminate()
        assert process.wait(SECONDS) == 0
    assert mark.read_text().split() == ["0.6.0"] * 3 + ["0.1.0"]
    assert place.refusal("0.6.0") == "not_healthy"


def test_a_version_that_hangs_is_ended_in_time(town: Town) -> None:
    place = town.place()
    assert place.add(town.release("0.2.0", run="exec sleep 1000"), "0.2.0") is None
    place.switch("0.2.0", online=False)
    made = boot.Boot(town.root, [], seconds=0.2, starts=2)
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGTERM, made.stop)
        os._exit(made.run())
    try:
        _until(lambda: boot.current(town.root) == "0.1.0")
    finally:
        os.kill(child, signal.SIGTERM)
        os.waitpid(child, 0)


def _until(found: Callable[[], bool]) -> None:
    import time

    end = time.monotonic() + SECONDS
    while not found():
        assert time.monotonic() < end
        time.sleep(0.02)


def _change(file: Path, start: str, change: Callable[[bytes], bytes]) -> None:
    with zipfile.ZipFile(file) as archive:
        members = {one: archive.read(one) for one in archive.namelist()}
    with zipfile.ZipFile(file, "w") as archive:
        for name, raw in members.items():
            archive.writestr(name, change(raw) if name.startswith(start) else raw)
