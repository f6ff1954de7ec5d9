"""What a rule tells later, silences, and what people said of an alert.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

TIME = sa.DateTime(timezone=True)
BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "batches",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("opened_at", TIME, nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("fires_at", TIME, nullable=True),
        sa.Column("lease_until", TIME, nullable=True),
        sa.Column("lease_token", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
        sa.UniqueConstraint("rule", "kind", "key", name=op.f("uq_batches_rule_kind_key")),
    )
    op.create_index(op.f("ix_batches_due_at"), "batches", ["due_at"])
    op.create_table(
        "waiting",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("batch_id", sa.String(), nullable=False),
        sa.Column("mention_id", BIG_ID, nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batches.id"], name=op.f("fk_waiting_batch_id_batches"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["mention_id"], ["mentions.id"], name=op.f("fk_waiting_mention_id_mentions"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting")),
        sa.UniqueConstraint("batch_id", "mention_id", name=op.f("uq_waiting_batch_id_mention_id")),
    )
    op.create_index(op.f("ix_waiting_mention_id"), "waiting", ["mention_id"])
    op.create_table(
        "silences",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("query", sa.String(), nullable=True),
        sa.Column("rule", sa.String(), nullable=True),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("starts_at", TIME, nullable=False),
        sa.Column("ends_at", TIME, nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_silences")),
    )
    op.create_index(op.f("ix_silences_ends_at"), "silences", ["ends_at"])
    # Nullable, because alerts are there already: null means that nobody said anything of it.
    op.add_column("alerts", sa.Column("silenced_by", sa.String(), nullable=True))
    op.add_column("alerts", sa.Column("acknowledged_at", TIME, nullable=True))
    op.add_column("alerts", sa.Column("acknowledged_by", sa.String(), nullable=True))
    op.add_column("alerts", sa.Column("snoozed_until", TIME, nullable=True))
    op.add_column("alerts", sa.Column("resolved_at", TIME, nullable=True))


def downgrade() -> None:
    for column in ("resolved_at", "snoozed_until", "acknowledged_by", "acknowledged_at", "silenced_by"):
        op.drop_column("alerts", column)
    op.drop_table("silences")
    op.drop_table("waiting")
    op.drop_table("batches")
