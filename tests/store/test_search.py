"""Searching finds exactly what the query language means, page by page, on both engines."""

import base64
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from service.domain.alerting import AlertDraft
from service.domain.facts import Bound, Fact, Kind, Party, Status, as_object
from service.domain.model import ChannelSpec, Salience
from service.domain.query import (
    ArticleView,
    FactView,
    MentionView,
    Query,
    evaluate,
    matching_facts,
    matching_mentions,
    parse,
    print_query,
)
from service.domain.query.syntax import Is
from service.search import NOUNS, Ask, AskError, last_polls, moment, one, page, watch_list
from service.store import alerts, watchlist
from service.store.articles import Saved
from service.store.engine import Database
from service.store.facts import replace_facts
from service.store.fulltext import index_article
from service.store.listing import articles as articles_newest_first
from service.store.listing import mentions as mentions_newest_first
from service.store.narrowing import Filter
from service.store.spelling import is_sqlite
from service.store.tables import ArticleRow, MentionRow, SourceRow
from service.store.watchlist import Changes
from tests.domain.query import strategies as generated
from tests.store.steps import (
    MINUTE,
    NOW,
    add_channel,
    add_rule,
    add_source,
    claim_articles,
    counted_ids,
    entry,
    failed,
    fresh,
    later_poll,
    mention,
    poll,
    reading,
    rows,
    save,
)

SLOW = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


async def keep(db: Database, *views: ArticleView, at: datetime = NOW) -> list[int]:
    """Store articles as if they had been read at ``at``; their ids."""
    async with db.write() as session:
        articles = [
            ArticleRow(
                url=view.url,
                title=view.title,
                text=view.text,
                tags=list(view.tags),
                language=view.language,
                published_at=view.published_at,
                source=view.source_title,
                state="read",
                discovered_at=at,
                next_read_at=at,
            )
            for view in views
        ]
        session.add_all(articles)
        await session.flush()
        for article, view in zip(articles, views, strict=True):
            await index_article(session, article.id, article.title, article.text)
            await replace_facts(session, article.id, [fact(told) for told in view.facts], now=at)
            for named in view.mentions:
                row = MentionRow(
                    article_id=article.id,
                    entity=named.entity,
                    confidence=named.confidence,
                    salience=named.salience.value,
                    count=1,
                    spans=[
                        {"field": field, "start": start, "end": end, "text": named.entity, "alias": named.entity}
                        for field, start, end in named.places
                    ],
                    discovered_at=at,
                )
                session.add(row)
                await session.flush()
        return [article.id for article in articles]


def fact(view: FactView) -> Fact:
    assert view.status
    return Fact(
        kind=Kind(view.kind),
        status=Status(view.status),
        parties=tuple(Party(name) for name in view.parties),
        sentence="The proof.",
        amount=view.amount,
        currency=view.currency,
        bound=None if view.amount is None else Bound.EXACT,
    )


async def forget_all(db: Database) -> None:
    async with db.write() as session:
        await session.execute(text("DELETE FROM articles"))
        if is_sqlite(session):
            await session.execute(text("INSERT INTO articles_fts(articles_fts) VALUES ('delete-all')"))


async def search(db: Database, noun: str, query: str | None = None, **ask: Any) -> list[dict[str, object]]:
    return (await page(db, noun, Ask(query, limit=1000, **ask), now=NOW)).lines


def shape(line: Mapping[str, object]) -> list[object]:
    return [line[key] for key in ("kind", "status", "amount", "currency", "parties", "bound", "sentence")]


entities = st.sampled_from(["HPE", "xAI", "Straße AG", "ＡＢＣ", "K-Tel", "İstanbul Teknik"])
named = st.lists(
    st.builds(MentionView, entities, st.sampled_from(list(Salience)), generated.numbers),
    max_size=3,
    unique_by=lambda m: m.entity,
).map(tuple)
articles = st.builds(
    lambda view, mentions: generated.named_in(replace(view, mentions=mentions)), generated.articles, named
)
names = st.sampled_from(["hpe", "STRASSE AG", "straße ag", "abc", "k-tel", "İSTANBUL TEKNIK", "x*"])
by_name: st.SearchStrategy[Query] = st.builds(Is, st.just("entity"), names)
queries = st.recursive(generated.queries | by_name, generated.joined, max_leaves=3)


