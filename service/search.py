"""The one read path: every listing of the command line, the API and the pages comes from here.

Ask -> page()   -> Page of lines (docs/formats.md), newest first
    -> stream() -> all of them, a batch at a time
"""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, TypeVar, get_args

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased, defer
from sqlmodel import col

from service import cursor
from service.cursor import LARGEST_ID
from service.domain.addresses import address_key
from service.domain.alerting import rfc3339
from service.domain.durations import seconds_in
from service.domain.query import QueryError, parse
from service.domain.query.syntax import And
from service.store import (
    events,
    history,
    inhibitions,
    not_told,
    relevance,
    rescan_lines,
    searches,
    silences,
    subscriptions,
    waiting,
    watchlist,
)
from service.store.addresses import articles_at
from service.store.alert_listing import alerts, deliveries, deliveries_of, these_alerts
from service.store.batches import Found
from service.store.engine import Database
from service.store.facts import facts_of
from service.store.keys import Position
from service.store.lines import (
    Line,
    alert_line,
    article_line,
    attempt_line,
    delivery_line,
    mention_line,
    poll_line,
    revision_line,
    source_line,
)
from service.store.listing import articles, facts, mentions, these_mentions
from service.store.narrowing import Filter
from service.store.story_listing import stories
from service.store.story_page import story_page
from service.store.tables import (
    AlertMentionRow,
    AlertRow,
    ArticleRow,
    AttemptRow,
    ChannelRow,
    DeliveryRow,
    MentionRow,
    PollRow,
    RevisionRow,
    SourceRow,
)
from service.store.triage import Triage
from service.store.unstorable import UNSTORABLE

__all__ = [
    "NOUNS",
    "Ask",
    "AskError",
    "Followed",
    "Happened",
    "Page",
    "explained",
    "follow",
    "follow_from",
    "last_polls",
    "moment",
    "one",
    "page",
    "rescans",
    "stream",
    "wanted_of",
    "watch_list",
]

_Cursor = TypeVar("_Cursor")
_Listing = Callable[[AsyncSession, Filter, Position | None], AsyncIterator[Found]]
Order = Literal["newest", "relevance"]
NOUNS: dict[str, _Listing] = {
    "mentions": mentions,
    "articles": articles,
    "facts": facts,
    "stories": stories,
    "alerts": alerts,
    "deliveries": deliveries,
}
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_AGO = "smhdw"


class AskError(ValueError):
    """What was asked cannot be answered; one line with the mend."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A listing as a person writes it. ``since`` and ``until``: RFC 3339, or ``2h``, ``7d`` before now.
    ``withdrawn``: mentions that hold no longer, instead of those that do.
    ``search``: the name of a saved search, which must hold beside ``query``.
    ``triage``: of mentions, articles and stories, what a reader has or has not gone through.

    Of mentions and articles only: ``order`` relevance puts the best of the newest 500 first, each line with its
    ``relevance``; with ``highlights`` each line says where the query's words and the names stand (docs/formats.md).
    """

    query: str | None = None
    search: str | None = None
    entity: str | None = None
    source: str | None = None
    since: str | None = None
    until: str | None = None
    rule: str | None = None
    status: str | None = None
    withdrawn: bool = False
    limit: int = 50
    cursor: str | None = None
    order: Order = "newest"
    highlights: bool = False
    triage: Triage | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """``next_cursor`` is None on the last page."""

    lines: list[Line]
    next_cursor: str | None


async def page(db: Database, noun: str, ask: Ask, *, now: datetime) -> Page:
    """One page of ``NOUNS[noun]``. Raises AskError."""
    if not 1 <= ask.limit <= 10_000:
        raise AskError(f"limit {ask.limit}: write a number from 1 to 10000")
    _check_order(noun, ask)
    wanted = await wanted_of(db, ask, now=now)
    async with db.read() as session:
        found = await (_best if ask.order == "relevance" else _newest)(session, noun, ask, wanted)
        if ask.highlights:
            return replace(found, lines=await relevance.highlighted(session, noun, wanted, found.lines))
    return found


