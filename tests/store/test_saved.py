"""Saved searches: changed as other things of the watch list are, and asked wherever a query is."""

import pytest

from service.desk import watch
from service.figures import facets
from service.search import Ask, AskError, page, watch_list
from service.store.engine import Database
from service.watchlist import WatchListError
from tests.web.desk import START, Desk


async def put(db: Database, **item: object) -> list[str]:
    async with db.write() as session:
        changes = await watch.put(session, "search", item, now=START, random=lambda: 0.5)
    return changes.added + changes.changed


async def test_one_is_added_patched_and_removed(db: Database) -> None:
    assert await put(db, name="deals", query="entity:HPE") == ["search deals"]
    assert await put(db, name="deals", query="entity:HPE") == []
    async with db.write() as session:
        merged = await watch.patched(session, "search", "deals", {"lists": "articles"})
    assert await put(db, **merged) == ["search deals"]
    (line,) = await watch_list(db, "searches")
    assert (line["query"], line["lists"]) == ("entity:HPE", "articles")
    async with db.write() as session:
        await watch.remove(session, "search", ["deals"])
    assert await watch_list(db, "searches") == []


@pytest.mark.parametrize(
    ("item", "problem"),
    [
        ({"name": "deals", "query": "HPE or Dell"}, r"searches\[0\]\.query: at character 5"),
        ({"name": "deals", "query": "HPE", "lists": "alerts"}, "'alerts' is none of mentions, articles, stories"),
        ({"name": "deals", "query": "HPE", "enabled": False}, "unknown key 'enabled'"),
        ({"name": "Stories", "query": "HPE"}, "cannot be part of an address"),
        ({"name": "a\u202eb", "query": "HPE"}, "cannot be part of an address"),
        ({"query": "HPE"}, "needs a name"),
    ],
)
async def test_a_mistake_is_named_with_its_place(db: Database, item: dict[str, object], problem: str) -> None:
    with pytest.raises(WatchListError, match=problem):
        await put(db, **item)
    assert await watch_list(db, "searches") == []


async def test_pages_and_figures_take_it(db: Database) -> None:
    desk = Desk(db)
    await desk.publish("HPE wins", "HPE wins a deal.", names={"HPE": ["HPE"]})
    await desk.publish("Oracle talks", "Oracle and HPE talk.", names={"Oracle": ["Oracle"], "HPE": ["HPE"]})
    await put(db, name="deals", query="entity:HPE OR entity:Dell")
    found = await page(db, "mentions", Ask(search="deals", query="talk"), now=desk.now())
    assert [(line["entity"], line["title"]) for line in found.lines] == [("HPE", "Oracle talks")]
    counted = await facets(db, "mentions", Ask(search="deals"), now=desk.now())
    assert [(one.value, one.count) for one in counted.fields["entity"]] == [("HPE", 2)]
    with pytest.raises(AskError, match="search 'nothing': there is none of that name"):
        await facets(db, "mentions", Ask(search="nothing"), now=desk.now())


async def test_qualities_beside_a_saved_search_are_those_of_its_mention(db: Database) -> None:
    """As in one conjunction (docs/query.md): the mention of HPE itself has to be that certain."""
    desk = Desk(db)
    await desk.publish("HPE wins", "HPE wins a deal.", names={"HPE": ["HPE"]})
    await put(db, name="deals", query="entity:HPE")
    for query, hits in (("confidence>=0.9", 1), ("confidence>=0.99", 0), ("NOT entity:HPE", 0)):
        found = await page(db, "mentions", Ask(search="deals", query=query), now=desk.now())
        assert len(found.lines) == hits, query
