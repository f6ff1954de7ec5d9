"""Edits of articles, addresses that are nobody's, dates that cannot be.

Every new column may be empty, so that old rows stay as they are: an item without a digest gets one at the next poll and
counts as unchanged.

Revision ID: 0004
Revises: 0003
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
TEXT = sa.String()
_COLUMNS: dict[str, dict[str, Any]] = {
    "articles": {
        "updated_at": TIME,
        "date_note": TEXT,
        "feed_title": TEXT,
        "reread_at": TIME,
        "rereads": sa.Integer(),
        "claimed_key": TEXT,
    },
    "article_addresses": {"shared": sa.Boolean()},
    "entries": {"digest": TEXT},
    "mentions": {"withdrawn_at": TIME, "withdrawn_reason": TEXT},
}
_WAITING = sa.text("reread_at IS NOT NULL")


def upgrade() -> None:
    for table, columns in _COLUMNS.items():
        for name, kind in columns.items():
            op.add_column(table, sa.Column(name, kind, nullable=True))
    op.create_index(
        op.f("ix_articles_reread_at"), "articles", ["reread_at"], sqlite_where=_WAITING, postgresql_where=_WAITING
    )
    op.create_index(op.f("ix_articles_claimed_key"), "articles", ["claimed_key"])
    op.create_table(
        "revisions",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("article_id", ID, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("read_at", TIME, nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("origin", TEXT, nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_revisions_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revisions")),
    )
    op.create_index(op.f("ix_revisions_article_id"), "revisions", ["article_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_revisions_article_id"), "revisions")
    op.drop_table("revisions")
    op.drop_index(op.f("ix_articles_claimed_key"), "articles")
    op.drop_index(op.f("ix_articles_reread_at"), "articles")
    for table, columns in _COLUMNS.items():
        for name in columns:
            op.drop_column(table, name)