@settings(max_examples=120, deadline=None, suppress_health_check=SLOW)
@given(st.lists(articles, min_size=1, max_size=5), st.lists(queries, min_size=1, max_size=4))
async def test_a_search_finds_what_the_language_means(
    db: Database, views: list[ArticleView], asked: list[Query]
) -> None:
    await forget_all(db)
    ids = await keep(db, *views)
    for written in map(print_query, asked):
        query = parse(written)
        by_id = dict(zip(ids, views, strict=True))
        found = [line["id"] for line in await search(db, "articles", written)]
        assert found == sorted((i for i, view in by_id.items() if evaluate(query, view)), reverse=True)
        expected = {(i, m.entity) for i, view in by_id.items() for m in matching_mentions(query, view)}
        lines = await search(db, "mentions", written)
        assert {(line["article"], line["entity"]) for line in lines} == expected
        assert len(lines) == len(expected)
        told = [
            (i, line)
            for i, view in by_id.items()
            for line in (as_object(fact(one)) for one in view.facts if one in matching_facts(query, view))
        ]
        # Whether articles are looked up or walked past must make no difference.
        async with db.read() as session:
            walking = Filter(query=query, first=2, few=0)
            assert [line["id"] async for _, line in articles_newest_first(session, walking, None)] == found
            assert [line["id"] async for _, line in mentions_newest_first(session, walking, None)] == [
                line["id"] for line in lines
            ]
        listed = await search(db, "facts", written)
        assert sorted(((line["article"], shape(line)) for line in listed), key=str) == sorted(
            ((i, shape(line)) for i, line in told), key=str
        )


@pytest.mark.parametrize(
    ("query", "entity"),
    [
        ("entity:hpe", "HPE"),
        ("entity:HP*", "HPE"),
        # case folding beyond ASCII, which neither database does as we do
        ('entity:"STRASSE AG"', "Straße AG"),
        # another form of the same letters
        ("entity:abc", "ＡＢＣ"),
        ("entity:k-tel", "\u212a-Tel"),
    ],
)
async def test_an_entity_is_found_by_its_name_in_any_case(db: Database, query: str, entity: str) -> None:
    await keep(db, ArticleView("T", "text", mentions=(MentionView(entity, Salience.MAIN, 1.0),)))
    assert [line["entity"] for line in await search(db, "mentions", query)] == [entity]


@pytest.mark.parametrize(
    "word",
    [
        "oracle",
        "東京",
        "a" * 3000,  # longer than PostgreSQL takes
        "naïve",
    ],
)
async def test_any_word_of_a_text_finds_it(db: Database, word: str) -> None:
    (identity,) = await keep(db, ArticleView("T", f"before {word} after"))
    assert [line["id"] for line in await search(db, "articles", f'"{word}"')] == [identity]
    assert await search(db, "articles", "absent") == []


async def test_a_text_of_a_million_different_words_is_found(db: Database) -> None:
    """A vector of PostgreSQL holds 1 MB of words at most."""
    many = " ".join(f"word{number:x}" for number in range(120_000))
    (identity,) = await keep(db, ArticleView("T", f"first {many} last"))
    assert [line["id"] for line in await search(db, "articles", "first AND last")] == [identity]


