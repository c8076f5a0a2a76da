"""Each received case to its approval platform, once; and what became of it.

Each platform has a worker of its own: one that is away or slow costs its own cases only.

The decision, the answer and the certificate are committed together. A kill between the platform
and that commit leaves the case as received: it is handed over again under the same case number,
and the platform gives the same answer (`fleet.platform.contract`).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec
import structlog
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import ColumnElement, Connection, Row, select, update
from sqlalchemy.exc import SQLAlchemyError

from fleet.archive.desk import PageDesk
from fleet.archive.pages import lacking
from fleet.incidents import AlarmKind, alarm
from fleet.metrics import Metrics
from fleet.platform.contract import Decision, Platform, PlatformError, Standing
from fleet.records import NOT_JSON
from fleet.store.conclusion_tables import conclusions
from fleet.store.database import Store, put
from fleet.store.tables import cases, certificates, results
from fleet.troubles import Troubles
from fleet.woken import Woken
from kiosk import wire

UNDECODABLE = "undecodable"
ROUND = 50  # cases read at a time
LOOK_SECONDS = 2.0  # between two looks without a call
RETRIES = 5  # of failed cases in a round: new ones must not starve behind them
ALARM_AFTER = 3  # failures of one case

log = structlog.get_logger("fleet.cases")


@dataclass(frozen=True, slots=True)
class Progress:
    """One case as the gateway tells it. `result`: (label zh, label en, value)."""

    case_no: str
    state: str
    due_date: str
    certificate_no: str
    reason: str
    result: list[tuple[str, str, str]] = field(repr=False)


class CaseWorker(Woken):
    """One thread; wakes at each commit. `mine`: whose cases, by task_code (all of them: only one
    platform). `desk`: what a case needs before it goes."""

    def __init__(
        self,
        store: Store,
        key: X25519PrivateKey,
        platform: Platform,
        metrics: Metrics,
        clock: Callable[[], float] = time.time,
        *,
        mine: Callable[[str], bool] | None = None,
        name: str = "cases",
        desk: PageDesk | None = None,
    ) -> None:
        super().__init__(store, name, records_only=True)
        self._store = store
        self._key = key
        self._platform = platform
        self._desk = desk or PageDesk(store, key)
        self._metrics = metrics
        self._clock = clock
        self._mine = mine
        self._troubles = Troubles()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._pace.begin()
            try:
                self._desk.remind()
                while self._round() and not self._stopping.is_set():
                    pass
            except SQLAlchemyError as error:
                log.error("cases_unreadable", error=type(error).__name__)
            sign = self._stopping if self._troubles.away else self._wake
            sign.wait(LOOK_SECONDS)

    def _round(self) -> bool:
        """Hand over what waits; False when it is time to wait.

        While the platform is away, one new case and one that failed are tried each time: if the
        new one is taken, it was the cases' fault.
        """
        away = self._troubles.away
        fresh, again = (1, 1) if away else (ROUND, RETRIES)
        due = self._troubles.due(again)
        waiting = self._waiting(cases.c.case_no.not_in(self._troubles.known), fresh)
        if due:
            failed = self._waiting(cases.c.case_no.in_(due), again)
            waiting += failed
            for settled in {*due} - {row.case_no for row in failed}:
                self._troubles.forget(settled)
        for row in waiting:
            if self._stopping.is_set() or (self._troubles.away and not away):
                break
            self._hand_over(row)
        return bool(waiting) and not self._troubles.away

    def _waiting(self, which: ColumnElement[bool], most: int) -> list[Row[*tuple[Any, ...]]]:
        query = select(cases.c.case_no, cases.c.terminal, cases.c.task_code, cases.c.sealed)
        query = query.where(cases.c.handed_over.is_(False), which, ~lacking())
        with self._store.read() as connection:
            if self._mine is not None:
                query = query.where(cases.c.task_code.in_(self._items(connection, self._mine)))
            return list(connection.execute(query.order_by(cases.c.received_at).limit(most)).all())

    def _items(self, connection: Connection, mine: Callable[[str], bool]) -> list[str]:
        """Those that wait: a long queue of another platform must not hide one's own cases."""
        query = select(cases.c.task_code).where(cases.c.handed_over.is_(False)).distinct()
        return [code for code in connection.scalars(query) if mine(code)]

    def _hand_over(self, row: Row[*tuple[Any, ...]]) -> None:
        case_no, terminal, task_code = row.case_no, row.terminal, row.task_code
        payload = self._open(row.sealed)
        if payload is None or (payload.case_no, payload.terminal, payload.task_code) != (
            case_no, terminal, task_code,
        ):  # fmt: skip
            self._save(case_no, terminal, Decision(Standing.REFUSED), UNDECODABLE)
            self._troubles.forget(case_no)
            return
        try:
            if (ready := self._desk.ready(payload)) is None:
                return
            self._desk.bring(ready)
            decision = self._platform.decide(ready)
        except PlatformError:
            self._rest(case_no, terminal, "platform_failed")
        except Exception as error:  # noqa: BLE001 - a platform's defect must not end the worker
            self._rest(case_no, terminal, type(error).__name__)
        else:
            self._save(case_no, terminal, decision, decision.reason.value)
            self._troubles.taken(case_no)

    def _open(self, sealed: str) -> wire.CasePayload | None:
        try:
            return wire.unseal(self._key, sealed)
        except (InvalidTag, ValueError, *NOT_JSON):
            return None

    def _rest(self, case_no: str, terminal: str, error: str) -> None:
        times = self._troubles.failed(case_no)
        self._metrics.platform_failures.inc()
        log.error("case_not_taken", case_no=case_no, error=error, times=times)
        if times >= ALARM_AFTER:
            with self._store.write() as connection:
                kind = AlarmKind.PLATFORM_FAILING
                alarm(connection, self._clock(), kind, terminal, case_no=case_no)
            self._store.changes.notify()

    def _save(self, case_no: str, terminal: str, decision: Decision, reason: str) -> None:
        now = self._clock()
        with self._store.write() as connection:
            _settle(connection, case_no, decision, reason, now)
            if reason == UNDECODABLE:
                alarm(connection, now, AlarmKind.CASE_UNDECODABLE, terminal, case_no=case_no)
        self._metrics.decisions.labels(decision.state.value).inc()
        log.info("case_decided", case_no=case_no, state=decision.state.value, reason=reason)
        self._store.changes.notify()


