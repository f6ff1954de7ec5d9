"""What a rule tells later: batches of mentions with a due time, and what the rule has told so far.

All of it happens in the transaction that stores the mention, or that makes the alert: what waits is never in two
places, and never in none. ``lock_rule`` lets one transaction a rule pass at a time.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer
from sqlmodel import col

from service.domain.alerting import rfc3339
from service.domain.alerting_digest import Batch, usual_count
from service.domain.alerting_policy import Policy
from service.domain.alerting_route import Past, Told, Wait, fact_keys
from service.store.alerts import was_told
from service.store.claims import NOW, Claim, Lease, claim, lock_held, release
from service.store.engine import Database, lock
from service.store.facts import facts_of
from service.store.lines import Line, mention_line
from service.store.tables import (
    AlertMentionRow,
    AlertRow,
    ArticleRow,
    BatchRow,
    MentionRow,
    StoryRow,
    WaitingRow,
)

__all__ = [
    "BatchJob",
    "claim_due",
    "close",
    "contents",
    "lock_rule",
    "next_due",
    "past",
    "put_off",
    "release_claim",
    "sources_of",
    "usual_counts",
    "wait",
    "waits_of",
]

_LONGEST_KEY = 300
_EARLIER_PERIODS = 4
_DUE = Claim(BatchRow, col(BatchRow.due_at) <= NOW, col(BatchRow.due_at))


@dataclass(frozen=True, slots=True)
class BatchJob:
    """A batch that is due."""

    id: str
    rule: str
    lease_token: str


async def claim_due(db: Database, *, limit: int, now: datetime, lease: Lease) -> list[BatchJob]:
    async with db.write() as session:
        rows = await claim(session, _DUE, limit=limit, now=now, lease=lease)
        return [BatchJob(row.id, row.rule, row.lease_token or "") for row in rows]


async def next_due(db: Database) -> datetime | None:
    """When the batch that is due first is due; None while nothing waits."""
    async with db.read() as session:
        return (await session.execute(select(func.min(col(BatchRow.due_at))))).scalar_one()


async def release_claim(db: Database, job: BatchJob) -> None:
    async with db.write() as session:
        await release(session, BatchRow, job.id, job.lease_token)


async def lock_rule(session: AsyncSession, rule: str) -> None:
    await lock(session, f"alerts of {rule}")


async def past(
    session: AsyncSession,
    rule: str,
    policy: Policy,
    now: datetime,
    *,
    story: int | None = None,
    group: str | None = None,
) -> Past:
    """What counts for the rule's next alert; of a story, what was told of it and where it waits.

    ``group``: where each entity is told by itself, the other entities' groups do not count.
    """
    told = await _told(session, rule, story) if story is not None else None
    waits_in = await _waits_in(session, rule, story, group) if story is not None else None
    made: tuple[datetime, ...] = ()
    throttled_until = None
    if policy.throttle is not None:
        of_rule = (col(AlertRow.rule) == rule, was_told())
        recent = select(col(AlertRow.created_at)).where(*of_rule, col(AlertRow.created_at) > now - policy.throttle.span)
        newest = recent.order_by(col(AlertRow.created_at).desc()).limit(policy.throttle.most)
        made = tuple((await session.execute(newest)).scalars())
        batch = await _find(session, rule, "throttled", "")
        throttled_until = batch.due_at if batch is not None else None
    return Past(told, waits_in, made, throttled_until)


async def sources_of(session: AsyncSession, story: int, *, until: datetime | None = None) -> int:
    """How many sources carry a story; of those articles that were read up to a moment."""
    carried = select(func.count(func.distinct(col(ArticleRow.source_id)))).where(
        col(ArticleRow.story_id) == story, col(ArticleRow.state) == "read"
    )
    if until is not None:
        carried = carried.where(col(ArticleRow.read_at) <= until)
    return int((await session.execute(carried)).scalar_one())


async def wait(
    session: AsyncSession,
    rule: str,
    decision: Wait,
    mentions: Iterable[tuple[int, str]],
    *,
    now: datetime,
    new_id: Callable[[], str],
) -> str:
    """Put mentions (id, why) into the batch that the decision names, opened if need be; the batch's id."""
    batch = await session.get(BatchRow, decision.joins) if decision.joins is not None else None
    key = decision.key[:_LONGEST_KEY]
    batch = batch or await _find(session, rule, decision.kind, key)
    if batch is None:
        batch = BatchRow(
            id=f"bat_{new_id()}",
            rule=rule,
            kind=decision.kind,
            key=key,
            opened_at=now,
            due_at=decision.due,
            fires_at=decision.fires,
        )
        session.add(batch)
        await session.flush()
    elif decision.joins is None and decision.due < batch.due_at:  # the rule's times were changed meanwhile
        batch.due_at, batch.fires_at = decision.due, decision.fires
    there = set(
        (
            await session.execute(select(col(WaitingRow.mention_id)).where(col(WaitingRow.batch_id) == batch.id))
        ).scalars()
    )
    session.add_all(
        WaitingRow(batch_id=batch.id, mention_id=mention, why=why, at=now)
        for mention, why in mentions
        if mention not in there
    )
    await session.flush()
    return batch.id


