"""The thread that asks the provider: open orders, money to give back, yesterday's statement."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import structlog
from sqlalchemy import update
from sqlalchemy.exc import SQLAlchemyError

from fleet.payment.contract import Provider, ProviderError
from fleet.payment.looks import UNCLAIMED_SECONDS, Looks
from fleet.payment.reconcile import Reconciliation
from fleet.store.database import Store
from fleet.store.payment_tables import payment_orders as orders

LOOK_SECONDS = 0.5
AWAY_SECONDS = (0.5, 1.0, 2.0, 5.0, 15.0)  # pauses while the provider is away
CASES_SECONDS = 5.0
STATEMENT_SECONDS = 600.0  # between two tries to get a statement

log = structlog.get_logger("fleet.payment")


class PaymentWorker:
    def __init__(
        self,
        store: Store,
        provider: Provider,
        clock: Callable[[], float] = time.time,
        unclaimed_seconds: float = UNCLAIMED_SECONDS,
    ) -> None:
        self._store = store
        self._clock = clock
        self._looks = Looks(store, provider, clock, unclaimed_seconds)
        self._reconciliation = Reconciliation(store, provider, self._ask_soon, clock)
        self._statement_at = 0.0
        self._cases_at = 0.0
        self._away = 0
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="payments", daemon=True)

    def start(self) -> None:
        self._thread.start()

    @property
    def healthy(self) -> bool:
        return self._thread.is_alive()

    def wake(self) -> None:
        """From any thread: there is something to ask."""
        self._wake.set()

    def stop(self) -> None:
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
                self._away = 0
            except ProviderError as error:
                pause = AWAY_SECONDS[min(self._away, len(AWAY_SECONDS) - 1)]
                self._away += 1
                log.warning("provider_away", error=str(error), pause=pause)
                self._stopping.wait(pause)
                continue
            except SQLAlchemyError as error:
                log.error("payments_unreadable", error=type(error).__name__)
            except Exception as error:  # noqa: BLE001 - a defect here must not end all refunds
                log.error("payments_defect", error=type(error).__name__)
            self._wake.wait(LOOK_SECONDS)

    def _round(self) -> bool:
        more = self._cases()
        more |= self._looks.at_refunds()
        more |= self._looks.at_orders()
        self._compare()
        return more

    def _cases(self) -> bool:
        """These read every settled order or refused case: not as often as the others."""
        if self._clock() < self._cases_at:
            return False
        self._cases_at = self._clock() + CASES_SECONDS
        return self._looks.at_unclaimed() | self._looks.at_refused_cases()

    def _compare(self) -> None:
        if self._clock() < self._statement_at:
            return
        self._statement_at = self._clock() + STATEMENT_SECONDS
        while (day := self._reconciliation.due()) is not None:
            self._reconciliation.compare(day)

    def _ask_soon(self, order_no: str) -> None:
        change = update(orders).where(orders.c.order_no == order_no)
        with self._store.write() as connection:
            connection.execute(change.values(looking=True, look_at=self._clock()))