@pytest.mark.parametrize("noun", ["articles", "mentions"])
async def test_pages_have_no_gaps_and_no_repeats_while_rows_arrive(db: Database, noun: str) -> None:
    """Many rows share a time, so that a page often ends in the middle of one."""
    view = ArticleView("T", "text", mentions=(MentionView("HPE", Salience.MAIN, 1.0),))
    for minutes in range(4):
        await keep(db, *[view] * 7, at=NOW + minutes * MINUTE)
    there = [line["id"] for line in await search(db, noun)]
    assert len(there) == 28
    seen: list[object] = []
    cursor = None
    for turn in range(28):
        found = await page(db, noun, Ask(limit=3, cursor=cursor), now=NOW)
        assert len(found.lines) <= 3
        seen += [line["id"] for line in found.lines]
        cursor = found.next_cursor
        if cursor is None:
            break
        await keep(db, view, at=NOW + (10 + turn) * MINUTE)
    assert seen == there


@pytest.mark.parametrize("limit", [1, 200, 450])
async def test_a_page_is_as_long_as_asked_for(db: Database, limit: int) -> None:
    """Whatever the batches in which the database is asked."""
    await keep(db, *[ArticleView("T", "even" if n % 2 else "odd") for n in range(900)])
    first = await page(db, "articles", Ask("odd", limit=limit), now=NOW)
    assert len(first.lines) == min(limit, 450)
    assert (first.next_cursor is None) == (limit == 450)


def cursor_of(*values: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


@pytest.mark.parametrize("noun", sorted(NOUNS))
@pytest.mark.parametrize(
    ("ask", "problem"),
    [
        (Ask(cursor="x"), "cursor"),
        (Ask(cursor="é"), "cursor"),
        (Ask(cursor="[" * 4000), "cursor"),
        (Ask(cursor=base64.urlsafe_b64encode(b"[" * 100_000).decode()), "cursor"),
        (Ask(cursor=cursor_of("2026-11-22T08:00:00", 1)), "cursor"),  # no zone
        (Ask(cursor=cursor_of(5, 1)), "cursor"),
        (Ask(cursor=cursor_of("2026-11-22T08:00:00+00:00", 2.5)), "cursor"),
        (Ask(cursor=cursor_of("2026-11-22T08:00:00+00:00", 2**70)), "cursor"),
        (Ask(cursor=cursor_of("2026-11-22T08:00:00+00:00", "a\0b")), "cursor"),
        (Ask(cursor=cursor_of("2026-11-22T08:00:00+00:00", True)), "cursor"),
        (Ask(cursor=cursor_of("0001-01-01T00:00:00+14:00", 1)), "cursor"),
        (Ask(cursor=cursor_of("2026-11-22T08:00:00+00:00", {})), "cursor"),
        (Ask("title:("), "query: at character"),
        (Ask("unknown:x"), "query: at character"),
        (Ask(since="yesterday"), "since 'yesterday': write a time"),
        (Ask(since="99999999999999d"), "since"),
        (Ask(until="2026-13-01"), "until '2026-13-01'"),
        (Ask(until="0001-01-01T00:00:00+14:00"), "until"),
        (Ask(limit=0), "limit 0"),
        (Ask(limit=10_001), "limit 10001"),
    ],
)
async def test_what_cannot_be_answered_is_said(db: Database, noun: str, ask: Ask, problem: str) -> None:
    with pytest.raises(AskError, match=f"^{problem}") as caught:
        await page(db, noun, ask, now=NOW)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("noun", ["alerts", "deliveries"])
async def test_a_cursor_of_another_listing_is_refused(db: Database, noun: str) -> None:
    await keep(db, *[ArticleView("T", "text")] * 2)
    cursor = (await page(db, "articles", Ask(limit=1), now=NOW)).next_cursor
    assert cursor is not None
    with pytest.raises(AskError, match="cursor"):
        await page(db, noun, Ask(cursor=cursor), now=NOW)


@pytest.mark.parametrize("noun", sorted(NOUNS))
@pytest.mark.parametrize("strange", ["%' OR 1=1 --", "x" * 5000, "\u202e\x01"])
async def test_strange_values_find_nothing(db: Database, noun: str, strange: str) -> None:
    for name in ("entity", "source", "rule", "status"):
        if name in {"entity", "source"} or noun in {"alerts", "deliveries"}:
            assert await search(db, noun, **{name: strange}) == []


@pytest.mark.parametrize("name", ["query", "entity", "source", "rule", "status"])
@pytest.mark.parametrize("impossible", ["a\0b", "\ud800"])
async def test_what_no_text_can_hold_is_refused(db: Database, name: str, impossible: str) -> None:
    """Half a pair comes from a command line that is no UTF-8, a NUL from a web address."""
    with pytest.raises(AskError, match=f"^{name}: "):
        await page(db, "alerts", Ask(**{name: impossible}), now=NOW)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["source", "article", "delivery"])
