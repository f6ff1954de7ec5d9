"""Sources in the browser: how they stand, testing one, adding by address or list, switching and removing."""

import re

import pytest

from service.search import one, watch_list
from service.store.tables import SourceRow
from tests.pipeline.site import Site as Publisher
from tests.web.desk import WIRE
from tests.web.html import check
from tests.web.serving import Site
from tests.web.test_pages import HOSTILE

OPML = (
    '<opml version="2.0"><body><outline text="Trade"><outline type="rss" text="A" xmlUrl="https://a.example.org/f"/>'
    '<outline type="rss" text="B" xmlUrl="https://b.example.org/f"/></outline></body></opml>'
)


async def test_each_has_a_bar_of_its_last_polls_and_what_went_wrong(site: Site) -> None:
    await site.desk.subscribe()
    await site.desk.subscribe("Off", "https://off.example.org/feed", enabled=False)
    await site.desk.poll(WIRE)
    await site.desk.poll_fails(WIRE, "no answer in 20 s")
    await site.desk.poll_fails(WIRE, "no answer in 20 s")
    page = check(await site.page("/sources"))
    assert "Of the last 3 polls 1 went well, 2 failed" in page.text
    assert len(page.all("rect")) == 3
    assert "no answer in 20 s" in page.text
    assert "2 in a row" in page.text
    assert "All 2 In trouble 1 Not polled yet 0 Switched off 1" in page.text
    trouble = check(await site.page("/sources?show=trouble")).text
    assert "The Wire" in trouble
    assert "https://off.example.org/feed" not in trouble


async def test_many_are_shown_a_page_at_a_time(site: Site) -> None:
    now = site.desk.now()
    async with site.db.write() as session:
        for number in range(205):
            url = f"https://{number}.example.org/feed"
            session.add(
                SourceRow(url=url, title=f"Source {number:03} & Co", status="ok", created_at=now, next_poll_at=now)
            )
    seen: list[str] = []
    path: str | None = "/sources"
    for _ in range(9):
        page = check(await site.page(str(path)))
        seen += re.findall(r"Source (\d{3}) & Co", page.text)
        path = next((link["href"] for link in page.all("a") if link.get("rel") == "next"), None)
        if path is None:
            break
    assert [int(number) for number in seen] == list(range(205))
    for nonsense in ("x", "ok", "ok x y", "ok 99999999999999999999 a", "ok 1 \0"):
        assert "Source 000" in check((await site.get("/sources", params={"after": nonsense})).text).text


async def test_one_says_why_it_is_tried_when_it_is(site: Site) -> None:
    await site.desk.subscribe()
    await site.desk.poll_fails(WIRE, "no answer in 20 s")
    page = check(await site.page("/sources/1"))
    line = await one(site.db, "source", "1")
    assert line is not None
    assert line["next_try_because"] in page.text
    assert "connect" in page.text
    check(await site.page("/sources/2", status=404))


async def test_settings_are_saved_and_mistakes_stand_beside_the_field(site: Site) -> None:
    await site.desk.subscribe()
    assert "Saved." in check(await site.act("/sources/1", title="Wire & Co", tags="trade, chips", interval="5m")).text
    line = await one(site.db, "source", "1")
    assert line is not None
    assert (line["title"], line["tags"], line["interval"]) == ("Wire & Co", ["trade", "chips"], 300)
    answer = await site.send("/sources/1", title="Other", tags="", interval="soon")
    page = check(answer.text)
    assert answer.status_code == 422
    assert page.all("input")[-1]["aria-invalid"] == "true"
    assert {"href": "#interval"} in page.all("a")
    assert [field["value"] for field in page.all("input") if field.get("name") in {"title", "interval"}] == [
        "Other",
        "soon",
    ]
    assert (await one(site.db, "source", "1"))["title"] == "Wire & Co"  # type: ignore[index]


