"""Which stories a person merged or split: no edit moves their articles.

Of merges before this nothing is known; the stories that were split are.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("stories", sa.Column("arranged_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE stories SET arranged_at = created_at "
        "WHERE id IN (SELECT one FROM story_splits UNION SELECT other FROM story_splits)"
    )


def downgrade() -> None:
    with op.batch_alter_table("stories", schema=None) as batch_op:
        batch_op.drop_column("arranged_at")
