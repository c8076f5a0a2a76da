"""Cases that a platform left pending: their papers are fetched once it has come to an end."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, Table

from fleet.store.tables import NAME, metadata

# `tried`: how often it was asked for in vain; those that fail must not hold up the others.
conclusions = Table(
    "conclusions",
    metadata,
    Column("case_no", NAME, primary_key=True),
    Column("taken", Boolean, nullable=False, default=False),
    Column("tried", Integer, nullable=False, default=0),
    Index("conclusions_to_take", "taken", "tried"),
)
