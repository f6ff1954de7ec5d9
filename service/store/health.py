"""How channels do: what attempts brought is noted, and a channel that only fails is switched off."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.domain.health import Health, after_failure, companions, switched_off
from service.store import alerts, watchlist
from service.store.tables import ChannelRow

__all__ = ["Failure", "note"]


@dataclass(frozen=True, slots=True)
class Failure:
    """An attempt over a channel that did not get through."""

    channel: str
    at: datetime
    gone: bool
    retry_after: datetime | None


async def note(
    session: AsyncSession, *, sent: set[str], failed: Sequence[Failure], new_id: Callable[[], str]
) -> list[str]:
    """Write down which channels work and which fail; those that were switched off.

    Where both stand for one channel, it works: attempts that end together say nothing of their order.
    """
    names = [col(ChannelRow.name).in_({failure.channel for failure in failed}), _works_again(sent)]
    concerned = select(col(ChannelRow.id)).where(or_(*names)).order_by(col(ChannelRow.name)).with_for_update()
    # In one order for all, as ``watchlist.hold``, so that no two writers deadlock.
    held = (await session.execute(concerned)).scalars().all() if failed or sent else []
    if held and sent:
        again = update(ChannelRow).where(col(ChannelRow.id).in_(held), _works_again(sent))
        await session.execute(again.values(failing_since=None, failures=None))
    counted = [failure for failure in failed if failure.gone or failure.channel not in sent]
    return [
        failure.channel
        for failure in sorted(counted, key=lambda failure: (failure.channel, failure.at))
        if await _note_failure(session, failure, new_id)
    ]


def _works_again(sent: set[str]) -> ColumnElement[bool]:
    return and_(col(ChannelRow.name).in_(sent), col(ChannelRow.failing_since).is_not(None))


async def _note_failure(session: AsyncSession, failure: Failure, new_id: Callable[[], str]) -> bool:
    statement = select(ChannelRow).where(col(ChannelRow.name) == failure.channel).with_for_update()
    channel = (await session.execute(statement)).scalar_one_or_none()
    if channel is None:
        return False
    before = Health(channel.failing_since, channel.failures or 0, channel.rests_until)
    health, why = after_failure(before, at=failure.at, gone=failure.gone, retry_after=failure.retry_after)
    channel.failing_since, channel.failures = health.failing_since, health.failures
    channel.rests_until = health.rests_until
    if why is None or not channel.enabled:  # the alert about it is raised once
        return False
    channel.enabled, channel.disabled_reason = False, why
    await session.flush()
    to = companions(failure.channel, await watchlist.channels(session), await watchlist.rules(session))
    # Where nobody is left to hear it, the ledger has it all the same.
    draft = switched_off(failure.channel, why, to, at=failure.at)
    await alerts.raise_alert(session, draft, [], now=failure.at, new_id=new_id)
    return True
