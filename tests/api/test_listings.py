"""What the API answers to what is asked."""

from datetime import timedelta

import pytest

from tests.pipeline.past import define, rescan
from tests.web.desk import WIRE
from tests.web.serving import Site


async def items(site: Site, path: str) -> list[dict[str, object]]:
    answer = await site.get(f"/api/v1/{path}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    listed: list[dict[str, object]] = answer.json()["items"]
    return listed


async def three_articles(site: Site) -> None:
    """HPE alone; Oracle with HPE; nobody."""
    await site.desk.publish("HPE wins a deal", "HPE has won a server deal.", names={"HPE": ["HPE"]})
    await site.desk.publish(
        "Oracle ends talks", "Oracle and HPE talk no more.", names={"Oracle": ["Oracle"], "HPE": ["HPE"]}
    )
    await site.desk.publish("Rain", "It rains in Spain.", source="https://weather.example.org/feed")


class TestMentions:
    async def test_a_line_carries_the_documented_fields_and_the_proof(self, site: Site) -> None:
        await three_articles(site)
        newest = (await items(site, "mentions"))[0]
        documented = {
            "id", "entity", "confidence", "salience", "url", "canonical_url", "title", "source", "language",
            "published_at", "discovered_at", "story", "snippet", "backfilled",
        }  # fmt: skip
        assert documented <= newest.keys()
        assert newest["discovered_at"] == "2026-11-22T08:02:00.000Z"
        assert newest["evidence"] == ["“HPE” is a name that proves itself"]
        assert newest["spans"] == [{"field": "text", "start": 11, "end": 14, "text": "HPE", "alias": "HPE"}]

    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ("", ["HPE", "Oracle", "HPE"]),
            ("entity=Oracle", ["Oracle"]),
            ("q=talks", ["HPE", "Oracle"]),
            ("q=entity:HPE+NOT+talks", ["HPE"]),
            ("since=2026-11-22T08:02:00Z", ["HPE", "Oracle"]),
            ("until=2026-11-22T08:02:00Z", ["HPE"]),
            ("since=30s", []),  # the clock stands at 08:03, a minute after the newest mention
            ("source=The+Wire&entity=Oracle", ["Oracle"]),
            ("source=https://weather.example.org/feed", []),
            ("withdrawn=true", []),
        ],
    )
    async def test_parameters_narrow_down(self, site: Site, asked: str, found: list[str]) -> None:
        await three_articles(site)
        assert [line["entity"] for line in await items(site, f"mentions?{asked}")] == found

    async def test_pages_hold_every_line_once_though_new_ones_arrive(self, site: Site) -> None:
        for number in range(5):
            await site.desk.publish(f"HPE {number}", f"HPE item {number}.", names={"HPE": ["HPE"]})
        titles, cursor = [], ""
        for _ in range(10):
            answer = (await site.get("/api/v1/mentions", params={"limit": 2, "cursor": cursor})).json()
            titles += [line["title"] for line in answer["items"]]
            assert len(answer["items"]) <= 2
            await site.desk.publish("HPE late", "HPE comes late.", names={"HPE": ["HPE"]})
            cursor = answer["next"]
            if cursor is None:
                break
        assert titles == ["HPE 4", "HPE 3", "HPE 2", "HPE 1", "HPE 0"]


class TestArticles:
    async def test_those_without_a_mention_are_listed_too(self, site: Site) -> None:
        await three_articles(site)
        listed = await items(site, "articles?limit=2")
        assert [line["title"] for line in listed] == ["Rain", "Oracle ends talks"]
        assert [line["entities"] for line in listed] == [[], ["Oracle", "HPE"]]

    async def test_one_comes_with_its_mentions_and_what_was_rejected(self, site: Site) -> None:
        saved = await site.desk.publish(
            "HPE in Oracle Park",
            "HPE met fans.",
            names={"HPE": ["HPE"]},
            rejected=[("Oracle", "Oracle", "“Oracle Park” is a ball park")],
        )
        article = (await site.get(f"/api/v1/articles/{saved.mentions[0]['article']}")).json()
        assert [mention["entity"] for mention in article["mentions"]] == ["HPE"]
        assert [(r["entity"], r["reason"]) for r in article["rejected"]] == [("Oracle", "“Oracle Park” is a ball park")]


