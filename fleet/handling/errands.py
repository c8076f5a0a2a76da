"""What is fetched from platforms and brought to them, one transaction at a time; see `worker`."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, Protocol

import structlog
from sqlalchemy.exc import SQLAlchemyError

from fleet.handling import judging, reports, supplements
from fleet.handling.context import Context
from fleet.incidents import AlarmKind, alarm
from fleet.platform.contract import PlatformError, Reporting
from kiosk.wire import CasePayload

LOOK_SECONDS = 2.0  # between two looks
Bring = Callable[[CasePayload, Collection[str]], None]
BACKOFF = (1.0, 2.0, 5.0, 15.0, 60.0)
ALARM_AFTER = 3  # failures in a row

log = structlog.get_logger("fleet.handling")


class Errand(Protocol):
    """`name`: told with its failures. `once`: something was done, there may be more."""

    @property
    def name(self) -> str: ...

    def once(self) -> bool:
        """Raises `PlatformError`."""


class Puller:
    """Reads one platform's reports."""

    def __init__(self, context: Context, name: str, platform: Reporting) -> None:
        self.name = name
        self._context = context
        self._platform = platform

    def once(self) -> bool:
        with self._context.store.read() as connection:
            after = reports.read_place(connection, self.name)
        found, place = self._platform.reports(after)
        if place == after:
            return False
        with self._context.store.write() as connection:
            refused = reports.take(connection, self._context, self.name, found, place)
        log.info("steps_reported", platform=self.name, count=len(found), refused=refused)
        self._context.store.changes.notify()
        return True


class Courier:
    """Brings what applicants handed in later to the platform that has the case.

    `bring`: the case as it stands then, and the codes of what is new. A kill before the commit
    brings it again, which changes nothing there.
    """

    name = "supplements"

    def __init__(self, context: Context, bring: Bring) -> None:
        self._context = context
        self._bring = bring

    def once(self) -> bool:
        """One that fails does not hold up those of other cases."""
        with self._context.store.read() as connection:
            rows = supplements.waiting(connection)
        failed: dict[str, PlatformError] = {}
        taken = 0
        for row in rows:
            if row.case_no in failed:
                continue
            try:
                self._hand_over(row)
                taken += 1
            except PlatformError as error:
                failed[row.case_no] = error
                log.error("supplement_not_taken", case_no=row.case_no)
        if failed and not taken:
            raise next(iter(failed.values()))
        return bool(taken)

    def _hand_over(self, row: Any) -> None:
        context = self._context
        with context.store.read() as connection:
            case = judging.whole(connection, context.key, row.case_no, row)
            fresh = judging.taken_of(connection, row)
        if case is not None:
            self._bring(case, fresh)
        with context.store.write() as connection:
            supplements.hand_over(connection, row)


class Rounder:
    """Runs one errand until nothing is left; waits longer after each failure in a row."""

    def __init__(self, context: Context, errand: Errand) -> None:
        self._context = context
        self._errand = errand
        self._failures = 0

    def round(self) -> float:
        """Seconds until the next one."""
        try:
            while self._errand.once():
                pass
        except PlatformError:
            return self._failed("platform_failed")
        except SQLAlchemyError as error:
            log.error("errand_not_kept", name=self._errand.name, error=type(error).__name__)
            return LOOK_SECONDS
        except Exception as error:  # noqa: BLE001 - a platform's defect must not end the thread
            return self._failed(type(error).__name__)
        self._failures = 0
        return LOOK_SECONDS

    def _failed(self, error: str) -> float:
        self._failures += 1
        name = self._errand.name
        log.error("errand_failed", name=name, error=error, times=self._failures)
        if self._failures == ALARM_AFTER:
            with self._context.store.write() as connection:
                kind = AlarmKind.PLATFORM_FAILING
                alarm(connection, self._context.clock(), kind, "", journal=name)
        return BACKOFF[min(self._failures - 1, len(BACKOFF) - 1)]