async def stream(db: Database, noun: str, ask: Ask, *, now: datetime, batch: int = 500) -> AsyncIterator[list[Line]]:
    """All lines of ``NOUNS[noun]``, at most ``batch`` at a time; ``ask.limit`` does not count. Raises AskError.

    Each batch is a read transaction of its own and begins behind the one before, so memory and transactions stay small
    however many lines there are. What arrives meanwhile is newer than all of them and is not among them.
    """
    _check_order(noun, ask)
    if ask.order == "relevance" or ask.highlights:
        raise AskError("order: a whole listing comes newest first, as it stands; leave out relevance and highlights")
    wanted = replace(await wanted_of(db, ask, now=now), first=batch - 1)
    after = _read(cursor.position_in, ask, noun)
    while True:
        found: list[Found] = []
        async with db.read(lean=True) as session:
            async for item in NOUNS[noun](session, wanted, after):
                found.append(item)
                if len(found) == batch:
                    break
        if found:
            after = found[-1][0]
            yield [line for _, line in found]
        if len(found) < batch:
            return


async def one(db: Database, kind: str, identity: str) -> Line | None:
    """A source or an article (by address or id), a story, an alert or a delivery, with all that is known of it: a
    source's last polls and subscription, an article's mentions (withdrawn ones, too), look-alikes, alerts and what it
    said before it was edited, a story's timeline, versions and deals (also by the id of one that was merged into it), a
    delivery's attempts.

    None if there is none.
    """
    if UNSTORABLE.search(identity):
        return None
    readers = {"source": _source, "article": _article, "story": _story, "alert": _alert, "delivery": _delivery}
    async with db.read() as session:
        return await readers[kind](session, identity)


async def explained(db: Database, identity: str, entity: str | None = None) -> Line | None:
    """An article as ``one`` tells it, with today's ``rules`` (met or missed, and at which part), the ``story_alerts``
    that other articles of its story raised, the articles of the ``same_story``, its ``duplicates``, and what it is a
    ``duplicate_of``. ``entity``: only about this one. None if there is none."""
    known = await one(db, "article", identity)
    if known is None:
        return None
    async with db.read() as session:
        article = {**known, **await history.around(session, known["id"])}
        article["rules"] = await history.rules_on(session, known)
    if entity is not None:
        for key in ("mentions", "rejected"):
            article[key] = [line for line in article[key] if line["entity"] == entity]
        article["alerts"] = [alert for alert in article["alerts"] if entity in alert["entities"]]
        article["rules"] = [rule for rule in article["rules"] if not rule["met"] or entity in rule["entities"]]
        article["not_told"] = [line for line in article["not_told"] if line["entity"] == entity]
        article["facts"] = [fact for fact in article["facts"] if entity in fact["parties"]]
        for rule in article["rules"]:
            for key in ("waits", "not_told"):
                rule[key] = [line for line in rule[key] if line["entity"] == entity]
    return article


@dataclass(frozen=True, slots=True)
class Followed:
    """Where to follow from. ``gap``: why something may have been missed; None when nothing was."""

    position: int
    gap: str | None = None


@dataclass(frozen=True, slots=True)
class Happened:
    """An event. ``line`` is None where it is not what was asked for, or is no more."""

    id: int
    kind: str
    line: Line | None


async def follow_from(db: Database, ask: Ask, behind: int | None, *, now: datetime) -> Followed:
    """Behind an event, or from now on (None). Raises AskError."""
    await wanted_of(db, ask, now=now)
    async with db.read() as session:
        newest, oldest = await events.newest(session), await events.oldest(session)
    if behind is None or behind == newest:
        return Followed(newest)
    if behind > newest:
        return Followed(newest, "this database knows no such event: it may be an earlier state of it")
    if behind < oldest - 1:
        return Followed(oldest - 1, f"events are kept for {events.KEPT.days} days: take what came before from listings")
    return Followed(behind)


