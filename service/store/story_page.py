"""All that is known of one story: who told it when, what each version says otherwise, its deals and its alerts."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.domain.alerting import rfc3339
from service.domain.facts import as_object
from service.domain.stories.differences import Told, differences
from service.domain.stories.head import Copy, outlet_of, outlets
from service.store import not_told
from service.store.facts import facts_of
from service.store.lines import Line
from service.store.stories import signature_of, story_of
from service.store.story_lines import story_lines
from service.store.tables import AlertRow, ArticleRow, MentionRow, StoryRow

__all__ = ["story_page"]

_MOST = 100
"""Articles in the timeline; those of a story beyond it are counted only."""
_MOST_POINTS = 48


async def story_page(session: AsyncSession, story: int) -> Line | None:
    """A story as a listing tells it, with ``timeline``, ``by_outlet``, ``spread``, ``facts``, ``mentions``, ``alerts``,
    ``not_told``, ``merged`` and ``arranged_at`` (docs/formats.md). An id that was merged leads to the story of today.

    None if there is none. A story whose only article was edited into another one has no copies.
    """
    today = await story_of(session, story)
    if today is None:
        return None
    row = await session.get_one(StoryRow, today)
    line = (await story_lines(session, [row])).get(today) or _without_articles(row)
    time = func.coalesce(col(ArticleRow.published_at), col(ArticleRow.discovered_at))
    told = select(ArticleRow).where(col(ArticleRow.story_id) == today).order_by(time, col(ArticleRow.id))
    articles = (await session.execute(told.limit(_MOST))).scalars().all()
    head = await session.get(ArticleRow, line["article"]) if line["article"] is not None else None
    return {
        **line,
        "timeline": [_version(article, head) for article in articles] if head else [],
        "by_outlet": _by_outlet(articles),
        "spread": _spread(articles),
        "facts": await _facts(session, articles),
        "mentions": await _mentions(session, today),
        "alerts": await _alerts(session, today),
        "not_told": await not_told.of_story(session, today),
        "merged": await _merged(session, today),
        "arranged_at": rfc3339(row.arranged_at) if row.arranged_at else None,
    }


async def _merged(session: AsyncSession, story: int) -> list[int]:
    gone = select(col(StoryRow.id)).where(col(StoryRow.merged_into) == story).order_by(col(StoryRow.id))
    return list((await session.execute(gone)).scalars())


def _without_articles(row: StoryRow) -> Line:
    seen = rfc3339(row.created_at)
    return {
        "id": row.id,
        "title": row.title,
        "url": row.url,
        "source": "",
        "article": None,
        "copies": 0,
        "outlets": [],
        "entities": [],
        "first_seen": seen,
        "last_seen": seen,
        "discovered_at": seen,
        "published_at": None,
        "updated_at": rfc3339(row.updated_at) if row.updated_at else None,
        "update_note": row.update_note,
        "facts": [],
        "articles": [],
    }


def _version(article: ArticleRow, head: ArticleRow) -> Line:
    line: Line = {
        "article": article.id,
        "at": rfc3339(_at(article)),
        "title": article.title,
        "url": article.url,
        "outlet": outlet_of(_copy(article)),
        "language": article.language,
        "words": len(article.text.split()),
        "head": article.id == head.id,
        "differences": None,
    }
    if article.id != head.id:
        found = differences(*(Told(one.text, signature_of(one)) for one in (head, article)))
        line["differences"] = {
            "of_head": found.of_head,
            "own": found.own,
            "other_title": found.other_title,
            "adds": list(found.adds),
            "leaves_out": list(found.leaves_out),
        }
    return line


def _by_outlet(articles: Sequence[ArticleRow]) -> list[Line]:
    """The earliest first."""
    copies = [_copy(article) for article in articles]
    return [
        {
            "outlet": outlet,
            "articles": [copy.id for copy in copies if outlet_of(copy) == outlet],
            "first_at": rfc3339(min(_time(copy) for copy in copies if outlet_of(copy) == outlet)),
        }
        for outlet in outlets(copies)
    ]


def _spread(articles: Sequence[ArticleRow]) -> list[Line]:
    """How many copies and outlets there were at the end of each step of the story's life; steps in which none came are
    left out."""
    if not articles:
        return []
    start, end = _at(articles[0]), _at(articles[-1])
    step = max((end - start) / _MOST_POINTS, timedelta(minutes=1))
    seen: set[str] = set()
    points: dict[int, Line] = {}
    for number, article in enumerate(articles, 1):
        seen.add(outlet_of(_copy(article)))
        points[(_at(article) - start) // step] = {"at": rfc3339(_at(article)), "copies": number, "outlets": len(seen)}
    return list(points.values())


async def _facts(session: AsyncSession, articles: Sequence[ArticleRow]) -> list[Line]:
    """Each deal once, as the earliest article tells it, with the articles that tell it so."""
    known = await facts_of(session, [article.id for article in articles])
    merged: dict[tuple[object, ...], Line] = {}
    for article in articles:
        for fact in known.get(article.id, ()):
            parties = tuple(sorted((party.name, party.role or "") for party in fact.parties))
            key = fact.kind, fact.status, fact.amount, fact.upper, fact.currency, parties
            told = merged.setdefault(key, {**as_object(fact), "articles": []})["articles"]
            if article.id not in told:
                told.append(article.id)
    return list(merged.values())


async def _mentions(session: AsyncSession, story: int) -> list[Line]:
    """How many articles name each entity, the most named first."""
    named = (
        select(col(MentionRow.entity), col(MentionRow.salience))
        .join(ArticleRow, col(ArticleRow.id) == col(MentionRow.article_id))
        .where(col(ArticleRow.story_id) == story, col(MentionRow.withdrawn_at).is_(None))
        .order_by(col(MentionRow.id))
    )
    rows = (await session.execute(named)).all()
    articles, main = Counter(entity for entity, _ in rows), Counter(entity for entity, how in rows if how == "main")
    return [{"entity": entity, "articles": count, "main": main[entity]} for entity, count in articles.most_common()]


async def _alerts(session: AsyncSession, story: int) -> list[Line]:
    raised = (
        select(AlertRow).where(col(AlertRow.story_id) == story).order_by(col(AlertRow.created_at), col(AlertRow.id))
    )
    return [
        {"id": alert.id, "rule": alert.rule, "created_at": rfc3339(alert.created_at), "title": alert.title}
        for alert in (await session.execute(raised.limit(_MOST))).scalars()
    ]


def _copy(row: ArticleRow) -> Copy:
    return Copy(row.id, row.url, row.canonical_url, row.source, row.published_at, row.discovered_at)


def _time(copy: Copy) -> datetime:
    return copy.published_at or copy.discovered_at


def _at(article: ArticleRow) -> datetime:
    return article.published_at or article.discovered_at
