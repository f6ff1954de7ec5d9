"""Rescans: how far each is, who works on it, and writing what it found.

At most one works at a time. It holds a lease that each batch renews: one that was killed is free when its lease ends.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.domain.alerting import AlertDraft
from service.domain.facts import Fact
from service.domain.model import Mention, Rule
from service.domain.past import PastArticle, Rematch, mention_values, past_alert
from service.store import past
from service.store.claims import Lease
from service.store.engine import Database, lock
from service.store.facts import replace_facts
from service.store.lines import mention_line
from service.store.past import Period
from service.store.tables import ArticleRow, MentionRow, RescanHitRow, RescanRow

__all__ = [
    "Finding",
    "RescanJob",
    "Standing",
    "Wanted",
    "begin",
    "cancel",
    "claim",
    "finish",
    "give_back",
    "is_held",
    "left",
    "save",
    "standing",
    "untold",
]

_TOLD = 20
"""Of a summary's mentions, the newest are told in full."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """``scope``: what was asked, in words; the same words find an unfinished rescan again."""

    scope: str
    entity: str | None = None
    period: Period = field(default_factory=Period)
    summary: bool = False
    made_with: str = ""


@dataclass(frozen=True, slots=True)
class RescanJob:
    """A rescan that the holder of ``token`` works on."""

    id: int
    entity: str | None
    period: Period
    summary: bool
    position: int
    token: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a rescan is. ``counts``: ``articles`` done, and what was ``added``, ``restored``, ``withdrawn``,
    ``changed``; ``alerts``: summaries raised."""

    id: int
    state: str
    total: int
    counts: Mapping[str, int]
    resumed: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """An article with what differs now. ``facts``: None where they stay; ``told``: entities by rule, for summaries."""

    article: PastArticle
    rematch: Rematch
    facts: Sequence[Fact] | None = None
    told: Mapping[str, Sequence[str]] | None = None


async def begin(session: AsyncSession, wanted: Wanted, *, now: datetime, in_daemon: bool = False) -> Standing:
    """The unfinished rescan of this scope, or a new one. One that was begun with another watch list or another version
    of the program begins anew. ``in_daemon``: daemons go on with it by themselves."""
    await lock(session, "rescans")
    same = select(RescanRow).where(col(RescanRow.scope) == wanted.scope, col(RescanRow.state) == "open")
    row = (await session.execute(same.order_by(col(RescanRow.id).desc()).limit(1))).scalar_one_or_none()
    resumed = row is not None and row.made_with == wanted.made_with
    if row is None or not resumed:
        if row is not None:
            row.state, row.lease_until, row.lease_token = "cancelled", None, None
            await session.execute(delete(RescanHitRow).where(col(RescanHitRow.rescan_id) == row.id))
        position = await past.first_position(session)
        row = RescanRow(
            scope=wanted.scope,
            entity=wanted.entity,
            since=wanted.period.since,
            until=wanted.period.until,
            summary=wanted.summary,
            made_with=wanted.made_with,
            position=position,
            total=await past.count(session, wanted.period, below=position),
            created_at=now,
        )
        session.add(row)
    row.in_daemon = row.in_daemon or in_daemon
    await session.flush()
    return replace(_standing(row), resumed=resumed)


async def claim(db: Database, rescan: int, *, now: datetime, lease: Lease) -> RescanJob | None:
    """None while this or another rescan is being worked on, or when it is open no more."""
    async with db.write() as session:
        await lock(session, "rescans")
        busy = select(func.count()).where(col(RescanRow.state) == "open", col(RescanRow.lease_until) > now)
        row = await session.get(RescanRow, rescan)
        if row is None or row.state != "open" or (await session.execute(busy)).scalar_one():
            return None
        row.lease_until, row.lease_token, row.updated_at = lease.until, lease.token, now
        return RescanJob(row.id, row.entity, Period(row.since, row.until), row.summary, row.position, lease.token)


async def give_back(db: Database, job: RescanJob) -> None:
    """Let anybody go on with it at once."""
    async with db.write() as session:
        held = update(RescanRow).where(col(RescanRow.id) == job.id, col(RescanRow.lease_token) == job.token)
        await session.execute(held.values(lease_until=None, lease_token=None))


async def standing(db: Database, rescan: int) -> Standing:
    async with db.read() as session:
        return _standing(await session.get_one(RescanRow, rescan))


async def cancel(session: AsyncSession, *only: int) -> list[int]:
    """End these unfinished rescans, or all; what they wrote stays. Those that were ended."""
    await lock(session, "rescans")
    statement = update(RescanRow).where(col(RescanRow.state) == "open")
    if only:
        statement = statement.where(col(RescanRow.id).in_(only))
    gone = await session.execute(
        statement.values(state="cancelled", lease_until=None, lease_token=None).returning(col(RescanRow.id))
    )
    ids = list(gone.scalars())
    await session.execute(delete(RescanHitRow).where(col(RescanHitRow.rescan_id).in_(ids)))
    return ids


async def save(
    session: AsyncSession,
    job: RescanJob,
    findings: Sequence[Finding],
    *,
    position: int,
    articles: int,
    now: datetime,
    lease: Lease,
) -> set[int] | None:
    """Write what a batch found and how far the rescan is, in the caller's transaction.

    The ids of articles that somebody else is writing, or wrote since they were loaded: nothing was written of them, and
    ``position`` and the number of ``articles`` are not kept before they are done, too.
    None: the rescan was cancelled or taken over, and nothing was written at all.
    """
    row = await _held(session, job)
    if row is None:
        return None
    ours = {finding.article.id: finding for finding in findings}
    free = await _lock_unchanged(session, ours)
    counts = dict(row.counts)
    added = {identity: [_mention_row(identity, m, now) for m in ours[identity].rematch.added] for identity in free}
    session.add_all(row for rows in added.values() for row in rows)
    await session.flush()  # once for all: this is most of what is written
    for identity in free:
        finding = ours[identity]
        await _write(session, job, finding, added[identity], now)
        for name in ("added", "restored", "withdrawn", "changed"):
            counts[name] = counts.get(name, 0) + len(getattr(finding.rematch, name))
    left = set(ours) - free
    if not left:
        counts["articles"] = counts.get("articles", 0) + articles
        row.position = position
    row.counts, row.lease_until = counts, lease.until
    row.seconds = (row.seconds or 0.0) + max((now - (row.updated_at or now)).total_seconds(), 0.0)
    row.updated_at = now
    return left


async def untold(session: AsyncSession, job: RescanJob, rule: Rule) -> tuple[AlertDraft, list[int]] | None:
    """What a rule's summary would tell, with the ids of all its mentions; None where there is nothing."""
    hits = (
        select(col(MentionRow.id), col(MentionRow.entity))
        .join(RescanHitRow, col(RescanHitRow.mention_id) == col(MentionRow.id))
        .join(ArticleRow, col(ArticleRow.id) == col(MentionRow.article_id))
        .where(col(RescanHitRow.rescan_id) == job.id, col(RescanHitRow.rule) == rule.name)
        .where(col(MentionRow.withdrawn_at).is_(None))
        .order_by(col(ArticleRow.id).desc(), col(MentionRow.id))
    )
    found = (await session.execute(hits)).all()
    if not found:
        return None
    ids = [identity for identity, _ in found]
    newest = select(MentionRow, ArticleRow).join(ArticleRow, col(ArticleRow.id) == col(MentionRow.article_id))
    rows = (await session.execute(newest.where(col(MentionRow.id).in_(ids[:_TOLD])))).all()
    lines = {mention.id: mention_line(mention, article) for mention, article in rows}
    draft = past_alert(
        rule,
        rescan=job.id,
        newest=[lines[identity] for identity in ids[:_TOLD]],
        entities=list(dict.fromkeys(entity for _, entity in found)),
        count=len(ids),
    )
    return draft, ids


