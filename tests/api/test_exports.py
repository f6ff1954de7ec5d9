"""Whole listings as a stream: every line once, in small memory, and no work for who has gone."""

import csv
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from service.search import Ask, AskError, stream
from service.store.engine import Database
from service.store.tables import ArticleRow, MentionRow
from tests.web.desk import START, Desk
from tests.web.serving import Site, open_site

FORMULAS = ["=1+1", "+1", "-1", "@SUM(1)", "plain"]


async def many(db: Database, count: int, snippet: str = "HPE") -> None:
    """Mentions of one article each, all found at the same moment: only their numbers tell them apart."""
    row = {"title": "HPE", "text": "HPE", "state": "read", "discovered_at": START, "next_read_at": START, "source": "S"}
    rest = {"feed_text": "", "tags": [], "baseline": False, "held": [], "attempts": 0, "rejected": []}
    named = {"entity": "HPE", "confidence": 0.9, "salience": "main", "count": 1, "spans": [], "evidence": []}
    async with db.write() as session:
        numbers = range(1, count + 1)
        await session.execute(
            insert(ArticleRow), [{**row, **rest, "id": n, "url": f"https://a.example/{n}"} for n in numbers]
        )
        more = {**named, "snippet": snippet, "discovered_at": START, "backfilled": False}
        await session.execute(insert(MentionRow), [{**more, "id": n, "article_id": n} for n in numbers])


async def test_every_line_once_over_many_batches(site: Site) -> None:
    await many(site.db, 1234)
    answer = await site.get("/export/mentions.jsonl")
    assert answer.headers["content-type"] == "application/jsonl; charset=utf-8"
    assert [json.loads(line)["id"] for line in answer.text.splitlines()] == list(range(1234, 0, -1))
    answer = await site.get("/export/mentions.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    assert answer.headers["content-disposition"] == 'attachment; filename="mentions.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [int(row["id"]) for row in rows] == list(range(1234, 0, -1))


@pytest.mark.parametrize("noun", ["mentions", "articles", "facts", "stories", "alerts", "deliveries"])
async def test_every_listing_streams_what_its_pages_hold(site: Site, noun: str) -> None:
    await site.desk.add_channel("desk", url="https://hooks.example.org/in")
    for number in range(3):
        saved = await site.desk.publish(f"HPE {number}", f"HPE item {number}.", names={"HPE": ["HPE"]})
        await site.desk.alert("everything", saved, "desk")
    paged = (await site.get(f"/api/v1/{noun}")).json()["items"]
    answer = await site.get(f"/export/{noun}.jsonl")
    assert answer.status_code == 200
    streamed = [json.loads(line) for line in answer.text.splitlines()]
    assert [line["id"] for line in streamed] == [line["id"] for line in paged]
    assert len(streamed) == (0 if noun == "facts" else 3)


async def test_a_batch_may_end_anywhere(db: Database) -> None:
    await many(db, 7)
    for batch in (1, 2, 3, 6, 7, 8):
        sizes, ids = [], []
        async for lines in stream(db, "mentions", Ask(), now=START, batch=batch):
            sizes.append(len(lines))
            ids += [line["id"] for line in lines]
        assert ids == [7, 6, 5, 4, 3, 2, 1], batch
        assert max(sizes) == min(batch, 7)


async def test_what_arrives_meanwhile_is_not_among_them(db: Database) -> None:
    desk = Desk(db)
    for number in range(4):
        await desk.publish(f"HPE {number}", f"HPE item {number}.", names={"HPE": ["HPE"]})
    titles = []
    async for lines in stream(db, "mentions", Ask(query="item"), now=desk.now(), batch=1):
        titles += [line["title"] for line in lines]
        await desk.publish("HPE late", "HPE item late.", names={"HPE": ["HPE"]})
    assert titles == ["HPE 3", "HPE 2", "HPE 1", "HPE 0"]


async def test_questions_narrow_a_stream_down(site: Site) -> None:
    await site.desk.publish("HPE wins", "HPE wins.", names={"HPE": ["HPE"]})
    await site.desk.publish("Oracle", "Oracle.", names={"Oracle": ["Oracle"]})
    answer = await site.get("/export/mentions.jsonl?q=wins&entity=HPE")
    assert [json.loads(line)["title"] for line in answer.text.splitlines()] == ["HPE wins"]
    assert (await site.get("/export/mentions.csv?q=nothing")).text == ""


@pytest.mark.parametrize(
    "path",
    [
        "mentions.csv?q=HPE+or+Dell",
        "mentions.csv?limit=5",
        "mentions.csv?rule=x",
        "mentions.xls",
        "mentions.csv?search=x",
    ],
)
async def test_what_is_wrong_is_said_before_the_first_byte(site: Site, path: str) -> None:
    answer = await site.get(f"/export/{path}")
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")


async def test_a_wrong_question_raises_before_the_first_batch(db: Database) -> None:
    with pytest.raises(AskError, match="since"):
        await anext(stream(db, "mentions", Ask(since="once"), now=START))


async def test_a_spreadsheet_sees_no_formula(site: Site) -> None:
    for title in FORMULAS:
        await site.desk.publish(title, f"HPE {title}", names={"HPE": ["HPE"]})
    rows = list(csv.DictReader(io.StringIO((await site.get("/export/mentions.csv")).text)))
    assert [row["title"].removeprefix("'") for row in rows] == FORMULAS[::-1]
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@"))]


class Counting(Database):
    """Counts the read transactions, and how many were open at once."""

    reads = open = most = 0

    @asynccontextmanager
    async def read(self, *, lean: bool = False) -> AsyncIterator[AsyncSession]:
        self.reads, self.open = self.reads + 1, self.open + 1
        self.most = max(self.most, self.open)
        try:
            async with super().read(lean=lean) as session:
                yield session
        finally:
            self.open -= 1


async def test_no_work_is_done_for_a_client_that_went_away(db: Database) -> None:
    await many(db, 3000, "x" * 10_000)  # thirty megabytes: far more than sockets hold
    counting = Counting(db.url)
    try:
        async with open_site(counting) as site, site.client.stream("GET", "/export/mentions.csv") as answer:
            await anext(answer.aiter_bytes())
            # Leaving the block waits for the end of what is still being answered.
        went = counting.reads
        async with open_site(counting) as site:
            assert len((await site.get("/export/mentions.csv")).content) > 30_000_000
        assert went < counting.reads - went
        assert (counting.open, counting.most) == (0, 1)
    finally:
        await counting.close()
