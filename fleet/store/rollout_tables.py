"""Tables of what terminals are to have, of rollouts, and of commands. Times: epoch seconds."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from fleet.store.tables import NAME, RowNumber, metadata

STATE = String(16)

# What each terminal is to have. `pieces`: JSON, kind -> Piece; `number`: of the pointer as it
# should be; `said`: of the one that the broker has.
desired = Table(
    "desired",
    metadata,
    Column("terminal", NAME, primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("said", BigInteger, nullable=False, default=0),
    Column("pieces", Text, nullable=False),
    Column("window", String(16), nullable=False, default=""),
    Column("changed_at", Double, nullable=False),
)

# `plan`: JSON of `fleet.rollouts.shapes.Plan`; `stage`: of its groups, from 0.
rollouts = Table(
    "rollouts",
    metadata,
    Column("id", RowNumber, primary_key=True, autoincrement=True),
    Column("kind", STATE, nullable=False),
    Column("version", NAME, nullable=False),
    Column("plan", Text, nullable=False),
    Column("state", STATE, nullable=False, index=True),
    Column("stage", Integer, nullable=False, default=0),
    Column("stage_at", Double, nullable=False),
    Column("why", Text, nullable=False, default=""),
    Column("asked_by", NAME, nullable=False),
    Column("made_at", Double, nullable=False),
    Column("changed_at", Double, nullable=False),
    sqlite_autoincrement=True,
)

# `before`: JSON of the Piece that was there, 'null' where nobody knows.
rollout_terminals = Table(
    "rollout_terminals",
    metadata,
    Column("rollout", BigInteger, primary_key=True, autoincrement=False),
    Column("terminal", NAME, primary_key=True),
    Column("stage", Integer, nullable=False),
    Column("state", STATE, nullable=False),
    Column("before", Text, nullable=False),
    Column("why", NAME, nullable=False, default=""),
    Column("told_at", Double, nullable=False),
    Column("switched_at", Double),
    Column("changed_at", Double, nullable=False),
    Index("rollout_terminals_of", "terminal"),
)

# What was done to a rollout or an order, by whom: people's names, or 'fleet'.
rollout_notes = Table(
    "rollout_notes",
    metadata,
    Column("id", RowNumber, primary_key=True, autoincrement=True),
    Column("about", STATE, nullable=False),  # rollout or order
    Column("number", BigInteger, nullable=False),
    Column("at", Double, nullable=False),
    Column("actor", NAME, nullable=False),
    Column("what", Text, nullable=False),
    Index("rollout_notes_about", "about", "number"),
    sqlite_autoincrement=True,
)

# One wish of one person, for one terminal or many. `chosen`: JSON of `Where`.
orders = Table(
    "orders",
    metadata,
    Column("id", RowNumber, primary_key=True, autoincrement=True),
    Column("operation", NAME, nullable=False),
    Column("arguments", Text, nullable=False),
    Column("seconds", BigInteger, nullable=False),
    Column("chosen", Text, nullable=False),
    Column("state", STATE, nullable=False, index=True),
    Column("asked_by", NAME, nullable=False),
    Column("asked_at", Double, nullable=False),
    Column("answered_by", NAME, nullable=False, default=""),
    Column("answered_at", Double),
    sqlite_autoincrement=True,
)

# `wire`: the signed command, once there is one; the same bytes are sent again.
order_terminals = Table(
    "order_terminals",
    metadata,
    Column("order_id", BigInteger, primary_key=True, autoincrement=False),
    Column("terminal", NAME, primary_key=True, index=True),
    Column("command", NAME, nullable=False, unique=True),
    Column("state", STATE, nullable=False, index=True),
    Column("why", NAME, nullable=False, default=""),
    Column("wire", Text, nullable=False, default=""),
    Column("expires", Double, nullable=False, default=0),
    Column("sent_at", Double),
    Column("changed_at", Double, nullable=False),
)

# What terminals say of commands and of what they are to have, until it is taken in.
tidings = Table(
    "tidings",
    metadata,
    Column("position", RowNumber, primary_key=True, autoincrement=True),
    Column("terminal", NAME, nullable=False),
    Column("journal", NAME, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("about", STATE, nullable=False),  # command or desired
    Column("ref", NAME, nullable=False),  # a command's id, or a kind of piece
    Column("version", NAME, nullable=False),
    Column("outcome", NAME, nullable=False),
    Column("why", NAME, nullable=False),
    Column("received_at", Double, nullable=False),
    Column("taken", Boolean, nullable=False, default=False, index=True),
    UniqueConstraint("terminal", "journal", "seq"),
    sqlite_autoincrement=True,
)

# What commands brought: logs without anything personal, pictures of pages that are nobody's.
attachments = Table(
    "attachments",
    metadata,
    Column("command", NAME, primary_key=True),
    Column("terminal", NAME, nullable=False),
    Column("kind", STATE, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("received_at", Double, nullable=False),
)
