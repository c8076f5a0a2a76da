"""Tables of supplies, of where sites are, and of what people keep for themselves in the console."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Double, Index, String, Table, Text

from fleet.store.tables import NAME, metadata

# Sheets or slips that a printer has put out, as its journal tells, ever since it was known.
supply_use = Table(
    "supply_use",
    metadata,
    Column("terminal", NAME, primary_key=True),
    Column("device", NAME, primary_key=True),
    Column("used", BigInteger, nullable=False),
)

# The same by day of the terminal's own clock. `day`: its first moment in China, epoch seconds;
# `visits`: papers of which a visit has one.
supply_days = Table(
    "supply_days",
    metadata,
    Column("terminal", NAME, primary_key=True),
    Column("device", NAME, primary_key=True),
    Column("day", Double, primary_key=True),
    Column("used", BigInteger, nullable=False),
    Column("visits", BigInteger, nullable=False),
    Index("supply_days_day", "day"),
)

# What a device said of each of its supplies, and how much it had used by then.
supply_levels = Table(
    "supply_levels",
    metadata,
    Column("terminal", NAME, primary_key=True),
    Column("journal", NAME, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("source", NAME, primary_key=True),
    Column("device", NAME, nullable=False),
    Column("driver", NAME, nullable=False),
    Column("level", NAME, nullable=False),
    Column("used", BigInteger, nullable=False),
    Column("at", Double, nullable=False, index=True),
)

# Where a site is. `site`: as its terminals name it; degrees of WGS 84, north and east.
sites = Table(
    "sites",
    metadata,
    Column("site", String(200), primary_key=True),
    Column("latitude", Double, nullable=False),
    Column("longitude", Double, nullable=False),
    Column("address", Text, nullable=False, default=""),
    Column("changed_by", NAME, nullable=False),
    Column("changed_at", Double, nullable=False),
)

# Views of the list of terminals. `query`: as in the address.
saved_views = Table(
    "saved_views",
    metadata,
    Column("person", String(128), primary_key=True),
    Column("name", NAME, primary_key=True),
    Column("query", Text, nullable=False),
    Column("changed_at", Double, nullable=False),
)