async def follow(db: Database, ask: Ask, position: int, *, most: int, now: datetime) -> list[Happened]:
    """The events behind ``position``, the next one first. Raises AskError."""
    wanted = await wanted_of(db, ask, now=now)
    async with db.read() as session:
        found = await events.after(session, position, most=most)
        mentions = [event.mention for event in found if event.mention is not None]
        alerts = [event.alert for event in found if event.alert is not None]
        told_mentions = await these_mentions(session, mentions, wanted) if mentions else {}
        told_alerts = await these_alerts(session, alerts, wanted) if alerts else {}
    return [
        Happened(event.id, "mention", told_mentions.get(event.mention))
        if event.mention is not None
        else Happened(event.id, "alert", told_alerts.get(event.alert or ""))
        for event in found
    ]


async def last_polls(db: Database, source_ids: Sequence[int], *, each: int = 20) -> dict[int, list[Line]]:
    """The last polls of these sources, newest first, with one question for all."""
    poll = aliased(PollRow)
    newest = select(col(poll.at)).where(col(poll.source_id) == col(SourceRow.id)).order_by(col(poll.at).desc())
    # A step of the index for each source; numbering all of its polls would read every one.
    since = func.coalesce(newest.offset(each - 1).limit(1).scalar_subquery(), _LONG_AGO)
    wanted = (
        select(PollRow)
        .join(SourceRow, col(SourceRow.id) == col(PollRow.source_id))
        .where(col(SourceRow.id).in_(source_ids), col(PollRow.at) >= since)
        .order_by(col(PollRow.source_id), col(PollRow.at).desc())
    )
    found: dict[int, list[Line]] = {}
    async with db.read() as session:
        for row in (await session.execute(wanted)).scalars():
            lines = found.setdefault(row.source_id, [])
            if len(lines) < each:
                lines.append(poll_line(row))
    return found


async def rescans(db: Database, *, now: datetime, limit: int = 100) -> list[Line]:
    """Work on stored articles, under way or over, the newest first: how far each is, at what rate, and its state."""
    async with db.read() as session:
        return await rescan_lines.listed(session, now=now, limit=limit)


async def watch_list(db: Database, kind: str) -> list[Line]:
    """``sources``, ``entities``, ``rules`` or ``channels`` in the order in which they were added; no secrets.

    Also ``silences``, the last to end first, ``inhibitions``, and ``searches``.
    """
    async with db.read() as session:
        if kind == "sources":
            known: Any = SourceRow.item_hashes  # up to 8 kB a source, and shown nowhere
            listed = select(SourceRow).options(defer(known)).order_by(col(SourceRow.id))
            rows = (await session.execute(listed)).scalars()
            return [source_line(row) for row in rows]
        if kind == "silences":
            return await silences.listed(session)
        if kind == "inhibitions":
            return await inhibitions.definitions(session)
        if kind == "searches":
            return await searches.listed(session)
        if kind == "entities":
            return await watchlist.entity_definitions(session)
        if kind == "rules":
            return [
                {
                    "name": r.name,
                    "query": r.query,
                    "channels": list(r.channels),
                    "enabled": r.enabled,
                    "how": dict(r.options),
                    "watch": dict(r.watch) or None,
                }
                for r in await watchlist.rules(session)
            ]
        channels = (await session.execute(select(ChannelRow).order_by(col(ChannelRow.id)))).scalars()
        return [
            {
                "name": row.name,
                "type": row.type,
                **{key: _shown(key, value) for key, value in row.config.items()},
                "enabled": row.enabled,
                "disabled_reason": row.disabled_reason,
                "failing_since": rfc3339(row.failing_since) if row.failing_since else None,
                "rests_until": rfc3339(row.rests_until) if row.rests_until else None,
            }
            for row in channels
        ]


def moment(text: str | None, *, now: datetime, name: str = "since") -> datetime | None:
    """``2026-11-22T08:00:00Z``, ``2026-11-22``, ``90m``, ``7d`` -> aware UTC. Raises AskError."""
    if not text:
        return None
    if text[-1] in _AGO and text[:-1].isdecimal():
        try:
            ago = seconds_in(text)
            return now - (timedelta.max if ago is None else timedelta(seconds=ago))
        except OverflowError as error:
            raise AskError(f"{name} {text!r}: is too long ago") from error
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError as error:
        raise AskError(f"{name} {text!r}: write a time such as 2026-11-22T08:00:00Z, or 2h, 7d") from error
    try:
        return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    except OverflowError as error:
        raise AskError(f"{name} {text!r}: is no time that can be told in UTC") from error


