"""Mentions that a rule met and did not tell, and why.

Revision ID: 0021
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0019"


def upgrade() -> None:
    op.create_table(
        "not_told",
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("mention_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("alert_id", sa.String(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["mention_id"], ["mentions.id"], name=op.f("fk_not_told_mention_id_mentions"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["alert_id"], ["alerts.id"], name=op.f("fk_not_told_alert_id_alerts"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("rule", "mention_id", name=op.f("pk_not_told")),
    )
    op.create_index(op.f("ix_not_told_alert_id"), "not_told", ["alert_id"])
    op.create_index(op.f("ix_not_told_mention_id"), "not_told", ["mention_id"])
