"""What became of a case that was pending: its result and its certificate, fetched once it ended.

A platform reports step by step (`fleet.handling`); only when the last step has ended is it asked
for the decision. A kill before the commit asks again, and the platform says the same.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import Connection, Select, select, update
from sqlalchemy.exc import SQLAlchemyError

from fleet.cases import keep_papers
from fleet.handling.states import NOT_SUPPLEMENTED, WITHDRAWN
from fleet.metrics import Metrics
from fleet.platform.contract import Concluding, Decision, PlatformError, Standing
from fleet.records import NOT_JSON
from fleet.store.conclusion_tables import conclusions
from fleet.store.database import Store
from fleet.store.handling_tables import handling_cases
from fleet.store.tables import cases
from fleet.woken import Woken
from kiosk import wire

ROUND = 50  # cases asked for at a time
LOOK_SECONDS = 2.0  # between two looks without a call
BACKOFF = (2.0, 5.0, 15.0, 60.0)  # while everything fails

log = structlog.get_logger("fleet.conclusions")


class Concluder(Woken):
    """One thread for one platform; wakes at each commit of the store. `mine`: whose cases, by
    task_code."""

    def __init__(
        self,
        store: Store,
        key: X25519PrivateKey,
        platform: Concluding,
        metrics: Metrics,
        *,
        mine: Callable[[str], bool],
        name: str = "conclusions",
    ) -> None:
        super().__init__(store, name, records_only=True)
        self._store, self._key = store, key
        self._platform, self._metrics, self._mine = platform, metrics, mine
        self._failures = 0

    def once(self) -> bool:
        """One round. True: something was taken, there may be more."""
        taken, failed = 0, 0
        for row in self._waiting():
            if self._stopping.is_set():
                return False
            try:
                taken += self._conclude(row)
            except SQLAlchemyError:
                raise
            except Exception as error:  # noqa: BLE001 - a platform's defect must not end the thread
                failed += 1
                log.error("conclusion_failed", case_no=row.case_no, error=type(error).__name__)
                self._tried(row.case_no)
        self._failures = self._failures + 1 if failed and not taken else 0
        return bool(taken)

    # ---- one case ----------------------------------------------------------------------------

    def _conclude(self, row: Any) -> bool:
        """False when the platform has not come to an end after all."""
        decision = self._platform.concluded(self._open(row))
        if decision is None:
            self._tried(row.case_no)
            return False
        with self._store.write() as connection:
            _take(connection, row.case_no, decision)
        self._metrics.decisions.labels(decision.state.value).inc()
        log.info("case_concluded", case_no=row.case_no, state=decision.state.value)
        self._store.changes.notify()
        return True

    def _open(self, row: Any) -> wire.CasePayload:
        try:
            return wire.unseal(self._key, row.sealed)
        except (InvalidTag, ValueError, *NOT_JSON):
            raise PlatformError("the case cannot be opened") from None

    def _waiting(self) -> list[Any]:
        with self._store.read() as connection:
            codes = connection.scalars(_ended(select(cases.c.task_code).distinct())).all()
            wanted = [code for code in codes if self._mine(code)]
            if not wanted:
                return []
            query = _ended(select(cases.c.case_no, cases.c.sealed))
            query = query.where(cases.c.task_code.in_(wanted))
            query = query.order_by(conclusions.c.tried, cases.c.received_at)
            return list(connection.execute(query.limit(ROUND)).all())

    def _tried(self, case_no: str) -> None:
        """Whoever has been asked for less often comes first."""
        change = update(conclusions).where(conclusions.c.case_no == case_no)
        with self._store.write() as connection:
            connection.execute(change.values(tried=conclusions.c.tried + 1))

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._pace.begin()
            try:
                while self.once() and not self._stopping.is_set():
                    pass
            except SQLAlchemyError as error:
                log.error("conclusions_unreadable", error=type(error).__name__)
            if self._failures:
                self._stopping.wait(BACKOFF[min(self._failures, len(BACKOFF)) - 1])
            else:
                self._wake.wait(LOOK_SECONDS)


def _ended(query: Select[Any]) -> Select[Any]:
    """Cases that were pending, have ended, and whose papers are not here yet.

    Who handed nothing in, or gave the case up, is told so by the fleet itself; the platform has
    nothing to say of it.
    """
    here = query.join_from(cases, conclusions, cases.c.case_no == conclusions.c.case_no)
    handled = here.join(handling_cases, handling_cases.c.case_no == cases.c.case_no)
    return handled.where(
        conclusions.c.taken.is_(False),
        handling_cases.c.ended_at.is_not(None),
        handling_cases.c.reason.not_in((NOT_SUPPLEMENTED, WITHDRAWN)),
    )


def _take(connection: Connection, case_no: str, decision: Decision) -> None:
    """State, answer and certificate, all together and only once. A paper that has to be made by
    hand leaves the case as its steps have ended it."""
    mine = update(conclusions).where(conclusions.c.case_no == case_no, ~conclusions.c.taken)
    if connection.execute(mine.values(taken=True)).rowcount == 0:
        return
    values = {"reason": decision.reason.value, "certificate_no": decision.certificate_no}
    if decision.state is not Standing.PENDING:
        values["state"] = decision.state.value
    connection.execute(update(cases).where(cases.c.case_no == case_no).values(values))
    keep_papers(connection, case_no, decision)
