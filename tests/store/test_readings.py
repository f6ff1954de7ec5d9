"""What reading an article leaves: its text, its mentions, its story; and when two pages are one."""

import pytest

from service.domain.alerting import AlertDraft
from service.domain.model import Field, MatchResult, Rejection, Span
from service.domain.reading import TryAgain
from service.store import alerts, articles, marks
from service.store.articles import Duplicate, Saved
from service.store.engine import Database
from tests.store.steps import (
    MINUTE,
    NOW,
    add_source,
    claim_articles,
    count,
    counted_ids,
    entry,
    fresh,
    mention,
    poll,
    reading,
    row,
    rows,
    save,
)

LONG = "Thirty words are enough to tell a copy from a coincidence. " * 4


async def with_articles(db: Database, *numbers: int) -> None:
    await add_source(db)
    await poll(db, fresh(*(entry(number) for number in numbers)))


async def test_a_reading_is_kept_with_its_mentions(db: Database) -> None:
    await with_articles(db, 1)
    (job,) = await claim_articles(db)
    assert (job.title, job.feed_text, job.source, job.source_url, job.baseline) == (
        "Title 1",
        "Feed text 1.",
        "News",
        "https://news.example/feed",
        True,
    )
    saved = await save(db, job, reading(job, canonical_url="https://news.example/c/1"), mention("HPE"), mention("xAI"))
    assert isinstance(saved, Saved)
    assert [line["entity"] for line in saved.mentions] == ["HPE", "xAI"]
    article, story = await row(db, "articles"), await row(db, "stories")
    assert (article.state, article.text, article.origin) == ("read", "Page text of Title 1.", "page")
    assert (article.read_at, article.lease_token, article.story_id) == (NOW, None, story.id)
    assert article.feed_text == "", "not kept twice"
    stored = (await rows(db, "mentions"))[0]
    assert (stored.spans, stored.evidence) == (
        [{"field": "title", "start": 0, "end": 3, "text": "HPE", "alias": "HPE"}],
        ["its own name"],
    )
    assert {address.key for address in await rows(db, "article_addresses")} == {"news.example/1", "news.example/c/1"}


async def test_a_later_item_with_the_canonical_address_is_the_same_article(db: Database) -> None:
    await with_articles(db, 1)
    (job,) = await claim_articles(db)
    await save(db, job, reading(job, canonical_url="https://news.example/c/1"))
    assert await poll(db, fresh(entry(2, url="https://news.example/c/1"), body="b"), now=NOW + 5 * MINUTE) == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"url": "https://news.example/1"},  # redirected to it
        {"url": "https://www.news.example/1?utm_source=x"},  # and with parameters
        {"canonical_url": "https://news.example/1"},  # names it as its canonical address
    ],
)
async def test_a_page_that_is_another_article_becomes_its_duplicate(db: Database, changes: dict[str, str]) -> None:
    await with_articles(db, 1, 2)
    first, second = await claim_articles(db)
    await save(db, first, reading(first), mention("HPE"))
    twin = await save(db, second, reading(second, title="TITLE 1!", **changes), mention("HPE"))
    assert twin == Duplicate(first.id)
    kept, duplicate = await rows(db, "articles")
    assert (duplicate.state, duplicate.duplicate_of, duplicate.lease_token) == ("duplicate", kept.id, None)
    assert {entry.article_id for entry in await rows(db, "entries")} == {kept.id}
    assert {address.article_id for address in await rows(db, "article_addresses")} == {kept.id}
    assert await count(db, "mentions", "stories") == [1, 1]


@pytest.mark.parametrize(
    ("title", "changes"),
    [
        # many pages may lead to one address: a consent wall, the front page
        ("Another story", {"url": "https://news.example/1"}),
        # another site may not say whose page this is
        ("Title 1", {"canonical_url": "https://thief.example/1"}),
    ],
)
async def test_pages_that_only_look_alike_stay_two(db: Database, title: str, changes: dict[str, str]) -> None:
    await with_articles(db, 1, 2)
    first, second = await claim_articles(db)
    await save(db, first, reading(first))
    assert isinstance(await save(db, second, reading(second, title=title, **changes)), Saved)
    assert {article.state for article in await rows(db, "articles")} == {"read"}


