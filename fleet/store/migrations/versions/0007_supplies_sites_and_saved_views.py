"""supplies, sites and saved views"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "supply_use",
        sa.Column("terminal", sa.String(length=64), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("used", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("terminal", "device"),
    )
    op.create_table(
        "supply_days",
        sa.Column("terminal", sa.String(length=64), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Double(), nullable=False),
        sa.Column("used", sa.BigInteger(), nullable=False),
        sa.Column("visits", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("terminal", "device", "day"),
    )
    with op.batch_alter_table("supply_days", schema=None) as batch_op:
        batch_op.create_index("supply_days_day", ["day"], unique=False)

    op.create_table(
        "supply_levels",
        sa.Column("terminal", sa.String(length=64), nullable=False),
        sa.Column("journal", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("driver", sa.String(length=64), nullable=False),
        sa.Column("level", sa.String(length=64), nullable=False),
        sa.Column("used", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("terminal", "journal", "seq", "source"),
    )
    with op.batch_alter_table("supply_levels", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_supply_levels_at"), ["at"], unique=False)

    op.create_table(
        "sites",
        sa.Column("site", sa.String(length=200), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("changed_by", sa.String(length=64), nullable=False),
        sa.Column("changed_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("site"),
    )
    op.create_table(
        "saved_views",
        sa.Column("person", sa.String(length=128), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("person", "name"),
    )
    with op.batch_alter_table("moments", schema=None) as batch_op:
        batch_op.create_index("moments_of_kind", ["kind", "received_at"], unique=False)
    with op.batch_alter_table("handling_cases", schema=None) as batch_op:
        batch_op.create_index("handling_opened", ["opened_at"], unique=False)
    with op.batch_alter_table("handling_ratings", schema=None) as batch_op:
        batch_op.create_index("handling_rated", ["at"], unique=False)
    with op.batch_alter_table("order_terminals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_order_terminals_terminal"), ["terminal"], unique=False)
