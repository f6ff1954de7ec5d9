"""Indexes that hold all that counting needs.

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

COUNTED = ["entity", "discovered_at", "article_id", "salience", "withdrawn_at", "backfilled"]


def upgrade() -> None:
    op.drop_index("ix_mentions_entity_discovered_at", "mentions")
    op.create_index("ix_mentions_counted", "mentions", COUNTED)
    gone = sa.text("withdrawn_at IS NOT NULL")
    op.create_index("ix_mentions_withdrawn", "mentions", ["discovered_at"], sqlite_where=gone, postgresql_where=gone)
    op.drop_index("ix_articles_id_discovered_at", "articles")
    op.create_index("ix_articles_heads", "articles", ["id", "discovered_at", "story_id", "source"])
    op.create_index(
        "ix_articles_baseline",
        "articles",
        ["id"],
        sqlite_where=sa.text("baseline = 1"),
        postgresql_where=sa.text("baseline"),
    )


def downgrade() -> None:
    op.drop_index("ix_articles_baseline", "articles")
    op.drop_index("ix_articles_heads", "articles")
    op.create_index("ix_articles_id_discovered_at", "articles", ["id", "discovered_at"])
    op.drop_index("ix_mentions_withdrawn", "mentions")
    op.drop_index("ix_mentions_counted", "mentions")
    op.create_index("ix_mentions_entity_discovered_at", "mentions", ["entity", "discovered_at"])
