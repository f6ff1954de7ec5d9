"""Rules on volume with what they found, and inhibitions.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"

TIME = sa.DateTime(timezone=True)
BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "rhythms",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("lease_until", TIME, nullable=True),
        sa.Column("lease_token", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rhythms")),
    )
    op.create_index(op.f("ix_rhythms_due_at"), "rhythms", ["due_at"])
    op.create_table(
        "episodes",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("opened_at", TIME, nullable=False),
        sa.Column("seen_at", TIME, nullable=False),
        sa.Column("ended_at", TIME, nullable=True),
        sa.Column("told_at", TIME, nullable=True),
        sa.Column("alert_id", sa.String(), nullable=True),
        sa.Column("found", JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_episodes")),
        sa.UniqueConstraint(
            "rule", "subject", "kind", "opened_at", name=op.f("uq_episodes_rule_subject_kind_opened_at")
        ),
    )
    op.create_table(
        "inhibitions",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("definition", JSON, nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inhibitions")),
        sa.UniqueConstraint("name", name=op.f("uq_inhibitions_name")),
    )
    # Nullable, because alerts are there already: null means that nothing held them back.
    op.add_column("alerts", sa.Column("inhibited_by", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("alerts", "inhibited_by")
    op.drop_table("inhibitions")
    op.drop_table("episodes")
    op.drop_table("rhythms")
