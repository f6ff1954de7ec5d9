"""The best first, and where the words stand: of listings, on both engines."""

from datetime import timedelta

import pytest

from service.domain.model import Salience
from service.domain.query import ArticleView, MentionView
from service.search import Ask, AskError, page
from service.store.engine import Database
from service.store.tables import MentionRow
from tests.store.steps import MINUTE, NOW
from tests.store.test_search import cursor_of, keep

HPE = MentionView("HPE", Salience.MAIN, 0.9)


async def titles(db: Database, ask: Ask, noun: str = "articles") -> list[object]:
    return [line["title"] for line in (await page(db, noun, ask, now=NOW)).lines]


async def test_the_best_come_first_on_request(db: Database) -> None:
    await keep(db, ArticleView("A deal for HPE", "deal after deal", mentions=(HPE,)), at=NOW - 2 * MINUTE)
    await keep(db, ArticleView("Weather", "no deal " + "rain " * 80), at=NOW - MINUTE)
    await keep(db, ArticleView("Other", "nothing"))
    assert await titles(db, Ask("deal")) == ["Weather", "A deal for HPE"]
    assert await titles(db, Ask("deal", order="relevance")) == ["A deal for HPE", "Weather"]
    found = await page(db, "articles", Ask("deal", order="relevance"), now=NOW)
    weights = [line["relevance"] for line in found.lines]
    assert weights == sorted(weights, reverse=True)
    assert weights[1] > 0


async def test_a_sure_mention_in_a_main_place_is_better(db: Database) -> None:
    for number, mention in enumerate(
        (HPE, MentionView("HPE", Salience.PASSING, 0.9), MentionView("HPE", Salience.MAIN, 0.3))
    ):
        await keep(db, ArticleView(f"T{number}", "x", mentions=(mention,)), at=NOW + number * MINUTE)
    assert await titles(db, Ask(order="relevance"), "mentions") == ["T0", "T2", "T1"]


@pytest.mark.parametrize("noun", ["articles", "mentions"])
async def test_pages_compare_what_the_first_page_compared(db: Database, noun: str) -> None:
    """Whatever arrives in between: no gap, no repeat."""
    for number in range(9):
        text = "deal " * (number % 4 + 1)
        await keep(db, ArticleView(f"T{number}", text, mentions=(HPE,)), at=NOW + number // 3 * MINUTE)
    whole = await titles(db, Ask("deal", order="relevance"), noun)
    assert len(whole) == 9
    seen: list[object] = []
    cursor = None
    for _ in range(5):
        found = await page(db, noun, Ask("deal", order="relevance", limit=2, cursor=cursor), now=NOW)
        seen += [line["title"] for line in found.lines]
        cursor = found.next_cursor
        await keep(db, ArticleView("New", "deal deal deal deal deal", mentions=(HPE,)), at=NOW + timedelta(hours=1))
    assert cursor is None
    assert seen == whole


async def test_highlights_say_where_words_and_names_stand(db: Database) -> None:
    (article,) = await keep(db, ArticleView("HPE wins deal", "The deal of HPE.", mentions=(HPE,)))
    async with db.write() as session:
        row = await session.get(MentionRow, 1)
        assert row is not None
        row.spans = [
            {"field": field, "start": start, "end": start + 3, "text": "HPE", "alias": "HPE"}
            for field, start in (("title", 0), ("text", 12))
        ]
    for noun in ("articles", "mentions"):
        (line,) = (await page(db, noun, Ask("deal", highlights=True), now=NOW)).lines
        assert line["highlights"] == {
            "title": [[0, 3, "name"], [9, 13, "word"]],
            "text": "The deal of HPE.",
            "spans": [[4, 8, "word"], [12, 15, "name"]],
        }
    (plain,) = (await page(db, "articles", Ask("deal"), now=NOW)).lines
    assert "highlights" not in plain
    assert plain["id"] == article


@pytest.mark.parametrize(
    ("noun", "ask", "problem"),
    [
        ("alerts", Ask(order="relevance"), "order: alerts are only listed newest first"),
        ("stories", Ask(highlights=True), "order: stories are only listed newest first"),
        ("articles", Ask(order="best"), "order 'best': write newest or relevance"),  # type: ignore[arg-type]
        ("articles", Ask(order="relevance", cursor="x"), "cursor"),
        # of the other order
        ("articles", Ask(order="relevance", cursor=cursor_of("2026-11-22T08:00:00+00:00", 1)), "cursor"),
        ("articles", Ask(cursor=cursor_of("2026-11-22T08:00:00+00:00", 1, 5)), "cursor"),
        ("articles", Ask(order="relevance", cursor=cursor_of("2026-11-22T08:00:00+00:00", 1, -5)), "cursor"),
        ("articles", Ask(order="relevance", cursor=cursor_of("2026-11-22T08:00:00+00:00", 1, 10**9)), "cursor"),
        ("articles", Ask(order="relevance", cursor=cursor_of("2026-11-22T08:00:00+00:00", "1", 5)), "cursor"),
        ("articles", Ask(order="relevance", cursor=cursor_of(None, None, None)), "cursor"),
    ],
)
async def test_what_cannot_be_ordered_so_is_said(db: Database, noun: str, ask: Ask, problem: str) -> None:
    with pytest.raises(AskError, match=f"^{problem}"):
        await page(db, noun, ask, now=NOW)


async def test_a_cursor_of_the_largest_number_is_one(db: Database) -> None:
    cursor = cursor_of("2026-11-22T08:00:00+00:00", 2**63 - 1, 0)
    assert (await page(db, "articles", Ask(order="relevance", cursor=cursor), now=NOW)).lines == []
