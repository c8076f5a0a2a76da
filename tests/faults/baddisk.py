"""A disk that fails, or loses what was not synced: around one process, by `disk.c`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random

ROOT = Path(__file__).parents[2]
PAGE = 512  # bytes: what a disk writes whole


@dataclass(frozen=True, slots=True)
class BadDisk:
    """`fail`: '' , eio or full, in one of `chance` calls from the `after`-th on."""

    library: Path
    folder: Path
    shadow: Path
    seed: int
    fail: str = ""
    chance: int = 0
    after: int = 0

    def environment(self) -> dict[str, str]:
        self.shadow.mkdir(exist_ok=True)
        said = {
            "LD_PRELOAD": str(self.library),
            "DISK_UNDER": str(self.folder),
            "DISK_SHADOW": str(self.shadow),
            "DISK_SEED": str(self.seed),
        }
        if self.fail:
            said |= {"DISK_FAIL": self.fail, "DISK_CHANCE": str(self.chance)}
            said |= {"DISK_AFTER": str(self.after)}
        return {**os.environ, **said}

    def power_cut(self, dice: Random) -> int:
        """What was synced is there; of what was written since, any pages, whole. How many are not.

        A file that never was synced may be gone or there. SQLite's `-shm` is memory, and gone.
        """
        lost = 0
        for file in sorted(self.folder.iterdir()):
            if file.name.endswith("-shm"):
                file.unlink()
            elif file.is_file() and not file.name.endswith(".lock"):
                lost += self._cut(file, dice)
        return lost

    def _cut(self, file: Path, dice: Random) -> int:
        certain = self.shadow / file.name
        old = certain.read_bytes() if certain.exists() else b""
        new = file.read_bytes()
        left, lost = bytearray(old), 0
        keeps = dice.choice((0.0, 0.5, 0.9))
        for start in range(0, len(new), PAGE):
            part = new[start : start + PAGE]
            if old[start : start + len(part)] == part:
                continue
            if dice.random() < keeps:
                left[len(left) : start] = bytes(max(0, start - len(left)))
                left[start : start + len(part)] = part
            else:
                lost += 1
        if len(new) < len(old) and dice.random() < keeps:
            del left[len(new) :]
        file.write_bytes(left)
        return lost


def seed_shadow(disk: BadDisk) -> None:
    """What lay on the disk before this round is as certain as what is synced in it."""
    disk.shadow.mkdir()
    for file in disk.folder.iterdir():
        (disk.shadow / file.name).write_bytes(file.read_bytes())


def killed_after(writer: Path, where: Path | str, disk: BadDisk, seconds: float) -> list[list[str]]:
    """Let a writer write, and kill it so long after it was ready; the words of what it said."""
    process = subprocess.Popen(
        [sys.executable, str(writer), str(where)],
        cwd=ROOT, env=disk.environment(), stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    first = process.stdout.readline()
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    rest = process.stdout.read()
    process.wait(10)
    process.stdout.close()
    return [line.split() for line in (first + rest).splitlines()]