def _settle(
    connection: Connection, case_no: str, decision: Decision, reason: str, now: float
) -> None:
    """The decision, its answer and its certificate, all together and only once."""
    change = update(cases).where(cases.c.case_no == case_no, cases.c.handed_over.is_(False))
    changed = connection.execute(
        change.values(
            handed_over=True,
            state=decision.state.value,
            due_date=decision.due_date,
            certificate_no=decision.certificate_no,
            reason=reason,
            decided_at=now,
        )
    )
    if changed.rowcount == 0:
        return
    if decision.state is Standing.PENDING:  # `fleet.conclusions` asks for the end
        put(connection, conclusions, {"case_no": case_no}, ("case_no",))
    keep_papers(connection, case_no, decision)


def keep_papers(connection: Connection, case_no: str, decision: Decision) -> None:
    """The answer and the certificate of a decision, each only once."""
    if decision.result:
        lines = msgspec.json.encode(decision.result).decode()
        put(connection, results, {"case_no": case_no, "lines": lines}, ("case_no",))
    if decision.certificate:
        paper = {"number": decision.certificate_no, "pdf": decision.certificate}
        put(connection, certificates, {"case_no": case_no, **paper}, ("case_no",))


def progress(store: Store, case_no: str) -> Progress | None:
    """None while the fleet has not committed such a case."""
    query = select(cases, results.c.lines).join_from(
        cases, results, cases.c.case_no == results.c.case_no, isouter=True
    )
    with store.read() as connection:
        row = connection.execute(query.where(cases.c.case_no == case_no)).first()
    if row is None:
        return None
    lines = msgspec.json.decode(row.lines or "[]", type=list[tuple[str, str, str]])
    return Progress(row.case_no, row.state, row.due_date, row.certificate_no, row.reason, lines)


def certificate(store: Store, case_no: str) -> bytes | None:
    """The sealed PDF, exactly as it was made."""
    query = select(certificates.c.pdf).where(certificates.c.case_no == case_no)
    with store.read() as connection:
        return connection.scalar(query)
