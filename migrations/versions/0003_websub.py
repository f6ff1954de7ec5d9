"""Hubs that push a source's items, what they pushed, and how far a source relies on it.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    # Nullable, so that a plain ADD COLUMN will do on both engines.
    op.add_column("sources", sa.Column("relied_until", TIME, nullable=True))
    op.add_column("sources", sa.Column("pinged_at", TIME, nullable=True))
    op.create_table(
        "subscriptions",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("source_id", ID, nullable=True),
        sa.Column("hub", sa.String(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("base", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("awaiting", sa.String(), nullable=True),
        sa.Column("good_until", TIME, nullable=True),
        sa.Column("next_try_at", TIME, nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.Column("last_push_at", TIME, nullable=True),
        sa.Column("pushed_hash", sa.String(), nullable=True),
        sa.Column("lease_until", TIME, nullable=True),
        sa.Column("lease_token", sa.String(), nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"], ["sources.id"], name=op.f("fk_subscriptions_source_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriptions")),
        sa.UniqueConstraint("path", name=op.f("uq_subscriptions_path")),
        sa.UniqueConstraint("source_id", name=op.f("uq_subscriptions_source_id")),
    )
    with op.batch_alter_table("subscriptions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_subscriptions_hub"), ["hub"], unique=False)
        batch_op.create_index(batch_op.f("ix_subscriptions_next_try_at"), ["next_try_at"], unique=False)

    op.create_table(
        "pushes",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("subscription_id", ID, nullable=False),
        sa.Column("received_at", TIME, nullable=False),
        sa.Column("content_type", sa.String(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("body_hash", sa.String(), nullable=False),
        sa.Column("lease_until", TIME, nullable=True),
        sa.Column("lease_token", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscriptions.id"], name=op.f("fk_pushes_subscription_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pushes")),
        sa.UniqueConstraint("subscription_id", "body_hash", name=op.f("uq_pushes_subscription_id_body_hash")),
    )
    with op.batch_alter_table("pushes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pushes_received_at"), ["received_at"], unique=False)


def downgrade() -> None:
    op.drop_table("pushes")
    op.drop_table("subscriptions")
    op.drop_column("sources", "pinged_at")
    op.drop_column("sources", "relied_until")
