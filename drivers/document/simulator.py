"""A certificate printer that takes its jobs from a spool folder, driven by `document.json`.

Jobs come out one at a time and climb a rung every `rung_seconds`. The job's json is the only
memory: a simulator that was killed goes on where it was, and no sheet comes out twice.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from drivers.document.spool import STATUS, Spool
from drivers.statefile import StateFile, write_state
from drivers.tray import next_name
from kiosk.model import Rung

DEFAULTS: Mapping[str, Any] = {
    "paper": "full",
    "toner": "full",
    "stop_at": None,
    "fault": None,
    "power": "on",
    "rung_seconds": 0.2,
}
_TICK = 0.02  # seconds
_STATUS_EVERY = 1.0
_ACTIONS = {"jam": "clear", "paper_out": "refill", "toner_out": "refill", "power_off": "reset"}
_ENDS = (Rung.TAKEN, Rung.RETRACTED, Rung.UNCONFIRMED)


class DocumentSimulator:
    """The spool is `folder/document`; sheets come out as `out/certificates/NNNN.pdf`."""

    def __init__(self, folder: Path, out: Path) -> None:
        self._state_path = folder / "document.json"
        self._state = StateFile(self._state_path, DEFAULTS)
        self._spool = Spool(folder / "document")
        self._tray = out / "certificates"
        self._ended: set[str] = set()
        self._since: tuple[str, str, float] = ("", "", 0.0)  # job, rung, when it was first seen
        self._jammed = False
        self._told: tuple[dict[str, Any], float] = ({}, 0.0)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="document-simulator", daemon=True)
        self._climb: dict[str, Callable[[str, Mapping[str, Any]], None]] = {
            Rung.QUEUED: self._take_job,
            Rung.SENT: self._print,
            Rung.PRINTED: self._present,
            Rung.PRESENTED: lambda job, _: self._say(job, Rung.TAKEN),
        }

    def start(self) -> None:
        self._spool.folder.mkdir(parents=True, exist_ok=True)
        self._tray.mkdir(parents=True, exist_ok=True)
        # A jam outlives a restart until somebody clears it.
        self._jammed = self._spool.read(STATUS).get("fault") == "jam"
        self._tick()
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(timeout=10)

    def _run(self) -> None:
        while not self._stopping.wait(_TICK):
            self._tick()

    def _tick(self) -> None:
        state = self._state.get()
        self._jammed = self._jammed and state["fault"] == "jam"
        if state["power"] == "on":
            self._work(state)
        self._tell(self._state.get())

    def _work(self, state: Mapping[str, Any]) -> None:
        """Let the oldest unfinished job climb, when its time has come."""
        job, said = self._current()
        if not job:
            return
        rung = str(said.get("rung"))
        if self._since[:2] != (job, rung):
            self._since = (job, rung, time.monotonic())
        due = time.monotonic() - self._since[2] >= float(state["rung_seconds"])
        if due and rung != state["stop_at"]:
            self._climb[rung](job, state)

    def _current(self) -> tuple[str, dict[str, Any]]:
        for job in self._spool.jobs():
            if job in self._ended:
                continue
            said = self._spool.read(job)
            if said.get("fault") or said.get("rung") in _ENDS:
                self._ended.add(job)
            elif said.get("rung") in self._climb:
                return job, said
        return "", {}

    def _take_job(self, job: str, state: Mapping[str, Any]) -> None:
        if _fault(state, self._jammed):
            return  # waits for a person
        if self._spool.claim(job) or self._spool.claimed(job).exists():
            self._say(job, Rung.SENT)
        else:
            self._say(job, Rung.QUEUED, "cancelled")

    def _print(self, job: str, state: Mapping[str, Any]) -> None:
        fault = _fault(state, self._jammed)
        if state["fault"] == "jam":
            self._jammed, fault = True, "jam"
        if state["fault"] == "out_while_printing":
            write_state(self._state_path, paper="out", fault=None)
            fault = "paper_out"
        if fault:
            self._say(job, Rung.SENT, fault)
            self._spool.withdraw(job)  # it lies spoiled inside
        elif self._spool.claimed(job).exists():
            self._say(job, Rung.PRINTED, sheet=self._next_sheet())
        else:
            self._say(job, Rung.SENT, "cancelled")

    def _present(self, job: str, state: Mapping[str, Any]) -> None:
        """The sheet's number was noted before, so that a crash in here makes no second one."""
        sheet = self._tray / f"{self._spool.read(job).get('sheet')}.pdf"
        if not sheet.exists():
            try:
                pdf = self._spool.claimed(job).read_bytes()
            except FileNotFoundError:
                self._say(job, Rung.PRINTED, "cancelled")
                return
            temporary = sheet.with_name(f".{sheet.name}.tmp")
            temporary.write_bytes(pdf)
            temporary.replace(sheet)
        self._spool.withdraw(job)
        self._say(job, Rung.PRESENTED)

    def _say(self, job: str, rung: Rung, fault: str | None = None, **more: Any) -> None:
        action = _ACTIONS.get(fault, "reset") if fault else None
        self._spool.write(job, rung=rung, fault=fault, action=action, **more)

    def _next_sheet(self) -> str:
        return next_name(self._tray, ".pdf")

    def _tell(self, state: Mapping[str, Any]) -> None:
        """Write `status.json` when it changes, and once a second as a sign of life."""
        status = _status(state, self._jammed)
        told, when = self._told
        if status != told or time.monotonic() - when >= _STATUS_EVERY:
            self._told = (status, time.monotonic())
            self._spool.write(STATUS, **status, time=datetime.now(UTC).isoformat())


def _fault(state: Mapping[str, Any], jammed: bool) -> str | None:
    causes = (
        ("power_off", state["power"] == "off"),
        ("jam", jammed),
        ("paper_out", state["paper"] == "out"),
        ("toner_out", state["toner"] == "out"),
    )
    return next((code for code, is_so in causes if is_so), None)


def _status(state: Mapping[str, Any], jammed: bool) -> dict[str, Any]:
    fault = _fault(state, jammed)
    states = {"power_off": "offline", "jam": "hardware_error"}
    paper = "jammed" if jammed else state["paper"]
    if fault == "power_off":
        supplies = {"paper": "unknown", "toner": "unknown"}
    else:
        supplies = {"paper": paper, "toner": state["toner"]}
    return {
        "state": states.get(fault or "", "online"),
        "supplies": supplies,
        "fault": fault,
        "action": _ACTIONS.get(fault) if fault else None,
    }
