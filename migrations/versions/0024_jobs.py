"""Long work that was asked for; and idempotency keys go by the caller's kind and id, for names are not unique.

Revision ID: 0024
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0024"
down_revision = "0022"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("asked", JSON, nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("done", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("result", JSON, nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.Column("finished_at", TIME, nullable=True),
        sa.Column("lease_until", TIME, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
    )
    op.create_index(op.f("ix_jobs_created_at"), "jobs", ["created_at"])
    # The newest of a name: revoked tokens stay listed. A program sends keys with a token, so tokens come first.
    op.execute(
        "UPDATE once SET caller = 'token ' || (SELECT max(id) FROM tokens WHERE name = once.caller) "
        "WHERE caller IN (SELECT name FROM tokens)"
    )
    op.execute(
        "UPDATE once SET caller = 'user ' || (SELECT max(id) FROM users WHERE name = once.caller) "
        "WHERE caller IN (SELECT name FROM users)"
    )
