"""Journal records into the database: each once, its hash verified, its chain followed.

What is wrong with a record never stops the records after it. A record that does not match its
own hash is asked for again; after `REFUSALS` times it is taken as lost (its bytes stay among the
dead letters), so that one bad record cannot fill a terminal's outbox for ever.

All that is known of a journal is read in the transaction that files its records, under the lock of
its terminal's row (`fleet.register`): several workers may take turns at one journal.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec
from sqlalchemy import Connection, delete, select

from fleet import projection
from fleet.entries import Entries, Trouble
from fleet.following import breaks
from fleet.incidents import AlarmKind, Reason, alarm, bury
from fleet.patience import Patience
from fleet.ranges import Held, Ranges
from fleet.records import fault, now_text
from fleet.store.database import insert, put
from fleet.store.tables import chains, records, refusals
from kiosk import wire

REFUSALS = 3


@dataclass(slots=True)
class Chain:
    """One journal of one terminal, as its row in `chains`; `before`: what was held at first.

    `fresh`: records of this transaction, by `seq`; `pruned`: up to here they were held, and have
    been removed after their time (`fleet.retention`).
    """

    terminal: str
    journal: str
    held: Held = Held()
    hash: str = ""
    broken: bool = False
    before: Held = Held()
    pruned: int = 0
    fresh: dict[int, wire.Record] = field(default_factory=dict)


class Ledger:
    """Files records within one transaction; `close` before its commit, acknowledge after it."""

    def __init__(
        self, connection: Connection, now: float, patience: Patience | None = None
    ) -> None:
        self._connection = connection
        self._now = now
        self._patience = patience or Patience(0)
        self._chains: dict[tuple[str, str], Chain] = {}
        self._entries = Entries()
        self._fresh: list[tuple[str, wire.Record]] = []
        self._refused = False
        self.repeated = 0
        self.buried = 0
        self.new_gaps = 0

    @property
    def fresh(self) -> int:
        return len(self._fresh)

    def file(self, topic: str, message: wire.Events) -> None:
        """Take a batch of one terminal."""
        sound: dict[str, list[wire.Record]] = {}
        for record in message.records:
            reason = fault(message.terminal, record)
            if reason is None:
                sound.setdefault(record.journal, []).append(record)
            else:
                self._refuse(topic, message.terminal, record, reason)
        for journal, batch in sound.items():
            chain = self.chain(message.terminal, journal)
            self._take(topic, chain, batch)

    def chain(self, terminal: str, journal: str, *, lock: bool = True) -> Chain:
        """Its ledger as of now; it will be acknowledged at `close`."""
        key = (terminal, journal)
        if key not in self._chains:
            query = select(chains).filter_by(terminal=terminal, journal=journal)
            query = query.with_for_update() if lock else query
            found = self._connection.execute(query).first()
            chain = self._chains[key] = Chain(terminal, journal)
            if found is not None:
                missing = msgspec.json.decode(found.missing, type=Ranges)
                chain.held = chain.before = Held(found.top, missing)
                chain.hash, chain.broken = found.hash, found.broken
                chain.pruned = found.pruned
        return self._chains[key]

    def close(self) -> list[tuple[str, wire.Ack]]:
        """Save everything; returns what to acknowledge, as (terminal, ack)."""
        for chain in self._chains.values():
            for seq in breaks(self._connection, chain.terminal, chain.fresh, chain.before):
                self._break(chain, seq)
        self._pardon()
        for trouble in self._entries.close(self._connection, self._now):
            self._alarm(trouble)
        self._save()
        acks = [(chain.terminal, self._ack(chain)) for chain in self._chains.values()]
        projection.enter(self._connection, self._now, self._fresh)
        return acks

    def seen(self, journals: Iterable[tuple[str, str]]) -> list[tuple[str, wire.Ack]]:
        """What to acknowledge of these (terminal, journal), of which nothing new has come."""
        known = [self.chain(*key, lock=False) for key in journals]
        return [(chain.terminal, self._ack(chain)) for chain in known]

    # ---- one chain ---------------------------------------------------------------------------

    def _take(self, topic: str, chain: Chain, batch: list[wire.Record]) -> None:
        first = batch[0].seq
        if first > chain.held.top and all(one.seq == at for at, one in enumerate(batch, first)):
            self._extend(chain, batch)
        else:
            self._sort(topic, chain, batch)

    def _extend(self, chain: Chain, batch: list[wire.Record]) -> None:
        """What nearly always comes: the journal goes on."""
        chain.fresh.update({one.seq: one for one in batch})
        self._fresh += [(chain.terminal, one) for one in batch]
        for record in batch:
            self._entries.take(chain.terminal, record)
        chain.hash = batch[-1].hash
        chain.held = chain.held.beyond(batch[0].seq, batch[-1].seq)

    def _sort(self, topic: str, chain: Chain, batch: list[wire.Record]) -> None:
        known = self._hashes(chain, [one.seq for one in batch if one.seq in chain.before])
        for record in batch:
            if record.seq <= chain.pruned:
                self.repeated += 1
                continue
            mine = chain.fresh.get(record.seq)
            held = mine.hash if mine is not None else known.get(record.seq)
            if held is None:
                self._new(chain, record)
                continue
            self.repeated += 1
            if held != record.hash:
                self._break(chain, record.seq)
                self._bury(topic, record, Reason.FORK)
                # Its number was given out before, but a citizen has a slip for this case.
                self._entries.take(chain.terminal, record)

    def _new(self, chain: Chain, record: wire.Record) -> None:
        chain.fresh[record.seq] = record
        self._fresh.append((chain.terminal, record))
        self._entries.take(chain.terminal, record)
        if record.seq > chain.held.top:
            chain.hash = record.hash
        chain.held = chain.held.plus(record.seq)

    def _hashes(self, chain: Chain, seqs: list[int]) -> dict[int, str]:
        if not seqs:
            return {}
        query = select(records.c.seq, records.c.hash).filter_by(
            terminal=chain.terminal, journal=chain.journal
        )
        found = self._connection.execute(query.where(records.c.seq.in_(seqs)))
        return {row.seq: row.hash for row in found}

    def _ack(self, chain: Chain) -> wire.Ack:
        told = self._patience.told(chain.terminal, chain.journal, chain.held)
        self.new_gaps += told.new
        held = told.held
        known = chain.hash if held.top == chain.held.top else ""
        time = now_text(self._now)
        return wire.Ack(chain.journal, held.through, time, list(held.missing), held.top, known)

    # ---- what is wrong -----------------------------------------------------------------------

    def _break(self, chain: Chain, seq: int) -> None:
        chain.broken = True
        self._alarm(Trouble(AlarmKind.CHAIN_BREAK, chain.terminal, chain.journal, seq))

    def _refuse(self, topic: str, terminal: str, record: wire.Record, reason: Reason) -> None:
        self._bury(topic, record, reason)
        if reason is not Reason.HASH:
            alarm(self._connection, self._now, AlarmKind.UNDECODABLE, terminal)
            return
        chain = self.chain(terminal, record.journal)
        self._alarm(Trouble(AlarmKind.WRONG_HASH, terminal, record.journal, record.seq))
        if record.seq in chain.held:
            return
        key = {"terminal": terminal, "journal": record.journal, "seq": record.seq}
        again = {"times": refusals.c.times + 1}
        put(self._connection, refusals, {**key, "times": 1}, tuple(key), again)
        times = self._connection.scalar(select(refusals.c.times).filter_by(**key)) or 0
        if times >= REFUSALS:
            if record.seq > chain.held.top:
                chain.hash = ""  # of the newest: nobody knows it
            chain.held = chain.held.plus(record.seq)

    def _pardon(self) -> None:
        """Those that came in a good copy. There are hardly ever any."""
        if not self._fresh or not self._connection.scalar(select(refusals.c.seq).limit(1)):
            return
        for chain in self._chains.values():
            mine = delete(refusals).filter_by(terminal=chain.terminal, journal=chain.journal)
            self._connection.execute(mine.where(refusals.c.seq.in_(list(chain.fresh))))

    def _alarm(self, trouble: Trouble) -> None:
        alarm(
            self._connection, self._now, trouble.kind, trouble.terminal,
            journal=trouble.journal, seq=trouble.seq, case_no=trouble.case_no,
        )  # fmt: skip

    def _bury(self, topic: str, record: wire.Record, reason: Reason) -> None:
        self.buried += 1
        bury(self._connection, self._now, topic, wire.encode(record), reason)

    def _save(self) -> None:
        rows = [
            {
                "terminal": chain.terminal,
                "journal": chain.journal,
                "through": chain.held.through,
                "top": chain.held.top,
                "hash": chain.hash,
                "missing": msgspec.json.encode(chain.held.missing).decode(),
                "broken": chain.broken,
                "updated_at": self._now,
            }
            for chain in self._chains.values()
            if chain.held.top > 0
        ]
        if rows:
            statement = insert(self._connection, chains)
            newer = {name: statement.excluded[name] for name in rows[0]}
            key = ("terminal", "journal")
            self._connection.execute(
                statement.on_conflict_do_update(index_elements=key, set_=newer), rows
            )
