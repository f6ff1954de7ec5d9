"""What falls due before the next tick: polls and pages that are not due yet."""

from datetime import timedelta

from sqlalchemy import update
from sqlmodel import col

from service.store import articles, sources
from service.store.engine import Database
from service.store.tables import ArticleRow, SourceRow
from tests.store.steps import NOW, add_source, entry, fresh, poll

SECOND = timedelta(seconds=1)


async def test_sources_by_their_times_without_those_that_are_off(db: Database) -> None:
    for number, after in enumerate([0, 0.9, 0.2, 1.5, 0.4]):
        await add_source(db, f"https://news.example/{number}")
        async with db.write() as session:
            where = col(SourceRow.url) == f"https://news.example/{number}"
            at = NOW + after * SECOND
            await session.execute(update(SourceRow).where(where).values(next_poll_at=at, enabled=number != 4))
    async with db.read() as session:
        found = await sources.falls_due(session, after=NOW, until=NOW + SECOND, most=10)
        assert found == [NOW + 0.2 * SECOND, NOW + 0.9 * SECOND]
        assert await sources.falls_due(session, after=NOW, until=NOW + SECOND, most=1) == found[:1]


async def test_pages_that_were_put_off_without_those_that_were_read(db: Database) -> None:
    await add_source(db)
    await poll(db, fresh(*(entry(number) for number in range(1, 5))))
    async with db.write() as session:
        for number, after in enumerate([0, 0.3, 0.6, 2], start=1):
            soon = update(ArticleRow).where(col(ArticleRow.id) == number)
            state = "read" if number == 3 else "due"
            await session.execute(soon.values(next_read_at=NOW + after * SECOND, state=state))
    async with db.read() as session:
        found = await articles.falls_due(session, after=NOW, until=NOW + SECOND, most=10)
    assert found == [NOW + 0.3 * SECOND]
