"""Whether each terminal could serve, and since when"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "serving_history",
        sa.Column("terminal", sa.String(length=64), nullable=False),
        sa.Column("since", sa.Double(), nullable=False),
        sa.Column("serving", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("terminal", "since"),
    )
    with op.batch_alter_table("serving_history", schema=None) as batch_op:
        batch_op.create_index("serving_since", ["since"], unique=False)
