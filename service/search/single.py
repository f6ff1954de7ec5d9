"""One of a kind, with all that is known of it."""

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.cursor import LARGEST_ID
from service.domain.addresses import address_key, without_credentials
from service.store import history, not_told, subscriptions, waiting
from service.store.addresses import articles_at
from service.store.alert_listing import deliveries_of
from service.store.copies import copies_of
from service.store.engine import Database
from service.store.facts import facts_of
from service.store.lines import (
    Line,
    alert_line,
    article_line,
    attempt_line,
    copy_line,
    delivery_line,
    mention_line,
    poll_line,
    revision_line,
    source_line,
)
from service.store.story_page import story_page
from service.store.tables import (
    AlertMentionRow,
    AlertRow,
    ArticleRow,
    AttemptRow,
    DeliveryRow,
    MentionRow,
    PollRow,
    RevisionRow,
    SourceRow,
)
from service.store.unstorable import UNSTORABLE

__all__ = ["explained", "one"]


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


def _number(identity: str) -> int:
    """An id as it was typed; 0, which no row has, for what is none."""
    return int(identity) if identity.isdecimal() and len(identity) < len(str(LARGEST_ID)) else 0


async def _source(session: AsyncSession, identity: str) -> Line | None:
    if identity.isdecimal():
        row = await session.get(SourceRow, _number(identity))
    else:
        at = (select(SourceRow).where(column == identity) for column in (col(SourceRow.url), col(SourceRow.listed_url)))
        found = [(await session.execute(statement.limit(1))).scalar_one_or_none() for statement in at]
        row = next(filter(None, found), None) or await _shown_as(session, identity)
    if row is None:
        return None
    polls = select(PollRow).where(col(PollRow.source_id) == row.id).order_by(col(PollRow.at).desc()).limit(20)
    history = (await session.execute(polls)).scalars().all()
    return {
        **source_line(row),
        "websub": await subscriptions.line_of(session, row.id),
        "polls": [poll_line(poll) for poll in history],
    }


async def _shown_as(session: AsyncSession, url: str) -> SourceRow | None:
    """The first source whose address is shown like this, without the password in it."""
    addresses = (col(SourceRow.url), col(SourceRow.listed_url))
    with_password = select(SourceRow).where(or_(*(address.contains("@") for address in addresses)))
    rows = (await session.execute(with_password.order_by(col(SourceRow.id)))).scalars()
    return next((row for row in rows if url in {without_credentials(row.url), _shown(row.listed_url)}), None)


def _shown(url: str | None) -> str | None:
    return without_credentials(url) if url else None


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


async def _article_at(session: AsyncSession, url: str) -> int | None:
    """Any address under which the article is known, tracking parameters and all."""
    return (await articles_at(session, [address_key(url)])).get(address_key(url))


async def _story(session: AsyncSession, identity: str) -> Line | None:
    return await story_page(session, _number(identity))


async def _alert(session: AsyncSession, identity: str) -> Line | None:
    """The ledger of an alert: the object that its receivers got, and each delivery with its attempts."""
    row = await session.get(AlertRow, identity)
    if row is None:
        return None
    sent = (await deliveries_of(session, [identity])).get(identity, [])
    history = await _history(session, [delivery["id"] for delivery in sent])
    deliveries = [delivery | history[delivery["id"]] for delivery in sent]
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
    return delivery_line(row) | (await _history(session, [identity]))[identity]


async def _history(session: AsyncSession, deliveries: list[str]) -> dict[str, Line]:
    """By delivery: its attempts, the first one first, and how it stands with each recipient of a mail."""
    found: dict[str, Line] = {identity: {"recipients": [], "attempts_made": []} for identity in deliveries}
    statement = select(AttemptRow).where(col(AttemptRow.delivery_id).in_(deliveries)).order_by(col(AttemptRow.id))
    for attempt in (await session.execute(statement)).scalars():
        found[attempt.delivery_id]["attempts_made"].append(attempt_line(attempt))
    for delivery, copies in (await copies_of(session, deliveries)).items():
        found[delivery]["recipients"] = [copy_line(copies[address]) for address in sorted(copies)]
    return found
