"""The order of deliveries: of one story over one channel, the next waits until the one before it has ended.

    a new alert          -> last_of_story: its deliveries stand behind the last that has not ended
    a delivery has ended -> move_up: what stood behind it is due at its own time
    now and then         -> catch_up: nobody waits for one that ended while it lined up

Ended is sent, dead or suppressed: a dead letter lets the next one pass. So does a delivery that only some recipients
still wait for (``copies.is_passed``); the next one then leaves these out, and stands behind it for their sake.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, bindparam, exists, not_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from service.store.copies import is_passed
from service.store.tables import AlertRow, DeliveryRow

__all__ = ["WAITING", "catch_up", "last_of_story", "line_up", "move_up"]

WAITING = ("pending", "retrying")
"""The states of a delivery that has not ended."""


_UNENDED = (
    select(col(DeliveryRow.id), col(DeliveryRow.channel), col(DeliveryRow.behind))
    .join(AlertRow, col(AlertRow.id) == col(DeliveryRow.alert_id))
    .where(
        col(AlertRow.story_id) == bindparam("story"),
        col(DeliveryRow.channel).in_(bindparam("channels", expanding=True)),
        col(DeliveryRow.status).in_(WAITING),
        not_(is_passed(DeliveryRow)),
    )
)
_MOVE_UP = (
    update(DeliveryRow)
    .where(col(DeliveryRow.behind).in_(bindparam("ended", expanding=True)))
    .values(behind=None)
    .execution_options(synchronize_session=False)
)


async def last_of_story(session: AsyncSession, story: int, channels: Sequence[str]) -> dict[str, str]:
    """By channel, the last delivery of a story that has not ended: what a new one stands behind.

    Nothing is locked for it. On PostgreSQL that one may end at this very moment, and the new one then waits for
    ``catch_up``.
    """
    if not channels:
        return {}
    rows = (await session.execute(_UNENDED, {"story": story, "channels": list(channels)})).all()
    followed = {behind for _, _, behind in rows}
    return {channel: identity for identity, channel, _ in rows if identity not in followed}


async def move_up(session: AsyncSession, ended: Sequence[str]) -> None:
    """What stood behind deliveries that have ended is behind nothing now."""
    if ended:
        await session.execute(_MOVE_UP, {"ended": list(ended)})


async def line_up(session: AsyncSession, row: DeliveryRow, behind: str) -> None:
    """A delivery of which only some recipients' turn has not come stands behind the one that they wait for."""
    earlier = select(col(DeliveryRow.status)).where(col(DeliveryRow.id) == behind).with_for_update(read=True)
    if (await session.execute(earlier)).scalar_one_or_none() in WAITING:
        row.behind = behind


async def catch_up(session: AsyncSession, *, since: datetime | None = None) -> int:
    """Let go what stands behind a delivery that has ended or is gone; how many there were.

    ``since``: only of what was made later, which costs little with any backlog: who lined up behind one that was ending
    at that moment did so a moment ago.
    """
    before = aliased(DeliveryRow)
    open_ = and_(col(before.status).in_(WAITING), not_(is_passed(before)) | (col(DeliveryRow.status) == "retrying"))
    waits = exists().where(col(before.id) == col(DeliveryRow.behind), open_)
    statement = update(DeliveryRow).where(col(DeliveryRow.behind).is_not(None), ~waits).values(behind=None)
    if since is not None:
        statement = statement.where(col(DeliveryRow.created_at) >= since)
    freed = await session.execute(statement.returning(col(DeliveryRow.id)).execution_options(synchronize_session=False))
    return len(freed.all())
