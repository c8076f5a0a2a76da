"""The installation's folder: which versions are there, which is in use, which is on trial.

`boot` has the files and their rules. What is not whole has no `release.json`, and is removed.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
import structlog

from kiosk import durable
from kiosk.updates import boot, release
from kiosk.updates.release import Release, ReleaseFault

log = structlog.get_logger("updates")

CHECK_SECONDS = 120.0
INSTALL_SECONDS = 1800.0
FREE_TIMES = 4  # so many times a release's size must be free on the disk
BEFORE = "before.json"  # the version before the one in use

Install = Callable[[Release, Path], bool]


class Place:
    """`root`: the folder of `boot`. `settings`: the file that a version checks itself against.
    `install`: makes `folder/venv` of `folder/wheels`."""

    def __init__(self, root: Path, settings: Path, install: Install | None = None) -> None:
        self.root, self._settings = root, settings
        self._install = install or make_venv

    @property
    def current(self) -> str:
        return boot.current(self.root)

    @property
    def on_trial(self) -> bool:
        return not boot.proven(self.root, self.current)

    def has(self, version: str) -> bool:
        return boot.whole(self.root, version)

    def refusal(self, version: str) -> str:
        """Why it is not tried again; ''."""
        return str(boot.read(self.root, "refused.json").get(version, ""))

    def forgive(self, version: str) -> None:
        """Somebody says that it may be tried again."""
        known = boot.read(self.root, "refused.json")
        if known.pop(version, None) is not None:
            boot.write(self.root, "refused.json", known)

    def add(self, file: Path, version: str) -> ReleaseFault | None:
        """Install it beside what is there. None: it is whole, and has checked itself."""
        if self.refusal(version):
            return ReleaseFault.REFUSED
        if self.has(version):
            return None
        found = release.peek(file, version)
        if isinstance(found, ReleaseFault):
            return found
        self.tidy()
        (self.root / "releases").mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(self.root).free < file.stat().st_size * FREE_TIMES:
            return ReleaseFault.NO_ROOM
        folder = self.root / "releases" / version
        try:
            fault = self._fill(found, file, folder)
        except OSError as error:
            log.error("release_not_written", error=error.strerror)
            fault = ReleaseFault.NO_ROOM
        if fault is not None:
            shutil.rmtree(folder, ignore_errors=True)
        return fault

    def _fill(self, found: Release, file: Path, folder: Path) -> ReleaseFault | None:
        folder.mkdir()
        fault = release.unpack(file, folder)
        if fault is not None:
            return fault
        if found.requirements and not self._install(found, folder):
            return ReleaseFault.NOT_INSTALLED
        shutil.rmtree(folder / "wheels", ignore_errors=True)
        if not self._checks(found, folder):
            return ReleaseFault.CHECK_FAILED
        os.sync()  # thousands of files, before the one that says that they are all there
        durable.replace(folder / release.NAME, msgspec.json.encode(found))
        return None

    def _checks(self, found: Release, folder: Path) -> bool:
        """Its own check, in a process of its own, without any device."""
        if not found.check:
            return True
        words = [word.replace("{settings}", str(self._settings)) for word in found.check]
        argv = [str(folder / words[0]), *words[1:]]
        try:
            done = subprocess.run(
                argv, cwd=folder, timeout=CHECK_SECONDS, stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, check=False,
            )  # fmt: skip
        except (OSError, subprocess.TimeoutExpired):
            return False
        return done.returncode == 0

    def switch(self, version: str, *, online: bool) -> None:
        """From the next start on. `online`: the new one has to reach the fleet, as this one does.

        The trial is written first: a stop in between leaves the old version, and a trial of
        nothing, which the next switch writes anew.
        """
        trial: dict[str, object] = {
            "version": version, "before": self.current, "starts": 0,
            "online": online, "since": time.time(),
        }  # fmt: skip
        boot.write(self.root, "trial.json", trial)
        boot.point(self.root, version)

    def prove(self, *, online: bool) -> bool:
        """The version in use has come up; True when its trial has ended well, just now."""
        trial = boot.read(self.root, "trial.json")
        if not trial or trial.get("version") != self.current:
            return False
        if trial.get("online") and not online:
            return False
        boot.write(self.root, BEFORE, {"version": trial.get("before", "")})
        boot.write(self.root, "trial.json", None)
        self.tidy()
        return True

    def tidy(self) -> None:
        """Away with what is not whole, and with versions other than this one and the one before."""
        trial = boot.read(self.root, "trial.json")
        before = boot.read(self.root, BEFORE).get("version", "")
        kept = {self.current, str(before), str(trial.get("before", ""))}
        for path in (self.root / "releases").glob("*"):
            if path.name not in kept:
                # first its claim to be whole: a stop in between must not leave half of it
                (path / release.NAME).unlink(missing_ok=True)
                shutil.rmtree(path, ignore_errors=True)


def make_venv(found: Release, folder: Path) -> bool:
    """A virtual environment of the bundle's wheels alone, each checked against its hash."""
    base = getattr(sys, "_base_executable", sys.executable)
    wanted = folder / "wheels" / "requirements.txt"
    wanted.write_text("\n".join(found.requirements) + "\n", "utf-8")
    python = folder / "venv" / "bin" / "python"
    steps = (
        [base, "-m", "venv", str(folder / "venv")],
        [str(python), "-m", "pip", "install", "--quiet", "--no-input", "--no-index", "--no-deps",
         "--disable-pip-version-check", "--find-links", str(folder / "wheels"),
         "--require-hashes", "--requirement", str(wanted)],
    )  # fmt: skip
    for argv in steps:
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            done = subprocess.run(
                argv, timeout=INSTALL_SECONDS, stdin=subprocess.DEVNULL, check=False,
                stdout=subprocess.DEVNULL,
            )  # fmt: skip
            if done.returncode == 0:
                continue
        return False
    return True
