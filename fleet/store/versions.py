"""Which version of the tables a database has, and how it comes to the newest (Alembic).

A new database gets all tables at once and is marked with the newest version; only an older one is
led on, step by step, in one transaction. `migrations/versions` holds the steps; a test proves that
they lead to the same tables.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from fleet.errors import StoreError
from fleet.store import (
    alarm_tables,
    archive_tables,
    booking_tables,
    conclusion_tables,
    console_tables,
    handling_tables,
    identity_tables,
    payment_tables,
    people_tables,
    report_tables,
    rollout_tables,
    tables,
)

HEAD = "0008"
SCRIPTS = Path(__file__).with_name("migrations")
LOCK = 7_301_544  # of PostgreSQL's advisory locks: two processes start at once
MODULES = (
    alarm_tables, archive_tables, booking_tables, conclusion_tables, console_tables,
    handling_tables, identity_tables, payment_tables, people_tables, report_tables, rollout_tables,
)  # fmt: skip
metadata = tables.metadata  # with the tables of all modules above


def bring_up_to_date(connection: Connection, head: str = HEAD, scripts: Path = SCRIPTS) -> None:
    """Inside one transaction that nobody else writes beside. Raises `StoreError`."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
    found = revision(connection)
    if found == head:
        return
    if found:
        _upgrade(connection, found, head, scripts)
        return
    _refuse_unknown(connection)
    metadata.create_all(connection)
    connection.execute(
        text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
    )
    connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": head})


def revision(connection: Connection) -> str:
    """'' for a database without a version."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return str(connection.scalar(text("SELECT version_num FROM alembic_version")) or "")


def _refuse_unknown(connection: Connection) -> None:
    """One that was made before versions were kept is taken if its tables are as they are now."""
    seen = inspect(connection)
    for table in metadata.sorted_tables:
        if not seen.has_table(table.name):
            continue
        lacking = {column.name for column in table.columns}
        lacking -= {column["name"] for column in seen.get_columns(table.name)}
        if lacking:
            raise StoreError(
                f"the database has no version, and its table {table.name} lacks"
                f" {', '.join(sorted(lacking))}: it is of a development version; begin a new one"
            )


def _upgrade(connection: Connection, found: str, head: str, scripts: Path) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(scripts))
    known = {one.revision for one in ScriptDirectory.from_config(config).walk_revisions()}
    if found not in known:
        raise StoreError(f"the database is of version {found}, which this software does not know")
    command.upgrade(config, head)
