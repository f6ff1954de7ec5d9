"""A rescan: what a new watch list makes of stored articles, once, quietly, and from where it stopped."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import col

from service.pipeline.compose import Compose
from service.pipeline.rescan import Rescan
from service.pipeline.watch import WatchSource
from service.search import Ask, page
from service.search import rescans as listed
from service.store import marks, rescans, silences, waiting, watchlist
from service.store.engine import Database
from service.store.past import Period
from service.store.rescan_lines import wanted_again
from service.store.tables import ArticleRow
from tests.pipeline.past import begin, claimed, define, everything, rescan, step, stored
from tests.store.steps import NOW, add_channel, add_rule, count, counted_ids, lease, row, rows

DEAL = ("Vertiv wins an order", "Vertiv sells cooling for $2 billion to Acme, the companies announced on Monday.")
PARK = ("A day in the park", "The match was played at Vertiv Park. Nobody was hurt.")
OTHER = ("Rain", "It rained on Monday.")


async def test_a_new_entity_is_found_in_what_was_read_before(db: Database) -> None:
    await stored(db, DEAL, OTHER)
    await add_channel(db, "hook")
    await add_rule(db, "all", "entity:*", "hook")
    await define(db, "Vertiv")
    assert await rescan(db) == {"articles": 2, "added": 1}
    mention = await row(db, "mentions")
    assert (mention.entity, mention.backfilled, mention.discovered_at) == ("Vertiv", True, NOW)
    assert mention.evidence
    assert mention.spans[0]["text"] == "Vertiv"
    fact, *_ = await rows(db, "fact_parties")
    assert (fact.name, fact.tracked) == ("Vertiv", True)
    assert await count(db, "alerts", "deliveries") == [0, 0]


async def test_twice_changes_nothing(db: Database) -> None:
    await stored(db, DEAL, PARK, OTHER)
    await define(db, "Vertiv", masks=["Vertiv Park"])
    assert await rescan(db) == {"articles": 3, "added": 1}
    before = await everything(db)
    assert await rescan(db) == {"articles": 3}
    assert await everything(db) == before


async def test_what_no_longer_holds_is_withdrawn_and_comes_back(db: Database) -> None:
    await stored(db, PARK)
    await define(db, "Vertiv")
    assert await rescan(db) == {"articles": 1, "added": 1}
    first = await row(db, "mentions")
    await define(db, "Vertiv", masks=["Vertiv Park"])
    assert await rescan(db) == {"articles": 1, "withdrawn": 1}
    gone = await row(db, "mentions")
    assert (gone.id, gone.withdrawn_at) == (first.id, NOW)
    assert "part of “Vertiv Park”" in gone.withdrawn_reason
    assert [one["entity"] for one in (await row(db, "articles")).rejected] == ["Vertiv"]
    assert (await page(db, "mentions", Ask(), now=NOW)).lines == []
    await define(db, "Vertiv")
    assert await rescan(db) == {"articles": 1, "restored": 1}
    back = await row(db, "mentions")
    assert (back.id, back.withdrawn_at, back.withdrawn_reason) == (first.id, None, None)


async def test_an_entity_that_is_tracked_no_more_keeps_its_mentions(db: Database) -> None:
    await stored(db, DEAL)
    await define(db, "Vertiv")
    await define(db, "Acme")
    await rescan(db)
    async with db.write() as session:
        await watchlist.remove(session, "entity", ["Vertiv"])
        await watchlist.set_enabled(session, "entity", "Acme", enabled=False)
        await watchlist.touch(session)
    assert await rescan(db) == {"articles": 1}
    assert [mention.withdrawn_at for mention in await rows(db, "mentions")] == [None, None]


async def test_only_one_entity_and_only_a_period(db: Database) -> None:
    await stored(db, DEAL)
    await define(db, "Vertiv")
    await define(db, "Acme")
    assert await rescan(db, period=Period(until=NOW)) == {}
    assert await rescan(db, period=Period(since=NOW + timedelta(seconds=1))) == {}
    assert await rescan(db, entity="Acme", period=Period(since=NOW)) == {"articles": 1, "added": 1}
    assert (await row(db, "mentions")).entity == "Acme"


async def test_lines_that_recur_on_a_hosts_pages_name_nobody(db: Database) -> None:
    title, text = OTHER
    await stored(db, (title, f"{text}\nRead more about Vertiv"), recurring=((len(text) + 1, len(text) + 23),))
    await define(db, "Vertiv")
    assert await rescan(db) == {"articles": 1}
    assert await count(db, "mentions") == [0]


async def test_one_summary_a_rule_when_asked_and_never_twice(db: Database) -> None:
    ids = counted_ids()
    await stored(db, DEAL, ("Vertiv grows", "Vertiv hires hundreds of people in Ohio this spring."), OTHER)
    await add_channel(db, "hook")
    await add_rule(db, "all", "entity:*", "hook")
    await add_rule(db, "acme", "entity:Acme", "hook")
    await add_rule(db, "rain", "rain AND entity:Nobody", "hook")
    await define(db, "Vertiv")
    await define(db, "Acme")
    assert await rescan(db, summary=True, ids=ids) == {"articles": 3, "added": 3, "alerts": 2}
    alerts = {alert.rule: alert for alert in await rows(db, "alerts")}
    assert (alerts["all"].kind, alerts["all"].payload["mention_count"]) == ("summary", 3)
    assert [mention["entity"] for mention in alerts["acme"].payload["mentions"]] == ["Acme"]
    assert await count(db, "deliveries", "rescan_hits", "alert_mentions") == [2, 0, 4]
    assert await rescan(db, summary=True, ids=ids) == {"articles": 3}
    await add_rule(db, "later", "entity:Vertiv AND ohio", "hook")
    assert await rescan(db, summary=True, ids=ids) == {"articles": 3, "alerts": 1}


async def test_a_summary_is_told_in_the_way_of_its_rule(db: Database) -> None:
    """In its digest, or after its quiet hours; a rule that tells a story in a digest has told of it."""
    ids = counted_ids()
    await stored(db, DEAL, OTHER)
    await add_channel(db, "hook")
    await add_rule(db, "daily", "entity:*", "hook", digest="daily 18:00")
    await add_rule(db, "by day", "entity:*", "hook", quiet_hours={"from": "07:00", "to": "12:00"})
    await add_rule(db, "muted", "entity:*", "hook")
    async with db.write() as session:
        await silences.add(
            session,
            query=None,
            rule="muted",
            channel="hook",
            starts=NOW,
            ends=NOW + timedelta(hours=1),
            author="",
            comment="",
            now=NOW,
            new_id=ids,
        )
        await watchlist.touch(session)
    await define(db, "Vertiv")
    assert await rescan(db, summary=True, ids=ids) == {"articles": 2, "added": 1, "alerts": 1}
    assert [delivery.status for delivery in await rows(db, "deliveries")] == ["suppressed"]
    assert sorted((batch.rule, batch.kind) for batch in await rows(db, "batches")) == [
        ("by day", "quiet"),
        ("daily", "digest"),
    ]
    assert {one.why.rpartition("; ")[2] for one in await rows(db, "waiting")} == {"found in stored articles"}
    await rescan(db, summary=True, ids=ids)
    assert await count(db, "waiting", "alerts") == [2, 1], "what waits is not told a second time"
    later = NOW + timedelta(hours=10)
    due = await waiting.claim_due(db, limit=9, now=later, lease=lease(later))
    for job in due:
        await Compose(db, WatchSource(db), lambda: later, ids)(job)
    assert await count(db, "waiting", "alerts") == [0, 3]
    await rescan(db, summary=True, ids=ids)
    assert await count(db, "waiting", "alerts") == [0, 3]


async def test_what_a_person_said_of_a_mention_outlives_its_withdrawal(db: Database) -> None:
    await stored(db, PARK)
    await define(db, "Vertiv")
    await rescan(db)
    mention = await row(db, "mentions")
    async with db.write() as session:
        await marks.mark(session, mention.id, right=False, now=NOW)
    await define(db, "Vertiv", masks=["Vertiv Park"])
    await rescan(db)
    assert (await row(db, "marks")).mention_id == mention.id
    await define(db, "Vertiv")
    assert await rescan(db) == {"articles": 1, "restored": 1}
    verdict = await row(db, "marks")
    assert (verdict.mention_id, verdict.right) == (mention.id, False)


async def test_how_far_it_is_can_be_read_by_others(db: Database) -> None:
    await stored(db, *(("Vertiv grows", f"Vertiv opened site number {number}.") for number in range(4)))
    await define(db, "Vertiv")
    begun = await begin(db, entity="Vertiv")
    assert (await seen(db))["state"] == "stopped"
    moments = iter(NOW + timedelta(seconds=number) for number in range(100))
    told: list[dict[str, Any]] = []
    working = Rescan(db, WatchSource(db), lambda: next(moments), counted_ids(), 2)
    job = await claimed(db, begun.id)

    async def watch() -> None:
        for _ in range(10_000):
            told.append(await seen(db))
            if told[-1]["state"] != "working":
                return

    watching = asyncio.create_task(watch())
    assert await working(job, lambda _: None)
    await watching
    done = await seen(db)
    assert {line["state"] for line in told} <= {"working", "done"}
    assert [done[name] for name in ("state", "entity", "done", "total", "added")] == ["done", "Vertiv", 4, 4, 4]
    assert done["rate"] > 0
    assert done["finished_at"] >= done["updated_at"] > done["created_at"]
    assert [line["done"] for line in told] == sorted(line["done"] for line in told)


async def test_one_of_several_is_ended_by_its_number(db: Database) -> None:
    await stored(db, DEAL)
    one, two = await begin(db), await begin(db, scope="another")
    async with db.write() as session:
        assert await rescans.cancel(session, two.id, 99) == [two.id]
    assert [(await rescans.standing(db, each.id)).state for each in (one, two)] == ["open", "cancelled"]
    async with db.read() as session:
        assert await wanted_again(session, two.id, made_with="1") is None
        again = await wanted_again(session, one.id, made_with="1")
    assert again is not None
    async with db.write() as session:
        assert (await rescans.begin(session, again, now=NOW)).id == one.id


async def seen(db: Database) -> dict[str, Any]:
    """What the newest looks like from outside."""
    return (await listed(db, now=NOW))[0]


async def test_one_that_was_interrupted_goes_on_where_it_stopped(db: Database) -> None:
    await stored(db, *(("Vertiv grows", f"Vertiv opened site number {number}.") for number in range(5)))
    await define(db, "Vertiv")
    begun = await begin(db)

    def stop(_articles: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await step(db, batch=2)(await claimed(db, begun.id), stop)
    assert await count(db, "mentions") == [2]
    assert await rescans.claim(db, begun.id, now=NOW, lease=lease()) is None  # as after kill -9: the lease runs on
    again = await begin(db)
    assert (again.id, again.resumed, again.counts["articles"]) == (begun.id, True, 2)
    later = NOW + timedelta(minutes=10)
    job = await rescans.claim(db, again.id, now=later, lease=lease(later))
    assert job is not None
    seen: list[int] = []
    assert await step(db, batch=2)(job, seen.append)
    done = await rescans.standing(db, again.id)
    assert (seen, done.counts["articles"], done.counts["added"]) == ([2, 1], 5, 5)


async def test_another_watch_list_begins_anew(db: Database) -> None:
    await stored(db, DEAL)
    begun = await begin(db)
    other = await begin(db, made_with="2")
    assert (other.id != begun.id, other.resumed) == (True, False)
    assert (await rescans.standing(db, begun.id)).state == "cancelled"


async def test_one_works_at_a_time(db: Database) -> None:
    await stored(db, DEAL)
    one, two = await begin(db), await begin(db, scope="another")
    job = await claimed(db, one.id)
    assert await rescans.claim(db, two.id, now=NOW, lease=lease()) is None
    await rescans.give_back(db, job)
    assert await rescans.claim(db, two.id, now=NOW, lease=lease()) is not None


async def test_a_cancelled_one_writes_no_more(db: Database) -> None:
    await stored(db, DEAL)
    await define(db, "Vertiv")
    job = await claimed(db, (await begin(db)).id)
    async with db.write() as session:
        assert len(await rescans.cancel(session)) == 1
    assert not await step(db)(job, lambda _: None)
    assert await count(db, "mentions") == [0]


async def test_an_article_that_is_edited_meanwhile_is_matched_in_its_new_words(db: Database) -> None:
    await stored(db, OTHER, DEAL)
    await define(db, "Vertiv")
    await define(db, "Sungrow")
    job = await claimed(db, (await begin(db)).id)
    async with db.write() as session:
        edited = {
            "text": "Sungrow, says a correction, won it.",
            "title": "Order",
            "read_at": NOW + timedelta(minutes=1),
        }
        await session.execute(update(ArticleRow).where(col(ArticleRow.title) == DEAL[0]).values(**edited))
        running = asyncio.create_task(step(db)(job, lambda _: None))
        await asyncio.sleep(0.3)  # it has loaded the old words; nothing depends on it
    assert await running
    assert [mention.entity for mention in await rows(db, "mentions")] == ["Sungrow"]


async def test_a_dry_run_writes_nothing(db: Database) -> None:
    await stored(db, DEAL, PARK)
    await define(db, "Vertiv")
    before = await everything(db)
    tally = await step(db, batch=1).dry_run(None, Period(), lambda _: None)
    assert (tally.counts["articles"], tally.counts["added"]) == (2, 2)
    assert [(one.what, one.entity, one.title) for one in tally.samples] == [
        ("added", "Vertiv", PARK[0]),
        ("added", "Vertiv", DEAL[0]),
    ]
    assert await everything(db) == before
    assert await count(db, "rescans") == [0]
