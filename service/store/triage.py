"""What a reader has gone through: articles that are read, starred, or done with. It is nobody else's business, so every
question names the reader, by the key of who asks (``service.domain.access``); without sign-in all share one.

    Triage(reader, "starred") -> holds() -> a condition on an article's number
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, get_args

from sqlalchemy import ColumnElement, Select, delete, not_, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.store.tables import ArticleRow, TriageRow

__all__ = ["KINDS", "VIEWS", "Kind", "Triage", "View", "holds", "named", "put", "standing", "there"]

Kind = Literal["read", "starred", "done"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
View = Literal["open", "unread", "starred", "done"]
VIEWS: Final[tuple[View, ...]] = get_args(View)
"""``open``: not done; ``unread``: neither read nor done."""


@dataclass(frozen=True, slots=True)
class Triage:
    """Which articles, of those that a reader has or has not gone through."""

    reader: str
    view: View


async def put(
    session: AsyncSession, reader: str, articles: Iterable[int], kind: Kind, *, on: bool, now: datetime
) -> list[int]:
    """Say it of these articles, or take it back; those that there are."""
    known = await there(session, articles)
    if not known:
        return []
    if on:
        dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
        blank: dict[str, Any] = {"reader": reader, "touched_at": now, **dict.fromkeys(KINDS, False), kind: True}
        added = dialect.insert(TriageRow).values([{**blank, "article_id": article} for article in known])
        again = {kind: True, "touched_at": now}
        await session.execute(added.on_conflict_do_update(index_elements=["reader", "article_id"], set_=again))
        return known
    mine = [col(TriageRow.reader) == reader, col(TriageRow.article_id).in_(known)]
    await session.execute(update(TriageRow).where(*mine).values({kind: False, "touched_at": now}))
    nothing = [not_(col(getattr(TriageRow, one))) for one in KINDS]
    await session.execute(delete(TriageRow).where(*mine, *nothing))
    return known


async def there(session: AsyncSession, articles: Iterable[int]) -> list[int]:
    """Those of them that there are."""
    known = select(col(ArticleRow.id)).where(col(ArticleRow.id).in_(sorted(set(articles))))
    return list((await session.execute(known.order_by(col(ArticleRow.id)))).scalars())


async def standing(session: AsyncSession, reader: str, articles: Sequence[int]) -> dict[int, frozenset[Kind]]:
    """What holds of each; articles of which nothing holds are left out."""
    mine = select(TriageRow).where(col(TriageRow.reader) == reader, col(TriageRow.article_id).in_(articles))
    rows = (await session.execute(mine)).scalars()
    return {row.article_id: frozenset(kind for kind in KINDS if getattr(row, kind)) for row in rows}


def named(triage: Triage) -> Select[Any] | None:
    """The articles of which a view says that something holds; None for a view of those of which nothing does."""
    if triage.view not in KINDS:
        return None
    mine = col(TriageRow.reader) == triage.reader
    return select(col(TriageRow.article_id)).where(mine, col(getattr(TriageRow, triage.view)))


def holds(triage: Triage, article: Any) -> ColumnElement[bool]:  # noqa: ANN401 - a column
    """``article``: its number."""
    mine = select(col(TriageRow.article_id)).where(col(TriageRow.reader) == triage.reader)
    mine = mine.where(col(TriageRow.article_id) == article)
    if triage.view in KINDS:
        return mine.where(col(getattr(TriageRow, triage.view))).exists()
    done, read = col(TriageRow.done), col(TriageRow.read)
    return not_(mine.where(or_(done, read) if triage.view == "unread" else done).exists())
