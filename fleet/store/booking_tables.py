"""Tables of appointments. People are in them as hashes under the identity key alone."""

from __future__ import annotations

from sqlalchemy import Column, Double, Integer, String, Table
from sqlalchemy import UniqueConstraint as Unique

from fleet.store.tables import NAME, metadata

# One row for each item, locked while a place of it changes hands: one at a time, no deadlock.
booking_items = Table("booking_items", metadata, Column("task_code", NAME, primary_key=True))

# `seat`: which of the slot's places, `holder`: keyed hash of the person's number for this item;
# both null once it is over, so that the two constraints hold the rules whatever the code does.
bookings = Table(
    "bookings",
    metadata,
    Column("request_no", NAME, primary_key=True),
    Column("owner", String(200), nullable=False),
    Column("task_code", NAME, nullable=False),
    Column("office", NAME, nullable=False, default=""),
    Column("day", String(10), nullable=False),
    Column("slot", NAME, nullable=False),
    Column("person", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("seat", Integer),
    Column("holder", String(64)),
    Column("capacity", Integer, nullable=False),
    Column("case_no", NAME, nullable=False, default="", index=True),
    Column("moves", Integer, nullable=False, default=0),  # how often it was moved to get here
    Column("until", Double, nullable=False),  # of a hold; epoch seconds
    Column("made_at", Double, nullable=False),
    Unique("task_code", "office", "day", "slot", "seat"),
    Unique("task_code", "holder"),
)

# What was done to a confirmed one, by the request's number: each request is taken once. `act`:
# moved, cancelled; `closed` for one that was given up before it came, and has no effect any more.
booking_acts = Table(
    "booking_acts",
    metadata,
    Column("request_no", NAME, primary_key=True),
    Column("owner", String(200), nullable=False),
    Column("act", String(16), nullable=False),
    Column("case_no", NAME, nullable=False, default=""),
    Column("office", NAME, nullable=False, default=""),
    Column("day", String(10), nullable=False, default=""),
    Column("slot", NAME, nullable=False, default=""),
    Column("at", Double, nullable=False),
)

# How many cases a terminal may still look up by their number alone (`fleet.lookups`).
lookups = Table(
    "lookups",
    metadata,
    Column("terminal", String(200), primary_key=True),
    Column("left", Double, nullable=False),
    Column("at", Double, nullable=False),  # epoch seconds
)
