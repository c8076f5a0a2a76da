"""A clock that is wrong, and jumps while a process runs: around one process, by `clock.c`."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

DAY = 86400


@dataclass(frozen=True, slots=True)
class BadClock:
    """`file` holds by how much the clock is wrong."""

    library: Path
    file: Path

    def jump(self, days: int) -> None:
        """From the true time; a process that runs sees it at once."""
        draft = self.file.with_suffix(".draft")
        draft.write_text(str(days * DAY))
        draft.replace(self.file)

    def preload(self) -> dict[str, str]:
        return {"LD_PRELOAD": str(self.library), "CLOCK_FILE": str(self.file)}

    def environment(self) -> dict[str, str]:
        return {**os.environ, **self.preload()}
