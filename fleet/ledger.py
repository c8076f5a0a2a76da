"""Journal records into the database: each once, its hash verified, its chain followed.

What is wrong with a record never stops the records after it. A record that does not match its
own hash is asked for again; after `REFUSALS` times it is taken as lost (its bytes stay among the
dead letters), so that one bad record cannot fill a terminal's outbox for ever.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, and_, delete, select

from fleet.acts import act
from fleet.incidents import AlarmKind, Reason, alarm, bury
from fleet.ranges import Held, Ranges, runs
from fleet.records import CASE_INTENT, NOT_JSON, CaseIntent, fault, now_text, row
from fleet.store.database import insert, put
from fleet.store.tables import acts, cases, chains, counters, records, refusals
from kiosk import wire

REFUSALS = 3


@dataclass(slots=True)
class Chain:
    """One journal of one terminal, as its row in `chains`. `gaps`: how many it had before."""

    terminal: str
    journal: str
    held: Held = Held()
    hash: str = ""
    broken: bool = False
    gaps: int = 0


class Ledger:
    """Files records within one transaction; `close` before its commit, acknowledge after it."""

    def __init__(self, connection: Connection, now: float) -> None:
        self._connection = connection
        self._now = now
        self._chains: dict[tuple[str, str], Chain] = {}
        self.fresh = 0
        self.repeated = 0
        self.buried = 0

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
            fresh = self._without_repeats(topic, chain, batch)
            self._insert(chain, fresh)
            self._follow(chain, [record.seq for record in fresh])

    def chain(self, terminal: str, journal: str) -> Chain:
        """Its ledger as of now; it will be acknowledged at `close`."""
        key = (terminal, journal)
        if key not in self._chains:
            query = select(chains).filter_by(terminal=terminal, journal=journal)
            found = self._connection.execute(query.with_for_update()).first()
            chain = self._chains[key] = Chain(terminal, journal)
            if found is not None:
                missing = msgspec.json.decode(found.missing, type=Ranges)
                chain.held = Held(found.top, missing)
                chain.hash, chain.broken, chain.gaps = found.hash, found.broken, len(missing)
        return self._chains[key]

    def close(self) -> list[tuple[str, wire.Ack]]:
        """Save the chains; returns what to acknowledge, as (terminal, ack)."""
        time = now_text(self._now)
        acks = []
        for chain in self._chains.values():
            if chain.held.top > 0:
                self._save(chain)
            held = chain.held
            ack = wire.Ack(chain.journal, held.through, time, list(held.missing))
            acks.append((chain.terminal, ack))
        return acks

    @property
    def new_gaps(self) -> int:
        chains_now = self._chains.values()
        return sum(max(0, len(chain.held.missing) - chain.gaps) for chain in chains_now)

    # ---- one chain ---------------------------------------------------------------------------

    def _without_repeats(
        self, topic: str, chain: Chain, batch: list[wire.Record]
    ) -> list[wire.Record]:
        known = self._hashes(chain, [record.seq for record in batch])
        fresh: list[wire.Record] = []
        for record in batch:
            if record.seq not in known:
                known[record.seq] = record.hash
                fresh.append(record)
                continue
            self.repeated += 1
            if known[record.seq] != record.hash:
                self._break(chain, record.seq)
                self._bury(topic, record, Reason.FORK)
        return fresh

    def _insert(self, chain: Chain, fresh: list[wire.Record]) -> None:
        if not fresh:
            return
        self.fresh += len(fresh)
        rows = [row(chain.terminal, record, self._now) for record in fresh]
        self._connection.execute(insert(self._connection, records).on_conflict_do_nothing(), rows)
        self._project(chain, fresh)
        seqs = [record.seq for record in fresh]
        pardoned = delete(refusals).filter_by(terminal=chain.terminal, journal=chain.journal)
        self._connection.execute(pardoned.where(refusals.c.seq.in_(seqs)))
        for record in fresh:
            if record.seq > chain.held.top:
                chain.hash = record.hash
            chain.held = chain.held.plus(record.seq)
            if record.type == CASE_INTENT and record.sealed:
                self._open_case(chain, record)

    def _project(self, chain: Chain, fresh: list[wire.Record]) -> None:
        """Rows that people read, and their count, so that nobody has to count them later."""
        found = [act(chain.terminal, record, self._now) for record in fresh]
        rows = [known for known in found if known is not None]
        if not rows:
            return
        self._connection.execute(insert(self._connection, acts).on_conflict_do_nothing(), rows)
        names = Counter(f"act.{known['kind']}.{known['outcome']}" for known in rows)
        for name, times in names.items():
            more = {"value": counters.c.value + times}
            put(self._connection, counters, {"name": name, "value": times}, ("name",), more)

    def _follow(self, chain: Chain, seqs: list[int]) -> None:
        """Check each new record against its neighbours, whichever of them came first."""
        before, after = records.alias("before"), records.alias("after")
        neighbours = and_(
            before.c.terminal == after.c.terminal,
            before.c.journal == after.c.journal,
            before.c.seq == after.c.seq - 1,
        )
        no_genesis = and_(after.c.seq == 1, after.c.prev != wire.GENESIS)
        for first, last in runs(seqs):
            broken = select(after.c.seq).join_from(after, before, neighbours, isouter=True)
            broken = broken.where(
                after.c.terminal == chain.terminal,
                after.c.journal == chain.journal,
                after.c.seq.between(first, last + 1),
                (after.c.prev != before.c.hash) | no_genesis,
            )
            for seq in self._connection.scalars(broken).all():
                self._break(chain, seq)

    # ---- what is wrong -----------------------------------------------------------------------

    def _break(self, chain: Chain, seq: int) -> None:
        chain.broken = True
        self._alarm(AlarmKind.CHAIN_BREAK, chain, seq)

    def _refuse(self, topic: str, terminal: str, record: wire.Record, reason: Reason) -> None:
        self._bury(topic, record, reason)
        if reason is not Reason.HASH:
            alarm(self._connection, self._now, AlarmKind.UNDECODABLE, terminal)
            return
        chain = self.chain(terminal, record.journal)
        self._alarm(AlarmKind.WRONG_HASH, chain, record.seq)
        if record.seq in chain.held:
            return
        key = {"terminal": terminal, "journal": record.journal, "seq": record.seq}
        again = {"times": refusals.c.times + 1}
        put(self._connection, refusals, {**key, "times": 1}, tuple(key), again)
        times = self._connection.scalar(select(refusals.c.times).filter_by(**key)) or 0
        if times >= REFUSALS:
            chain.held = chain.held.plus(record.seq)

    def _alarm(self, kind: AlarmKind, chain: Chain, seq: int, case_no: str = "") -> None:
        alarm(
            self._connection, self._now, kind, chain.terminal,
            journal=chain.journal, seq=seq, case_no=case_no,
        )  # fmt: skip

    def _bury(self, topic: str, record: wire.Record, reason: Reason) -> None:
        self.buried += 1
        bury(self._connection, self._now, topic, wire.encode(record), reason)

    # ---- rows --------------------------------------------------------------------------------

    def _open_case(self, chain: Chain, record: wire.Record) -> None:
        try:
            intent = msgspec.json.decode(record.data, type=CaseIntent)
        except NOT_JSON:
            self._alarm(AlarmKind.CASE_UNDECODABLE, chain, record.seq)
            return
        case = {
            **msgspec.structs.asdict(intent),
            "terminal": chain.terminal,
            "sealed": record.sealed,
            "state": "received",
            "received_at": self._now,
        }
        statement = insert(self._connection, cases).values(case)
        statement = statement.on_conflict_do_nothing(index_elements=("case_no",))
        if self._connection.execute(statement).rowcount == 0:
            self._alarm(AlarmKind.CASE_CONFLICT, chain, record.seq, intent.case_no)

    def _save(self, chain: Chain) -> None:
        values = {
            "through": chain.held.through,
            "top": chain.held.top,
            "hash": chain.hash,
            "missing": msgspec.json.encode(chain.held.missing).decode(),
            "broken": chain.broken,
            "updated_at": self._now,
        }
        key = {"terminal": chain.terminal, "journal": chain.journal}
        put(self._connection, chains, {**key, **values}, tuple(key), values)

    def _hashes(self, chain: Chain, seqs: list[int]) -> dict[int, str]:
        query = select(records.c.seq, records.c.hash).filter_by(
            terminal=chain.terminal, journal=chain.journal
        )
        found = self._connection.execute(query.where(records.c.seq.in_(seqs)))
        return {row.seq: row.hash for row in found}
