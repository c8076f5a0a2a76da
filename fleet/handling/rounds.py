"""The fleet's own part of keeping cases going, one transaction at a time; driven by `worker`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection, select

from fleet.handling import book, complaintbook, desk, judging, opening, ratingbook, supplements
from fleet.handling.context import Context
from fleet.store.handling_tables import handling_cases

FULL_SECONDS = 3600.0  # all cases are looked through: a clock that was set back hides some
ROUND = 200  # cases that the clock settles in one transaction


class Rounds:
    """The fleet's own part. Each looks first, so that nobody is kept from writing for nothing;
    returns: something was done, there may be more. `use`: what a case takes over of earlier
    ones."""

    def __init__(
        self, context: Context, reporting: bool, use: judging.Use = lambda case: case
    ) -> None:
        self._context, self._use = context, use
        self._store = context.store
        self._reporting = reporting
        self._since = 0.0
        self._full_at = 0.0
        self.all = (
            self.open, self.decisions, self.supplements, self.clock, self.ratings, self.retries,
            self.complaints, self.orders,
        )  # fmt: skip

    def until_quiet(self) -> None:
        while any([each() for each in self.all]):  # noqa: C419 - every one, each time
            pass

    def open(self) -> bool:
        now = self._context.clock()
        if not self._full_at <= now < self._full_at + FULL_SECONDS:
            self._since, self._full_at = 0.0, now

        def take(connection: Connection, rows: Sequence[Any]) -> None:
            opening.open_cases(connection, self._context, now, rows)

        rows = self._do(lambda c: opening.new_cases(c, self._since), take)
        self._since = rows[-1].received_at if rows else self._since
        return bool(rows)

    def decisions(self) -> bool:
        def take(connection: Connection, rows: Sequence[Any]) -> None:
            now = self._context.clock()
            opening.take_decisions(connection, self._context, now, rows, self._reporting)

        return bool(self._do(opening.new_decisions, take))

    def supplements(self) -> bool:
        def take(connection: Connection, rows: Sequence[Any]) -> None:
            supplements.take(connection, self._context, rows)

        if self._do(supplements.new, take):
            return True
        with self._store.read() as connection:
            ready = supplements.complete(connection)
        for row in ready:
            judging.judge(self._context, self._use, row)
        if ready:
            return True
        with self._store.read() as connection:
            idle, known = supplements.idle(connection), supplements.known(connection)
        if idle > supplements.STRIDE:
            with self._store.write() as connection:
                supplements.move(connection, known + idle)
        return False

    def clock(self) -> bool:
        """Whatever the clock has to say by now."""
        now = self._context.clock()
        query = select(handling_cases.c.case_no).where(handling_cases.c.next_at <= now)
        query = query.order_by(handling_cases.c.next_at).limit(ROUND)

        def take(connection: Connection, rows: Sequence[Any]) -> None:
            book.settle(connection, self._context.calendar, now, rows)

        return bool(self._do(lambda c: c.scalars(query).all(), take))

    def ratings(self) -> bool:
        def take(connection: Connection, rows: Sequence[Any]) -> None:
            ratingbook.take(connection, self._context, self._context.clock(), rows)

        return bool(self._do(ratingbook.new_ratings, take))

    def retries(self) -> bool:
        def take(connection: Connection, rows: Sequence[Any]) -> None:
            ratingbook.retry(connection, self._context, self._context.clock(), rows)

        return bool(self._do(ratingbook.waiting, take))

    def complaints(self) -> bool:
        def take(connection: Connection, rows: Sequence[Any]) -> None:
            complaintbook.take(connection, self._context, self._context.clock(), rows)

        if self._do(complaintbook.new, take):
            return True
        with self._store.read() as connection:
            idle, known = complaintbook.idle(connection), complaintbook.known(connection)
        if idle > complaintbook.STRIDE:
            with self._store.write() as connection:
                complaintbook.move(connection, known + idle)
        return False

    def orders(self) -> bool:
        now = self._context.clock()
        found = self._do(
            lambda connection: desk.overdue(connection, now),
            lambda connection, rows: desk.raise_alarms(connection, now, rows),
        )
        return bool(found)

    def _do(
        self,
        look: Callable[[Connection], Sequence[Any]],
        take: Callable[[Connection, Sequence[Any]], None],
    ) -> Sequence[Any]:
        with self._store.read() as connection:
            rows = look(connection)
        if rows:
            with self._store.write() as connection:
                take(connection, rows)
        return rows
