"""What was decided, one file per case: a case that comes again gets the same answer again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import msgspec

from fleet.certificates import files
from fleet.platform.contract import Decision, PlatformError, Reason, Standing
from kiosk import wire


class Entry(msgspec.Struct, frozen=True):
    """`application`: SHA-256 of the whole case, so that another cannot pass under its number."""

    application: str
    decision: Decision


class Register:
    """Holds sealed certificates in clear: the folder is the fleet's own, files are 0600."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def once(self, case: wire.CasePayload, decide: Callable[[], Decision]) -> Decision:
        """The decision on record, or `decide()`, recorded before it is told. Across processes."""
        application = hashlib.sha256(wire.encode(case)).hexdigest()
        name = hashlib.sha256(case.case_no.encode()).hexdigest()
        path = self._folder / f"{name}.json"
        with files.locked(self._folder):
            if not path.exists():
                entry = Entry(application, decide())
                files.write(path, msgspec.json.encode(entry))
            entry = _load(path)
        if entry.application != application:
            return Decision(Standing.REFUSED, reason=Reason.CASE_REUSED)
        return entry.decision


def _load(path: Path) -> Entry:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Entry)
    except msgspec.DecodeError:
        raise PlatformError(f"{path}: damaged; restore it from a backup") from None
