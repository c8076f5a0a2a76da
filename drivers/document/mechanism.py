"""The inside of the simulated printer: jobs, paper, toner, and what goes wrong with them.

Jobs are in its memory and are gone with the power; the sheet counter and a jam outlive it.
"""

from __future__ import annotations

import io
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pyipp.enums import IppJobState as JobState
from pyipp.enums import IppPrinterState as PrinterState

from drivers.statefile import StateFile, read_json, replace_json, write_state
from drivers.tray import next_name

DEFAULTS: Mapping[str, Any] = {
    "paper": "full",
    "toner": "full",
    "cover": "closed",
    "stop_at": None,
    "fault": None,
    "power": "on",
    "rung_seconds": 0.2,
    "accepting": True,
    "reasons": [],
    "formats": ["application/pdf"],
    "media": "iso_a4_210x297mm",
    "answer": "ok",
}
_KEPT = 50  # ended jobs
_PAGE = re.compile(rb"/Type\s*/Page(?![A-Za-z])")
# Faults of one job, and how it ends by them.
_ENDINGS = {"aborted": JobState.ABORTED, "cancelled": JobState.CANCELED}


@dataclass
class PrintJob:
    """Times are `time.monotonic()`; 0: not yet."""

    number: int
    name: str
    user: str
    pages: int
    pdf: bytes = field(repr=False)
    state: JobState = JobState.PENDING
    reasons: tuple[str, ...] = ("none",)
    sheets: int = 0
    cancelling: bool = False
    created: float = field(default_factory=time.monotonic)
    begun: float = 0.0
    ended: float = 0.0
    since: float = field(default_factory=time.monotonic)


