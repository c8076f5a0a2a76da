"""Records about commands and wished pieces, as rows of `tidings`: written with the records."""

from __future__ import annotations

from typing import Any

from fleet.acts import data_of, word
from kiosk import wire

# Record type -> about; the field that says which; the field that says how it came out.
KINDS = {
    "kiosk.command.event": ("command", "command", "outcome"),
    "kiosk.desired.event": ("desired", "kind", "step"),
}


def tiding(terminal: str, record: wire.Record, now: float) -> dict[str, Any] | None:
    """The row of a record, or None when it is none of these."""
    if record.type not in KINDS:
        return None
    about, ref, outcome = KINDS[record.type]
    data = data_of(record.data)
    return {
        "terminal": terminal, "journal": record.journal, "seq": record.seq, "about": about,
        "ref": word(data, ref), "version": word(data, "version"), "outcome": word(data, outcome),
        "why": word(data, "why").replace("other", ""), "received_at": now, "taken": False,
    }  # fmt: skip
