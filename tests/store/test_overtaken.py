"""What was written while the clock was ahead comes no later for it."""

from datetime import timedelta

from sqlalchemy import update

from service.domain.alerting import AlertDraft
from service.store import alerts
from service.store.engine import Database
from service.store.overtaken import bring_back
from service.store.tables import BatchRow, DeliveryRow
from tests.store.steps import (
    MINUTE,
    NOW,
    add_channel,
    add_source,
    claim_articles,
    counted_ids,
    entry,
    fresh,
    poll,
    rows,
)

HOUR = timedelta(hours=1)
AHEAD = NOW + HOUR


async def alert(db: Database, key: str, *, at: timedelta) -> None:
    draft = AlertDraft("r", "mention", ("hook",), key, key, "", "why", ("HPE",), None, ())
    async with db.write() as session:
        await alerts.raise_alert(session, draft, [], now=NOW + at, new_id=new_id)


new_id = counted_ids()


async def test_what_is_due_by_a_clock_that_was_ahead_is_due_by_the_right_one(db: Database) -> None:
    await add_channel(db, "hook")
    await add_source(db, at=AHEAD)
    await poll(db, fresh(entry(1)), now=AHEAD)
    before = (await rows(db, "sources"))[0].next_poll_at
    await alert(db, "ahead", at=HOUR)
    assert await claim_articles(db) == []
    assert await bring_back(db, now=NOW) == 3
    assert (await rows(db, "sources"))[0].next_poll_at == before - HOUR, "its pause is as long as it was"
    assert len(await claim_articles(db)) == 1
    assert [delivery.next_attempt_at for delivery in await rows(db, "deliveries")] == [NOW]


async def test_what_was_written_by_the_right_clock_stays(db: Database) -> None:
    await add_channel(db, "hook")
    await add_source(db)
    await poll(db, fresh(entry(1)))
    await alert(db, "retried", at=timedelta())
    async with db.write() as session:
        await session.execute(update(DeliveryRow).values(status="retrying", next_attempt_at=NOW + HOUR))
    before = await rows(db, "sources"), await rows(db, "articles"), await rows(db, "deliveries")
    assert await bring_back(db, now=NOW + MINUTE) == 0
    after = await rows(db, "sources"), await rows(db, "articles"), await rows(db, "deliveries")
    assert [[row.model_dump() for row in table] for table in before] == [
        [row.model_dump() for row in table] for table in after
    ]


async def test_a_group_keeps_its_wait_and_a_digest_its_hour(db: Database) -> None:
    async with db.write() as session:
        for kind in ("group", "digest"):
            row = BatchRow(id=kind, rule="r", kind=kind, key="", opened_at=AHEAD, due_at=AHEAD + 2 * MINUTE)
            session.add(row)
    await bring_back(db, now=NOW)
    due = {batch.id: batch.due_at for batch in await rows(db, "batches")}
    assert due == {"group": NOW + 2 * MINUTE, "digest": AHEAD + 2 * MINUTE}
