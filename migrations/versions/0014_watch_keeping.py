"""What watch-keeping rules watch and what they found, and who wants nothing more of one rule.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"

TIME = sa.DateTime(timezone=True)
BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    # Nullable, because rules are there already: null means that it is a query's rule.
    op.add_column("rules", sa.Column("watch", JSON, nullable=True))
    op.create_table(
        "troubles",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("finding", JSON, nullable=False),
        sa.Column("opened_at", TIME, nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("cleared_at", TIME, nullable=True),
        sa.Column("told_at", TIME, nullable=True),
        sa.Column("told_level", sa.Integer(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("alert_id", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_troubles")),
        sa.UniqueConstraint("rule", "subject", name=op.f("uq_troubles_rule_subject")),
    )
    op.create_table(
        "work_readings",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("work", sa.String(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("age_seconds", sa.Integer(), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_readings")),
    )
    op.create_index(op.f("ix_work_readings_at"), "work_readings", ["at"])
    op.create_table(
        "unsubscribed_rules",
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("channel", "address", "rule", name=op.f("pk_unsubscribed_rules")),
    )


def downgrade() -> None:
    for table in ("unsubscribed_rules", "work_readings", "troubles"):
        op.drop_table(table)
    op.drop_column("rules", "watch")
