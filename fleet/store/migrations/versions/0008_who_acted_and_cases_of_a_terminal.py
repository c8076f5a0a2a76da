"""who acted on a work order; the cases of one terminal"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    with op.batch_alter_table("handling_order_acts", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("actor", sa.String(length=128), nullable=False, server_default="")
        )
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.create_index("cases_of_terminal", ["terminal", "case_no"], unique=False)