@pytest.mark.parametrize("identity", ["0", "99999999999999999999", "a\0b", "\ud800", "²", ""])
async def test_what_is_not_there_is_none(db: Database, kind: str, identity: str) -> None:
    assert await one(db, kind, identity) is None


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2h", NOW - timedelta(hours=2)),
        ("7d", NOW - timedelta(days=7)),
        ("2w", NOW - timedelta(weeks=2)),
        ("2026-11-22", datetime(2026, 11, 22, tzinfo=UTC)),
        ("2026-11-22T08:00:00Z", NOW),
        ("2026-11-22T09:00:00+01:00", NOW),
        ("", None),
        (None, None),
    ],
)
def test_times_are_read_as_people_write_them(written: str | None, expected: datetime | None) -> None:
    assert moment(written, now=NOW) == expected


async def test_filters_narrow_down(db: Database) -> None:
    hpe, xai = (MentionView(name, Salience.MAIN, 1.0) for name in ("HPE", "xAI"))
    await keep(db, ArticleView("Old", "", source_title="A", mentions=(hpe,)), at=NOW - timedelta(days=2))
    await keep(db, ArticleView("New", "", source_title="B", mentions=(hpe, xai)))

    async def titles(noun: str, **ask: str) -> list[object]:
        return [line["title"] for line in await search(db, noun, **ask)]

    assert await titles("articles") == ["New", "Old"]
    assert await titles("articles", since="1d") == ["New"]
    assert await titles("articles", until="1d") == ["Old"]
    assert await titles("articles", source="A") == ["Old"]
    assert await titles("articles", entity="xAI") == ["New"]
    assert await titles("mentions", entity="HPE") == ["New", "Old"]
    assert await titles("mentions", entity="HPE", since="1d") == ["New"]


async def test_alerts_are_found_by_what_they_are_about(db: Database) -> None:
    await add_source(db)
    await add_channel(db, "hook")
    await poll(db, fresh(entry(1, title="HPE wins"), entry(2, title="xAI talks")))
    ids = counted_ids()
    for job, name in zip(await claim_articles(db), ("HPE", "xAI"), strict=True):
        saved = await save(db, job, reading(job), mention(name))
        assert isinstance(saved, Saved)
        (line,) = saved.mentions
        draft = AlertDraft(
            "all", "mention", ("hook",), f"story:{job.id}", job.title, job.url, "why", (name,), None, (line,)
        )
        async with db.write() as session:
            await alerts.raise_alert(session, draft, [line["id"]], now=NOW, new_id=ids)
    for noun in ("alerts", "deliveries"):
        assert len(await search(db, noun)) == 2
        assert len(await search(db, noun, "entity:HPE")) == 1
        assert len(await search(db, noun, entity="xAI")) == 1
        assert len(await search(db, noun, source="News")) == 2
        assert len(await search(db, noun, source="https://news.example/feed")) == 2
        assert len(await search(db, noun, source="https://other.example/feed")) == 0
        assert len(await search(db, noun, rule="another")) == 0
    (alert,) = await search(db, "alerts", "talks")
    assert (alert["title"], alert["entities"]) == ("xAI talks", ["xAI"])
    article = (await rows(db, "articles"))[0]
    shown = await one(db, "article", str(article.id))
    assert shown is not None
    assert [line["entity"] for line in shown["mentions"]] == ["HPE"]


