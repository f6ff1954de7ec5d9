"""Silences: what is muted for a time, by whom and why."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from service.desk.errors import Unknown, Wrong
from service.desk.verdicts import span_of
from service.domain.query import QueryError, parse
from service.search import Ask, moment, page
from service.store import silences, watchlist
from service.store.engine import Database
from service.store.lines import Line

__all__ = ["Matchers", "Times", "add", "end", "line_of", "preview", "times"]


@dataclass(frozen=True, slots=True)
class Matchers:
    """What is muted. All that are given must hold; at least one is."""

    query: str | None = None
    rule: str | None = None
    channel: str | None = None


@dataclass(frozen=True, slots=True)
class Times:
    starts: datetime
    ends: datetime


def times(*, start: str | None, until: str | None, time: str | None, now: datetime) -> Times:
    """From ``start`` (else now) for ``time`` (``4h``), or until a time. Raises Wrong and AskError."""
    if (until is None) == (time is None):
        raise Wrong("for", "say how long: either for, such as 4h, or until, such as 2026-11-22T18:00:00Z")
    starts = moment(start, now=now, name="from") or now
    ends = moment(until, now=now, name="until")
    if time is not None:
        span = span_of(time, "for")
        try:
            ends = starts + span
        except OverflowError as error:
            raise Wrong("from", "is no time that a silence could begin at") from error
    if ends is None or ends <= max(starts, now):
        raise Wrong("until", "the silence would be over before it begins; write a later time")
    return Times(starts, ends)


async def add(
    session: AsyncSession,
    matchers: Matchers,
    when: Times,
    *,
    author: str,
    comment: str,
    now: datetime,
    new_id: Callable[[], str],
) -> str:
    """Mute what matches; the silence's id. Raises Wrong and Unknown."""
    await _check(session, matchers)
    made = await silences.add(
        session,
        query=matchers.query,
        rule=matchers.rule,
        channel=matchers.channel,
        starts=when.starts,
        ends=when.ends,
        author=author,
        comment=comment,
        now=now,
        new_id=new_id,
    )
    await watchlist.touch(session)
    return made


async def end(session: AsyncSession, ids: Sequence[str], *, now: datetime) -> None:
    """End silences now; they stay listed, for alerts name them. All or none. Raises Unknown."""
    for silence in ids:
        if not await silences.end(session, silence, now):
            raise Unknown("silence", silence, f"there is no silence {silence!r} that is not over")
    await watchlist.touch(session)


async def preview(db: Database, matchers: Matchers, *, since: str, limit: int, now: datetime) -> list[Line]:
    """The alerts that such a silence would have muted, of the newest ``limit``. Raises Wrong, Unknown, AskError."""
    async with db.read() as session:
        await _check(session, matchers)
    ask = Ask(query=matchers.query, rule=matchers.rule, since=since, limit=limit)
    found = (await page(db, "alerts", ask, now=now)).lines
    wanted = matchers.channel
    return [line for line in found if wanted is None or any(sent["channel"] == wanted for sent in line["deliveries"])]


async def _check(session: AsyncSession, matchers: Matchers) -> None:
    if matchers == Matchers():
        raise Wrong("query", "say what to mute: a query, a rule or a channel (everything: the query entity:*)")
    if matchers.query is not None:
        try:
            parse(matchers.query)
        except QueryError as error:
            raise Wrong("query", str(error)) from error
    if matchers.rule is not None and matchers.rule not in [rule.name for rule in await watchlist.rules(session)]:
        raise Unknown("rule", matchers.rule)
    channels = [channel.name for channel in await watchlist.channels(session)]
    if matchers.channel is not None and matchers.channel not in channels:
        raise Unknown("channel", matchers.channel)


async def line_of(session: AsyncSession, silence: str) -> Line:
    """A silence as listings tell it. Raises Unknown."""
    for line in await silences.listed(session):
        if line["id"] == silence:
            return line
    raise Unknown("silence", silence)
