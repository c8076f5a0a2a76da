"""Alarms for people, and what is kept for how long"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "alarm_groups",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("rule", sa.String(length=64), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("open_key", sa.Text(), nullable=True),
        sa.Column("severity", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("owner", sa.String(length=128), nullable=False),
        sa.Column("started_at", sa.Double(), nullable=False),
        sa.Column("opened_at", sa.Double(), nullable=False),
        sa.Column("resolved_at", sa.Double(), nullable=True),
        sa.Column("silent_until", sa.Double(), nullable=True),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("escalate_at", sa.Double(), nullable=True),
        sa.Column("terminals", sa.Integer(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("open_key"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("alarm_groups", schema=None) as batch_op:
        batch_op.create_index("alarm_groups_by_state", ["state", "opened_at"], unique=False)

    op.create_table(
        "alarm_members",
        sa.Column("alarm", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("terminal", sa.String(length=64), nullable=False),
        sa.Column("since", sa.Double(), nullable=False),
        sa.Column("gone_at", sa.Double(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("alarm", "terminal"),
    )
    op.create_table(
        "alarm_notes",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("alarm", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("person", sa.String(length=128), nullable=False),
        sa.Column("act", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("alarm_notes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alarm_notes_alarm"), ["alarm"], unique=False)

    op.create_table(
        "alarm_outbox",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("delivery", sa.String(length=128), nullable=False),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("event", sa.String(length=32), nullable=False),
        sa.Column("alarm", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("unsure", sa.Boolean(), nullable=False),
        sa.Column("try_at", sa.Double(), nullable=False),
        sa.Column("made_at", sa.Double(), nullable=False),
        sa.Column("done_at", sa.Double(), nullable=True),
        sa.Column("fault", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("delivery"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("alarm_outbox", schema=None) as batch_op:
        batch_op.create_index("alarm_outbox_due", ["channel", "state", "try_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_alarm_outbox_alarm"), ["alarm"], unique=False)

    op.create_table(
        "alarm_watches",
        sa.Column("rule", sa.String(length=64), nullable=False),
        sa.Column("terminal", sa.String(length=64), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("since", sa.Double(), nullable=False),
        sa.Column("well_since", sa.Double(), nullable=True),
        sa.Column("alarm", sa.BigInteger(), nullable=True),
        sa.Column("settled_at", sa.Double(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("rule", "terminal"),
    )
    with op.batch_alter_table("alarm_watches", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alarm_watches_alarm"), ["alarm"], unique=False)

    op.create_table(
        "kept_papers",
        sa.Column("case_no", sa.String(length=64), nullable=False),
        sa.Column("job", sa.String(length=128), nullable=False),
        sa.Column("came", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("case_no", "job"),
    )
    op.create_table(
        "retention_runs",
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("gone", sa.BigInteger(), nullable=False),
        sa.Column("kept", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kind"),
    )
    with op.batch_alter_table("acts", schema=None) as batch_op:
        batch_op.create_index(
            "acts_unconfirmed",
            ["received_at"],
            unique=False,
            sqlite_where=sa.text("outcome = 'unconfirmed'"),
            postgresql_where=sa.text("outcome = 'unconfirmed'"),
        )

    with op.batch_alter_table("chains", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("pruned", sa.BigInteger(), server_default="0", nullable=False)
        )
        batch_op.add_column(
            sa.Column("pruned_hash", sa.String(length=64), server_default="", nullable=False)
        )
