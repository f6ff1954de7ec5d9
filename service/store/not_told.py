"""Mentions that rules met and did not tell, and why: written in the transaction that decided so."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.domain.alerting import rfc3339
from service.store.lines import Line
from service.store.tables import AlertMentionRow, AlertRow, ArticleRow, MentionRow, NotToldRow, table_of

__all__ = ["note", "of_alert", "of_mentions", "of_story"]

_MOST = 100
"""Of an alert or a story: the newest."""
_TABLE = table_of(NotToldRow)
# An edit, or another article of its story, may have had it told after all.
_TOLD = (
    select(col(AlertMentionRow.mention_id))
    .join(AlertRow, col(AlertRow.id) == col(AlertMentionRow.alert_id))
    .where(col(AlertMentionRow.mention_id) == col(NotToldRow.mention_id), col(AlertRow.rule) == col(NotToldRow.rule))
    .exists()
)


def _write(dialect: type[sqlite.Insert] | type[postgresql.Insert]) -> sqlite.Insert | postgresql.Insert:
    statement = dialect(_TABLE)
    new = {name: statement.excluded[name] for name in ("why", "at", "alert_id")}
    return statement.on_conflict_do_update(index_elements=["rule", "mention_id"], set_=new)


_NOTE = {"sqlite": _write(sqlite.Insert), "postgresql": _write(postgresql.Insert)}


async def note(
    session: AsyncSession, rule: str, mentions: Iterable[int], why: str, *, now: datetime, alert: str | None = None
) -> None:
    """Keep why a rule did not tell these mentions, in the caller's transaction. What it said of them before is gone."""
    rows = [{"rule": rule, "mention_id": one, "alert_id": alert, "why": why, "at": now} for one in sorted(mentions)]
    if rows:
        await session.execute(_NOTE[session.get_bind().dialect.name], rows)


async def of_mentions(session: AsyncSession, mentions: Sequence[int]) -> list[Line]:
    """``mention``, ``entity``, ``rule``, ``why``, ``alert`` (that had told the story, or None), ``at``; and of its
    article ``article``, ``url``, ``source``. In the order in which the mentions were found."""
    return await _lines(session, col(NotToldRow.mention_id).in_(mentions), None)


async def of_alert(session: AsyncSession, alert: str) -> list[Line]:
    """What was not told because of this alert, as ``of_mentions`` has it."""
    return await _lines(session, col(NotToldRow.alert_id) == alert, _MOST)


async def of_story(session: AsyncSession, story: int) -> list[Line]:
    """What was not told of a story, as ``of_mentions`` has it."""
    return await _lines(session, col(ArticleRow.story_id) == story, _MOST)


async def _lines(session: AsyncSession, condition: ColumnElement[bool], most: int | None) -> list[Line]:
    statement = (
        select(NotToldRow, col(MentionRow.entity), col(ArticleRow.id), col(ArticleRow.url), col(ArticleRow.source))
        .join(MentionRow, col(MentionRow.id) == col(NotToldRow.mention_id))
        .join(ArticleRow, col(ArticleRow.id) == col(MentionRow.article_id))
        .where(condition, ~_TOLD)
        .order_by(col(NotToldRow.mention_id).desc(), col(NotToldRow.rule).desc())
        .limit(most)
    )
    found = [
        {
            "mention": row.mention_id,
            "entity": entity,
            "rule": row.rule,
            "why": row.why,
            "alert": row.alert_id,
            "at": rfc3339(row.at),
            "article": article,
            "url": url,
            "source": source,
        }
        for row, entity, article, url, source in await session.execute(statement)
    ]
    return found[::-1]
