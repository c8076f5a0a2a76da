"""Alembic's hook: the steps run in the transaction that `fleet.store.versions` has begun."""

from __future__ import annotations

from alembic import context

from fleet.store.versions import metadata

connection = context.config.attributes["connection"]
batch = connection.dialect.name == "sqlite"  # whose ALTER TABLE knows little
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=batch,
    transactional_ddl=True,
    compare_type=True,
)
context.run_migrations()
