"""Stories that are told by what articles have in common: signatures, where to find them, and what people said of them.

``stories.text_hash`` is written no more; it stays, because SQLite cannot drop a column that has a constraint without
making the table, and all that refers to it, anew.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    # No foreign key: SQLite takes none for a column that is added, but by making the table anew.
    op.add_column("stories", sa.Column("merged_into", ID, nullable=True))
    op.create_index(op.f("ix_stories_merged_into"), "stories", ["merged_into"])
    op.create_table(
        "story_signatures",
        sa.Column("article_id", ID, autoincrement=False, nullable=False),
        sa.Column("story_id", ID, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_story_signatures_article_id_articles"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["story_id"], ["stories.id"], name=op.f("fk_story_signatures_story_id_stories"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_story_signatures")),
    )
    op.create_index(op.f("ix_story_signatures_story_id"), "story_signatures", ["story_id"])
    op.create_index(op.f("ix_story_signatures_at"), "story_signatures", ["at"])
    op.create_table(
        "story_posts",
        sa.Column("hash", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("article_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("hash", "article_id", name=op.f("pk_story_posts")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "story_splits",
        sa.Column("one", ID, autoincrement=False, nullable=False),
        sa.Column("other", ID, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["one"], ["stories.id"], name=op.f("fk_story_splits_one_stories"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["other"], ["stories.id"], name=op.f("fk_story_splits_other_stories"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("one", "other", name=op.f("pk_story_splits")),
    )
    op.create_index(op.f("ix_story_splits_other"), "story_splits", ["other"])


def downgrade() -> None:
    for table in ("story_splits", "story_posts", "story_signatures"):
        op.drop_table(table)
    op.drop_index(op.f("ix_stories_merged_into"), "stories")
    with op.batch_alter_table("stories", schema=None) as batch_op:
        batch_op.drop_column("merged_into")
