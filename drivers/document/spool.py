"""Files of a document spool, used from both sides. Blocking, each call a few milliseconds.

`<job>.pdf`          put by the terminal; whoever renames or removes it first has the job
`<job>.claimed.pdf`  the printer has taken the job
`<job>.json`         `rung`, `fault`, `action`; begun by the terminal, then the printer's alone;
                     never removed: a job that has one is never printed again
`status.json`        the printer itself, once a second
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from drivers.statefile import read_json, replace_json
from kiosk.model import Rung

STATUS = "status"
_JOB = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_CLAIMED = ".claimed"


class Spool:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, job: str, pdf: bytes) -> None:
        """The job appears to the printer with its json, when its PDF is complete."""
        self.folder.mkdir(parents=True, exist_ok=True)
        temporary = self._temporary(job)
        temporary.write_bytes(pdf)
        temporary.replace(self._pdf(job))
        self.write(job, rung=Rung.QUEUED)

    def claim(self, job: str) -> bool:
        """Printer: take a queued job. False: the terminal has taken it back."""
        try:
            self._pdf(job).rename(self.claimed(job))
        except FileNotFoundError:
            return False
        return True

    def withdraw(self, job: str) -> bool:
        """Terminal: leave nothing of the job to print. True: the printer never had it."""
        had = self._remove(self._pdf(job))
        self._remove(self.claimed(job))
        self._remove(self._temporary(job))
        return had

    def sweep(self) -> None:
        """Terminal, at its start: what an earlier life left must not come out for somebody else."""
        for pattern in ("*.pdf", ".*.pdf.tmp"):
            for path in self.folder.glob(pattern):
                self._remove(path)

    def read(self, name: str) -> dict[str, Any]:
        """A job's (or the `STATUS`'s) object; empty when there is none."""
        return read_json(self._json(name), {})

    def write(self, name: str, **content: Any) -> None:
        replace_json(self._json(name), content)

    def knows(self, job: str) -> bool:
        return self._json(_checked(job)).exists()

    def jobs(self) -> list[str]:
        """Oldest first."""
        paths = [path for path in self.folder.glob("*.json") if path.stem != STATUS]
        return [path.stem for path in sorted(paths, key=_age) if _JOB.fullmatch(path.stem)]

    def claimed(self, job: str) -> Path:
        return self.folder / f"{_checked(job)}{_CLAIMED}.pdf"

    def _pdf(self, job: str) -> Path:
        return self.folder / f"{_checked(job)}.pdf"

    def _temporary(self, job: str) -> Path:
        return self.folder / f".{_checked(job)}.pdf.tmp"

    def _json(self, name: str) -> Path:
        return self.folder / f"{name if name == STATUS else _checked(name)}.json"

    @staticmethod
    def _remove(path: Path) -> bool:
        try:
            path.unlink()
        except FileNotFoundError:
            return False
        return True


def _checked(job: str) -> str:
    """A name that stays in its folder; `ValueError` otherwise, a defect of the caller."""
    if not _JOB.fullmatch(job) or job.endswith(_CLAIMED) or job == STATUS:
        raise ValueError("not a job's name")
    return job


def _age(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:
        return 0