async def test_a_source_is_shown_with_its_polls(db: Database) -> None:
    await add_source(db)
    await poll(db, fresh(entry(1)))
    by_address = await one(db, "source", "https://news.example/feed")
    assert by_address is not None
    assert by_address == await one(db, "source", str(by_address["id"]))
    assert [(line["outcome"], line["new_articles"]) for line in by_address["polls"]] == [("read", 1)]


async def test_the_watch_list_is_shown_without_secrets(db: Database) -> None:
    await add_source(db)
    await add_channel(db, "hook", url="https://hooks.example/T0P/S3CRET", secret="whsec_S3CRET", token="S3CRET")
    await add_rule(db, "all", "entity:*", "hook")
    async with db.write() as session:
        spec = ChannelSpec("mail", "email", {"to": ["someone@example.org"]})
        await watchlist.put_channel(session, spec, Changes(), now=NOW)
    shown = {kind: await watch_list(db, kind) for kind in ("sources", "entities", "rules", "channels")}
    assert [len(lines) for lines in shown.values()] == [1, 0, 1, 2]
    assert shown["channels"][0]["url"] == "https://hooks.example/..."
    assert "S3CRET" not in json.dumps(shown)
    assert shown["channels"][1]["to"] == ["someone@example.org"]


async def test_a_source_row_is_found_although_its_title_is_another(db: Database) -> None:
    async with db.write() as session:
        source = SourceRow(url="https://a.example/feed", title="A", created_at=NOW, next_poll_at=NOW)
        session.add(source)
        await session.flush()
        session.add(
            ArticleRow(
                url="",
                title="T",
                state="read",
                source="Old name",
                source_id=source.id,
                discovered_at=NOW,
                next_read_at=NOW,
            )
        )
    assert len(await search(db, "articles", source="https://a.example/feed")) == 1
    assert len(await search(db, "articles", source="Old name")) == 1
    assert len(await search(db, "articles", source="A")) == 0


async def test_the_last_polls_of_many_sources_are_read_together(db: Database) -> None:
    for name in ("a", "b", "c"):
        await add_source(db, f"https://{name}.example/feed", at=NOW if name == "a" else NOW + 60 * MINUTE)
    for _ in range(4):
        await later_poll(db, failed())
    shown = await one(db, "source", "1")
    assert shown is not None
    expected = '4 failures in a row, the last one of the kind "passing": a pause of 40 min, which grows to 1 d at most'
    assert (shown["next_try_because"], len(shown["polls"])) == (expected, 4)
    unpolled = await one(db, "source", "2")
    assert unpolled is not None
    assert unpolled["next_try_because"].startswith("the first poll")
    found = await last_polls(db, [1, 2], each=3)
    assert [len(polls) for polls in found.values()] == [3]
    times = [line["at"] for line in found[1]]
    assert times == sorted(times, reverse=True)


async def test_who_stands_in_one_sentence_is_found(db: Database) -> None:
    together = ArticleView("A", "HPE sues xAI.", mentions=(_at("HPE", 0), _at("xAI", 9)))
    apart = ArticleView("B", "HPE wins. xAI loses.", mentions=(_at("HPE", 0), _at("xAI", 10)))
    await keep(db, together, apart, ArticleView("HPE sues xAI", "Words alone."))
    found = await search(db, "mentions", "SENTENCE(entity:hpe entity:xAI)")
    assert [(line["title"], line["entity"]) for line in found] == [("A", "xAI"), ("A", "HPE")]
    assert [line["title"] for line in await search(db, "articles", "entity:HPE NEAR/1 wins")] == ["B"]
    assert [line["title"] for line in await search(db, "articles", "entity:* NOT SENTENCE(entity:HPE xai)")] == ["B"]


def _at(entity: str, start: int) -> MentionView:
    return MentionView(entity, Salience.MAIN, 1.0, (("text", start, start + len(entity)),))
