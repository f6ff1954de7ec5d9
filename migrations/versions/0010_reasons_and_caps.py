"""Why a source is polled when it is, where it was before it moved, statuses of polls, what was cut off an article.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    # Nullable, because rows are there already: null means that an earlier version did not keep it.
    op.add_column("sources", sa.Column("due_because", sa.String(), nullable=True))
    op.add_column("sources", sa.Column("fault", sa.String(), nullable=True))
    op.add_column("sources", sa.Column("listed_url", sa.String(), nullable=True))
    op.create_index(op.f("ix_sources_listed_url"), "sources", ["listed_url"])
    op.add_column("polls", sa.Column("redirects", JSON, nullable=True))
    op.add_column("articles", sa.Column("cut_note", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("articles", "cut_note")
    op.drop_column("polls", "redirects")
    op.drop_index(op.f("ix_sources_listed_url"), table_name="sources")
    op.drop_column("sources", "listed_url")
    op.drop_column("sources", "fault")
    op.drop_column("sources", "due_because")
