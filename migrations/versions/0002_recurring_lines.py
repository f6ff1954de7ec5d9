"""What recurs over a host's pages, and where an article's text has such lines.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"

TIME = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "host_memory",
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("articles", sa.Integer(), nullable=False),
        sa.Column("blocks", sa.LargeBinary(), nullable=False),
        sa.Column("texts", sa.LargeBinary(), nullable=False),
        sa.Column("learned_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("host", name=op.f("pk_host_memory")),
    )
    # Nullable, because SQLite adds a column to a table that has rows only so; null means: none.
    op.add_column("articles", sa.Column("recurring", JSON, nullable=True))


def downgrade() -> None:
    op.drop_column("articles", "recurring")
    op.drop_table("host_memory")
