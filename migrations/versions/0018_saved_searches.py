"""Saved searches, and the views that ``newsvane sql`` reads.

The views are an interface (docs/sql.md). A later migration that changes a column under one of them drops the view first
and makes it again with the same columns; new columns go to the end.

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)

ARTICLES = """
CREATE VIEW articles_v AS
SELECT a.id, a.url, coalesce(a.canonical_url, a.url) AS canonical_url, a.title, a.text, a.author, a.language,
       a.source, a.source_id, a.tags, a.published_at, a.updated_at, a.discovered_at, a.read_at, a.origin, a.story_id
FROM articles AS a
WHERE a.state = 'read'
"""
MENTIONS = """
CREATE VIEW mentions_v AS
SELECT m.id, m.article_id, m.entity, m.confidence, m.salience, m.count, m.snippet, m.evidence, m.discovered_at,
       m.backfilled, m.updated_at, k."right" AS marked_right,
       a.url, a.title, a.source, a.language, a.published_at, a.story_id
FROM mentions AS m
JOIN articles AS a ON a.id = m.article_id
LEFT JOIN marks AS k ON k.mention_id = m.id
WHERE m.withdrawn_at IS NULL
"""
STORIES = """
CREATE VIEW stories_v AS
SELECT s.id, s.title, s.url, s.created_at AS discovered_at, s.updated_at,
       (SELECT count(*) FROM articles AS a WHERE a.story_id = s.id) AS articles,
       (SELECT count(DISTINCT a.source) FROM articles AS a WHERE a.story_id = s.id) AS sources,
       (SELECT min(coalesce(a.published_at, a.discovered_at)) FROM articles AS a WHERE a.story_id = s.id) AS first_seen,
       (SELECT max(coalesce(a.published_at, a.discovered_at)) FROM articles AS a WHERE a.story_id = s.id) AS last_seen
FROM stories AS s
WHERE s.merged_into IS NULL
"""
ALERTS = """
CREATE VIEW alerts_v AS
SELECT l.id, l.rule, l.kind, l.title, l.url, l.reason, l.entities, l.story_id, l.created_at,
       CASE WHEN l.resolved_at IS NOT NULL THEN 'resolved'
            WHEN l.snoozed_until IS NOT NULL THEN 'snoozed'
            WHEN l.acknowledged_at IS NOT NULL THEN 'acknowledged'
            ELSE 'open' END AS state,
       l.silenced_by, l.inhibited_by, l.acknowledged_at, l.acknowledged_by, l.snoozed_until, l.resolved_at,
       {mention_count} AS mention_count
FROM alerts AS l
"""
FACTS = """
CREATE VIEW facts_v AS
SELECT f.id, f.article_id, f.kind, f.status, {parties} AS parties, f.amount, f.upper, f.currency, f.bound,
       f.quantities, f.reported_by, f.sentence, f.discovered_at,
       a.url, a.title, a.source, a.language, a.published_at, a.story_id
FROM facts AS f
JOIN articles AS a ON a.id = f.article_id
"""
_ON_SQLITE = {
    "mention_count": "json_extract(l.payload, '$.mention_count')",
    "parties": "(SELECT json_group_array(p.name) FROM "
    "(SELECT name FROM fact_parties WHERE fact_id = f.id ORDER BY place) AS p)",
}
_ON_POSTGRESQL = {
    "mention_count": "CAST(l.payload ->> 'mention_count' AS integer)",
    "parties": "(SELECT coalesce(jsonb_agg(p.name ORDER BY p.place), '[]'::jsonb) "
    "FROM fact_parties AS p WHERE p.fact_id = f.id)",
}


def upgrade() -> None:
    op.create_table(
        "searches",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("lists", sa.String(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("feed_key", sa.String(), nullable=True),
        sa.Column("shared_at", TIME, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_searches")),
        sa.UniqueConstraint("name", name=op.f("uq_searches_name")),
    )
    words = _ON_SQLITE if op.get_bind().dialect.name == "sqlite" else _ON_POSTGRESQL
    for view in (ARTICLES, MENTIONS, STORIES, ALERTS, FACTS):
        op.execute(view.format(**words))
