"""Does a journal's chain hold where new records join it?"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, select

from fleet.ranges import Held
from fleet.store.tables import records
from kiosk import wire

_SLICE = 500  # numbers in one question


def breaks(
    connection: Connection, terminal: str, fresh: Mapping[int, wire.Record], before: Held
) -> list[int]:
    """The records that don't follow from the one before them, whichever of both came first.

    `fresh`: records of one journal that are about to be entered; `before`: what was held until
    now. A held record without a row (one that was given up) has no neighbours.
    """
    if not fresh:
        return []
    broken: list[int] = []
    edges: list[int] = []
    last: wire.Record | None = None
    for seq in sorted(fresh):
        record = fresh[seq]
        if last is not None and last.seq == seq - 1:
            broken += [seq] if record.prev != last.hash else []
        else:
            edges += [last.seq + 1] if last is not None else []
            edges.append(seq - 1)
        last = record
    assert last is not None
    edges.append(last.seq + 1)
    first = fresh.get(1)
    broken += [1] if first is not None and first.prev != wire.GENESIS else []
    held = [seq for seq in edges if seq in before and seq not in fresh]
    return sorted({*broken, *_joined(connection, terminal, fresh, held)}) if held else broken


def _joined(
    connection: Connection, terminal: str, fresh: Mapping[int, wire.Record], held: list[int]
) -> list[int]:
    """Where new records meet those of before. `held`: the neighbours of before."""
    journal = next(iter(fresh.values())).journal
    broken = []
    for seq, (prev, digest) in _rows(connection, terminal, journal, held).items():
        before, after = fresh.get(seq - 1), fresh.get(seq + 1)
        broken += [seq] if before is not None and prev != before.hash else []
        broken += [seq + 1] if after is not None and after.prev != digest else []
    return broken


def _rows(
    connection: Connection, terminal: str, journal: str, seqs: list[int]
) -> dict[int, tuple[str, str]]:
    found: dict[int, tuple[str, str]] = {}
    mine = select(records.c.seq, records.c.prev, records.c.hash)
    mine = mine.filter_by(terminal=terminal, journal=journal)
    for first in range(0, len(seqs), _SLICE):
        some = connection.execute(mine.where(records.c.seq.in_(seqs[first : first + _SLICE])))
        found |= {row.seq: (row.prev, row.hash) for row in some}
    return found
