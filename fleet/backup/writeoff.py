"""Records that nobody has any more: written off, so that what came after them counts.

A terminal lets go of records that the fleet has acknowledged. When a fleet is brought back from an
older backup, what a terminal has let go of since is gone for good: it stays missing, and nothing
after it can be acknowledged. Whoever answers for the fleet then says so; an alarm keeps it.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, select

from fleet.incidents import AlarmKind, alarm
from fleet.ledger import REFUSALS
from fleet.ranges import Held, Ranges
from fleet.store.database import insert
from fleet.store.tables import chains, refusals

MOST = 1_000_000
CHUNK = 5000


@dataclass(frozen=True, slots=True)
class Gap:
    terminal: str
    journal: str
    first: int
    last: int


def gaps(connection: Connection) -> list[Gap]:
    """What is missing, of all journals."""
    query = select(chains).order_by(chains.c.terminal, chains.c.journal)
    return [
        Gap(row.terminal, row.journal, first, last)
        for row in connection.execute(query)
        for first, last in msgspec.json.decode(row.missing, type=Ranges)
    ]


def write_off(connection: Connection, now: float, gap: Gap) -> int:
    """Counts these records as accounted for, within one transaction; how many of them were missing.

    They are kept among the refused, as those that came damaged again and again. The terminal hears
    of it with its next acknowledgement.
    """
    query = select(chains).filter_by(terminal=gap.terminal, journal=gap.journal)
    row = connection.execute(query.with_for_update()).first()
    if row is None:
        return 0
    missing = msgspec.json.decode(row.missing, type=Ranges)
    held, lost = Held(row.top, missing), list[int]()
    for first, last in missing:
        lost += range(max(first, gap.first), min(last, gap.last) + 1)
    for seq in lost[:MOST]:
        held = held.plus(seq)
    key = {"terminal": gap.terminal, "journal": gap.journal, "times": REFUSALS}
    for at in range(0, len(lost), CHUNK):
        rows = [{**key, "seq": seq} for seq in lost[at : at + CHUNK]]
        connection.execute(insert(connection, refusals).on_conflict_do_nothing(), rows)
    told = msgspec.json.encode(held.missing).decode()
    change = chains.update().filter_by(terminal=gap.terminal, journal=gap.journal)
    connection.execute(change.values(through=held.through, missing=told))
    if lost:
        kind = AlarmKind.WRITTEN_OFF
        alarm(connection, now, kind, gap.terminal, journal=gap.journal, seq=lost[0])
    return len(lost)
