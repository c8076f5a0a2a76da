"""The provider's own book: orders, trades, refunds; SQLite, each act once, safe from a kill."""

from __future__ import annotations

import secrets
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from fleet.payment.contract import LineKind, Returning, Trading
from fleet.payment.messages import (
    NewOrder,
    NewRefund,
    OrderAnswer,
    RefundAnswer,
    StatementLine,
    TradeLine,
)

CALENDAR = ZoneInfo("Asia/Shanghai")
_SCHEMA = """
CREATE TABLE IF NOT EXISTS orders (no TEXT PRIMARY KEY, amount INTEGER NOT NULL,
  state TEXT NOT NULL, qr TEXT NOT NULL UNIQUE, expires_at REAL NOT NULL,
  notify_url TEXT NOT NULL, made_at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS trades (no TEXT PRIMARY KEY, order_no TEXT NOT NULL,
  amount INTEGER NOT NULL, paid_at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS refunds (no TEXT PRIMARY KEY, trade_no TEXT NOT NULL UNIQUE,
  order_no TEXT NOT NULL, amount INTEGER NOT NULL, at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS notices (order_no TEXT PRIMARY KEY, tries INTEGER NOT NULL,
  next_at REAL NOT NULL);
"""


class Book:
    """From any thread. `clock`: epoch seconds."""

    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._clock = clock
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;" + _SCHEMA)

    def create(self, new: NewOrder) -> OrderAnswer | None:
        """None: this number is an order of another amount."""
        now = self._clock()
        with self._write() as db:
            state = Trading.WAITING if now < new.expires_at else Trading.CLOSED
            qr = f"https://pay.example/q/{secrets.token_urlsafe(16)}"
            values = (new.order, new.amount, state, qr, new.expires_at, new.notify_url, now)
            db.execute("INSERT OR IGNORE INTO orders VALUES (?,?,?,?,?,?,?)", values)
            held = db.execute("SELECT amount FROM orders WHERE no = ?", (new.order,)).fetchone()[0]
        return self.order(new.order) if held == new.amount else None

    def order(self, number: str) -> OrderAnswer:
        """As it is now: one past its time is closed."""
        with self._write() as db:
            db.execute(
                "UPDATE orders SET state = 'closed' WHERE no = ? AND state = 'waiting'"
                " AND expires_at <= ?",
                (number, self._clock()),
            )
            row = db.execute("SELECT state, qr FROM orders WHERE no = ?", (number,)).fetchone()
            trades = db.execute(
                "SELECT no, amount, paid_at FROM trades WHERE order_no = ?", (number,)
            ).fetchall()
        if row is None:
            return OrderAnswer(number, Trading.UNKNOWN)
        state = Trading(row[0])
        qr = row[1] if state is Trading.WAITING else ""
        return OrderAnswer(number, state, qr, [TradeLine(*trade) for trade in trades])

    def close(self, number: str) -> OrderAnswer:
        with self._write() as db:
            query = "UPDATE orders SET state = 'closed' WHERE no = ? AND state = 'waiting'"
            db.execute(query, (number,))
        return self.order(number)

    def pay(self, number: str, *, more: int = 0, anyway: bool = False, notify: bool = True) -> bool:
        """Somebody pays it; `more`: fen too much. `anyway`: though it is over, or paid already.

        `notify` false: no callback will ever tell of it.
        """
        now = self._clock()
        with self._write() as db:
            query = "SELECT state, amount, expires_at FROM orders WHERE no = ?"
            row = db.execute(query, (number,)).fetchone()
            payable = row is not None and row[0] == "waiting" and now < row[2]
            if row is None or not (payable or anyway):
                return False
            trade = f"T{secrets.token_hex(12)}"
            values = (trade, number, row[1] + more, now)
            db.execute("INSERT INTO trades VALUES (?,?,?,?)", values)
            db.execute("UPDATE orders SET state = 'paid' WHERE no = ?", (number,))
            if notify:
                db.execute("INSERT OR REPLACE INTO notices VALUES (?, 0, ?)", (number, now))
        return True

    def refuse(self, number: str) -> bool:
        """The payer's bank does not pay."""
        with self._write() as db:
            query = "UPDATE orders SET state = 'refused' WHERE no = ? AND state = 'waiting'"
            changed = db.execute(query, (number,)).rowcount == 1
            if changed:
                values = (number, self._clock())
                db.execute("INSERT OR REPLACE INTO notices VALUES (?, 0, ?)", values)
        return changed

    def refund(self, new: NewRefund) -> RefundAnswer:
        """Once for each trade, and in full."""
        with self._write() as db:
            query = "SELECT amount FROM trades WHERE no = ? AND order_no = ?"
            trade = db.execute(query, (new.trade, new.order)).fetchone()
            if trade is not None and trade[0] == new.amount:
                values = (new.refund, new.trade, new.order, new.amount, self._clock())
                db.execute("INSERT OR IGNORE INTO refunds VALUES (?,?,?,?,?)", values)
            query = "SELECT at FROM refunds WHERE no = ? AND trade_no = ?"
            done = db.execute(query, (new.refund, new.trade)).fetchone()
        if done is None:
            return RefundAnswer(new.refund, Returning.REFUSED)
        return RefundAnswer(new.refund, Returning.DONE, done[0])

    def statement(self, day: date) -> list[StatementLine]:
        start = datetime.combine(day, datetime.min.time(), CALENDAR)
        span = (start.timestamp(), (start + timedelta(days=1)).timestamp())
        queries = {
            LineKind.PAYMENT: "SELECT no, order_no, amount FROM trades"
            " WHERE paid_at >= ? AND paid_at < ? ORDER BY paid_at, no",
            LineKind.REFUND: "SELECT no, order_no, amount FROM refunds"
            " WHERE at >= ? AND at < ? ORDER BY at, no",
        }
        with self._write() as db:
            return [
                StatementLine(kind, *row)
                for kind, query in queries.items()
                for row in db.execute(query, span)
            ]

    def newest_waiting(self) -> str:
        """The order whose code was made last and can still be paid; '' for none."""
        return self._one(
            "SELECT no FROM orders WHERE state = 'waiting' AND expires_at > ?"
            " ORDER BY made_at DESC, rowid DESC LIMIT 1",
            self._clock(),
        )

    def by_qr(self, qr: str) -> str:
        return self._one("SELECT no FROM orders WHERE qr = ?", qr)

    # ---- Callbacks that are to be made -------------------------------------------------------

    def due_notice(self) -> tuple[str, str, int] | None:
        """Order, address, and how often it was tried."""
        with self._write() as db:
            row: tuple[str, str, int] | None = db.execute(
                "SELECT n.order_no, o.notify_url, n.tries FROM notices AS n"
                " JOIN orders AS o ON o.no = n.order_no WHERE n.next_at <= ?"
                " ORDER BY n.next_at LIMIT 1",
                (self._clock(),),
            ).fetchone()
        return row

    def noticed(self, number: str) -> None:
        with self._write() as db:
            db.execute("DELETE FROM notices WHERE order_no = ?", (number,))

    def notice_later(self, number: str, seconds: float) -> None:
        with self._write() as db:
            query = "UPDATE notices SET tries = tries + 1, next_at = ? WHERE order_no = ?"
            db.execute(query, (self._clock() + seconds, number))

    def _one(self, query: str, *values: object) -> str:
        with self._write() as db:
            row = db.execute(query, values).fetchone()
        return row[0] if row else ""

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise
