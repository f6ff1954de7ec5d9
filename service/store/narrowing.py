"""What the database can check of a question. It may let too much through, never too little: the evaluator has the last
word.
"""

import operator
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import LargeBinary, Select, and_, cast, func, not_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from service.domain.query import Metadata, Query, metadata
from service.domain.query.values import contains_value, host_matches, is_value
from service.store.fulltext import TextIndex
from service.store.keys import Narrowing
from service.store.spelling import is_sqlite, listed
from service.store.tables import ArticleRow, FactPartyRow, FactRow, MentionRow, SourceRow

__all__ = ["Filter", "entity_names", "from_source", "named_in", "narrow"]

_PLAIN_TAG = re.compile("[A-Za-z0-9-]+")
_OPERATORS = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt}


@dataclass(frozen=True, slots=True)
class Filter:
    """Everything is optional and narrows down. Times bound when newsvane found it. ``first``: how many are likely to be
    wanted, and ``few``: how many articles are rather looked up than walked past; no result depends on either."""

    query: Query | None = None
    entity: str | None = None
    source: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    rule: str | None = None
    status: str | None = None
    first: int = 50
    few: int = 3000
    withdrawn: bool = False
    """Mentions that hold no longer, instead of those that do."""


async def narrow(session: AsyncSession, wanted: Filter, article: Any) -> Narrowing:  # noqa: ANN401 - a column
    """For a statement over rows of which ``article`` is the article's number. ``wanted.entity``, times, rule and status
    are the listing's own."""
    namers: list[Select[Any]] = []
    conditions: list[Any] = []
    of_article: list[Any] = []
    if wanted.source:
        of_article.append(from_source(wanted.source))
    if wanted.query is None:
        return Narrowing((), (), tuple(of_article), few=wanted.few)
    known = metadata(wanted.query)
    for choice in known.entities:
        names = await entity_names(session, choice)
        namers.append(select(col(MentionRow.article_id)).where(col(MentionRow.entity).in_(names)).distinct())
        conditions.append(named_in(article, names))
    for told in _with_facts(session, known):
        namers.append(told.distinct())
        conditions.append(told.where(col(FactRow.article_id) == article).exists())
    of_article += [
        _in_language(choice) for choice in known.languages if all(_PLAIN_TAG.fullmatch(tag) for tag in choice)
    ]
    of_article += [await _may_be_from(session, choice) for choice in known.sources]
    if known.published_since:
        of_article.append(col(ArticleRow.published_at) >= known.published_since)
    if known.published_until:
        of_article.append(col(ArticleRow.published_at) < known.published_until)
    index = TextIndex(session, wanted.query)
    return Narrowing(tuple(namers), tuple(conditions), tuple(of_article), index if index.helps else None, wanted.few)


async def entity_names(session: AsyncSession, choice: Iterable[str]) -> list[str]:
    """The stored names that fit one of these, as the query language compares them."""
    first = select(func.min(col(MentionRow.entity)).label("name")).cte("names", recursive=True)
    following = select(func.min(col(MentionRow.entity))).where(col(MentionRow.entity) > first.c.name).scalar_subquery()
    # One step of the index for each name, where DISTINCT would read all of it.
    names = first.union_all(select(following).where(first.c.name.is_not(None)))
    stored = (await session.execute(select(names.c.name).where(names.c.name.is_not(None)))).scalars()
    return [name for name in stored if any(is_value(pattern, name) for pattern in choice)]


def named_in(article: Any, names: Iterable[str], *, standing: bool = False) -> Any:  # noqa: ANN401
    """Whether one of these entities is named in the article. ``standing``: by a mention that was not withdrawn."""
    mention = aliased(MentionRow)
    found = select(col(mention.id)).where(col(mention.article_id) == article, col(mention.entity).in_(list(names)))
    return (found.where(col(mention.withdrawn_at).is_(None)) if standing else found).exists()


def from_source(source: str) -> Any:  # noqa: ANN401 - a condition
    """By the name that the articles carry, or by the source's address."""
    by_address = select(col(SourceRow.id)).where(col(SourceRow.url) == source)
    return or_(col(ArticleRow.source) == source, col(ArticleRow.source_id).in_(by_address))


def _in_language(choice: Iterable[str]) -> Any:  # noqa: ANN401 - a condition
    language = func.lower(func.replace(col(ArticleRow.language), "_", "-"))
    return or_(*(or_(language == tag.lower(), language.like(f"{tag.lower()}-%")) for tag in choice))


async def _may_be_from(session: AsyncSession, choice: Iterable[str]) -> Any:  # noqa: ANN401 - a condition
    """Articles that carry the present name of a source which does not fit cannot be wanted; of others, names are
    compared later."""
    sources = (await session.execute(select(col(SourceRow.id), col(SourceRow.title), col(SourceRow.url)))).all()
    others = [
        identity
        for identity, title, url in sources
        if not any(contains_value(value, title) or host_matches(value, url) for value in choice)
    ]
    source = aliased(SourceRow)
    name = select(col(source.title)).where(col(source.id) == col(ArticleRow.source_id)).scalar_subquery()
    unfit = and_(col(ArticleRow.source_id).in_(listed(session, others)), col(ArticleRow.source) == name)
    return or_(col(ArticleRow.source_id).is_(None), not_(unfit))


def _with_facts(session: AsyncSession, known: Metadata) -> Iterator[Select[Any]]:
    """Questions for the ids of articles; every result is in the answer to each. One fact must satisfy a question."""
    conditions = [_OPERATORS[asked.operator](col(FactRow.amount), asked.value) for asked in known.amounts]
    conditions += _all_of(known.statuses, col(FactRow.status))
    conditions += _all_of(known.currencies, col(FactRow.currency))
    for choice in filter(_is_plain, known.parties):
        part = select(col(FactPartyRow.fact_id)).where(
            or_(
                func.lower(col(FactPartyRow.name)).in_([name.lower() for name in choice]),
                _beyond_ascii(session, col(FactPartyRow.name)),
            )
        )
        conditions.append(col(FactRow.id).in_(part))
    kinds = list(_all_of(known.kinds, col(FactRow.kind)))
    for kind in kinds:
        yield select(col(FactRow.article_id)).where(kind, *conditions)
    if conditions and not kinds:
        yield select(col(FactRow.article_id)).where(*conditions)


def _beyond_ascii(session: AsyncSession, text: Any) -> Any:  # noqa: ANN401 - a column; a condition
    """Such a name may fold to ASCII ("Straße", full width letters), in ways that no database knows."""
    size = func.length(cast(text, LargeBinary)) if is_sqlite(session) else func.octet_length(text)
    return size != func.length(text)


def _all_of(choices: Iterable[frozenset[str]], column: Any) -> Iterator[Any]:  # noqa: ANN401 - a column; conditions
    """Of columns that hold only our own words: they are ASCII."""
    return (func.lower(column).in_([value.lower() for value in choice]) for choice in choices if _is_plain(choice))


def _is_plain(choice: Iterable[str]) -> bool:
    return all(value.isascii() and "*" not in value for value in choice)
