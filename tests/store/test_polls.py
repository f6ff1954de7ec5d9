"""What a poll leaves in the database: every item once, whatever its publisher changes."""

import asyncio
import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest

from scrapers.types import FeedEntry, Validators
from service.domain.schedule import Fresh, Same, Wishes, decide_poll
from service.store import polls, sources
from service.store.engine import Database
from tests.store.steps import (
    CADENCE,
    FEED_URL,
    MINUTE,
    NOW,
    add_source,
    claim_source,
    count,
    entry,
    failed,
    fresh,
    later_poll,
    lease,
    poll,
    record,
    row,
    rows,
)


async def test_an_item_becomes_one_article(db: Database) -> None:
    await add_source(db, title="My name for it", tags=("trade",))
    published = NOW - timedelta(hours=1)
    assert await poll(db, fresh(entry(1, author="A. Author", published_at=published), entry(2))) == 2
    first, second = await rows(db, "articles")
    assert (first.url, first.title, first.feed_text) == ("https://news.example/1", "Title 1", "Feed text 1.")
    assert (first.author, first.published_at, first.discovered_at) == ("A. Author", published, NOW)
    assert (first.source, first.tags, first.state, first.baseline) == ("My name for it", ["trade"], "due", True)
    assert second.url == "https://news.example/2"
    assert await later_poll(db, fresh(entry(1), entry(2), body="new bytes")) == 0
    assert await later_poll(db, fresh(entry(2), entry(3), body="newer bytes")) == 1
    assert await count(db, "articles", "entries", "polls") == [3, 3, 3]
    assert [article.baseline for article in await rows(db, "articles")] == [True, True, False]


@pytest.mark.parametrize(
    "changed",
    [
        # the same item at another address
        entry(1, url="https://news.example/moved/1"),
        # the same address under another id
        entry(1, guid="another id"),
        # both a new id and tracking parameters
        entry(1, guid="another id", url="https://www.news.example/1/?utm_source=rss&fbclid=x#top"),
        # an edited headline
        entry(1, title="A better title", text="An edited text."),
    ],
)
async def test_an_edit_makes_no_second_article(db: Database, changed: FeedEntry) -> None:
    await add_source(db)
    assert await poll(db, fresh(entry(1))) == 1
    assert await later_poll(db, fresh(changed, body="edited")) == 0
    assert (await row(db, "articles")).title == changed.title, "not read yet: what its feed says last"


async def test_two_items_of_one_feed_with_one_address_are_one_article(db: Database) -> None:
    await add_source(db)
    assert await poll(db, fresh(entry(1), entry(1, guid="second"), entry(2))) == 2
    assert await count(db, "articles", "entries") == [2, 3]


async def test_items_without_an_address_are_told_apart_by_their_ids(db: Database) -> None:
    await add_source(db)
    await add_source(db, "https://other.example/feed", at=NOW + MINUTE)
    assert await poll(db, fresh(entry(1, url=None), entry(2, url=None))) == 2
    assert await poll(db, fresh(entry(1, url=None)), now=NOW + MINUTE) == 1
    assert await later_poll(db, fresh(entry(1, url=None, title="Edited"), body="edited")) == 0
    assert {article.url for article in await rows(db, "articles")} == {""}


async def test_two_sources_with_one_address_share_an_article(db: Database) -> None:
    await add_source(db)
    await add_source(db, "https://other.example/feed", at=NOW + MINUTE)
    assert await poll(db, fresh(entry(1))) == 1
    assert await poll(db, fresh(entry(1, guid="theirs"), entry(2)), now=NOW + MINUTE) == 1
    assert await count(db, "articles", "entries") == [2, 3]


async def test_sources_polled_at_once_share_an_article(db: Database) -> None:
    """Twelve feeds carry the same three stories and are read at the same moment."""
    for number in range(12):
        await add_source(db, f"https://outlet-{number}.example/feed")
    claimed = await sources.claim_due(db, limit=20, now=NOW, lease=lease())
    new = await asyncio.gather(
        *(record(db, source, fresh(*(entry(n, guid=f"{source.id}-{n}") for n in (1, 2, 3)))) for source in claimed)
    )
    assert sum(number or 0 for number in new) == 3
    assert await count(db, "articles", "entries", "article_addresses") == [3, 36, 3]


async def test_ids_and_addresses_of_any_length_are_kept_apart(db: Database) -> None:
    """PostgreSQL refuses index entries beyond 2.7 kB; a feed may hold addresses of 4,000 characters."""
    noise = "".join(hashlib.sha256(str(n).encode()).hexdigest() for n in range(60))
    await add_source(db)
    long = [
        entry(1, guid=f"{noise}1", url=f"https://news.example/{noise}/1"),
        entry(2, guid=f"{noise}2", url=f"https://news.example/{noise}/2"),
        entry(3, guid=f"{noise}3", url=None),
        entry(4, guid="".join(chr(0x4E00 + ord(char) * 97 % 20000) for char in noise), url=None),
    ]
    assert await poll(db, fresh(*long)) == 4
    assert await later_poll(db, fresh(*long, body="new bytes")) == 0