async def test_switching_off_and_on_and_removing(site: Site) -> None:
    await site.desk.publish(names={"HPE": ["HPE"]})
    assert "switched off" in check(await site.act("/sources/1/disable")).text
    assert "Switched on" in check(await site.act("/sources/1/enable")).text
    assert "Removed" in check(await site.act("/sources/1/remove")).text
    assert await watch_list(site.db, "sources") == []
    assert "HPE wins a deal" in check(await site.page("/articles/1")).text


async def test_a_test_shows_the_whole_conversation_and_stores_nothing(site: Site, publisher: Publisher) -> None:
    url = publisher.feed("/feed", ("/a", "First <b>item</b>", "text"), ("/b", "Second", "text"))
    await site.desk.subscribe("Loop", url)
    page = check((await site.send("/sources/1/check")).text)
    assert f"asked: {url}" in page.text
    assert "answer: 200 OK" in page.text
    assert "2 of its 2 items would be new" in page.text
    assert (await one(site.db, "source", "1"))["last_polled_at"] is None  # type: ignore[index]
    publisher.says("/feed", "gone", 410)
    page = check((await site.send("/sources/1/check")).text)
    assert "answer: 410 Gone" in page.text
    assert "It answers, and it is a feed" not in page.text


async def test_a_site_is_enough_to_find_its_feeds(site: Site, publisher: Publisher) -> None:
    feed = publisher.feed("/news.xml", ("/a", "First", "text"))
    link = '<link rel="alternate" type="application/rss+xml" title="News &amp; more" href="/news.xml">'
    front = publisher.says("/", f"<html><head>{link}</head><body>Hello</body></html>")
    page = check((await site.send("/sources/find", address=front)).text)
    assert "News & more" in page.text
    assert feed in [box["value"] for box in page.all("input") if box.get("name") == "feed" and "checked" in box]
    landed = check(await site.act("/sources/add", address=front, feed=[feed], tags="local", interval=""))
    assert "The first poll comes within seconds" in landed.text
    (line,) = await watch_list(site.db, "sources")
    assert (line["url"], line["tags"]) == (feed, ["local"])


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("javascript:alert(1)", "Write the address of a site or a feed"),
        ("http://10.0.0.1/feed", "10.0.0.1"),  # not allowed: the same choke point as every poll
        ("", "Write the address of a site or a feed"),
    ],
)
async def test_what_is_no_address_is_said_beside_the_field(site: Site, address: str, said: str) -> None:
    answer = await site.send("/sources/find", address=address)
    page = check(answer.text)
    assert answer.status_code == 422
    assert said in page.text
    (field,) = [one for one in page.all("input") if one.get("name") == "address"]
    assert field["aria-invalid"] == "true"


async def test_a_list_comes_in_and_goes_out(site: Site) -> None:
    await site.desk.subscribe("A", "https://a.example.org/f")
    answer = await site.client.post("/sources/import", files={"file": ("subs.opml", OPML)})
    assert "1 source added, 1 changed, 0 known before, of 2" in check(answer.text).text
    out = await site.get("/sources/export.opml")
    assert "https://b.example.org/f" in out.text
    assert "attachment" in out.headers["content-disposition"]
    for wrong in ("", "<html>no list</html>"):
        answer = await site.client.post("/sources/import", files={"file": ("subs.opml", wrong)})
        assert answer.status_code == 422
        check(answer.text)


@pytest.mark.parametrize("hostile", HOSTILE)
async def test_whatever_a_feed_is_called_is_only_text(site: Site, hostile: str) -> None:
    storable = hostile.replace("\x00", "")
    await site.desk.subscribe(storable)
    await site.desk.poll_fails(WIRE, storable)
    check(await site.page("/sources"))
    check(await site.page("/sources/1"))
    check((await site.send("/sources/1", title=storable, tags=storable, interval=storable)).text)
    check((await site.send("/sources/find", address=storable)).text)
