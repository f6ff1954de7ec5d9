"""Facts of articles: written with the article, read with it."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.domain.facts import Bound, Fact, Kind, Party, Quantity, Role, Status, material_changes
from service.store.spelling import listed
from service.store.tables import FactPartyRow, FactRow

__all__ = ["facts_by_id", "facts_of", "replace_facts"]


async def replace_facts(session: AsyncSession, article_id: int, facts: Sequence[Fact], *, now: datetime) -> None:
    """Make these the facts of an article, in the caller's transaction; those that it had before are gone.

    A fact that says nothing else than one before (``material_changes``) keeps the time when that was found.
    """
    had = (await session.execute(select(FactRow).where(col(FactRow.article_id) == article_id))).scalars().all()
    before = await facts_by_id(session, had)
    since = [(before[row.id], row.discovered_at) for row in had]
    if had:
        await session.execute(delete(FactPartyRow).where(col(FactPartyRow.fact_id).in_(before)))
        await session.execute(delete(FactRow).where(col(FactRow.article_id) == article_id))
    rows = [_row(article_id, place, fact, _found_at(fact, since, now)) for place, fact in enumerate(facts)]
    session.add_all(rows)
    await session.flush()
    session.add_all(
        FactPartyRow(fact_id=row.id, place=place, name=party.name, role=party.role, tracked=party.tracked)
        for row, fact in zip(rows, facts, strict=True)
        for place, party in enumerate(fact.parties)
    )
    await session.flush()


async def facts_of(session: AsyncSession, article_ids: Iterable[int]) -> dict[int, list[Fact]]:
    """The facts of articles, by article, in reading order; an article without facts is left out."""
    found: dict[int, list[Fact]] = {}
    these = col(FactRow.article_id).in_(listed(session, sorted(set(article_ids))))
    rows = (await session.execute(select(FactRow).where(these).order_by(col(FactRow.place)))).scalars().all()
    facts = await facts_by_id(session, rows)
    for row in rows:
        found.setdefault(row.article_id, []).append(facts[row.id])
    return found


async def facts_by_id(session: AsyncSession, rows: Sequence[FactRow]) -> dict[int, Fact]:
    """The facts of rows, by the row's id."""
    parties: dict[int, list[Party]] = {}
    if rows:
        statement = (
            select(FactPartyRow)
            .where(col(FactPartyRow.fact_id).in_(listed(session, [row.id for row in rows])))
            .order_by(col(FactPartyRow.fact_id), col(FactPartyRow.place))
        )
        for party in (await session.execute(statement)).scalars():
            role = Role(party.role) if party.role else None
            parties.setdefault(party.fact_id, []).append(Party(party.name, role, party.tracked))
    return {row.id: _fact(row, parties.get(row.id, ())) for row in rows}


def _found_at(fact: Fact, since: Iterable[tuple[Fact, datetime]], now: datetime) -> datetime:
    return min((at for old, at in since if not material_changes([old], [fact])), default=now)


def _row(article_id: int, place: int, fact: Fact, now: datetime) -> FactRow:
    return FactRow(
        article_id=article_id,
        place=place,
        kind=fact.kind.value,
        status=fact.status.value,
        amount=fact.amount,
        upper=fact.upper,
        currency=fact.currency,
        bound=fact.bound.value if fact.bound else None,
        quantities=[{"number": q.number, "unit": q.unit, "bound": q.bound.value} for q in fact.quantities],
        reported_by=fact.reported_by,
        sentence=fact.sentence,
        discovered_at=now,
    )


def _fact(row: FactRow, parties: Iterable[Party]) -> Fact:
    return Fact(
        kind=Kind(row.kind),
        status=Status(row.status),
        parties=tuple(parties),
        sentence=row.sentence,
        amount=row.amount,
        currency=row.currency,
        bound=Bound(row.bound) if row.bound else None,
        upper=row.upper,
        quantities=tuple(Quantity(q["number"], q["unit"], Bound(q["bound"])) for q in row.quantities),
        reported_by=row.reported_by,
    )
