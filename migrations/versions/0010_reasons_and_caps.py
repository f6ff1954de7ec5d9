"""Why a source is polled when it is, the status of every poll, and what was cut off an article.

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
    op.add_column("polls", sa.Column("redirects", JSON, nullable=True))
    op.add_column("articles", sa.Column("cut_note", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("articles", "cut_note")
    op.drop_column("polls", "redirects")
    op.drop_column("sources", "fault")
    op.drop_column("sources", "due_because")
