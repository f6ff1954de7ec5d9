"""Rescans of stored articles, and what edits made known on mentions and stories.

Revision ID: 0008
Revises: 0007
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
TEXT = sa.String()
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
_COLUMNS: dict[str, Any] = {"updated_at": TIME, "update_note": TEXT}


def upgrade() -> None:
    for table in ("mentions", "stories"):
        for name, kind in _COLUMNS.items():
            op.add_column(table, sa.Column(name, kind, nullable=True))
    op.create_table(
        "rescans",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("scope", TEXT, nullable=False),
        sa.Column("entity", TEXT, nullable=True),
        sa.Column("since", TIME, nullable=True),
        sa.Column("until", TIME, nullable=True),
        sa.Column("summary", sa.Boolean(), nullable=False),
        sa.Column("made_with", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("counts", JSON, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("finished_at", TIME, nullable=True),
        sa.Column("lease_until", TIME, nullable=True),
        sa.Column("lease_token", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rescans")),
    )
    op.create_index(op.f("ix_rescans_scope"), "rescans", ["scope"])
    op.create_table(
        "rescan_hits",
        sa.Column("rescan_id", ID, autoincrement=False, nullable=False),
        sa.Column("rule", TEXT, nullable=False),
        sa.Column("mention_id", ID, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["rescan_id"], ["rescans.id"], name=op.f("fk_rescan_hits_rescan_id_rescans"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["mention_id"], ["mentions.id"], name=op.f("fk_rescan_hits_mention_id_mentions"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("rescan_id", "rule", "mention_id", name=op.f("pk_rescan_hits")),
    )
    op.create_index(op.f("ix_rescan_hits_mention_id"), "rescan_hits", ["mention_id"])


def downgrade() -> None:
    op.drop_table("rescan_hits")
    op.drop_table("rescans")
    for table in ("mentions", "stories"):
        for name in _COLUMNS:
            op.drop_column(table, name)