async def waits_of(session: AsyncSession, mentions: Sequence[int]) -> list[Line]:
    """Which of these mentions wait to be told: ``mention``, ``rule``, ``due_at``, ``why``."""
    waiting = (
        select(WaitingRow, BatchRow)
        .join(BatchRow, col(BatchRow.id) == col(WaitingRow.batch_id))
        .where(col(WaitingRow.mention_id).in_(mentions))
        .order_by(col(WaitingRow.id))
    )
    return [
        {
            "mention": item.mention_id,
            "rule": batch.rule,
            "due_at": rfc3339(batch.due_at),
            "why": item.why or f"its story waits already ({batch.kind})",
        }
        for item, batch in await session.execute(waiting)
    ]


async def contents(
    session: AsyncSession, job: BatchJob
) -> tuple[Batch, list[tuple[Line, str]], dict[int, Line]] | None:
    """A claimed batch, locked; its mentions that still stand as lines, each with why it waits; their stories by id.

    None: the claim was lost.
    """
    row = await lock_held(session, BatchRow, job.id, job.lease_token)
    if row is None:
        return None
    text: Any = (ArticleRow.text, ArticleRow.feed_text)
    waiting = (
        select(WaitingRow, MentionRow, ArticleRow)
        .join(MentionRow, col(MentionRow.id) == col(WaitingRow.mention_id))
        .join(ArticleRow, col(ArticleRow.id) == col(MentionRow.article_id))
        .where(col(WaitingRow.batch_id) == row.id, col(MentionRow.withdrawn_at).is_(None))
        .order_by(col(WaitingRow.id))
        .options(*(defer(column) for column in text))
    )
    found = (await session.execute(waiting)).all()
    facts = await facts_of(session, (article.id for _, _, article in found))
    items = [(mention_line(mention, article, facts.get(article.id, ())), item.why) for item, mention, article in found]
    ids = {line["story"] for line, _ in items if line["story"] is not None}
    stories = (await session.execute(select(StoryRow).where(col(StoryRow.id).in_(ids)))).scalars()
    why = tuple(dict.fromkeys(text for _, text in items if text))
    batch = Batch(row.id, row.rule, row.kind, row.key, row.opened_at, row.due_at, row.fires_at, why)
    return batch, items, {story.id: {"id": story.id, "title": story.title, "url": story.url} for story in stories}


async def close(session: AsyncSession, batch_id: str) -> None:
    """What waited was told, or waits elsewhere."""
    await session.execute(delete(BatchRow).where(col(BatchRow.id) == batch_id))


async def put_off(session: AsyncSession, batch_id: str, decision: Wait) -> None:
    """Let a batch wait for longer."""
    row = await session.get_one(BatchRow, batch_id)
    row.due_at, row.fires_at = decision.due, decision.fires
    row.lease_until = row.lease_token = None


