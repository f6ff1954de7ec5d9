"""Indexes that listings need at a million articles.

Revision ID: 0016
Revises: 0015
"""

from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.drop_index(op.f("ix_mentions_discovered_at"), "mentions")
    op.create_index("ix_mentions_discovered_at_article_id", "mentions", ["discovered_at", "article_id"])
    op.create_index("ix_mentions_article_id_discovered_at", "mentions", ["article_id", "discovered_at"])
    op.create_index("ix_articles_id_discovered_at", "articles", ["id", "discovered_at"])
