"""What is tidied up now and then, and how much of everything there is."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.store.engine import Database
from service.store.stories import forget_index
from service.store.tables import AlertRow, ArticleRow, BatchRow, DeliveryRow, EntityRow, MentionRow, PollRow, SourceRow

__all__ = ["counts", "forget_old_news", "forget_polls"]

_SLICE, _SLICES = 200, 50
"""Articles a transaction, so that others get their turn; transactions a call."""


async def forget_polls(db: Database, *, now: datetime, keep: timedelta) -> int:
    """Delete poll history older than ``keep``; how many rows."""
    async with db.write() as session:
        gone = await session.execute(delete(PollRow).where(col(PollRow.at) < now - keep).returning(col(PollRow.id)))
        return len(gone.all())


async def forget_old_news(db: Database, *, now: datetime, keep: timedelta) -> int:
    """Let no story be found any more by articles older than ``keep``, a few at a time; of how many articles."""
    gone = 0
    for _ in range(_SLICES):
        async with db.write() as session:
            some = await forget_index(session, before=now - keep, most=_SLICE)
        gone += some
        if some < _SLICE:
            break
    return gone


async def counts(session: AsyncSession, *, now: datetime) -> dict[str, int]:
    """How many of everything, and how much work is due."""
    waiting = col(DeliveryRow.status).in_(["pending", "retrying"])
    statement = select(
        select(func.count()).select_from(SourceRow).scalar_subquery().label("sources"),
        select(func.count()).where(col(SourceRow.enabled)).scalar_subquery().label("sources_enabled"),
        select(func.count()).where(col(SourceRow.failures) > 0).scalar_subquery().label("sources_in_trouble"),
        select(func.count())
        .where(col(SourceRow.enabled), col(SourceRow.next_poll_at) <= now)
        .scalar_subquery()
        .label("polls_due"),
        select(func.count()).where(col(EntityRow.enabled)).scalar_subquery().label("entities_enabled"),
        select(func.count()).where(col(ArticleRow.state) == "read").scalar_subquery().label("articles"),
        select(func.count()).where(col(ArticleRow.state) == "due").scalar_subquery().label("articles_due"),
        # Those that stand are nearly all: the shortest index counts all, a small one those that do not.
        (
            select(func.count()).select_from(MentionRow).scalar_subquery()
            - select(func.count()).where(col(MentionRow.withdrawn_at).is_not(None)).scalar_subquery()
        ).label("mentions"),
        select(func.count()).select_from(AlertRow).scalar_subquery().label("alerts"),
        select(func.count()).where(waiting).scalar_subquery().label("deliveries_waiting"),
        select(func.count()).where(col(DeliveryRow.status) == "dead").scalar_subquery().label("deliveries_dead"),
    )
    row = (await session.execute(statement)).one()
    return dict(row._mapping)  # noqa: SLF001 - the public name of this view


async def overdue(session: AsyncSession, *, now: datetime, by: timedelta) -> int:
    """Jobs that nobody took up although they were due ``by`` ago."""
    then = now - by
    late = [
        select(func.count()).where(
            col(SourceRow.enabled), col(SourceRow.next_poll_at) < then, _free(SourceRow.lease_until, now)
        ),
        select(func.count()).where(
            col(ArticleRow.state) == "due", col(ArticleRow.next_read_at) < then, _free(ArticleRow.lease_until, now)
        ),
        select(func.count()).where(
            col(DeliveryRow.status).in_(["pending", "retrying"]),
            col(DeliveryRow.next_attempt_at) < then,
            _free(DeliveryRow.lease_until, now),
        ),
        select(func.count()).where(col(BatchRow.due_at) < then, _free(BatchRow.lease_until, now)),
    ]
    return sum([int((await session.execute(statement)).scalar_one()) for statement in late])


def _free(lease_until: datetime | None, now: datetime) -> ColumnElement[bool]:
    return or_(col(lease_until).is_(None), col(lease_until) < now)
