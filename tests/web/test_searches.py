"""Saved searches in the browser: from a question to feeds, tables and a rule; what they find before they are saved."""

from urllib.parse import urlsplit

import pytest

from service.search import watch_list
from tests.web.html import check
from tests.web.serving import Site

QUERY = "entity:HPE deal"


async def save(site: Site, name: str = "big deals", query: str = QUERY, lists: str = "mentions") -> str:
    return await site.act("/searches/edit", was="", name=name, query=query, lists=lists)


def feeds(text: str) -> list[str]:
    return [field["value"] for field in check(text).all("input") if field.get("id", "").startswith("feed-")]


async def test_a_question_of_the_stream_is_tried_saved_and_read_again(site: Site) -> None:
    await site.desk.publish("HPE wins a deal", names={"HPE": ["HPE"]})
    await site.desk.publish("HPE rests", "HPE rests.", names={"HPE": ["HPE"]})
    stream = check(await site.page("/stream?q=deal&entity=HPE"))
    (offered,) = [link["href"] for link in stream.all("a") if link["href"].startswith("/searches/new")]
    form = check(await site.page(offered))
    assert "1 found in the last 7 days, 1 in all." in form.text
    assert "HPE wins a deal" in form.text
    assert "HPE rests" not in form.text
    assert await watch_list(site.db, "searches") == [], "looking saves nothing"
    page = check(await save(site))
    assert "Saved." in page.text
    assert "HPE wins a deal" in page.text
    assert "big deals" in check(await site.page("/searches")).text
    (line,) = await watch_list(site.db, "searches")
    assert (line["name"], line["query"], line["lists"]) == ("big deals", QUERY, "mentions")


@pytest.mark.parametrize("lists", ["mentions", "articles", "stories"])
async def test_its_feeds_and_tables_hold_what_it_finds(site: Site, lists: str) -> None:
    await site.desk.publish("HPE wins a deal", names={"HPE": ["HPE"]})
    text = await save(site, lists=lists)
    assert len(feeds(text)) == 2
    for address in feeds(text):
        assert "HPE wins a deal" in (await site.get(address)).text
    tables = [link["href"] for link in check(text).all("a") if "download" in link]
    assert [urlsplit(table).path for table in tables] == [f"/export/{lists}.csv", f"/export/{lists}.jsonl"]
    for table in tables:
        assert "HPE wins a deal" in (await site.get(table)).text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": "x", "query": "HPE or Dell"}, "'or' in small letters"),
        ({"name": "x", "query": ""}, "query"),
        ({"name": "", "query": "HPE"}, "name"),
        ({"name": "big deals", "query": "HPE"}, "there is 'big deals' already"),
        ({"name": "mentions", "query": "HPE"}, "mentions"),  # that feed is everybody's
    ],
)
async def test_a_mistake_saves_nothing_and_keeps_what_was_written(
    site: Site, fields: dict[str, str], said: str
) -> None:
    await save(site)
    answer = await site.send("/searches/edit", was="", lists="mentions", **fields)
    page = check(answer.text)
    assert answer.status_code == 422
    assert said in page.text
    assert fields["query"] in page.text
    assert len(await watch_list(site.db, "searches")) == 1


async def test_it_is_edited_and_removed(site: Site) -> None:
    await save(site)
    form = check(await site.page("/searches/edit?name=big+deals"))
    assert QUERY in form.text
    await site.act("/searches/edit", was="big deals", query="entity:Oracle", lists="stories")
    (line,) = await watch_list(site.db, "searches")
    assert (line["query"], line["lists"]) == ("entity:Oracle", "stories")
    assert "Removed" in check(await site.act("/searches/remove", name="big deals")).text
    check(await site.page("/searches/show?name=big+deals", status=404))


async def test_trying_an_edit_saves_nothing(site: Site) -> None:
    await save(site)
    answer = await site.send(
        "/searches/edit", was="big deals", query="entity:Oracle", lists="mentions", **{"try": "yes"}
    )
    assert "0 found in the last 7 days" in check(answer.text).text
    assert (await watch_list(site.db, "searches"))[0]["query"] == QUERY


async def test_addresses_with_a_key_are_shown_once_and_closed(site: Site) -> None:
    await save(site)
    shared = (await site.send("/searches/share", name="big deals")).text
    assert "shown this once" in check(shared).text
    (atom, json) = feeds(shared)
    assert "?key=" in atom
    assert {(await site.get(address)).status_code for address in (atom, json)} == {200}
    assert "?key=" not in await site.page("/searches/show?name=big+deals")
    await site.act("/searches/unshare", name="big deals")
    assert (await site.get(atom)).status_code == 401
    assert (await site.send("/searches/share", name="nothing")).status_code == 404


async def test_it_becomes_a_rule_in_one_step(site: Site) -> None:
    await save(site)
    await site.desk.add_channel("team", url="https://hooks.example.org/x")
    page = check(await site.act("/searches/rule", name="big deals", rule_name="", channels=["team"]))
    assert "Saved" in page.text
    (rule,) = await watch_list(site.db, "rules")
    assert (rule["name"], rule["query"], rule["channels"]) == ("big deals", QUERY, ["team"])
    again = await site.send("/searches/rule", name="big deals", rule_name="big deals", channels=[])
    assert again.status_code == 422
    assert "there is a rule 'big deals' already" in check(again.text).text
    assert (await watch_list(site.db, "rules"))[0]["channels"] == ["team"], "nobody's place is taken"
