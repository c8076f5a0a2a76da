"""Tables of scanned pages and of bundles. A page is kept as it came: sealed to the fleet's key."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Double, Index, LargeBinary, String, Table, Text

from fleet.store.tables import NAME, metadata

# `digest`: SHA-256 (hex) of the picture, checked when it came; `size`: its bytes.
pages = Table(
    "pages",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("received_at", Double, nullable=False),
)

# The pages that a case lists, whether they are here or not.
case_pages = Table(
    "case_pages",
    metadata,
    Column("case_no", NAME, primary_key=True),
    Column("digest", String(64), primary_key=True),
    Index("case_pages_by_digest", "digest"),
)

# The cases of one visit that belong together (一件事一次办).
bundles = Table(
    "bundles",
    metadata,
    Column("case_no", NAME, primary_key=True),
    Column("bundle", NAME, nullable=False, index=True),
)

# Materials of earlier cases that were used again, with consent. `source`: the earlier case;
# `purpose`: what is written across the copies; `pages`: their digests, with commas.
reuses = Table(
    "reuses",
    metadata,
    Column("case_no", NAME, primary_key=True),
    Column("code", NAME, primary_key=True),
    Column("source", NAME, nullable=False, index=True),
    Column("purpose", Text, nullable=False),
    Column("pages", Text, nullable=False),
    Column("at", Double, nullable=False),
)