async def test_validators_are_those_of_the_last_answer(db: Database) -> None:
    await add_source(db)
    await poll(db, fresh(entry(1), etag='"one"', body="one"))
    source = await row(db, "sources")
    assert (source.etag, source.body_hash, source.status) == ('"one"', "one", "ok")
    # 304: nothing new is known of the validators
    await later_poll(db, Same(None, 0, None))
    source = await row(db, "sources")
    assert (source.etag, source.body_hash) == ('"one"', "one")
    # the same bytes with new validators
    await later_poll(db, Same(Validators('"two"', "Sun, 22 Nov 2026 08:00:00 GMT"), 9, None))
    source = await row(db, "sources")
    assert (source.etag, source.last_modified, source.body_hash) == ('"two"', "Sun, 22 Nov 2026 08:00:00 GMT", "one")
    # a failure forgets nothing
    await later_poll(db, failed())
    source = await row(db, "sources")
    assert (source.etag, source.body_hash) == ('"two"', "one")
    # a full answer without validators leaves none
    await later_poll(db, fresh(entry(2), body="three"))
    source = await row(db, "sources")
    assert (source.etag, source.last_modified, source.body_hash) == (None, None, "three")
    assert [poll.outcome for poll in await rows(db, "polls")] == ["read", "unchanged", "unchanged", "http-503", "read"]


async def test_failures_count_back_off_and_heal(db: Database) -> None:
    await add_source(db)
    waits = []
    for number in range(1, 5):
        before = (await row(db, "sources")).next_poll_at
        await later_poll(db, failed())
        source = await row(db, "sources")
        assert (source.failures, source.status) == (number, "retrying")
        assert source.last_error == "The server is in trouble."
        assert source.baseline_at is None
        waits.append(source.next_poll_at - before)
    assert waits == [5 * MINUTE, 10 * MINUTE, 20 * MINUTE, 40 * MINUTE]
    await later_poll(db, failed(transient=False))
    assert (await row(db, "sources")).status == "failing"
    assert await later_poll(db, fresh(entry(1))) == 1
    source = await row(db, "sources")
    assert (source.failures, source.status, source.last_error) == (0, "ok", None)
    assert source.next_poll_at - source.last_polled_at == 5 * MINUTE
    assert (await row(db, "articles")).baseline, "its first answer, although not its first poll"


async def test_what_the_cadence_is_made_from_is_kept(db: Database) -> None:
    """Rhythm, moments and wishes come back with the next claim as they were decided, and a failure changes none."""
    await add_source(db)
    moments = tuple(NOW - (13 + 97 * number) * MINUTE for number in range(6))
    read = fresh(*(entry(number, published_at=moment) for number, moment in enumerate(moments)))
    feed = replace(read.feed, ttl=20 * MINUTE, skip_hours=frozenset({3, 4}), skip_days=frozenset({5}))
    await poll(db, replace(read, feed=feed))
    kept = await row(db, "sources")
    assert kept.next_poll_at == NOW + 20 * MINUTE
    for result in (failed(), Same(None, 0, None)):
        await later_poll(db, result)
    async with db.write() as session:
        await sources.make_due(session, NOW)
    source = await claim_source(db)
    assert source.moments == moments
    assert source.wishes == Wishes(20 * MINUTE, frozenset({3, 4}), frozenset({5}))
    assert source.backoff == timedelta()
    assert source.rhythm is not None
    assert timedelta(seconds=582) <= source.rhythm < 20 * MINUTE, "a tenth of 97 minutes, and the silence since"


async def test_items_without_dates_make_a_rhythm_by_when_they_were_seen(db: Database) -> None:
    await add_source(db)
    await poll(db, fresh(entry(1), entry(2)))
    assert (await row(db, "sources")).moments == [], "what stood there at first may be of any age"
    expected: list[int] = []
    for number in range(3, 9):
        await later_poll(db, fresh(*(entry(known) for known in range(1, number + 1)), body=str(number)))
        expected.insert(0, int((await row(db, "sources")).last_polled_at.timestamp()))
    await later_poll(db, fresh(*(entry(known, title="edited") for known in range(1, 9)), body="edited"))
    source = await row(db, "sources")
    assert source.moments == expected, "an edit is no news"
    assert source.rhythm_seconds < 300, "something new at each poll: more often"