async def is_held(session: AsyncSession, job: RescanJob) -> bool:
    """Whether it is still ours, and stays so until the caller's transaction ends."""
    return await _held(session, job) is not None


async def left(session: AsyncSession, *, now: datetime, at_start: bool) -> list[int]:
    """Unfinished ones that were asked of a daemon, and that nobody works on, because whoever did was killed;
    ``at_start``: or ended. Oldest first."""
    over = col(RescanRow.lease_until) <= now
    open_ = select(col(RescanRow.id)).where(col(RescanRow.state) == "open", col(RescanRow.in_daemon).is_(True))
    free = open_.where(or_(over, col(RescanRow.lease_until).is_(None)) if at_start else over)
    return list((await session.execute(free.order_by(col(RescanRow.id)))).scalars())


async def finish(session: AsyncSession, job: RescanJob, *, alerts: int, now: datetime) -> None:
    """End one that is held, in the caller's transaction. ``alerts``: summaries that were raised."""
    row = await session.get_one(RescanRow, job.id)
    await session.execute(delete(RescanHitRow).where(col(RescanHitRow.rescan_id) == job.id))
    row.counts = {**row.counts, "alerts": alerts}
    row.state, row.finished_at, row.lease_until, row.lease_token = "done", now, None, None


async def _held(session: AsyncSession, job: RescanJob) -> RescanRow | None:
    held = select(RescanRow).where(
        col(RescanRow.id) == job.id, col(RescanRow.lease_token) == job.token, col(RescanRow.state) == "open"
    )
    return (await session.execute(held.with_for_update())).scalar_one_or_none()


