"""Which records go out next: pure bookkeeping, no I/O but the journal's.

A record leaves the outbox when the fleet has said that it holds it (`wire.Ack`), never when a
broker has taken it. Without progress for a while, everything not held is sent again.

After each connection the fleet speaks first: its word tells whether this journal is the one that
it knows. An old copy of it (a disk put back, files carried to another machine) would give out
numbers a second time; it sends nothing and is closed (`Journal.note_ahead`).
"""

from __future__ import annotations

import msgspec

from kiosk import wire
from kiosk.journal import Journal

WINDOW = 500  # records under way at most
PATIENCE_SECONDS = 5.0
WORD_SECONDS = 10.0  # for the fleet's first word on a connection, before it is asked again
_ENVELOPE_BYTES = 256


class Outbox:
    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._sent = journal.acked_through
        self._wanted: list[tuple[int, int]] = []
        self._live_from = 0  # records up to here were written before this connection
        self._progress = 0.0
        self._asked: float | None = None  # since when the fleet's first word is awaited

    @property
    def waiting(self) -> int:
        """Records that the fleet does not hold yet."""
        return self._journal.last_seq - self._journal.acked_through

    def connected(self, now: float) -> None:
        """A new connection: nothing under way is certain any more."""
        self._live_from = self._journal.last_seq
        self._asked = now
        self._rewind(now)

    def must_ask(self, now: float) -> bool:
        """The fleet has not yet said what it holds, and should be asked again."""
        if self._asked is None or now - self._asked < WORD_SECONDS:
            return False
        self._asked = now
        return True

    def acknowledged(self, ack: wire.Ack, now: float) -> None:
        """Takes only acks for this journal; asks for the ranges that the fleet lacks."""
        if ack.journal != self._journal.id or self._journal.ahead:
            return
        if is_old_copy(self._journal, ack):
            self._journal.note_ahead(max(ack.top, ack.through))
            return
        self._asked = None
        before = self._journal.acked_through
        self._journal.note_acked(ack.through)
        if ack.through > before:
            self._progress = now
        self._wanted = [(first, last) for first, last in ack.missing if last > ack.through]
        held = max(ack.top, ack.through)
        if held < before:  # the fleet was restored from an older backup
            self._wanted.append((held + 1, before))

    def next_batch(self, now: float) -> list[wire.Record]:
        """At most `wire.MAX_BATCH_BYTES` of records, oldest first; [] when there is no work."""
        if self._asked is not None or self._journal.ahead:
            return []
        acked = self._journal.acked_through
        self._sent = max(self._sent, acked)
        if self._sent > acked and now - self._progress > PATIENCE_SECONDS:
            self._rewind(now)
        if self._wanted:
            return self._cut(self._journal.records(*self._wanted.pop(0)))
        room = WINDOW - (self._sent - acked)
        if room <= 0:
            return []
        batch = self._cut(self._journal.records(self._sent + 1, limit=room))
        if batch:
            if self._sent == acked:
                self._progress = now
            self._sent = batch[-1].seq
        return batch

    def _rewind(self, now: float) -> None:
        self._sent = self._journal.acked_through
        self._progress = now

    def _cut(self, records: list[wire.Record]) -> list[wire.Record]:
        return cut(records, self._live_from)


def is_old_copy(journal: Journal, ack: wire.Ack) -> bool:
    """Does the fleet hold records of this journal that it never wrote, or wrote otherwise?"""
    if max(ack.top, ack.through) > journal.last_seq:
        return True
    own = journal.records(ack.top, ack.top) if ack.hash else []
    return bool(own) and own[0].hash != ack.hash


def cut(records: list[wire.Record], live_from: int) -> list[wire.Record]:
    """As many as one message takes, but one at least. Up to `live_from` they are historical."""
    size = _ENVELOPE_BYTES
    batch: list[wire.Record] = []
    for record in records:
        marked = msgspec.structs.replace(record, historical=record.seq <= live_from)
        size += len(wire.encode(marked)) + 1
        if batch and size > wire.MAX_BATCH_BYTES:
            break
        batch.append(marked)
    return batch
