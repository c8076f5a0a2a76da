"""Is a store sound? Every record against its own hash, its neighbour, and its journal's ledger."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from fleet.ranges import Held, Ranges
from fleet.records import COPIED
from fleet.store.tables import chains, records, refusals
from kiosk import wire

MOST = 20  # faults that are told


@dataclass(frozen=True, slots=True)
class Verdict:
    """`pruned`: records that the fleet has let go at the beginning of journals."""

    records: int
    journals: int
    pruned: int
    faults: tuple[str, ...]


def verify(connection: Connection) -> Verdict:
    """Reads every record once."""
    ledgers = {(row.terminal, row.journal): row for row in connection.execute(select(chains))}
    refused = _refused(connection)
    query = select(records).order_by(records.c.terminal, records.c.journal, records.c.seq)
    rows = connection.execution_options(yield_per=2000).execute(query)
    count = pruned = 0
    faults: list[str] = []
    seen = set()
    for key, own in groupby(rows, key=lambda row: (row.terminal, row.journal)):
        seen.add(key)
        walk = _Walk(key, ledgers.get(key), refused.get(key, set()))
        for row in own:
            faults += walk.step(row)
            count += 1
        faults += walk.end()
        pruned += walk.pruned
    for key in ledgers.keys() - seen:
        walk = _Walk(key, ledgers[key], refused.get(key, set()))
        faults += walk.end()
        pruned += walk.pruned
    return Verdict(count, len(ledgers), pruned, tuple(faults[:MOST]))


class _Walk:
    """Along one journal, in order."""

    def __init__(self, key: tuple[str, str], ledger: Any, refused: set[int]) -> None:
        self._name = "/".join(key)
        missing = msgspec.json.decode(ledger.missing, type=Ranges) if ledger else ()
        self._held = Held(ledger.top, missing) if ledger else Held()
        self._hash = ledger.hash if ledger else ""
        self._broken = bool(ledger and ledger.broken)
        self._refused = refused
        self.pruned = ledger.pruned if ledger else 0
        self._seq = self.pruned
        self._before = (ledger.pruned_hash if ledger else "") or wire.GENESIS

    def step(self, row: Any) -> Iterator[str]:
        if wire.digest(_record(row)) != row.hash:
            yield f"{self._name}: record {row.seq} does not match its hash"
        if row.seq == self._seq + 1:
            if row.prev != self._before and not self._broken:
                yield f"{self._name}: the chain breaks at {row.seq}"
        else:
            lost = self._lost(self._seq + 1, row.seq - 1)
            if lost:
                yield f"{self._name}: {len(lost)} records from {lost[0]} on are not there"
        self._seq, self._before = row.seq, row.hash

    def end(self) -> Iterator[str]:
        if self._seq > self._held.top or self._lost(self._seq + 1, self._held.top):
            yield f"{self._name}: ends at {self._seq}, its ledger at {self._held.top}"
        elif self._seq == self._held.top and self._before != self._hash:
            yield f"{self._name}: its last record is not the one of its ledger"

    def _lost(self, first: int, last: int) -> list[int]:
        """What must be there and is not; one that never came sound counts as held (`refusals`)."""
        numbers = range(first, last + 1)
        return [seq for seq in numbers if seq in self._held and seq not in self._refused]


def _refused(connection: Connection) -> dict[tuple[str, str], set[int]]:
    found: dict[tuple[str, str], set[int]] = {}
    for row in connection.execute(select(refusals)):
        found.setdefault((row.terminal, row.journal), set()).add(row.seq)
    return found


def _record(row: Any) -> wire.Record:
    known = {name: getattr(row, name) for name in COPIED}
    return wire.Record(**known, data=msgspec.Raw(row.data))