class Mechanism:
    """Owned by one thread. `tick` lets time pass."""

    def __init__(self, folder: Path, papers: Path) -> None:
        self._state_path = folder / "document.json"
        self._state = StateFile(self._state_path, DEFAULTS)
        self._tray = papers / "certificates"
        self._memory_path = folder / "document.memory.json"
        self._jammed = False
        self.sheets = 0
        self.jobs: dict[int, PrintJob] = {}

    @property
    def state(self) -> dict[str, Any]:
        return self._state.get()

    def switch_on(self) -> None:
        self._tray.mkdir(parents=True, exist_ok=True)
        memory = read_json(self._memory_path, {})
        self.sheets, self._jammed = int(memory.get("sheets", 0)), bool(memory.get("jammed"))

    def switch_off(self) -> None:
        self.jobs.clear()

    def add(self, name: str, user: str, pdf: bytes) -> PrintJob:
        number = max(self.jobs, default=0) + 1
        self.jobs[number] = PrintJob(number, name, user, _pages(pdf), pdf)
        return self.jobs[number]

    def cancel(self, job: PrintJob) -> bool:
        """False: too late."""
        if job.state >= JobState.CANCELED:
            return False
        if self.state["fault"] == "stubborn":
            job.cancelling = True
            job.reasons = ("processing-to-stop-point",)
        else:
            self._end(job, JobState.CANCELED, "job-canceled-by-user")
        return True

    def tick(self) -> None:
        state, now = self.state, time.monotonic()
        if self._jammed and state["fault"] != "jam":
            self._jam(False)
        job = next((job for job in self.jobs.values() if job.state < JobState.CANCELED), None)
        if job is None:
            return
        if job.cancelling and state["fault"] != "stubborn":
            self._end(job, JobState.CANCELED, "job-canceled-by-user")
        elif self.troubles(state):
            self._wait(job)
        elif job.state in (JobState.PENDING, JobState.STOPPED):
            self._begin(job, state, now)
        elif now - job.since >= float(state["rung_seconds"]):
            self._feed(job, state, now)

    def troubles(self, state: Mapping[str, Any]) -> list[str]:
        """Reasons for which nothing can be printed."""
        causes = (
            ("media-jam-error", self._jammed),
            ("cover-open-error", state["cover"] == "open"),
            ("media-empty-error", state["paper"] == "out"),
            ("toner-empty-error", state["toner"] == "out"),
            ("paused", "paused" in state["reasons"]),
        )
        return [reason for reason, is_so in causes if is_so]

    def printer_reasons(self, state: Mapping[str, Any]) -> list[str]:
        waits = any(job.state == JobState.STOPPED for job in self.jobs.values())
        causes = (
            ("media-needed-error", state["paper"] == "out" and waits),
            ("media-low-warning", state["paper"] == "low"),
            ("toner-low-warning", state["toner"] == "low"),
        )
        more = [reason for reason, is_so in causes if is_so]
        every = [*self.troubles(state), *more, *map(str, state["reasons"])]
        return list(dict.fromkeys(every)) or ["none"]

    def printer_state(self, state: Mapping[str, Any]) -> PrinterState:
        if self.troubles(state):
            return PrinterState.STOPPED
        busy = any(job.state == JobState.PROCESSING for job in self.jobs.values())
        return PrinterState.PROCESSING if busy else PrinterState.IDLE

    def _begin(self, job: PrintJob, state: Mapping[str, Any], now: float) -> None:
        waited = now - job.since >= float(state["rung_seconds"])
        if job.state == JobState.STOPPED or (waited and state["stop_at"] != "sent"):
            job.state, job.reasons, job.since = JobState.PROCESSING, ("job-printing",), now
            job.begun = job.begun or now

    def _wait(self, job: PrintJob) -> None:
        if job.state == JobState.PROCESSING:
            job.state, job.reasons = JobState.STOPPED, ("printer-stopped",)

    def _feed(self, job: PrintJob, state: Mapping[str, Any], now: float) -> None:
        """One sheet of a job at work; misfortunes happen to its last."""
        last = job.sheets == job.pages - 1
        if job.sheets >= job.pages or (last and self._misfortune(job, str(state["fault"]))):
            return
        job.sheets, job.since = job.sheets + 1, now
        self.sheets += 1
        self._remember()
        if last:
            self._put_out(job.pdf)
            if state["stop_at"] != "printed":
                errors = state["fault"] == "errors"
                how = "job-completed-with-errors" if errors else "job-completed-successfully"
                self._end(job, JobState.COMPLETED, how)

    def _misfortune(self, job: PrintJob, fault: str) -> bool:
        if fault == "jam":
            self._jam(True)
        elif fault == "out_while_printing":
            write_state(self._state_path, paper="out", fault=None)
        elif fault in _ENDINGS:
            write_state(self._state_path, fault=None)
            self._end(job, _ENDINGS[fault], f"job-{fault}-at-device")
        elif fault == "forgets":
            write_state(self._state_path, fault=None)
            del self.jobs[job.number]
        return fault in ("jam", "out_while_printing", "forgets", "stubborn", *_ENDINGS)

    def _end(self, job: PrintJob, state: JobState, reason: str) -> None:
        job.state, job.reasons, job.ended, job.pdf = state, (reason,), time.monotonic(), b""
        ended = [number for number, job in self.jobs.items() if job.state >= JobState.CANCELED]
        for number in ended[:-_KEPT]:
            del self.jobs[number]

    def _put_out(self, pdf: bytes) -> None:
        sheet = self._tray / f"{next_name(self._tray, '.pdf')}.pdf"
        temporary = sheet.with_name(f".{sheet.name}.tmp")
        temporary.write_bytes(pdf)
        temporary.replace(sheet)

    def _jam(self, jammed: bool) -> None:
        self._jammed = jammed
        self._remember()

    def _remember(self) -> None:
        replace_json(self._memory_path, {"sheets": self.sheets, "jammed": self._jammed})


def _pages(pdf: bytes) -> int:
    """By the page tree, which a seal's second version of a page does not count; else by sight."""
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader

    try:
        return max(1, int(PdfFileReader(io.BytesIO(pdf)).root["/Pages"]["/Count"]))
    except (PdfError, KeyError, TypeError, ValueError, IndexError):
        return len(_PAGE.findall(pdf)) or 1
