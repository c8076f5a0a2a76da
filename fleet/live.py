"""The read model that the API and the console share."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import fields

import msgspec
from sqlalchemy import Connection, Table, and_, func, select

from fleet.changes import Changes
from fleet.letters import Letters
from fleet.portrait import Known, portrait
from fleet.ranges import Ranges
from fleet.rows import (
    AlarmRow,
    DeviceRow,
    MomentRow,
    Need,
    NeedCount,
    Overview,
    Serving,
    TerminalRow,
    TransactionRow,
)
from fleet.store.archive_tables import bundles
from fleet.store.database import Store
from fleet.store.tables import (
    acts,
    alarms,
    cases,
    chains,
    counters,
    dead_letters,
    moments,
    terminals,
)

__all__ = [
    "AlarmRow",
    "Changes",
    "DeviceRow",
    "Live",
    "MomentRow",
    "Need",
    "NeedCount",
    "Overview",
    "Serving",
    "TerminalRow",
    "TransactionRow",
]

OF_CASE = (
    cases.c.task_code.label("case_task"),
    cases.c.state,
    cases.c.reason,
    cases.c.due_date,
    cases.c.certificate_no,
)
MOMENT = [field.name for field in fields(MomentRow)]
SAME_RECORD = and_(
    acts.c.terminal == moments.c.terminal,
    acts.c.journal == moments.c.journal,
    acts.c.seq == moments.c.seq,
)


class Live:
    """Blocking reads, safe from any thread: some 30 µs for each terminal, some ms otherwise."""

    def __init__(
        self, store: Store, stale_seconds: float, clock: Callable[[], float] = time.time
    ) -> None:
        self._store = store
        self._stale_seconds = stale_seconds
        self._clock = clock
        self.changes: Changes = store.changes
        self.letters = Letters(store)

    @property
    def store(self) -> Store:
        return self._store

    def overview(self) -> Overview:
        with self._store.read() as connection:
            rows = self._terminals(connection)
            by_state = select(cases.c.state, func.count().label("cases")).group_by(cases.c.state)
            states = {row.state: int(row.cases) for row in connection.execute(by_state)}
            prints, levels = _tally(connection, "print"), _tally(connection, "rating")
            held, missing = _records(connection)
            alarms_kept, letters = (_count(connection, table) for table in (alarms, dead_letters))
        known = {int(level): times for level, times in levels.items() if level.isdigit()}
        ratings = sum(known.values())
        weight = sum(level * times for level, times in known.items())
        return Overview(
            terminals=len(rows),
            online=sum(row.online for row in rows),
            offline=sum(not row.online for row in rows),
            stale=sum(row.stale for row in rows),
            serving=Counter(row.serving for row in rows),
            cases=states,
            prints=prints,
            ratings=ratings,
            rating=weight / ratings if ratings else None,
            records=held,
            missing=missing,
            alarms=alarms_kept,
            dead_letters=letters,
            needs=_needs(rows),
        )

    def oldest_waiting(self) -> float:
        """For how many seconds the oldest case has waited for its platform; 0.0: none waits."""
        query = select(func.min(cases.c.received_at)).where(cases.c.handed_over.is_(False))
        with self._store.read() as connection:
            since = connection.scalar(query)
        return 0.0 if since is None else max(0.0, self._clock() - since)

    def terminals(self) -> list[TerminalRow]:
        """In order of their ids."""
        with self._store.read() as connection:
            return self._terminals(connection)

    def terminal(self, terminal: str) -> TerminalRow | None:
        with self._store.read() as connection:
            found = self._terminals(connection, terminal)
        return found[0] if found else None

    def transactions(
        self, limit: int = 50, before: int | None = None, terminal: str | None = None
    ) -> list[TransactionRow]:
        """Newest first; `before` is the last `position` of the page before."""
        query = select(acts, *OF_CASE, moments.c.staff, bundles.c.bundle)
        query = query.join_from(acts, cases, acts.c.case_no == cases.c.case_no, isouter=True)
        query = query.join(bundles, acts.c.case_no == bundles.c.case_no, isouter=True)
        query = query.join(moments, SAME_RECORD, isouter=True)
        if before is not None:
            query = query.where(acts.c.position < before)
        if terminal is not None:
            query = query.where(acts.c.terminal == terminal)
        with self._store.read() as connection:
            found = connection.execute(query.order_by(acts.c.position.desc()).limit(limit))
            return [_act(row) for row in found]

    def moments(self, terminal: str, limit: int = 50) -> list[MomentRow]:
        """What people did at a terminal, newest first."""
        query = select(*(moments.c[name] for name in MOMENT)).where(moments.c.terminal == terminal)
        with self._store.read() as connection:
            found = connection.execute(query.order_by(moments.c.position.desc()).limit(limit))
            return [MomentRow(**row._asdict()) for row in found]

    def alarms(self, limit: int = 50) -> list[AlarmRow]:
        """The latest seen first."""
        query = select(alarms).order_by(alarms.c.last_at.desc(), alarms.c.id.desc()).limit(limit)
        with self._store.read() as connection:
            return [AlarmRow(**row._asdict()) for row in connection.execute(query)]

    def some(self, connection: Connection, names: list[str]) -> list[TerminalRow]:
        """These, in order of their ids, as the connection sees them."""
        return self._terminals(connection, among=names)

    def is_late(self, row: TerminalRow) -> bool:
        """Silent for too long by now, though it was not when it was read."""
        if row.stale or row.heard_seconds_ago is None:
            return False
        return self._clock() - row.read_at + row.heard_seconds_ago > self._stale_seconds

    def page(self, after: str, limit: int) -> list[TerminalRow]:
        """The next terminals in order of their ids."""
        with self._store.read() as connection:
            names = select(terminals.c.terminal).where(terminals.c.terminal > after)
            names = names.order_by(terminals.c.terminal).limit(limit)
            return self._terminals(connection, among=list(connection.scalars(names)))

    def _terminals(
        self, connection: Connection, only: str | None = None, among: list[str] | None = None
    ) -> list[TerminalRow]:
        known, ledgers = select(terminals), select(chains)
        if among is not None:
            known = known.where(terminals.c.terminal.in_(among))
            ledgers = ledgers.where(chains.c.terminal.in_(among))
        if only is not None:
            known = known.filter_by(terminal=only)
            ledgers = ledgers.filter_by(terminal=only)
        latest: dict[str, Known] = {}
        by_journal: dict[tuple[str, str], Known] = {}
        for chain in connection.execute(ledgers.order_by(chains.c.updated_at)):
            latest[chain.terminal] = chain
            by_journal[chain.terminal, chain.journal] = chain
        now = self._clock()
        rows = []
        for row in connection.execute(known.order_by(terminals.c.terminal)):
            own = by_journal.get((row.terminal, row.journal))
            current = own if row.journal else latest.get(row.terminal)
            rows.append(portrait(row, current, now, self._stale_seconds))
        return rows


def _needs(rows: Iterable[TerminalRow]) -> tuple[NeedCount, ...]:
    found = Counter(need for row in rows for need in set(row.needs))
    return tuple(NeedCount(need, times) for need, times in found.most_common())


def _tally(connection: Connection, kind: str) -> dict[str, int]:
    """Outcome -> how many acts of a kind ended so."""
    head = f"act.{kind}."
    query = select(counters).where(counters.c.name.startswith(head, autoescape=True))
    return {row.name.removeprefix(head): row.value for row in connection.execute(query)}


def _records(connection: Connection) -> tuple[int, int]:
    """How many records are held, and how many are missing, of all journals."""
    rows = connection.execute(select(chains.c.top, chains.c.missing)).all()
    gaps = [msgspec.json.decode(row.missing, type=Ranges) for row in rows]
    missing = sum(last - first + 1 for ranges in gaps for first, last in ranges)
    return sum(row.top for row in rows) - missing, missing


def _count(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0


def _act(row: Known) -> TransactionRow:
    decided = row.kind == "case" and row.state is not None
    return TransactionRow(
        position=row.position,
        kind=row.kind,
        terminal=row.terminal,
        time=row.time,
        received_at=row.received_at,
        case_no=row.case_no,
        task_code=row.task_code or row.case_task or "",
        outcome=row.state if decided else row.outcome,
        paper=row.paper,
        fault=row.fault,
        action=row.action,
        reason=row.reason if decided else "",
        due_date=row.due_date if decided else "",
        certificate_no=row.certificate_no if decided else "",
        historical=row.historical,
        staff=row.staff or "",
        bundle=row.bundle or "",
    )
