"""Tables of the life of cases, and of orders and ratings. Times are epoch seconds.

A citizen's data is in no column: people are keyed hashes, words are sealed to the fleet's key.
`person` and `owner` are officials.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from fleet.store.tables import NAME, RowNumber, metadata

WORD = String(32)
PERSON = String(128)
SUBJECT = String(96)

# The truth about each case; rows are only ever added. `id`: the same for an event that comes again.
handling_events = Table(
    "handling_events",
    metadata,
    Column("position", RowNumber, primary_key=True, autoincrement=True),
    Column("case_no", NAME, nullable=False),
    Column("id", WORD, nullable=False),
    Column("kind", WORD, nullable=False),
    Column("at", Double, nullable=False),
    Column("received_at", Double, nullable=False),
    Column("data", Text, nullable=False),
    UniqueConstraint("case_no", "id"),
)

# An office's words for the citizen about one event, sealed.
handling_words = Table(
    "handling_words",
    metadata,
    Column("case_no", NAME, primary_key=True),
    Column("id", WORD, primary_key=True),
    Column("sealed", Text, nullable=False),
)

# How each case stands, recomputed from its events. `next_at`: when the clock has something to say.
handling_cases = Table(
    "handling_cases",
    metadata,
    Column("case_no", NAME, primary_key=True),
    Column("terminal", NAME, nullable=False),
    Column("task_code", NAME, nullable=False),
    Column("phase", WORD, nullable=False, index=True),
    Column("person", PERSON, nullable=False),
    Column("reason", NAME, nullable=False, default=""),
    Column("due_date", String(10), nullable=False, default=""),
    Column("provisional", Boolean, nullable=False, default=False),  # a year without holidays
    Column("withheld", Boolean, nullable=False, default=False),
    Column("decided", Boolean, nullable=False, default=False),  # the platform's first answer taken
    Column("opened_at", Double, nullable=False),
    Column("ended_at", Double),
    Column("next_at", Double, index=True),
    Index("handling_undecided", "decided", "case_no"),
    Index("handling_opened", "opened_at"),
)

# Whose case it is: keyed hash of the number. `role`: applicant, second, guardian.
handling_people = Table(
    "handling_people",
    metadata,
    Column("person", String(64), primary_key=True),
    Column("case_no", NAME, primary_key=True),
    Column("role", WORD, nullable=False),
)

# Cards and reminders, each given once. `at`: when it was due, `given_at`: when it was given.
handling_signals = Table(
    "handling_signals",
    metadata,
    Column("position", RowNumber, primary_key=True, autoincrement=True),
    Column("case_no", NAME, nullable=False),
    Column("kind", WORD, nullable=False),
    Column("subject", SUBJECT, nullable=False),
    Column("at", Double, nullable=False),
    Column("given_at", Double, nullable=False),
    UniqueConstraint("case_no", "kind", "subject"),
)

# How far each source (a platform, the ratings) has been read.
handling_places = Table(
    "handling_places",
    metadata,
    Column("source", NAME, primary_key=True),
    Column("place", Text, nullable=False),
)

# Events that could not even be kept: malformed. `id`: hash of what came.
handling_refusals = Table(
    "handling_refusals",
    metadata,
    Column("source", NAME, primary_key=True),
    Column("id", String(64), primary_key=True),
    Column("case_no", NAME, nullable=False),
    Column("why", WORD, nullable=False),
    Column("received_at", Double, nullable=False),
)

# Certificates handed out at terminals. `copy` counts requests from 1 for each case; `job`: of the
# print; `number`: what its paper says: 0 the original, then 1, 2, ... for copies.
handling_collections = Table(
    "handling_collections",
    metadata,
    Column("case_no", NAME, primary_key=True),
    Column("copy", Integer, primary_key=True, autoincrement=False),
    Column("terminal", NAME, nullable=False),
    Column("job", String(128), nullable=False),
    Column("number", Integer, nullable=False),
    Column("at", Double, nullable=False),
    UniqueConstraint("case_no", "job"),
)

# Complaints, hotline orders and bad reviews. `origin`: what it came from, so that it comes once.
handling_orders = Table(
    "handling_orders",
    metadata,
    Column("number", NAME, primary_key=True),
    Column("serial", BigInteger, nullable=False, unique=True),
    Column("kind", WORD, nullable=False),
    Column("origin", String(200), nullable=False, unique=True),
    Column("case_no", NAME, nullable=False, default=""),
    Column("terminal", NAME, nullable=False, default=""),
    Column("owner", PERSON, nullable=False),
    Column("state", WORD, nullable=False),
    Column("opened_at", Double, nullable=False),
    Column("due_at", Double, nullable=False),
    Column("alarmed", Boolean, nullable=False, default=False),
    Column("sealed", Text, nullable=False, default=""),
    Index("handling_orders_open", "state", "due_at"),
)

# What was done with an order; rows are only ever added. `person`: to whom it was assigned, or who
# did it; `actor`: who did it. `sealed`: words, such as the answer given.
handling_order_acts = Table(
    "handling_order_acts",
    metadata,
    Column("number", NAME, primary_key=True),
    Column("turn", Integer, primary_key=True, autoincrement=False),
    Column("act", WORD, nullable=False),
    Column("person", PERSON, nullable=False),
    Column("actor", PERSON, nullable=False, default="", server_default=""),
    Column("at", Double, nullable=False),
    Column("sealed", Text, nullable=False, default=""),
)

# Complaints that terminals' journals brought: the record, and the order that it became.
handling_complaints = Table(
    "handling_complaints",
    metadata,
    Column("terminal", NAME, primary_key=True),
    Column("journal", NAME, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("number", NAME, nullable=False),
    Column("outcome", WORD, nullable=False),
    Column("at", Double, nullable=False),
)

# Ratings that count: one for each case. `tags`: codes with commas.
handling_ratings = Table(
    "handling_ratings",
    metadata,
    Column("case_no", NAME, primary_key=True),
    Column("terminal", NAME, nullable=False),
    Column("journal", NAME, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("level", Integer, nullable=False, index=True),
    Column("tags", Text, nullable=False),
    Column("at", Double, nullable=False),
    Column("order_no", NAME, nullable=False, default=""),
    UniqueConstraint("terminal", "journal", "seq"),
    Index("handling_rated", "at"),
)

# Ratings that do not count, or not yet, and why: with those above they are all that came.
handling_ratings_left = Table(
    "handling_ratings_left",
    metadata,
    Column("terminal", NAME, primary_key=True),
    Column("journal", NAME, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("case_no", NAME, nullable=False, index=True),
    Column("level", Integer, nullable=False),
    Column("tags", Text, nullable=False),
    Column("why", WORD, nullable=False),
    Column("at", Double, nullable=False),
)

# What applicants handed in later, as the record that brought it; `sealed`: the whole case again.
handling_supplements = Table(
    "handling_supplements",
    metadata,
    Column("terminal", NAME, primary_key=True),
    Column("journal", NAME, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("case_no", NAME, nullable=False),
    Column("outcome", WORD, nullable=False),
    Column("sealed", Text, nullable=False),
    Column("handed_over", Boolean, nullable=False),
    Column("at", Double, nullable=False),
    Index("handling_supplements_waiting", "handed_over", "at"),
    Index("handling_supplements_record", "journal", "seq"),
)

# The scanned pages that one of these lists, whether they are here or not.
handling_supplement_pages = Table(
    "handling_supplement_pages",
    metadata,
    Column("terminal", NAME, primary_key=True),
    Column("journal", NAME, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("digest", String(64), primary_key=True),
)

# What of it was wanted when it was taken: these materials stand in place of those before.
handling_supplement_codes = Table(
    "handling_supplement_codes",
    metadata,
    Column("terminal", NAME, primary_key=True),
    Column("journal", NAME, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("code", NAME, primary_key=True),
)