async def test_the_items_of_the_last_feed_are_known_at_the_next_poll(db: Database) -> None:
    async def known() -> frozenset[bytes]:
        source = await claim_source(db)
        await sources.release_claim(db, source)
        return source.known

    def cut(*hashes: bytes, body: str) -> Fresh:
        result = fresh(entry(1), body=body)
        return replace(result, feed=replace(result.feed, item_hashes=hashes, known=len(hashes) - 1))

    one, two, three = (bytes([number]) * 16 for number in (0, 1, 255))
    await add_source(db)
    assert await known() == frozenset()
    await poll(db, cut(one, two, body="one"))
    await make_due(db)
    assert await known() == {one, two}
    for unread in (Same(None, 0, None), Same(Validators('"two"'), 9, None), failed()):
        await poll(db, unread)
        await make_due(db)
        assert await known() == {one, two}, "the last feed that was read"
    await poll(db, cut(two, three, body="two"))
    await make_due(db)
    assert await known() == {two, three}, "what left the feed is known by its id"
    assert [poll.entries for poll in await rows(db, "polls") if poll.outcome == "read"] == [2, 2]
    await poll(db, fresh(entry(1), body="cannot be cut"))
    await make_due(db)
    assert await known() == frozenset()


async def make_due(db: Database) -> None:
    async with db.write() as session:
        await sources.make_due(session, NOW)


async def test_hashes_are_kept_with_the_entries_or_not_at_all(db: Database) -> None:
    await add_source(db)
    source = await claim_source(db)
    result = fresh(entry(1))
    result = replace(result, feed=replace(result.feed, item_hashes=(bytes(16),)))
    decision = decide_poll(source, result, CADENCE, now=NOW, jitter=0.0)
    async with db.write() as session:
        assert await polls.record_polls(session, [polls.Outcome(source, result, decision, NOW, 7)]) == [1]
        await session.flush()
        await session.rollback()
    assert (await row(db, "sources")).item_hashes == b""
    assert await count(db, "entries") == [0]


async def test_the_feed_names_a_source_that_has_no_name(db: Database) -> None:
    await add_source(db)
    await poll(db, fresh(entry(1)))
    source = await row(db, "sources")
    assert (source.title, source.site_url) == ("News", "https://news.example/")
    assert (await row(db, "articles")).source == "News"


async def test_a_source_moves_after_three_permanent_redirects(db: Database) -> None:
    await add_source(db)
    new_home = "https://news.example/new-feed"
    for expected in (FEED_URL, FEED_URL, new_home):
        await later_poll(db, fresh(entry(1), moved=new_home))
        assert (await row(db, "sources")).url == expected
    assert (await row(db, "sources")).moved_to is None


@pytest.mark.parametrize(
    "between",
    [
        fresh(entry(1)),  # answered at its old address in between
        fresh(entry(1), moved="https://elsewhere.example/feed"),  # another target in between
    ],
)
async def test_a_redirect_that_wavers_moves_nothing(db: Database, between: object) -> None:
    await add_source(db)
    new_home = "https://news.example/new-feed"
    moved = fresh(entry(1), moved=new_home)
    for result in (moved, moved, between, moved, moved):
        await later_poll(db, result)  # type: ignore[arg-type]
        assert (await row(db, "sources")).url == FEED_URL


async def test_no_source_moves_to_an_address_that_is_taken(db: Database) -> None:
    new_home = "https://news.example/new-feed"
    await add_source(db)
    await add_source(db, new_home, enabled=False)
    for minutes in (0, 5, 10, 15):
        assert await poll(db, fresh(entry(1), moved=new_home), now=NOW + minutes * MINUTE) is not None
    assert [source.url for source in await rows(db, "sources")] == [FEED_URL, new_home]
    said = [poll.detail for poll in await rows(db, "polls")]
    assert said == ["", "", f"It moved to {new_home}, a source of its own.", ""]


async def test_no_source_moves_to_an_address_too_long_to_keep(db: Database) -> None:
    noise = "".join(hashlib.sha256(str(n).encode()).hexdigest() for n in range(60))
    await add_source(db)
    for _ in range(4):
        await later_poll(db, fresh(entry(1), moved=f"https://news.example/{noise}"))
    assert (await row(db, "sources")).url == FEED_URL


async def test_polls_can_be_brought_forward(db: Database) -> None:
    for name in ("a", "b"):
        await add_source(db, f"https://{name}.example/feed", at=NOW + 60 * MINUTE)
    async with db.write() as session:
        await sources.make_due(session, NOW, ["https://b.example/feed"])
    assert (await claim_source(db)).url == "https://b.example/feed"
    assert await sources.claim_due(db, limit=9, now=NOW, lease=lease()) == []
    async with db.write() as session:
        await sources.make_due(session, NOW)
    assert (await claim_source(db)).url == "https://a.example/feed"
