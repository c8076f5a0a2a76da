"""Each received case to the approval platform, once; and what became of it.

The decision, the answer and the certificate are committed together. A kill between the platform
and that commit leaves the case as received: it is handed over again under the same case number,
and the platform gives the same answer (`fleet.platform.contract`).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec
import structlog
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import Connection, Row, select, update
from sqlalchemy.exc import SQLAlchemyError

from fleet.incidents import AlarmKind, alarm
from fleet.metrics import Metrics
from fleet.platform.contract import Decision, Platform, PlatformError, Standing
from fleet.records import NOT_JSON
from fleet.store.database import Store, put
from fleet.store.tables import cases, certificates, results
from kiosk import wire

UNDECODABLE = "undecodable"
ROUND = 50  # cases read at a time
LOOK_SECONDS = 2.0  # between two looks without a call
BACKOFF = (1.0, 2.0, 5.0, 15.0, 60.0)
MOST_RESTING = 200  # so many failures say that the platform is away: no new case is tried
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


@dataclass(slots=True)
class _Trouble:
    """A case that the platform did not take: how often, and not again before (monotonic)."""

    times: int = 0
    until: float = 0.0


class CaseWorker:
    """One thread; wakes at each commit of the store."""

    def __init__(
        self,
        store: Store,
        key: X25519PrivateKey,
        platform: Platform,
        metrics: Metrics,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._key = key
        self._platform = platform
        self._metrics = metrics
        self._clock = clock
        self._troubles: dict[str, _Trouble] = {}
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._leave = store.changes.subscribe(self._wake.set)
        self._thread = threading.Thread(target=self._run, name="cases", daemon=True)

    def start(self) -> None:
        self._thread.start()

    @property
    def healthy(self) -> bool:
        return self._thread.is_alive()

    def stop(self) -> None:
        """Ends after the case in hand."""
        self._leave()
        self._stopping.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(10)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            try:
                while self._round() and not self._stopping.is_set():
                    pass
            except SQLAlchemyError as error:
                log.error("cases_unreadable", error=type(error).__name__)
            self._wake.wait(LOOK_SECONDS)

    def _round(self) -> bool:
        """Hand over what waits; False when nothing did."""
        now = time.monotonic()
        resting = [case_no for case_no, trouble in self._troubles.items() if trouble.until > now]
        if len(resting) >= MOST_RESTING:
            return False
        query = select(cases.c.case_no, cases.c.terminal, cases.c.task_code, cases.c.sealed)
        query = query.where(cases.c.handed_over.is_(False), cases.c.case_no.not_in(resting))
        with self._store.read() as connection:
            waiting = connection.execute(query.order_by(cases.c.received_at).limit(ROUND)).all()
        for row in waiting:
            if self._stopping.is_set():
                break
            self._hand_over(row)
        return bool(waiting)

    def _hand_over(self, row: Row[*tuple[Any, ...]]) -> None:
        case_no, terminal, task_code = row.case_no, row.terminal, row.task_code
        payload = self._open(row.sealed)
        if payload is None or (payload.case_no, payload.terminal, payload.task_code) != (
            case_no, terminal, task_code,
        ):  # fmt: skip
            self._save(case_no, terminal, Decision(Standing.REFUSED), UNDECODABLE)
            return
        try:
            decision = self._platform.decide(payload)
        except PlatformError:
            self._rest(case_no, terminal, "platform_failed")
        except Exception as error:  # noqa: BLE001 - a platform's defect must not end the worker
            self._rest(case_no, terminal, type(error).__name__)
        else:
            self._save(case_no, terminal, decision, decision.reason.value)

    def _open(self, sealed: str) -> wire.CasePayload | None:
        try:
            return wire.unseal(self._key, sealed)
        except (InvalidTag, ValueError, *NOT_JSON):
            return None

    def _rest(self, case_no: str, terminal: str, error: str) -> None:
        trouble = self._troubles.setdefault(case_no, _Trouble())
        trouble.until = time.monotonic() + BACKOFF[min(trouble.times, len(BACKOFF) - 1)]
        trouble.times += 1
        self._metrics.platform_failures.inc()
        log.error("case_not_taken", case_no=case_no, error=error, times=trouble.times)
        if trouble.times >= ALARM_AFTER:
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
        self._troubles.pop(case_no, None)
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
