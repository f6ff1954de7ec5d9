"""The newest stories are listed without looking at all.

Revision ID: 0022
Revises: 0019
"""

from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.create_index(op.f("ix_stories_created_at"), "stories", ["created_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_stories_created_at"), "stories")
