"""Records about commands and wished pieces, as rows of `tidings`: written with the records, taken
in later."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, select, update

from fleet.acts import data_of, word
from fleet.store.rollout_tables import tidings
from kiosk import wire

BATCH = 1000
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


def waiting(connection: Connection) -> bool:
    """Has any terminal said anything that is not taken in?"""
    query = select(tidings.c.position).where(tidings.c.taken.is_(False)).limit(1)
    return connection.scalar(query) is not None


def take_in(
    connection: Connection,
    about: str,
    outcomes: type[StrEnum],
    apply: Callable[[Connection, Row[Any]], None],
) -> int:
    """What terminals said about that since the last time; how many sayings. `apply` gets those
    whose outcome is one of `outcomes`, in the order in which they came."""
    query = select(tidings).where(tidings.c.taken.is_(False), tidings.c.about == about)
    found = list(connection.execute(query.order_by(tidings.c.position).limit(BATCH)))
    for one in found:
        if one.outcome in list(outcomes):
            apply(connection, one)
    done = update(tidings).where(tidings.c.position.in_([one.position for one in found]))
    connection.execute(done.values(taken=True))
    return len(found)
