"""Entities over a real server: the list, a page of one, and changing its definition with a preview."""

from datetime import timedelta

import pytest
import yaml

from service.domain.access import Scope
from service.passwords import hash_password
from service.search import watch_list
from service.store import access, marks
from tests.web.desk import START
from tests.web.html import check
from tests.web.serving import Site

WIDE = "name: HPE\naliases: [HPE, {text: Hewlett, strength: weak}]\nfor: [servers]\nmasks: [HPE Park]\n"


async def definition_of(site: Site, name: str) -> dict[str, object]:
    return next(one for one in await watch_list(site.db, "entities") if one["name"] == name)


async def quietly(site: Site) -> None:
    """A source whose first poll is over: what comes then is news."""
    await site.desk.subscribe()
    await site.desk.poll("https://wire.example.org/feed")


class TestList:
    async def test_those_named_most_come_first_with_their_share(self, site: Site) -> None:
        await quietly(site)
        for name in ("Oracle", "HPE"):
            await site.desk.track(name)
        await site.desk.track("Dell", enabled=False)
        for _ in range(3):
            await site.desk.publish(names={"HPE": ["HPE"]})
        await site.desk.publish("Oracle", "Oracle.", names={"Oracle": ["Oracle"]})
        page = check(await site.page("/entities"))
        assert "75 %" in page.text
        assert page.text.index("HPE HPE") < page.text.index("Oracle Oracle") < page.text.index("Dell switched off")
        assert len(page.all("svg")) == 2

    async def test_nothing_yet(self, site: Site) -> None:
        assert "newsvane entities add NAME" in check(await site.page("/entities")).text


class TestEntity:
    async def test_volume_share_company_and_sources(self, site: Site) -> None:
        await quietly(site)
        await site.desk.track("HPE")
        await site.desk.publish("HPE and Oracle", "HPE, Oracle.", names={"HPE": ["HPE"], "Oracle": ["Oracle"]})
        await site.desk.publish(names={"HPE": ["HPE"]})
        page = check(await site.page("/entities/HPE"))
        assert "2 articles in 28 days, 2 mainly about it, in 2 stories share of voice 66 %, place 1 of 2" in page.text
        assert "Oracle 1 1" in page.text
        assert "The Wire 2" in page.text
        links = [link["href"] for link in page.all("a")]
        assert "/stream?entity=HPE&since=2026-11-22&until=2026-11-23" in links
        assert "/stream?entity=HPE&source=The+Wire" in links

    async def test_marks_tell_how_often_each_name_was_right(self, site: Site) -> None:
        await site.desk.track("HPE")
        for number in range(4):
            saved = await site.desk.publish("HPE plays", "HPE plays football.", names={"HPE": ["HPE"]})
            async with site.db.write() as session:
                await marks.mark(session, saved.mentions[0]["id"], right=number == 0, now=START)
        assert "HPE 1 3 25 %" in check(await site.page("/entities/HPE")).text

    async def test_look_alikes_stand_with_their_reason(self, site: Site) -> None:
        await site.desk.track("Oracle")
        await site.desk.publish("A game", "At Oracle Park.", rejected=[("Oracle", "Oracle Park", "a longer name")])
        assert "Oracle Park a longer name A game" in check(await site.page("/entities/Oracle")).text

    async def test_a_name_with_signs_is_found(self, site: Site) -> None:
        await site.desk.track("AT&T / Bell?")
        link = next(one["href"] for one in check(await site.page("/entities")).all("a") if "Bell" in one["href"])
        assert "AT&T / Bell?" in check(await site.page(link)).text

    async def test_one_that_is_not_tracked(self, site: Site) -> None:
        assert "there is no entity 'Nobody'" in check(await site.page("/entities/Nobody", status=404)).text


class TestForms:
    async def test_a_name_becomes_a_definition_that_can_be_saved(self, site: Site) -> None:
        asked = check(await site.page("/entities/new?name=Oracle"))
        assert "name: Oracle" in asked.text
        text = "name: Oracle\naliases: [Oracle]\n"
        answer = await site.client.post("/entities/new", data={"definition": text})
        assert (answer.status_code, answer.headers["location"]) == (303, "/entities/Oracle")
        assert (await definition_of(site, "Oracle"))["aliases"] == ["Oracle"]

    async def test_adding_replaces_nothing(self, site: Site) -> None:
        await site.desk.track("HPE")
        answer = await site.client.post("/entities/new", data={"definition": WIDE})
        assert answer.status_code == 400
        assert "there is an entity 'HPE' already" in check(answer.text).text

    async def test_an_edit_is_kept_and_a_mistake_changes_nothing(self, site: Site) -> None:
        await site.desk.track("HPE")
        text = await site.page("/entities/HPE/edit")
        assert yaml.safe_load(check(text).inside("textarea", text)[0])["aliases"] == ["HPE"]
        answer = await site.client.post("/entities/HPE/edit", data={"definition": WIDE})
        assert (answer.status_code, answer.headers["location"]) == (303, "/entities/HPE")
        before = await definition_of(site, "HPE")
        assert before["masks"] == ["HPE Park"]
        for wrong in ("name: [", "- a list", "name: HPE\naliases: 7", "name: Other\naliases: [Other]"):
            answer = await site.client.post("/entities/HPE/edit", data={"definition": wrong})
            assert answer.status_code == 400, wrong
            assert check(answer.text).all("textarea")[0].get("aria-invalid") == "true"
        assert await definition_of(site, "HPE") == before

    async def test_a_preview_tells_what_would_be_found_and_saves_nothing(self, site: Site) -> None:
        await site.desk.track("HPE")
        await site.desk.publish("HPE opens", "HPE opens a hall.", names={"HPE": ["HPE"]})
        for number in range(2):
            await site.desk.publish("Hewlett builds", f"Hewlett builds {number} halls.")
        site.desk.time += timedelta(minutes=5)
        before = await definition_of(site, "HPE")
        answer = await site.client.post("/entities/HPE/preview", data={"definition": "name: HPE\naliases: [Hewlett]"})
        assert answer.status_code == 200
        page = check(answer.text)
        assert "30 days 2 now 1" in page.text
        assert "Gained Hewlett builds" in page.text
        assert "Lost HPE opens" in page.text
        assert await definition_of(site, "HPE") == before
        answer = await site.client.post("/entities/HPE/preview", data={"definition": "name: HPE\naliases: 7"})
        assert (answer.status_code, await definition_of(site, "HPE")) == (400, before)

    async def test_switching_off_and_on(self, site: Site) -> None:
        await site.desk.track("HPE")
        for to in ("off", "on"):
            answer = await site.client.post("/entities/HPE/switch", data={"to": to})
            assert (answer.status_code, answer.headers["location"]) == (303, "/entities/HPE")
            assert (await definition_of(site, "HPE"))["enabled"] is (to == "on")

    @pytest.mark.parametrize("path", ["/entities/HPE/edit", "/entities/new", "/entities/HPE/switch"])
    async def test_who_may_only_read_changes_nothing(self, site: Site, path: str) -> None:
        await site.desk.track("HPE")
        async with site.db.write() as session:
            hashed = hash_password("four words make it")
            await access.put_user(session, name="ana", password=hashed, scope=Scope.READ, now=START)
        await site.client.post("/sign-in", data={"name": "ana", "password": "four words make it"})
        before = await definition_of(site, "HPE")
        answer = await site.client.post(path, data={"definition": WIDE, "to": "off"})
        assert (answer.status_code, await definition_of(site, "HPE")) == (403, before)
        assert "Edit and preview" not in check(await site.page("/entities/HPE")).text