class TestStories:
    async def test_one_comes_with_its_versions_and_is_listed(self, site: Site) -> None:
        saved = await site.desk.publish("HPE wins", "HPE won an order.", names={"HPE": ["HPE"]})
        await site.desk.publish("Rain", "It rained in Houston.")
        (listed,) = await items(site, "stories?entity=HPE")
        assert (listed["id"], listed["copies"], listed["entities"]) == (saved.story["id"], 1, ["HPE"])
        story = (await site.get(f"/api/v1/stories/{saved.story['id']}")).json()
        assert [version["title"] for version in story["timeline"]] == ["HPE wins"]
        assert [mention["entity"] for mention in story["mentions"]] == ["HPE"]
        assert (await site.get("/api/v1/stories/999")).status_code == 404


class TestAlertsAndDeliveries:
    async def test_an_alert_with_its_deliveries(self, site: Site) -> None:
        await site.desk.add_channel("desk", url="https://hooks.example.org/in")
        saved = await site.desk.publish(names={"HPE": ["HPE"]})
        await site.desk.alert("everything", saved, "desk", "gone")
        (alert,) = await items(site, "alerts?rule=everything&entity=HPE")
        states = {line["channel"]: line["status"] for line in alert["deliveries"]}  # type: ignore[attr-defined]
        assert states == {"desk": "pending", "gone": "suppressed"}
        assert alert["mention_count"] == 1
        assert await items(site, "alerts?rule=another") == []

    async def test_a_delivery_with_what_the_receiver_said(self, site: Site) -> None:
        await site.desk.add_channel("desk", url="https://hooks.example.org/in")
        await site.desk.alert("everything", await site.desk.publish(names={"HPE": ["HPE"]}), "desk")
        await site.desk.attempt("retrying", "the receiver answered 503", again_in=timedelta(minutes=5))
        (line,) = await items(site, "deliveries?status=retrying")
        assert (line["attempts"], line["last_error"]) == (1, "the receiver answered 503")
        delivery = (await site.get(f"/api/v1/deliveries/{line['id']}")).json()
        assert [attempt["excerpt"] for attempt in delivery["attempts_made"]] == ["the receiver answered 503"]
        assert await items(site, "deliveries?status=sent") == []


class TestWatchList:
    async def test_entities_and_rules_as_they_were_written(self, site: Site) -> None:
        await site.desk.track("HPE")
        await site.desk.track("X", enabled=False)
        await site.desk.add_rule("everything", "entity:*", "desk")
        assert [(line["name"], line["enabled"]) for line in await items(site, "entities")] == [
            ("HPE", True),
            ("X", False),
        ]
        assert await items(site, "rules") == [
            {"name": "everything", "query": "entity:*", "channels": ["desk"], "enabled": True, "how": {}, "watch": None}
        ]

    async def test_channels_tell_no_secret(self, site: Site) -> None:
        await site.desk.add_channel(
            "desk",
            url="https://hooks.example.org/T0/s3cret-path",
            secret="s3cret",
            token="s3cret",
            headers={"a": "s3cret"},
        )
        answer = await site.get("/api/v1/channels")
        assert answer.json()["items"][0]["url"] == "https://hooks.example.org/..."
        assert "s3cret" not in answer.text

    async def test_a_source_with_its_last_polls_the_newest_first(self, site: Site) -> None:
        await site.desk.subscribe()
        await site.desk.poll(WIRE)
        await site.desk.poll_fails(WIRE, "no answer in 20 s")
        (source,) = await items(site, "sources")
        assert (source["status"], source["last_error"]) == ("retrying", "no answer in 20 s")
        shown = (await site.get(f"/api/v1/sources/{source['id']}")).json()
        assert [poll["outcome"] for poll in shown["polls"]] == ["connect", "read"]

    async def test_stats_count(self, site: Site) -> None:
        await three_articles(site)
        stats = (await site.get("/api/v1/stats")).json()
        assert (stats["sources"], stats["articles"], stats["mentions"], stats["alerts"]) == (2, 3, 3, 0)


async def test_what_is_withdrawn_and_how_far_rescans_are_can_be_asked(site: Site) -> None:
    await three_articles(site)
    db = site.desk.db
    await define(db, "HPE", masks=["HPE wins", "HPE has won"])
    await rescan(db)
    gone = await items(site, "mentions?withdrawn=true&entity=HPE")
    assert [line["entity"] for line in gone if line["withdrawn_at"] and line["withdrawn_reason"]]
    standing = {line["id"] for line in await items(site, "mentions")}
    assert standing.isdisjoint(line["id"] for line in gone)
    [line] = await items(site, "rescans")
    assert (line["state"], line["done"], line["total"], line["withdrawn"]) == ("done", 3, 3, len(gone))
    assert (await site.get("/api/v1/articles?withdrawn=true")).status_code == 400