def _check_order(noun: str, ask: Ask) -> None:
    if ask.order not in get_args(Order):
        raise AskError(f"order {ask.order!r}: write newest or relevance")
    if noun not in relevance.NOUNS and (ask.order == "relevance" or ask.highlights):
        raise AskError(f"order: {noun} are only listed newest first; relevance is for mentions and articles")


async def _newest(session: AsyncSession, noun: str, ask: Ask, wanted: Filter) -> Page:
    found: list[Found] = []
    async for item in NOUNS[noun](session, wanted, _read(cursor.position_in, ask, noun)):
        found.append(item)
        if len(found) > ask.limit:
            break
    more = len(found) > ask.limit
    shown = found[: ask.limit]
    return Page([line for _, line in shown], cursor.behind(shown[-1][0]) if more else None)


async def _best(session: AsyncSession, noun: str, ask: Ask, wanted: Filter) -> Page:
    """A page of what the first page compared, whatever has arrived since."""
    after, begin = _read(cursor.place_in, ask, noun) or (None, 0)
    ranked = await relevance.best_first(session, noun, NOUNS[noun], wanted, after)
    end = begin + ask.limit
    more = ranked.newest is not None and end < len(ranked.lines)
    following = cursor.at_place(ranked.newest, end) if more and ranked.newest else None
    return Page(ranked.lines[begin:end], following)


def _read(read: Callable[[str, str], _Cursor], ask: Ask, noun: str) -> _Cursor | None:
    try:
        return read(ask.cursor, noun) if ask.cursor else None
    except ValueError as error:
        raise AskError("cursor: take it from the previous page of the same listing, unchanged") from error


async def wanted_of(db: Database, ask: Ask, *, now: datetime) -> Filter:
    """The ask as the store takes it, its saved search's query beside its own. Raises AskError."""
    wanted = _filter(ask, now)
    if ask.search is None:
        return wanted
    async with db.read() as session:
        saved = None if UNSTORABLE.search(ask.search) else await searches.named(session, ask.search)
    if saved is None:
        raise AskError(f"search {ask.search!r}: there is none of that name; `newsvane searches` lists them")
    query = parse(saved["query"])  # it was checked when it was saved
    return replace(wanted, query=And((query, wanted.query)) if wanted.query else query)


def _filter(ask: Ask, now: datetime) -> Filter:
    for name in ("query", "entity", "source", "rule", "status"):
        if UNSTORABLE.search(getattr(ask, name) or ""):
            raise AskError(f"{name}: holds a character that no text can hold (NUL or half a pair); leave it out")
    try:
        query = parse(ask.query) if ask.query else None
    except QueryError as error:
        raise AskError(f"query: {error}") from error
    return Filter(
        query=query,
        entity=ask.entity,
        source=ask.source,
        since=moment(ask.since, now=now),
        until=moment(ask.until, now=now, name="until"),
        rule=ask.rule,
        status=ask.status,
        first=ask.limit,
        withdrawn=ask.withdrawn,
        triage=ask.triage,
    )


def _number(identity: str) -> int:
    """An id as it was typed; 0, which no row has, for what is none."""
    return int(identity) if identity.isdecimal() and len(identity) < len(str(LARGEST_ID)) else 0


async def _source(session: AsyncSession, identity: str) -> Line | None:
    if identity.isdecimal():
        row = await session.get(SourceRow, _number(identity))
    else:
        at = (select(SourceRow).where(column == identity) for column in (col(SourceRow.url), col(SourceRow.listed_url)))
        found = [(await session.execute(statement.limit(1))).scalar_one_or_none() for statement in at]
        row = next(filter(None, found), None)
    if row is None:
        return None
    polls = select(PollRow).where(col(PollRow.source_id) == row.id).order_by(col(PollRow.at).desc()).limit(20)
    history = (await session.execute(polls)).scalars().all()
    return {
        **source_line(row),
        "websub": await subscriptions.line_of(session, row.id),
        "polls": [poll_line(poll) for poll in history],
    }


