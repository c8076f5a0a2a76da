"""Starts the version in use, and falls back to the one before when it does not come up well.

This file is copied into the installation's folder and run by the system's own Python: it must not
need any version that it starts. It knows nothing but the standard library.

current          symlink to releases/<version>: the only truth about which version is in use
trial.json       a version that has to prove itself: version, before, starts, since
refused.json     versions that did not, and why: they are not tried again
before.json      the version before the one in use: it stays
releases/<version>/release.json   `run`: what starts it, relative to its folder

A trial ends well when the new version itself removes `trial.json` (`kiosk.updates.place`). Until
then each start counts, whatever ended the one before: power, a crash, or SECONDS without proof.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

STARTS = 3  # a new version gets so many
SECONDS = 600.0  # and so long in each, to prove itself
SWITCH = 76  # what it ends with to be started anew, maybe as another version
CALM = 30.0
PAUSES = (1.0, 2.0, 5.0, 15.0, 30.0)
_LIBC = ctypes.CDLL(None)


def current(root: Path) -> str:
    """The version in use; '' when there is none."""
    try:
        return (root / "current").readlink().name
    except OSError:
        return ""


def point(root: Path, version: str) -> None:
    """Switch, at one moment and for good."""
    draft = root / f".current.{os.getpid()}"
    draft.unlink(missing_ok=True)
    draft.symlink_to(Path("releases") / version)
    draft.replace(root / "current")
    _sync(root)


def read(root: Path, name: str) -> dict[str, object]:
    """{} when it is not there, or was damaged."""
    try:
        found = json.loads((root / name).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write(root: Path, name: str, content: dict[str, object] | None) -> None:
    """Whole or not at all, and durable; None removes it."""
    if content is None:
        (root / name).unlink(missing_ok=True)
    else:
        draft = root / f".{name}.{os.getpid()}"
        with draft.open("w", encoding="utf-8") as file:
            json.dump(content, file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(root / name)
    _sync(root)


def whole(root: Path, version: str) -> bool:
    return bool(version) and (root / "releases" / version / "release.json").is_file()


def choose(root: Path, starts: int = STARTS) -> str:
    """The version to start now; counts a start of one on trial, or gives it up."""
    version, trial = current(root), read(root, "trial.json")
    if not trial or trial.get("version") != version:
        return version
    tried = int(str(trial.get("starts", 0)))
    before = str(trial.get("before", ""))
    if tried < starts and whole(root, version):
        write(root, "trial.json", {**trial, "starts": tried + 1})
        return version
    if whole(root, before):
        refuse(root, version, "not_healthy")
        point(root, before)
        write(root, "trial.json", None)
        return before
    return version  # there is nothing to fall back to: go on trying


def refuse(root: Path, version: str, why: str) -> None:
    write(root, "refused.json", {**read(root, "refused.json"), version: why})


def proven(root: Path, version: str) -> bool:
    return read(root, "trial.json").get("version") != version


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class Boot:
    """Keeps one child alive until it is told to stop. `more`: handed on to the version."""

    def __init__(
        self, root: Path, more: list[str], seconds: float = SECONDS, starts: int = STARTS
    ) -> None:
        self._root, self._more, self._seconds, self._starts = root, more, seconds, starts
        self._stopping = False

    def stop(self, _number: int = 0, _frame: FrameType | None = None) -> None:
        self._stopping = True

    def run(self) -> int:
        ended_early = 0
        while not self._stopping:
            version = choose(self._root, self._starts)
            if not whole(self._root, version):
                print(f"boot: {self._root}: no version is installed", file=sys.stderr)
                return 2
            began = time.monotonic()
            code = self._once(version)
            calm = code == SWITCH or time.monotonic() - began > CALM
            ended_early = 0 if calm else ended_early + 1
            if not self._stopping and ended_early:
                self._rest(PAUSES[min(ended_early, len(PAUSES)) - 1])
        return 0

    def _once(self, version: str) -> int:
        """From its start to its end; what does not prove itself in time is ended."""
        folder = self._root / "releases" / version
        run = [str(word) for word in _list(read(folder, "release.json").get("run"))]
        print(f"boot: starting {version}", file=sys.stderr, flush=True)
        try:
            child = subprocess.Popen(
                [str(folder / run[0]), *run[1:], *self._more],
                cwd=folder,
                preexec_fn=_die_with_parent,  # noqa: PLW1509 (no thread of ours holds a lock)
            )
        except (OSError, IndexError) as error:
            print(f"boot: {version} does not start: {error}", file=sys.stderr)
            return 127
        deadline = time.monotonic() + self._seconds
        while child.poll() is None:
            late = time.monotonic() > deadline and not proven(self._root, version)
            if self._stopping or late:
                _end(child)
            time.sleep(0.05)
        return child.returncode

    def _rest(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while not self._stopping and time.monotonic() < until:
            time.sleep(0.05)


def _die_with_parent() -> None:
    """SIGTERM for the version when this ends, however it ends: never two versions at once."""
    _LIBC.prctl(1, signal.SIGTERM)


def _end(child: subprocess.Popen[bytes]) -> None:
    child.terminate()
    try:
        child.wait(60)
    except subprocess.TimeoutExpired:
        child.kill()


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def main(argv: list[str]) -> int:
    """`boot.py ROOT [options for the version …]`"""
    boot = Boot(Path(argv[1]), argv[2:])
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, boot.stop)
    return boot.run()


if __name__ == "__main__":
    sys.exit(main(sys.argv))
