"""How a delivery stands with each recipient of an email channel, and how each attempt went with them.

Revision ID: 0028
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0028"
down_revision = "0026"

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    # Deliveries that were tried before have no copies: all their recipients stood in one mail, which nobody got.
    op.create_table(
        "copies",
        sa.Column("delivery_id", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status_code", sa.Integer(), nullable=True),
        sa.Column("excerpt", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["deliveries.id"], name=op.f("fk_copies_delivery_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("delivery_id", "address", name=op.f("pk_copies")),
    )
    op.add_column("attempts", sa.Column("recipients", JSON, nullable=True))


def downgrade() -> None:
    op.drop_column("attempts", "recipients")
    op.drop_table("copies")
