"""Tables of alarms for people, and of what was sent about them. Times are epoch seconds.

No column holds a citizen's data: terminals, sites, rules, codes, and what officials wrote.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Double, Index, Integer, String, Table, Text

from fleet.store.tables import NAME, RowNumber, metadata

WORD = String(32)
PERSON = String(128)

# One for each rule and place (a site, a terminal, or '' for the whole fleet). `open_key` is
# `rule|place` while it is not resolved, and so keeps two from being open at once. `turn` grows with
# each change by a person: an old page is known by it.
alarm_groups = Table(
    "alarm_groups",
    metadata,
    Column("id", RowNumber, primary_key=True, autoincrement=True),
    Column("rule", NAME, nullable=False),
    Column("place", Text, nullable=False),
    Column("open_key", Text, unique=True),
    Column("severity", WORD, nullable=False),
    Column("state", WORD, nullable=False),
    Column("owner", PERSON, nullable=False, default=""),
    Column("started_at", Double, nullable=False),
    Column("opened_at", Double, nullable=False),
    Column("resolved_at", Double),
    Column("silent_until", Double),
    Column("level", Integer, nullable=False, default=0),
    Column("escalate_at", Double),
    Column("terminals", Integer, nullable=False),
    Column("most", Integer, nullable=False),
    Column("turn", Integer, nullable=False, default=0),
    Index("alarm_groups_by_state", "state", "opened_at"),
    sqlite_autoincrement=True,
)

# Where a rule's condition holds, or held a moment ago. `alarm`: it is told of; without one it has
# not held for long enough. `settled_at`: a person has seen to everything before.
alarm_watches = Table(
    "alarm_watches",
    metadata,
    Column("rule", NAME, primary_key=True),
    Column("terminal", NAME, primary_key=True),
    Column("place", Text, nullable=False),
    Column("since", Double, nullable=False),
    Column("well_since", Double),
    Column("alarm", BigInteger, index=True),
    Column("settled_at", Double),
    Column("detail", Text, nullable=False, default=""),
)

# Terminals that an alarm was ever about.
alarm_members = Table(
    "alarm_members",
    metadata,
    Column("alarm", BigInteger, primary_key=True, autoincrement=False),
    Column("terminal", NAME, primary_key=True),
    Column("since", Double, nullable=False),
    Column("gone_at", Double),
    Column("detail", Text, nullable=False, default=""),
)

# What happened to an alarm, and who did it ('' : the rules). Rows are only ever added.
alarm_notes = Table(
    "alarm_notes",
    metadata,
    Column("id", RowNumber, primary_key=True, autoincrement=True),
    Column("alarm", BigInteger, nullable=False, index=True),
    Column("at", Double, nullable=False),
    Column("person", PERSON, nullable=False, default=""),
    Column("act", WORD, nullable=False),
    Column("text", Text, nullable=False, default=""),
    sqlite_autoincrement=True,
)

# What is to be sent, written with the change that it tells of. `delivery`: the same for every try.
# `unsure`: a try was cut off, so that it may have arrived.
alarm_outbox = Table(
    "alarm_outbox",
    metadata,
    Column("id", RowNumber, primary_key=True, autoincrement=True),
    Column("delivery", String(128), nullable=False, unique=True),
    Column("channel", NAME, nullable=False),
    Column("event", WORD, nullable=False),
    Column("alarm", BigInteger, nullable=False, index=True),
    Column("body", Text, nullable=False),
    Column("state", WORD, nullable=False),
    Column("tries", Integer, nullable=False, default=0),
    Column("unsure", Boolean, nullable=False, default=False),
    Column("try_at", Double, nullable=False),
    Column("made_at", Double, nullable=False),
    Column("done_at", Double),
    Column("fault", NAME, nullable=False, default=""),
    Index("alarm_outbox_due", "channel", "state", "try_at"),
    sqlite_autoincrement=True,
)

# What pruned records told of certificates' papers: the print jobs of a case, and whether a paper
# came. A copy's number is counted from it for as long as there is the certificate.
kept_papers = Table(
    "kept_papers",
    metadata,
    Column("case_no", NAME, primary_key=True),
    Column("job", String(128), primary_key=True),
    Column("came", Boolean, nullable=False),
)

# The last night on which a kind of rows was looked through, and how many of them have gone.
retention_runs = Table(
    "retention_runs",
    metadata,
    Column("kind", WORD, primary_key=True),
    Column("day", String(10), nullable=False),
    Column("at", Double, nullable=False),
    Column("gone", BigInteger, nullable=False),
    Column("kept", BigInteger, nullable=False),
)
