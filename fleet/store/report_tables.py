"""Whether each terminal could serve, and since when: what availability is reckoned from."""

from __future__ import annotations

from sqlalchemy import Column, Double, Index, String, Table

from fleet.store.tables import NAME, metadata

# From `since` (epoch seconds) until the terminal's next row it was so. `serving`: a word of
# `rows.Serving`.
serving_history = Table(
    "serving_history",
    metadata,
    Column("terminal", NAME, primary_key=True),
    Column("since", Double, primary_key=True),
    Column("serving", String(16), nullable=False),
    Index("serving_since", "since"),
)
