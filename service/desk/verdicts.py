"""What people say of what was found and told: right or wrong, seen, not now, done with, one story or two; and sending
again. Each in the caller's transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy.ext.asyncio import AsyncSession

from service.desk.errors import Conflict, Unknown, Wrong
from service.store import acknowledgement, marks, outbox, stories, watchlist
from service.store.engine import lock_articles
from service.store.outbox import Resent
from service.watchlist import WatchListError, seconds_of

__all__ = [
    "Merged",
    "Unsent",
    "acknowledge",
    "mark",
    "merge_stories",
    "resend",
    "resolve",
    "retry",
    "retry_channel",
    "snooze",
    "span_of",
    "split_story",
]

Unsent = Literal["retrying", "dead", "suppressed"]


@dataclass(frozen=True, slots=True)
class Merged:
    """``gone`` is now part of ``into``, the elder."""

    into: int
    gone: int


async def mark(session: AsyncSession, mention: int, verdict: Literal["right", "wrong"], *, now: datetime) -> str:
    """Keep a verdict on a mention, in place of an earlier one; the mention's entity. Raises Unknown."""
    entity = await marks.mark(session, mention, right=verdict == "right", now=now)
    if entity is None:
        raise Unknown("mention", mention)
    return entity


async def acknowledge(session: AsyncSession, alert: str, *, by: str, now: datetime) -> None:
    """Somebody has seen to it; who did so first stays. Raises Unknown."""
    if not await acknowledgement.acknowledge(session, alert, by=by, now=now):
        raise Unknown("alert", alert)


async def snooze(session: AsyncSession, alert: str, time: str, *, now: datetime) -> datetime:
    """Put off for ``time`` (``30m``, ``4h``) what its rule would tell again of its story; until when. Raises Unknown,
    Wrong, and Conflict for one that is resolved."""
    until = now + span_of(time, "for")
    outcome = await acknowledgement.snooze(session, alert, until=until)
    if outcome == "unknown":
        raise Unknown("alert", alert)
    if outcome == "resolved":
        raise Conflict(
            f"alert {alert} is resolved: its rule tells nothing more of its story, so nothing can be put off"
        )
    return until


async def resolve(session: AsyncSession, alert: str, *, now: datetime) -> None:
    """Its rule tells nothing more of its story. Raises Unknown."""
    if not await acknowledgement.resolve(session, alert, now=now):
        raise Unknown("alert", alert)


async def resend(session: AsyncSession, alert: str, *, now: datetime, new_id: Callable[[], str]) -> Resent:
    """Send an alert again to all its channels, as new messages. Raises Unknown."""
    again = await outbox.resend(session, alert, now=now, new_id=new_id)
    if again is None:
        raise Unknown("alert", alert, f"there is no alert {alert} with a delivery")
    return again


async def retry(session: AsyncSession, delivery: str, *, now: datetime) -> None:
    """Try an unsent delivery again now, with the same message id. Raises Unknown, and Conflict when it was sent or is
    being sent."""
    outcome = await outbox.retry(session, delivery, now=now)
    if outcome == "under way":
        raise Conflict(f"delivery {delivery} is being sent right now; look at it again in a minute")
    if outcome != "due":
        raise Unknown("delivery", delivery, f"there is no unsent delivery {delivery}")


async def retry_channel(
    session: AsyncSession, channel: str, status: Unsent | None = None, *, since: datetime | None, now: datetime
) -> int:
    """The same for all of a channel that ended unsent, or that has this status; how many.

    Raises Unknown, and Conflict for a channel that is off: over it nothing would be sent.
    """
    enabled = {one.name: one.enabled for one in await watchlist.channels(session)}
    if channel not in enabled:
        raise Unknown("channel", channel)
    if not enabled[channel]:
        raise Conflict(f"channel {channel!r} is switched off: enable it first")
    statuses = (status,) if status else ("dead", "suppressed")
    return await outbox.retry_channel(session, channel, statuses, now=now, since=since)


async def merge_stories(session: AsyncSession, one: int, other: int, *, now: datetime) -> Merged:
    """Make two stories one. Raises Unknown, and Wrong when they are one already."""
    await lock_articles(session)
    today: set[int] = set()
    for story in (one, other):
        found = await stories.story_of(session, story)
        if found is None:
            raise Unknown("story", story)
        today.add(found)
    if len(today) == 1:
        raise Wrong("", f"{one} and {other} are one story already")
    into, gone = sorted(today)
    await stories.merge(session, into, [gone])
    await stories.arrange(session, [into], now=now)
    return Merged(into, gone)


async def split_story(session: AsyncSession, article: int, *, now: datetime) -> int:
    """Take an article out of its story, into one of its own, for good; the new story. Raises Unknown."""
    story = await stories.split(session, article, now=now)
    if story is None:
        raise Unknown("article", article, f"there is no article {article} that shares a story with others")
    return story


def span_of(time: str, place: str) -> timedelta:
    """``30m``, ``4h``, ``2d``. Raises Wrong."""
    try:
        return timedelta(seconds=seconds_of(time, ""))
    except WatchListError as error:
        raise Wrong(place, error.problem) from error
