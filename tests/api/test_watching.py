"""The watch list over HTTP: what a file says, one thing at a time, and not over what somebody else changed."""

from typing import Any

import pytest

from tests.api.test_access import KEY, bearing, make_token
from tests.web.serving import Site

API = "/api/v1"
FILE = """
channels: [{name: desk, type: webhook, url: "https://hooks.example.org/in", secret: s3cret-s3cret-s3cret}]
entities: [{name: Vertiv}]
rules: [{name: power, entities: [Vertiv], channels: [desk]}]
sources: [{url: "https://wire.example.org/feed"}]
"""
NOTHING: dict[str, list[str]] = {"added": [], "changed": [], "removed": []}


async def send(site: Site, method: str, path: str, body: object = None, **headers: str) -> Any:
    answer = await site.client.request(
        method, f"{API}/{path}", json=body, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )
    assert answer.status_code < 300, answer.text
    return answer.json()


async def refused(site: Site, method: str, path: str, body: object = None, **headers: str) -> tuple[int, str]:
    answer = await site.client.request(
        method, f"{API}/{path}", json=body, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()["detail"]


async def names(site: Site, noun: str) -> list[str]:
    return [line.get("name") or line["url"] for line in (await send(site, "GET", noun))["items"]]


class TestTheWhole:
    async def test_a_file_is_tried_applied_and_given_back(self, site: Site) -> None:
        tried = await site.client.put(f"{API}/watchlist?dry_run=true", content=FILE)
        assert tried.json()["added"] == [
            "channel desk",
            "source https://wire.example.org/feed",
            "entity Vertiv",
            "rule power",
        ]
        assert await names(site, "rules") == []
        done = await site.client.put(f"{API}/watchlist", content=FILE)
        assert done.json() == tried.json()
        whole = await site.get(f"{API}/watchlist")
        assert "s3cret-s3cret-s3cret" in whole.text
        assert (await site.client.put(f"{API}/watchlist?prune=true", content=whole.text)).json() == NOTHING
        gone = await site.client.put(f"{API}/watchlist?prune=true", content="entities: [{name: Vertiv}]")
        assert sorted(gone.json()["removed"]) == ["channel desk", "rule power", "source https://wire.example.org/feed"]

    async def test_a_file_that_was_changed_meanwhile_is_not_overwritten(self, site: Site) -> None:
        tag = (await site.get(f"{API}/watchlist")).headers["etag"]
        assert (await site.client.put(f"{API}/watchlist", content=FILE, headers={"If-Match": tag})).status_code == 200
        late = await site.client.put(f"{API}/watchlist?prune=true", content="", headers={"If-Match": tag})
        assert (late.status_code, await names(site, "rules")) == (412, ["power"])

    async def test_a_mistake_is_named_with_its_place_and_changes_nothing(self, site: Site) -> None:
        answer = await site.client.put(
            f"{API}/watchlist", content=FILE.replace("entities: [Vertiv]", "query: HPE or X")
        )
        assert answer.status_code == 422
        assert answer.json()["places"] == ["rules[0].query"]
        assert "write OR" in answer.json()["detail"]
        assert await names(site, "channels") == []

    async def test_a_password_in_a_sources_address_is_told_to_nobody(self, site: Site) -> None:
        await send(site, "PUT", "sources", {"url": "https://me:open-sesame@paid.example.org/feed"})
        (line,) = (await send(site, "GET", "sources"))["items"]
        path, shown = f"sources/{line['id']}", "source https://paid.example.org/feed"
        assert line["url"] == "https://paid.example.org/feed"
        assert await send(site, "PATCH", path, {"enabled": False}) == {**NOTHING, "changed": [shown]}
        assert await send(site, "PATCH", path, {"tags": ["paid"]}) == {**NOTHING, "changed": [shown]}
        assert await send(site, "DELETE", path) == {**NOTHING, "removed": [shown]}

    async def test_only_an_administrator_sees_secrets(self, site: Site) -> None:
        await make_token(site)
        assert (await site.get(f"{API}/watchlist", headers=bearing(KEY))).status_code == 403
        answer = await site.client.put(f"{API}/watchlist", content=FILE, headers=bearing(KEY))
        assert answer.status_code == 403
        assert "this needs the scope write" in answer.json()["detail"]


class TestOneThing:
    async def test_a_name_alone_makes_an_entity_and_another_definition_does_not_replace_it(self, site: Site) -> None:
        assert (await send(site, "POST", "entities", {"name": "Vertiv"}))["added"] == ["entity Vertiv"]
        assert await send(site, "POST", "entities", {"name": "Vertiv"}) == NOTHING
        status, detail = await refused(site, "POST", "entities", {"name": "Vertiv", "aliases": ["Vertiv Holdings"]})
        assert (status, "already, defined otherwise" in detail) == (409, True)
        assert (await send(site, "PUT", "entities/Vertiv", {"aliases": ["Vertiv Holdings"]}))["changed"] == [
            "entity Vertiv"
        ]
        assert (await send(site, "GET", "entities/Vertiv"))["aliases"] == ["Vertiv Holdings"]

    async def test_names_may_hold_what_addresses_use(self, site: Site) -> None:
        name = "R&D / 50% of ¿?"
        path = "rules/R%26D%20%2F%2050%25%20of%20%C2%BF%3F"
        await send(site, "PUT", path, {"query": "entity:*"})
        assert await names(site, "rules") == [name]
        assert (await send(site, "DELETE", path))["removed"] == [f"rule {name}"]

    async def test_a_change_is_merged_and_null_takes_away(self, site: Site) -> None:
        await send(site, "PUT", "rules/r", {"query": "entity:HPE", "digest": "daily 08:00", "priority": "high"})
        assert (await send(site, "PATCH", "rules/r", {"digest": None, "query": "entity:*"}))["changed"] == ["rule r"]
        rule = await send(site, "GET", "rules/r")
        assert (rule["query"], rule["how"]) == ("entity:*", {"priority": "high"})
        assert (await refused(site, "PATCH", "rules/r", {"name": "s"}))[0] == 422

    async def test_switching_keeps_the_secret_that_nobody_sees(self, site: Site) -> None:
        await site.client.put(f"{API}/watchlist", content=FILE)
        await send(site, "PATCH", "channels/desk", {"enabled": False})
        shown = await send(site, "GET", "channels/desk")
        assert (shown["enabled"], shown["secret"]) == (False, "***")
        await send(site, "PATCH", "channels/desk", {"url": "https://hooks.example.org/other"})
        assert "s3cret-s3cret-s3cret" in (await site.get(f"{API}/watchlist")).text

    async def test_a_source_by_its_number(self, site: Site) -> None:
        await send(site, "PUT", "sources", {"url": "https://wire.example.org/feed", "tags": ["press"]})
        (source,) = (await send(site, "GET", "sources"))["items"]
        await send(site, "PATCH", f"sources/{source['id']}", {"interval": "5m", "enabled": False})
        shown = await send(site, "GET", f"sources/{source['id']}")
        assert (shown["interval"], shown["enabled"], shown["tags"]) == (300, False, ["press"])
        await send(site, "DELETE", f"sources/{source['id']}")
        assert await names(site, "sources") == []

    async def test_a_channel_that_a_rule_uses_stays(self, site: Site) -> None:
        await site.client.put(f"{API}/watchlist", content=FILE)
        status, detail = await refused(site, "DELETE", "channels/desk")
        assert (status, detail) == (409, "rule 'power' sends to 'desk'; change the rule first")

    async def test_what_was_read_is_what_is_changed(self, site: Site) -> None:
        for noun, body in {
            "entities": {"aliases": ["Vertiv"]},
            "rules": {"query": "entity:*"},
            "channels": {"type": "webhook", "url": "https://hooks.example.org/in"},
        }.items():
            path = f"{noun}/Vertiv"
            assert (await refused(site, "PUT", path, body, If_Match="*"))[0] == 412
            await send(site, "PUT", path, body, If_None_Match="*")
            assert (await refused(site, "PUT", path, body, If_None_Match="*"))[0] == 412
            tag = (await site.get(f"{API}/{path}")).headers["etag"]
            await send(site, "PATCH", path, {"enabled": False}, If_Match=tag)
            status, detail = await refused(site, "DELETE", path, If_Match=tag)
            assert (status, "it has changed since it was read" in detail) == (412, True)
            assert await names(site, noun) == ["Vertiv"]

    @pytest.mark.parametrize(
        ("method", "path", "body", "status", "said"),
        [
            ("GET", "rules/none", None, 404, "there is no rule 'none'; GET /api/v1/rules lists them"),
            ("DELETE", "entities/none", None, 404, "there is no entity 'none'; GET /api/v1/entities lists them"),
            ("PATCH", "rules/none", {"enabled": False}, 404, "there is no rule 'none'"),
            ("DELETE", "sources/7", None, 404, "there is no source 7; GET /api/v1/sources lists them"),
            ("PUT", "rules/r", {"query": "entity:*", "channel": []}, 422, "unknown key 'channel'; use"),
            ("PUT", "rules/r", {"query": "entity:*", "name": "s"}, 409, "a rule keeps its name"),
            ("PUT", "rules/r", {"query": "a", "channels": ["none"]}, 422, "there is no channel 'none'"),
            ("PUT", "sources", {"tags": []}, 422, "url: is missing"),
            ("PUT", "sources", {"url": "gopher://x"}, 422, "is no http or https address"),
            ("PUT", "entities/a%00b", {}, 400, "holds a NUL character"),
            ("PUT", "entities/a", [], 400, "Input should be a valid dictionary"),
        ],
    )
    async def test_mistakes_say_the_mend(
        self, site: Site, method: str, path: str, body: object, status: int, said: str
    ) -> None:
        found, detail = await refused(site, method, path, body)
        assert (found, said in detail) == (status, True), detail

    async def test_half_a_pair_is_no_text(self, site: Site) -> None:
        body, headers = b'{"aliases": ["\\ud800"]}', {"Content-Type": "application/json"}
        answer = await site.client.put(f"{API}/entities/a", content=body, headers=headers)
        assert (answer.status_code, "half a pair" in answer.json()["detail"]) == (422, True)