async def _article(session: AsyncSession, identity: str) -> Line | None:
    known = _number(identity) if identity.isdecimal() else await _article_at(session, identity)
    row = await session.get(ArticleRow, known) if known else None
    if row is None:
        return None
    named = select(MentionRow).where(col(MentionRow.article_id) == row.id).order_by(col(MentionRow.id))
    facts = (await facts_of(session, [row.id])).get(row.id, [])
    mentions = [mention_line(mention, row, facts) for mention in (await session.execute(named)).scalars()]
    caused = select(col(AlertMentionRow.alert_id)).where(
        col(AlertMentionRow.mention_id).in_([mention["id"] for mention in mentions])
    )
    raised = select(AlertRow).where(col(AlertRow.id).in_(caused)).order_by(col(AlertRow.created_at), col(AlertRow.id))
    rows = (await session.execute(raised)).scalars().all()
    sent = await deliveries_of(session, [alert.id for alert in rows])
    alerts = [alert_line(alert, sent.get(alert.id, [])) for alert in rows]
    line = article_line(row, [mention["entity"] for mention in mentions if mention["withdrawn_at"] is None], facts)
    said = select(RevisionRow).where(col(RevisionRow.article_id) == row.id).order_by(col(RevisionRow.id))
    earlier = [revision_line(revision) for revision in (await session.execute(said)).scalars()]
    return {
        **line,
        "baseline": row.baseline,
        "mentions": mentions,
        "alerts": alerts,
        "waiting": await waiting.waits_of(session, [mention["id"] for mention in mentions]),
        "not_told": await not_told.of_mentions(session, [mention["id"] for mention in mentions]),
        "revisions": earlier,
    }


async def _story(session: AsyncSession, identity: str) -> Line | None:
    return await story_page(session, _number(identity))


async def _article_at(session: AsyncSession, url: str) -> int | None:
    """Any address under which the article is known, tracking parameters and all."""
    return (await articles_at(session, [address_key(url)])).get(address_key(url))


async def _alert(session: AsyncSession, identity: str) -> Line | None:
    """The ledger of an alert: the object that its receivers got, and each delivery with its attempts."""
    row = await session.get(AlertRow, identity)
    if row is None:
        return None
    sent = (await deliveries_of(session, [identity])).get(identity, [])
    history = await _attempts(session, [delivery["id"] for delivery in sent])
    deliveries = [{**delivery, "attempts_made": history.get(delivery["id"], [])} for delivery in sent]
    return {
        **alert_line(row, deliveries),
        "facts": row.payload.get("facts", []),
        "dedupe_key": row.dedupe_key,
        "not_told": await not_told.of_alert(session, identity),
    }


async def _delivery(session: AsyncSession, identity: str) -> Line | None:
    row = await session.get(DeliveryRow, identity)
    if row is None:
        return None
    history = await _attempts(session, [identity])
    return {**delivery_line(row), "attempts_made": history.get(identity, [])}


async def _attempts(session: AsyncSession, deliveries: list[str]) -> dict[str, list[Line]]:
    """By delivery, the first attempt first."""
    found: dict[str, list[Line]] = {}
    statement = select(AttemptRow).where(col(AttemptRow.delivery_id).in_(deliveries)).order_by(col(AttemptRow.id))
    for attempt in (await session.execute(statement)).scalars():
        found.setdefault(attempt.delivery_id, []).append(attempt_line(attempt))
    return found


def _shown(key: str, value: Any) -> Any:  # noqa: ANN401 - whatever the configuration holds
    """Secrets stay where they are; so does what an address carries behind its host."""
    if key in {"secret", "token", "headers"}:
        return "***"
    if key == "url" and isinstance(value, str):
        return "/".join(value.split("/")[:3]) + "/..."
    return value