async def test_pages_with_one_canonical_address_are_one_article(db: Database) -> None:
    await with_articles(db, 1, 2)
    first, second = await claim_articles(db)
    same = {"title": "One title"}
    await save(db, first, reading(first, **same, canonical_url="https://news.example/c"))
    assert await save(db, second, reading(second, **same, canonical_url="https://news.example/c")) == Duplicate(
        first.id
    )
    assert [article.state for article in await rows(db, "articles")] == ["read", "duplicate"]


async def test_exact_copies_share_a_story(db: Database) -> None:
    await with_articles(db, 1, 2, 3)
    first, second, third = await claim_articles(db)
    await save(db, first, reading(first, title="One", text=LONG))
    await save(db, second, reading(second, title="ONE", text=LONG.replace(" ", "  ").replace(".", " –")))
    await save(db, third, reading(third, title="Two", text=LONG))
    one, two = await rows(db, "stories")
    assert [article.story_id for article in await rows(db, "articles")] == [one.id, one.id, two.id]
    assert (one.title, one.url) == ("One", "https://news.example/1")


async def test_short_texts_are_never_taken_for_copies(db: Database) -> None:
    await with_articles(db, 1, 2)
    for job in await claim_articles(db):
        await save(db, job, reading(job, title="Morning briefing", text="More soon."))
    assert await count(db, "stories") == [2]


async def test_what_was_rejected_is_kept_with_the_article(db: Database) -> None:
    await with_articles(db, 1)
    (job,) = await claim_articles(db)
    look_alike = Rejection("Oracle", Span(Field.TEXT, 4, 10, "Oracle", "Oracle"), "the longer name “Oracle Park”")
    async with db.write() as session:
        await articles.save_reading(session, job, reading(job), MatchResult((), (look_alike,)), now=NOW)
    (kept,) = (await row(db, "articles")).rejected
    assert (kept["entity"], kept["reason"], kept["span"]["start"]) == ("Oracle", "the longer name “Oracle Park”", 4)


async def test_a_page_to_be_tried_again_is_due_then(db: Database) -> None:
    await with_articles(db, 1)
    (job,) = await claim_articles(db)
    async with db.write() as session:
        assert await articles.try_again(session, job, TryAgain(NOW + MINUTE, "busy"))
        assert not await articles.try_again(session, job, TryAgain(NOW + MINUTE, "busy")), "no longer the holder"
    assert await claim_articles(db) == []
    (again,) = await claim_articles(db, now=NOW + MINUTE)
    assert (again.attempts, (await row(db, "articles")).origin_note) == (1, "busy")


async def test_one_key_raises_one_alert(db: Database) -> None:
    ids = counted_ids()
    draft = AlertDraft(
        "rule", "mention", ("hook", "hook"), "story:1", "T", "", "why", ("HPE",), story=None, mentions=()
    )
    raised = []
    for _ in range(2):
        async with db.write() as session:
            raised.append(await alerts.raise_alert(session, draft, [], now=NOW, new_id=ids))
    assert raised[0] is not None
    assert raised[1] is None
    assert await count(db, "alerts", "deliveries") == [1, 1]
    delivery = await row(db, "deliveries")
    assert (delivery.status, delivery.last_error) == ("suppressed", "channel hook is switched off or does not exist")


async def test_what_people_say_of_a_mention_is_kept(db: Database) -> None:
    await with_articles(db, 1)
    (job,) = await claim_articles(db)
    saved = await save(db, job, reading(job, title="HPE wins"), mention("HPE"))
    assert isinstance(saved, Saved)
    async with db.write() as session:
        assert await marks.mark(session, saved.mentions[0]["id"], right=True, now=NOW) == "HPE"
        assert await marks.mark(session, saved.mentions[0]["id"], right=False, now=NOW) == "HPE"
        assert await marks.mark(session, 999, right=True, now=NOW) is None
    async with db.read() as session:
        (marked,) = await marks.marks_of(session, "HPE")
        assert await marks.marks_of(session, "xAI") == []
    assert not marked.right
