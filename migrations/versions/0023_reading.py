"""What readers have gone through, and sources by their state.

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_index("ix_sources_enabled_status", "sources", ["enabled", "status"])
    op.create_table(
        "triage",
        sa.Column("reader", sa.String(), nullable=False),
        sa.Column("article_id", ID, autoincrement=False, nullable=False),
        sa.Column("read", sa.Boolean(), nullable=False),
        sa.Column("starred", sa.Boolean(), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("touched_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_triage_article_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("reader", "article_id", name=op.f("pk_triage")),
    )
    op.create_index(op.f("ix_triage_article_id"), "triage", ["article_id"])