async def usual_counts(
    session: AsyncSession, entities: Sequence[str], end: datetime, length: timedelta
) -> Mapping[str, tuple[int, float | None]]:
    """How often each entity was named in the period up to ``end``, and how often it usually is in one of this length:
    the median over the periods before it that this database has seen, four at most."""
    first: datetime | None = (await session.execute(select(func.min(col(MentionRow.discovered_at))))).scalar_one()
    seen = int((end - length - first) / length) if first is not None else 0
    periods = 1 + max(0, min(_EARLIER_PERIODS, seen))
    number = case(*((col(MentionRow.discovered_at) >= end - (index + 1) * length, index) for index in range(periods)))
    counted = (
        select(col(MentionRow.entity), number.label("period"), func.count())
        .join(ArticleRow, col(ArticleRow.id) == col(MentionRow.article_id))
        .where(
            col(MentionRow.entity).in_(entities),
            col(MentionRow.discovered_at) >= end - periods * length,
            col(MentionRow.discovered_at) < end,
            col(MentionRow.withdrawn_at).is_(None),
            col(ArticleRow.baseline).is_(False),
        )
        .group_by(col(MentionRow.entity), "period")
    )
    found = {(entity, period): count for entity, period, count in await session.execute(counted)}
    return {
        entity: (
            found.get((entity, 0), 0),
            usual_count([found.get((entity, period), 0) for period in range(1, periods)]),
        )
        for entity in entities
    }


async def _find(session: AsyncSession, rule: str, kind: str, key: str) -> BatchRow | None:
    same = select(BatchRow).where(col(BatchRow.rule) == rule, col(BatchRow.kind) == kind, col(BatchRow.key) == key)
    return (await session.execute(same)).scalar_one_or_none()


async def _waits_in(session: AsyncSession, rule: str, story: int, group: str | None) -> str | None:
    waiting = (
        select(col(BatchRow.id))
        .join(WaitingRow, col(WaitingRow.batch_id) == col(BatchRow.id))
        .join(MentionRow, col(MentionRow.id) == col(WaitingRow.mention_id))
        .join(ArticleRow, col(ArticleRow.id) == col(MentionRow.article_id))
        .where(col(ArticleRow.story_id) == story, col(BatchRow.rule) == rule)
        .limit(1)
    )
    if group is not None:
        waiting = waiting.where(or_(col(BatchRow.kind) != "group", col(BatchRow.key) == group[:_LONGEST_KEY]))
    return (await session.execute(waiting)).scalar_one_or_none()


async def _told(session: AsyncSession, rule: str, story: int) -> Told | None:
    """What the rule told of a story: neither what was muted, nor the summary of a first poll."""
    about = (
        select(col(AlertMentionRow.alert_id))
        .join(MentionRow, col(MentionRow.id) == col(AlertMentionRow.mention_id))
        .join(ArticleRow, col(ArticleRow.id) == col(MentionRow.article_id))
        .where(col(ArticleRow.story_id) == story)
    )
    alerts = (
        select(AlertRow)
        .where(
            col(AlertRow.id).in_(about),
            col(AlertRow.rule) == rule,
            was_told(),
            # What an article told before an edit took it elsewhere is of the story that it was in.
            or_(col(AlertRow.story_id) == story, col(AlertRow.story_id).is_(None)),
            col(AlertRow.dedupe_key).not_like("first:%"),
        )
        .order_by(col(AlertRow.created_at), col(AlertRow.id))
    )
    rows = (await session.execute(alerts)).scalars().all()
    if not rows:
        return None
    last = rows[-1]
    snoozes = [row.snoozed_until for row in rows if row.snoozed_until is not None]
    named = (
        select(col(MentionRow.entity))
        .join(ArticleRow, col(ArticleRow.id) == col(MentionRow.article_id))
        .join(AlertMentionRow, col(AlertMentionRow.mention_id) == col(MentionRow.id))
        .where(col(ArticleRow.story_id) == story, col(AlertMentionRow.alert_id).in_([row.id for row in rows]))
    )
    return Told(
        alert=last.id,
        at=last.created_at,
        times=len(rows),
        entities=frozenset((await session.execute(named)).scalars()),
        sources=await sources_of(session, story, until=last.created_at),
        facts=fact_keys(fact for row in rows for fact in row.payload["facts"]),
        resolved=any(row.resolved_at is not None for row in rows),
        snoozed_until=max(snoozes, default=None),
    )
