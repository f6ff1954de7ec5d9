"""How far a rescan is, for others to read: when it last wrote, and how long it has worked.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.add_column("rescans", sa.Column("updated_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("rescans", sa.Column("seconds", sa.Float(), nullable=True))


def downgrade() -> None:
    op.drop_column("rescans", "seconds")
    op.drop_column("rescans", "updated_at")
