"""What a fresh record means beyond itself: a case begins, a journal was set aside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from fleet.incidents import AlarmKind
from fleet.records import CASE_INTENT, NOT_JSON, REPLACED, CaseIntent, Replaced
from fleet.store.archive_tables import bundles
from fleet.store.bulk import fill
from fleet.store.tables import cases
from kiosk import wire

_BUNDLE = ("case_no", "bundle")
_CASE = (
    "case_no", "task_code", "task_version", "kind", "terminal", "sealed", "state", "handed_over",
    "received_at", "due_date", "certificate_no", "reason",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Trouble:
    """What an alarm is about; `journal` and `seq` name a record."""

    kind: AlarmKind
    terminal: str
    journal: str
    seq: int
    case_no: str = ""


@dataclass(frozen=True, slots=True)
class _Case:
    terminal: str
    record: wire.Record
    intent: CaseIntent

    def row(self, now: float) -> tuple[Any, ...]:
        """As `_CASE` names it."""
        it = self.intent
        known = (it.case_no, it.task_code, it.task_version, it.kind)
        return (*known, self.terminal, self.record.sealed, "received", False, now, "", "", "")

    def told(self, kind: AlarmKind) -> Trouble:
        of = self.record
        return Trouble(kind, self.terminal, of.journal, of.seq, self.intent.case_no)


class Entries:
    """Of one transaction: `take` each record, `close` enters all of them where they belong."""

    def __init__(self) -> None:
        self._cases: list[_Case] = []
        self._troubles: list[Trouble] = []
        self._taken: set[str] = set()  # numbers that belong to another case

    def take(self, terminal: str, record: wire.Record) -> None:
        if record.type == CASE_INTENT and record.sealed:
            self._case(terminal, record)
        elif record.type == REPLACED:
            self._troubles.append(_replaced(terminal, record))

    def close(self, connection: Connection, now: float) -> list[Trouble]:
        """What is to be told to people."""
        if self._cases:
            self._enter(connection, now)
        return self._troubles

    def _case(self, terminal: str, record: wire.Record) -> None:
        try:
            intent = msgspec.json.decode(record.data, type=CaseIntent)
        except NOT_JSON:
            kind = AlarmKind.CASE_UNDECODABLE
            self._troubles.append(Trouble(kind, terminal, record.journal, record.seq))
        else:
            self._cases.append(_Case(terminal, record, intent))

    def _enter(self, connection: Connection, now: float) -> None:
        first: dict[str, _Case] = {}
        for case in self._cases:
            first.setdefault(case.intent.case_no, case)
        # In one order everywhere: two transactions with the same numbers must not lock each other.
        fresh = fill(connection, cases, _CASE, [first[one].row(now) for one in sorted(first)])
        if fresh < len(self._cases):
            self._compare(connection, first)
        bundled = [
            (number, one.intent.bundle) for number, one in first.items() if one.intent.bundle
        ]
        fill(connection, bundles, _BUNDLE, [one for one in bundled if one[0] not in self._taken])

    def _compare(self, connection: Connection, first: dict[str, _Case]) -> None:
        """The same case, in a record that was refused and came again, is no conflict."""
        numbers = {case.intent.case_no for case in self._cases}
        query = select(cases.c.case_no, cases.c.sealed).where(cases.c.case_no.in_(numbers))
        held = {row.case_no: row.sealed for row in connection.execute(query)}
        others = [one for one in self._cases if held.get(one.intent.case_no) != one.record.sealed]
        self._troubles += [case.told(AlarmKind.CASE_CONFLICT) for case in others]
        self._taken = {number for number, one in first.items() if one in others}


def _replaced(terminal: str, record: wire.Record) -> Trouble:
    """The old journal's records may still come; what is missing of them is in its chain."""
    try:
        said = msgspec.json.decode(record.data, type=Replaced)
    except NOT_JSON:
        said = Replaced()
    return Trouble(AlarmKind.JOURNAL_REPLACED, terminal, said.journal, said.through)
