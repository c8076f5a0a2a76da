"""The fleet's tables. Times are epoch seconds by the fleet's clock.

A citizen's data is in `results` and `certificates` alone; `records.sealed` and `cases.sealed`
are encrypted to the fleet's key. Tables of codes and PINs: `identity_tables`.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData()

# SQLite gives out row numbers for INTEGER keys alone.
RowNumber = BigInteger().with_variant(Integer, "sqlite")
NAME = String(64)

# Session numbers, and `act.<kind>.<outcome>`: how many acts there were.
counters = Table(
    "counters",
    metadata,
    Column("name", NAME, primary_key=True),
    Column("value", BigInteger, nullable=False),
)

# Last word of each terminal; `heard_at` is of the last message that it sent itself and live;
# `ended` is the last session that is known to be over.
terminals = Table(
    "terminals",
    metadata,
    Column("terminal", NAME, primary_key=True),
    Column("session", BigInteger, nullable=False, default=0),
    Column("boot", BigInteger, nullable=False, default=0),
    Column("ended", BigInteger, nullable=False, default=-1),
    Column("online", Boolean, nullable=False, default=False),
    Column("journal", Text, nullable=False, default=""),
    Column("heard_at", Double),
    Column("state", Text),
    Column("state_at", Double),
    Column("birth", Text),
    Column("birth_at", Double),
    Column("health", Text),
    Column("health_at", Double),
    Column("services", Text),
    Column("services_at", Double),
    Column("seen_at", Double, nullable=False),
)

records = Table(
    "records",
    metadata,
    Column("position", RowNumber, primary_key=True, autoincrement=True),
    Column("terminal", NAME, nullable=False),
    Column("journal", NAME, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("boot", BigInteger, nullable=False),
    Column("id", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("type", NAME, nullable=False),
    Column("time", Text, nullable=False),
    Column("prev", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Column("data", LargeBinary, nullable=False),  # the exact bytes that were hashed
    Column("specversion", String(16), nullable=False),
    Column("datacontenttype", Text, nullable=False),
    Column("session", Text, nullable=False),
    Column("of", BigInteger, nullable=False),
    Column("sealed", Text, nullable=False),
    Column("historical", Boolean, nullable=False),
    Column("received_at", Double, nullable=False),
    UniqueConstraint("terminal", "journal", "seq"),
    sqlite_autoincrement=True,
)

# Cases, prints and ratings among the records, in the words that people ask with.
acts = Table(
    "acts",
    metadata,
    Column("position", RowNumber, primary_key=True, autoincrement=True),
    Column("terminal", NAME, nullable=False),
    Column("journal", NAME, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("time", String(40), nullable=False),
    Column("received_at", Double, nullable=False),
    Column("case_no", NAME, nullable=False),
    Column("task_code", NAME, nullable=False),
    Column("outcome", NAME, nullable=False),
    Column("paper", NAME, nullable=False),
    Column("fault", NAME, nullable=False),
    Column("action", NAME, nullable=False),
    Column("historical", Boolean, nullable=False),
    UniqueConstraint("terminal", "journal", "seq"),
    Index("acts_of_terminal", "terminal", "position"),
    Index("acts_of_case", "case_no"),
    Index(
        "acts_unconfirmed",
        "received_at",
        sqlite_where=text("outcome = 'unconfirmed'"),
        postgresql_where=text("outcome = 'unconfirmed'"),
    ),
    sqlite_autoincrement=True,
)

# What people did at a terminal, and how somebody was identified, in the words of the contract: for
# its page. A case that a helper handled is among them, with the helper's id.
moments = Table(
    "moments",
    metadata,
    Column("position", RowNumber, primary_key=True, autoincrement=True),
    Column("terminal", NAME, nullable=False),
    Column("journal", NAME, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("time", String(40), nullable=False),
    Column("received_at", Double, nullable=False),
    Column("outcome", NAME, nullable=False),
    Column("role", NAME, nullable=False),
    Column("staff", NAME, nullable=False),
    Column("count", BigInteger, nullable=False),
    UniqueConstraint("terminal", "journal", "seq"),
    Index("moments_of_terminal", "terminal", "position"),
    Index("moments_of_kind", "kind", "received_at"),
)

# Records whose own hash is wrong; after `REFUSALS` times they count as accounted for.
refusals = Table(
    "refusals",
    metadata,
    Column("terminal", NAME, primary_key=True),
    Column("journal", NAME, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("times", BigInteger, nullable=False),
)

# What is held of each journal: everything up to `top` but the inclusive ranges in `missing` (JSON).
# `through` = the end of the unbroken beginning; `hash` is that of the record `top`. Records up to
# `pruned` have been removed after their time; `pruned_hash`: of the last of them, which the next
# one follows.
chains = Table(
    "chains",
    metadata,
    Column("terminal", NAME, primary_key=True),
    Column("journal", NAME, primary_key=True),
    Column("through", BigInteger, nullable=False, default=0),
    Column("top", BigInteger, nullable=False, default=0),
    Column("hash", String(64), nullable=False, default=""),
    Column("missing", Text, nullable=False, default="[]"),
    Column("broken", Boolean, nullable=False, default=False),
    Column("updated_at", Double, nullable=False),
    Column("pruned", BigInteger, nullable=False, default=0, server_default="0"),
    Column("pruned_hash", String(64), nullable=False, default="", server_default=""),
)

cases = Table(
    "cases",
    metadata,
    Column("case_no", NAME, primary_key=True),
    Column("terminal", NAME, nullable=False),
    Column("task_code", NAME, nullable=False),
    Column("task_version", NAME, nullable=False, default=""),
    Column("kind", NAME, nullable=False),
    Column("sealed", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("handed_over", Boolean, nullable=False, default=False),
    Column("due_date", String(32), nullable=False, default=""),
    Column("certificate_no", NAME, nullable=False, default=""),
    Column("reason", Text, nullable=False, default=""),
    Column("received_at", Double, nullable=False),
    Column("decided_at", Double),
    Index("cases_to_hand_over", "handed_over", "received_at"),
    Index("cases_by_state", "state"),
    Index("cases_of_terminal", "terminal", "case_no"),
)

results = Table(
    "results",
    metadata,
    Column("case_no", NAME, primary_key=True),
    Column("lines", Text, nullable=False),  # JSON: [[zh, en, value], …]
)

certificates = Table(
    "certificates",
    metadata,
    Column("case_no", NAME, primary_key=True),
    Column("number", NAME, nullable=False),
    Column("pdf", LargeBinary, nullable=False),
)

alarms = Table(
    "alarms",
    metadata,
    Column("id", RowNumber, primary_key=True, autoincrement=True),
    Column("kind", String(32), nullable=False),
    Column("terminal", NAME, nullable=False),
    Column("journal", NAME, nullable=False, default=""),
    Column("seq", BigInteger, nullable=False, default=0),
    Column("case_no", NAME, nullable=False, default=""),
    Column("first_at", Double, nullable=False),
    Column("last_at", Double, nullable=False),
    Column("times", BigInteger, nullable=False),
    UniqueConstraint("kind", "terminal", "journal", "seq", "case_no"),
)

# `digest`: SHA-256 of topic and payload, so that a repeated message is counted, not kept again.
dead_letters = Table(
    "dead_letters",
    metadata,
    Column("id", RowNumber, primary_key=True, autoincrement=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("topic", Text, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("reason", String(32), nullable=False),
    Column("time", Double, nullable=False),
    Column("times", BigInteger, nullable=False),
)