async def _lock_unchanged(session: AsyncSession, ours: Mapping[int, Finding]) -> set[int]:
    # Those that a reader or a poll holds are passed over: who waits for no row is in nobody's way.
    statement = (
        select(col(ArticleRow.id), col(ArticleRow.read_at), col(ArticleRow.state))
        .where(col(ArticleRow.id).in_(ours))
        .order_by(col(ArticleRow.id))
        .with_for_update(key_share=True, skip_locked=True)
    )
    return {
        identity
        for identity, read_at, state in await session.execute(statement)
        if state == "read" and read_at == ours[identity].article.read_at
    }


async def _write(
    session: AsyncSession, job: RescanJob, finding: Finding, added: Sequence[MentionRow], now: datetime
) -> None:
    article, rematch = finding.article, finding.rematch
    for identity, mention in rematch.changed + rematch.restored:
        values = {**mention_values(mention), "withdrawn_at": None, "withdrawn_reason": None}
        await session.execute(update(MentionRow).where(col(MentionRow.id) == identity).values(**values))
    for identity, reason in rematch.withdrawn:
        gone = {"withdrawn_at": now, "withdrawn_reason": reason}
        await session.execute(update(MentionRow).where(col(MentionRow.id) == identity).values(**gone))
    if rematch.rejected is not None:
        rejected = [dict(one) for one in rematch.rejected]
        await session.execute(update(ArticleRow).where(col(ArticleRow.id) == article.id).values(rejected=rejected))
    if finding.facts is not None:
        await replace_facts(session, article.id, finding.facts, now=now)
    if finding.told:
        ids = {mention.entity: mention.id for mention in article.mentions} | {row.entity: row.id for row in added}
        await _keep_hits(session, job, finding.told, ids)


def _mention_row(article: int, mention: Mention, now: datetime) -> MentionRow:
    values: dict[str, Any] = mention_values(mention)
    return MentionRow(article_id=article, entity=mention.entity, discovered_at=now, backfilled=True, **values)


async def _keep_hits(
    session: AsyncSession, job: RescanJob, told: Mapping[str, Sequence[str]], ids: Mapping[str, int]
) -> None:
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    values = [
        {"rescan_id": job.id, "rule": rule, "mention_id": ids[entity]}
        for rule, entities in told.items()
        for entity in entities
    ]
    await session.execute(dialect.insert(RescanHitRow).values(values).on_conflict_do_nothing())


def _standing(row: RescanRow) -> Standing:
    return Standing(row.id, row.state, row.total, dict(row.counts))
