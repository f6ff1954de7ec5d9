"""The first page: what is new for this person, which stories many tell, how much is said, and whether all is well."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.store import overview
from service.store.tables import MentionRow
from service.web.visits import visited
from tests.web.desk import START, WIRE
from tests.web.html import check
from tests.web.serving import Site

OTHER = "https://other.example.org/feed"
DEAL = "HPE has won a deal for 400 servers of the river works at Example Town, worth $12 million over three years."


class TestNews:
    async def test_what_came_since_the_last_visit(self, site: Site) -> None:
        await site.desk.publish("Early", names={"HPE": ["HPE"]})
        site.desk.time += timedelta(minutes=1)
        assert "In the last day: 1 new mention in 1 story, 0 alerts" in check(await site.page()).text
        site.desk.time += timedelta(hours=5)
        await site.desk.alert("all HPE", await site.desk.publish("Late", "HPE is late.", names={"HPE": ["HPE"]}))
        for _ in range(2):  # reloading keeps what was new
            text = check(await site.page()).text
            assert "Since your last visit, 22 Nov 08:02: 1 new mention in 1 story, 1 alert." in text
        site.desk.time += timedelta(minutes=1)
        await site.page()
        site.desk.time += timedelta(hours=5)
        assert "Since your last visit, 22 Nov 13:04: nothing new." in check(await site.page()).text

    async def test_the_cookie_tells_nothing_and_needs_no_script(self, site: Site) -> None:
        cookie = (await site.get("/")).headers["set-cookie"]
        assert cookie.startswith(f"newsvane_visit=0-{int(START.timestamp())};")
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie

    @given(st.text(max_size=40) | st.from_regex(r"\d{1,12}-\d{1,12}", fullmatch=True))
    def test_whatever_the_cookie_holds_is_a_visit(self, cookie: str) -> None:
        visit = visited(cookie, START)
        assert visit.since is None or visit.since <= START
        again = visited(visit.cookie, START + timedelta(minutes=5))
        assert again.since == visit.since

    def test_a_visit_begins_anew_after_half_an_hour(self) -> None:
        first = visited(None, START)
        assert first.since is None
        assert visited(first.cookie, START + timedelta(minutes=31)).since == START

    async def test_many_are_not_counted_to_the_end(self, site: Site) -> None:
        saved = await site.desk.publish(names={"HPE": ["HPE"]})
        async with site.db.write() as session:
            one = await session.get_one(MentionRow, saved.mentions[0]["id"])
            values = one.model_dump(exclude={"id", "entity"})
            session.add_all(MentionRow(**values, entity=f"entity {number}") for number in range(1100))
        assert "1000 or more new mentions" in check(await site.page()).text
        async with site.db.read() as session:
            assert (await overview.news_since(session, START)).mentions == overview.MOST_COUNTED


class TestStories:
    async def test_the_story_that_most_outlets_tell_comes_first(self, site: Site) -> None:
        await site.desk.subscribe()
        await site.desk.subscribe("The Other", OTHER)
        await site.desk.publish("HPE wins the river works", DEAL, names={"HPE": ["HPE"]})
        await site.desk.publish("HPE wins the river works", DEAL, names={"HPE": ["HPE"]}, source=OTHER)
        await site.desk.publish("Oracle opens a hall", "Oracle has opened it.", names={"Oracle": ["Oracle"]})
        page = check(await site.page())
        assert page.text.index("HPE wins the river works") < page.text.index("Oracle opens a hall")
        assert "2 outlets" in page.text
        assert [drawing for drawing in page.all("svg") if "spread" in drawing["aria-labelledby"]]
        assert "/stories/1" in [link["href"] for link in page.all("a")]

    async def test_stories_of_nobody_are_left_out(self, site: Site) -> None:
        await site.desk.publish("It rains", "It rains and rains.")
        assert "It rains" not in check(await site.page()).text


class TestVolume:
    async def test_a_bar_a_day_with_a_table_and_a_link_each(self, site: Site) -> None:
        await site.desk.track("HPE")
        await site.desk.subscribe()
        await site.desk.poll(WIRE)  # what stands in a feed at the first poll is no news
        for _ in range(3):
            await site.desk.publish(names={"HPE": ["HPE"]})
        page = check(await site.page())
        assert "HPE 3 in 28 days" in page.text
        assert "22 Nov 3 not known yet" in page.text
        assert "/stream?entity=HPE&since=2026-11-22&until=2026-11-23" in [link["href"] for link in page.all("a")]

    async def test_no_volume_no_chart(self, site: Site) -> None:
        assert "How much is said" not in check(await site.page()).text


class TestAlertsAndHealth:
    async def test_alerts_with_what_became_of_them(self, site: Site) -> None:
        await site.desk.add_channel("desk", url="https://hooks.example.org/in")
        await site.desk.alert("all HPE", await site.desk.publish(names={"HPE": ["HPE"]}), "desk", "gone")
        await site.desk.attempt("retrying", "the receiver answered 503", again_in=timedelta(minutes=5))
        page = check(await site.page())
        assert "rule all HPE" in page.text
        assert "desk retrying in 5 min" in page.text
        assert "the receiver answered 503" in page.text
        assert "gone not sent" in page.text
        assert "1 delivery waits" in page.text

    async def test_sources_in_trouble_are_counted(self, site: Site) -> None:
        await site.desk.subscribe("Fine")
        await site.desk.subscribe("Broken", "https://broken.example.org/feed")
        await site.desk.poll(WIRE)
        await site.desk.poll_fails("https://broken.example.org/feed", "the server closed the connection")
        assert "2 sources: 1 well, 1 retrying; the next poll" in check(await site.page()).text

    async def test_no_alert_though_there_is_a_channel(self, site: Site) -> None:
        assert "newsvane apply FILE" in check(await site.page()).text
        await site.desk.add_channel("desk", url="https://hooks.example.org/in")
        page = check(await site.page())
        assert "newsvane rules preview NAME" in page.text
        assert "desk webhook works" in page.text


@pytest.mark.parametrize("path", ["/", "/stream"])
async def test_an_empty_newsvane_says_what_to_do(site: Site, path: str) -> None:
    assert "newsvane entities add NAME" in check(await site.page(path)).text
    await site.desk.track("HPE")
    assert "newsvane sources add ADDRESS" in check(await site.page(path)).text
