"""Deliveries wait their turn channel by channel; channels remember how long they fail; who unsubscribed.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    # Nullable, so that a plain ADD COLUMN will do on both engines.
    op.add_column("deliveries", sa.Column("behind", sa.String(), nullable=True))
    op.add_column("channels", sa.Column("failing_since", TIME, nullable=True))
    op.add_column("channels", sa.Column("failures", sa.Integer(), nullable=True))
    op.add_column("channels", sa.Column("rests_until", TIME, nullable=True))
    op.drop_index("ix_deliveries_due", table_name="deliveries")
    op.create_index("ix_deliveries_due", "deliveries", ["channel", "behind", "next_attempt_at"])
    op.create_index("ix_deliveries_status_next_attempt_at", "deliveries", ["status", "next_attempt_at"])
    op.create_index("ix_deliveries_behind", "deliveries", ["behind"])
    op.create_table(
        "unsubscribed",
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("channel", "address", name=op.f("pk_unsubscribed")),
    )


def downgrade() -> None:
    op.drop_table("unsubscribed")
    op.drop_index("ix_deliveries_behind", table_name="deliveries")
    op.drop_index("ix_deliveries_status_next_attempt_at", table_name="deliveries")
    op.drop_index("ix_deliveries_due", table_name="deliveries")
    op.create_index("ix_deliveries_due", "deliveries", ["status", "next_attempt_at"])
    for column in ("rests_until", "failures", "failing_since"):
        op.drop_column("channels", column)
    op.drop_column("deliveries", "behind")
