"""Tables of payments. Money is in fen; nothing here says who paid, or what was answered."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Double, Integer, String, Table, Text
from sqlalchemy import UniqueConstraint as Unique

from fleet.store.tables import NAME, RowNumber, metadata

# What terminals asked to be paid. `owner`: of the gateway token; `terminal`: the id in the case.
# `looking`: the provider may still take money for it; `look_at`: when to ask it again.
payment_orders = Table(
    "payment_orders",
    metadata,
    Column("order_no", NAME, primary_key=True),
    Column("owner", String(200), nullable=False),
    Column("terminal", NAME, nullable=False),
    Column("task_code", NAME, nullable=False),
    Column("catalogue", NAME, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("state", String(16), nullable=False, index=True),
    Column("qr", Text, nullable=False, default=""),
    Column("case_no", NAME, unique=True),  # that it was paid for; once for all
    Column("made_at", Double, nullable=False),
    Column("expires_at", Double, nullable=False),
    Column("paid_at", Double),
    Column("looking", Boolean, nullable=False, default=True),
    Column("look_at", Double, nullable=False, index=True),
    Column("looks", Integer, nullable=False, default=0),
)

# Each version of an item that the office's files ever had, as JSON: what it cost then.
payment_items = Table(
    "payment_items",
    metadata,
    Column("task_code", NAME, primary_key=True),
    Column("task_version", NAME, primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("content", Text, nullable=False),
)

# Money that came in, one row for each of the provider's trades, and what became of it.
payment_receipts = Table(
    "payment_receipts",
    metadata,
    Column("trade_no", NAME, primary_key=True),
    Column("order_no", NAME, nullable=False, index=True),
    Column("amount", BigInteger, nullable=False),
    Column("state", String(16), nullable=False, index=True),
    Column("paid_at", Double, nullable=False, index=True),  # by the provider's clock
    Column("taken_at", Double, nullable=False, index=True),
    Column("why", String(16), nullable=False, default=""),  # it goes back
    Column("refund_no", NAME, unique=True),
    Column("refunded_at", Double, index=True),  # by the provider's clock
    Column("try_at", Double, nullable=False, default=0.0),
    Column("tries", Integer, nullable=False, default=0),
)

# The double-entry ledger: the amounts of one posting (trade, kind) add up to nought. Never changed.
payment_entries = Table(
    "payment_entries",
    metadata,
    Column("position", RowNumber, primary_key=True, autoincrement=True),
    Column("trade_no", NAME, nullable=False),
    Column("order_no", NAME, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("account", String(16), nullable=False, index=True),
    Column("amount", BigInteger, nullable=False),  # debit above nought, credit below
    Column("at", Double, nullable=False, index=True),
    Unique("trade_no", "kind", "account"),
    sqlite_autoincrement=True,
)

# Days of the provider's statement that were compared, and what did not agree.
payment_days = Table(
    "payment_days",
    metadata,
    Column("day", String(10), primary_key=True),
    Column("checked_at", Double, nullable=False),
    Column("lines", Integer, nullable=False),
    Column("differences", Integer, nullable=False),
)

payment_differences = Table(
    "payment_differences",
    metadata,
    Column("day", String(10), primary_key=True),
    Column("kind", String(32), primary_key=True),
    Column("number", NAME, primary_key=True),  # of the trade or the refund
    Column("order_no", NAME, nullable=False),
    Column("ours", BigInteger, nullable=False),
    Column("theirs", BigInteger, nullable=False),
    Column("found_at", Double, nullable=False),
)
