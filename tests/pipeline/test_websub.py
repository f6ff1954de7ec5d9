"""A hub on loopback, our callback on a real port, and the steps between: from discovery to the pushed article."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from service.store import pushes, sources, watchlist
from service.store.pushes import MOST_WAITING
from tests.pipeline.pushing import PUBLIC_URL, Scene, open_scene, rss
from tests.pipeline.site import Site
from tests.pipeline.tools import Tools
from tests.store.steps import add_source, count, lease, row, rows

HOUR = timedelta(hours=1)


@pytest.fixture
async def scene(tools: Tools, site: Site) -> AsyncIterator[Scene]:
    async with open_scene(tools, site) as opened:
        yield opened


async def switch(scene: Scene, *, enabled: bool) -> None:
    async with scene.tools.db.write() as session:
        await watchlist.set_enabled(session, "source", scene.topic, enabled=enabled)
        await watchlist.touch(session)


async def remove(scene: Scene) -> None:
    async with scene.tools.db.write() as session:
        await watchlist.remove(session, "source", [scene.topic])
        await watchlist.touch(session)


class TestSubscribing:
    async def test_a_feed_that_names_a_hub_is_subscribed_to(self, scene: Scene) -> None:
        await scene.subscribed()
        (asked,) = scene.hub.asked
        assert (asked["hub.mode"], asked["hub.topic"]) == ("subscribe", scene.topic)
        assert asked["hub.callback"].startswith(f"{PUBLIC_URL}/websub/unguessable-")
        assert asked["hub.secret"] not in asked["hub.callback"]
        assert scene.hub.verdicts == [("subscribe", 200, True)]
        known = await row(scene.tools.db, "subscriptions")
        assert known.good_until == scene.tools.now + timedelta(seconds=scene.hub.lease)
        assert await scene.ask() == 0, "it is asked again only when the lease nears its end"

    async def test_the_links_of_the_answer_go_before_those_of_the_feed(self, scene: Scene) -> None:
        await add_source(scene.tools.db, scene.topic)
        scene.publish(1)
        answer = scene.site.answers["/feed"]
        scene.site.says("/feed", answer.body, type=answer.type, Link=f'<{scene.hub.url}>; rel=hub, </t>; rel="self"')
        await scene.poll()
        assert (await row(scene.tools.db, "subscriptions")).topic == scene.site.url("/t")

    async def test_without_a_public_address_nobody_is_asked(self, scene: Scene) -> None:
        await add_source(scene.tools.db, scene.topic)
        scene.publish(1)
        await scene.tools.poll()
        assert await count(scene.tools.db, "subscriptions") == [0]

    async def test_a_hub_may_verify_before_it_answers(self, scene: Scene) -> None:
        scene.hub.inline = True
        await scene.subscribed()
        known = await row(scene.tools.db, "subscriptions")
        assert (known.failures, known.awaiting, known.lease_token) == (0, None, None)

    async def test_a_lease_is_renewed_before_it_ends(self, scene: Scene) -> None:
        scene.hub.lease = 3600
        await scene.subscribed()
        scene.tools.later(minutes=47)
        assert await scene.ask() == 0
        scene.tools.later(minutes=2)
        assert await scene.ask() == 1
        known = await row(scene.tools.db, "subscriptions")
        assert known.good_until == scene.tools.now + HOUR
        assert scene.hub.asked[0] == scene.hub.asked[1], "one callback and one secret for all its life"

    async def test_a_hub_that_forgets_a_lease_is_asked_again(self, scene: Scene) -> None:
        scene.hub.lease = 3600
        await scene.subscribed()
        scene.hub.subscribers.clear()
        scene.tools.later(minutes=50)
        await scene.ask()
        assert len(scene.hub.subscribers) == 1

    async def test_another_hub_takes_over_and_the_old_one_is_told(self, scene: Scene) -> None:
        await scene.subscribed()
        scene.tools.later(hours=7)
        scene.site.says("/feed", scene.publish(2).decode().replace(scene.topic, scene.topic + "?new"), type="text/xml")
        await scene.poll()
        assert [known.state for known in await rows(scene.tools.db, "subscriptions")] == ["leaving", "new"]
        assert await scene.ask() == 2
        known = await row(scene.tools.db, "subscriptions")
        assert (known.state, known.topic) == ("active", scene.topic + "?new")
        assert list(scene.hub.subscribers) == [(known.topic, f"{PUBLIC_URL}/websub/{known.path}")]

    async def test_a_feed_that_names_no_hub_any_more_is_left(self, scene: Scene) -> None:
        await scene.subscribed()
        scene.tools.later(hours=7)
        scene.publish(2, hub=False)
        await scene.poll()
        await scene.ask()
        assert (scene.hub.subscribers, await count(scene.tools.db, "subscriptions")) == ({}, [0])

    async def test_a_new_public_address_renews_what_names_the_old_one(self, scene: Scene) -> None:
        await scene.subscribed()
        async with scene.tools.db.write() as session:
            known = (await session.get(type(await row(scene.tools.db, "subscriptions")), 1)) or pytest.fail("none")
            known.base = "https://old.example/websub/"
        scene.tidied.version = None  # as after a restart
        assert await scene.ask() == 1
        assert scene.hub.asked[-1]["hub.callback"].startswith(f"{PUBLIC_URL}/websub/")
        assert (await row(scene.tools.db, "subscriptions")).base == scene.callback.base


class TestHubsInTrouble:
    @pytest.mark.parametrize(
        ("status", "wait", "said"),
        [
            (500, timedelta(minutes=1), "The hub answered 500"),
            (0, timedelta(minutes=1), "127.0.0.1"),  # it hangs up
            (410, HOUR, "The hub answered 410"),
            (403, HOUR, "The hub answered 403"),
        ],
    )
    async def test_it_is_asked_again_later_and_polling_goes_on(
        self, scene: Scene, status: int, wait: timedelta, said: str
    ) -> None:
        scene.hub.status = status
        await add_source(scene.tools.db, scene.topic)
        scene.publish(1)
        await scene.poll()
        assert await scene.ask() == 1
        known = await row(scene.tools.db, "subscriptions")
        assert (known.state, known.failures, known.next_try_at) == ("new", 1, scene.tools.now + wait)
        assert said in known.last_error
        assert await scene.ask() == 0
        scene.tools.later(minutes=5)
        scene.publish(1, 2)
        assert await scene.poll() == 1
        assert await count(scene.tools.db, "articles") == [2]
        scene.hub.status = 202
        scene.tools.later(hours=1)
        await scene.ask()
        known = await row(scene.tools.db, "subscriptions")
        assert (known.state, known.failures, known.last_error) == ("active", 0, None)

    async def test_its_other_topics_wait_for_it(self, scene: Scene) -> None:
        """One dead hub of many feeds costs few requests."""
        scene.hub.status, scene.hub.headers = 503, {"Retry-After": "300"}
        body = scene.publish(1).decode()
        for number in range(3):
            scene.site.says(f"/{number}", body.replace(scene.topic, scene.site.url(f"/{number}")), type="text/xml")
            await add_source(scene.tools.db, scene.site.url(f"/{number}"))
        await scene.poll()
        assert await scene.ask(limit=1) == 1
        later = scene.tools.now + timedelta(minutes=5)
        assert [known.next_try_at for known in await rows(scene.tools.db, "subscriptions")] == [later] * 3
        assert await scene.ask() == 0

    async def test_one_that_never_verifies(self, scene: Scene) -> None:
        scene.hub.verifies = False
        await add_source(scene.tools.db, scene.topic)
        scene.publish(1)
        await scene.poll()
        await scene.ask()
        known = await row(scene.tools.db, "subscriptions")
        assert (known.state, known.next_try_at) == ("asked", scene.tools.now + timedelta(minutes=10))
        scene.hub.verifies = True
        scene.tools.later(minutes=10)
        await scene.ask()
        assert (await row(scene.tools.db, "subscriptions")).state == "active"

    async def test_one_that_denies_is_asked_again_after_a_day(self, scene: Scene) -> None:
        scene.hub.denies = "Not this\nfeed."
        await add_source(scene.tools.db, scene.topic)
        scene.publish(1)
        await scene.poll()
        await scene.ask()
        known = await row(scene.tools.db, "subscriptions")
        assert (known.state, known.last_error) == ("denied", "Not this feed.")
        assert known.next_try_at == scene.tools.now + timedelta(days=1)
        scene.hub.denies = None
        scene.tools.later(days=1)
        await scene.ask()
        assert (await row(scene.tools.db, "subscriptions")).state == "active"

    async def test_one_that_denies_later_ends_the_reliance(self, scene: Scene) -> None:
        await scene.subscribed()
        await scene.push(scene.publish(2))
        await scene.read_pushes()
        assert (await row(scene.tools.db, "sources")).relied_until is not None
        ((topic, callback),) = scene.hub.subscribers
        assert await scene.hub.ask(callback, {"hub.mode": "denied", "hub.topic": topic}) == (200, "")
        assert (await row(scene.tools.db, "sources")).relied_until is None
        assert (await row(scene.tools.db, "subscriptions")).state == "denied"


class TestLeaving:
    @pytest.mark.parametrize("leave", ["switched off", "removed"])
    async def test_the_hub_is_told(self, scene: Scene, leave: str) -> None:
        await scene.subscribed()
        await (switch(scene, enabled=False) if leave == "switched off" else remove(scene))
        assert await scene.ask() == 1
        assert scene.hub.asked[-1]["hub.mode"] == "unsubscribe"
        assert scene.hub.verdicts[-1] == ("unsubscribe", 200, True)
        assert (scene.hub.subscribers, await count(scene.tools.db, "subscriptions")) == ({}, [0])

    async def test_what_it_still_pushes_is_refused_for_good(self, scene: Scene) -> None:
        scene.hub.lease = 86_400
        await scene.subscribed()
        await switch(scene, enabled=False)
        scene.hub.status = 500
        await scene.ask()
        assert await scene.push(scene.publish(2)) == [410]
        assert scene.hub.subscribers == {}

    async def test_a_hub_that_does_not_care_is_forgotten_after_three_tries(self, scene: Scene) -> None:
        await scene.subscribed()
        await remove(scene)
        scene.hub.status = 500
        tries = 0
        for _ in range(10):
            tries += await scene.ask()
            scene.tools.later(hours=1)
        assert tries == 3
        assert await count(scene.tools.db, "subscriptions") == [0]

    async def test_one_that_was_never_asked_is_not_told(self, scene: Scene) -> None:
        await add_source(scene.tools.db, scene.topic)
        scene.publish(1)
        await scene.poll()
        await remove(scene)
        assert await scene.ask() == 0
        assert (scene.hub.asked, await count(scene.tools.db, "subscriptions")) == ([], [0])

    async def test_a_source_that_is_switched_on_again_is_subscribed_again(self, scene: Scene) -> None:
        await scene.subscribed()
        await switch(scene, enabled=False)
        scene.hub.status = 500
        await scene.ask()
        await switch(scene, enabled=True)
        scene.hub.status = 202
        await scene.ask()
        assert (await row(scene.tools.db, "subscriptions")).state == "active"


class TestFatPushes:
    async def test_pushed_items_become_articles_as_polled_ones_do(self, scene: Scene) -> None:
        await scene.subscribed(1)
        polled = await row(scene.tools.db, "sources")
        assert await scene.push(rss(scene.site, 2, 1)) == [202]
        assert scene.kicks == [None]
        assert await scene.read_pushes() == 1
        first, second = await rows(scene.tools.db, "articles")
        assert (second.url, second.title, second.feed_text) == (scene.site.url("/2"), "HPE item 2", "HPE said 2.")
        assert (second.source, second.baseline) == (first.source, False)
        source = await row(scene.tools.db, "sources")
        assert source.body_hash == polled.body_hash, "which belongs to an answer to a request"
        poll = (await rows(scene.tools.db, "polls"))[-1]
        assert (poll.outcome, poll.entries, poll.new_articles) == ("pushed", 2, 1)
        assert await count(scene.tools.db, "pushes") == [0]

    async def test_every_method_of_signing_is_taken(self, scene: Scene) -> None:
        await scene.subscribed(1)
        for number, method in enumerate(["sha1", "sha256", "sha384", "sha512"], start=2):
            scene.hub.method = method
            await scene.push(rss(scene.site, number))
        assert await scene.read_pushes() == 4
        assert await count(scene.tools.db, "articles") == [5]

    async def test_the_poll_after_a_push_finds_nothing_new(self, scene: Scene) -> None:
        await scene.subscribed(1)
        body = scene.publish(2, 1)
        await scene.push(body)
        await scene.read_pushes()
        scene.tools.later(hours=6)
        assert await scene.poll() == 1
        assert await count(scene.tools.db, "articles", "entries") == [2, 2]
        poll = (await rows(scene.tools.db, "polls"))[-1]
        assert (poll.outcome, poll.new_articles, poll.entries) == ("read", 0, 2)

    async def test_polls_are_rare_while_pushes_come_and_as_before_when_one_is_missed(self, scene: Scene) -> None:
        """The source's rhythm is not known: five minutes by the settings, so fifty with pushes."""
        await scene.subscribed(1)
        polled_at = scene.tools.now
        scene.tools.later(minutes=2)
        await scene.push(scene.publish(2, 1))
        await scene.read_pushes()
        source = await row(scene.tools.db, "sources")
        assert source.next_poll_at == polled_at + timedelta(minutes=50)
        assert source.due_because.startswith("its hub pushes what is new (WebSub)")
        scene.tools.later(minutes=48)
        assert await scene.poll() == 1
        assert (await row(scene.tools.db, "sources")).next_poll_at > scene.tools.now + timedelta(minutes=40)
        scene.publish(3, 2, 1)  # and nobody pushes it
        scene.tools.later(hours=6)
        assert await scene.poll() == 1
        source = await row(scene.tools.db, "sources")
        assert source.relied_until is None
        assert source.next_poll_at <= scene.tools.now + timedelta(minutes=11)
        assert "too few times" in source.due_because, "the rule that holds without pushes"

    async def test_the_first_poll_after_the_lease_has_ended_is_as_before(self, scene: Scene) -> None:
        scene.hub.lease = 3600
        await scene.subscribed(1)
        await scene.push(scene.publish(2, 1))
        await scene.read_pushes()
        scene.tools.later(minutes=61)
        assert await scene.poll() == 1
        wait = (await row(scene.tools.db, "sources")).next_poll_at - scene.tools.now
        assert wait <= timedelta(minutes=11)

    async def test_a_push_while_the_source_is_polled(self, scene: Scene) -> None:
        """Neither undoes what the other has written."""
        await scene.subscribed(1)
        scene.tools.later(minutes=5)
        (claimed,) = await sources.claim_due(scene.tools.db, limit=1, now=scene.tools.now, lease=lease(scene.tools.now))
        await scene.push(scene.publish(2, 1))
        await scene.read_pushes()
        await scene.tools.poll_step(scene.new_secret)(claimed)
        assert await count(scene.tools.db, "articles", "entries") == [2, 2]
        source = await row(scene.tools.db, "sources")
        assert (source.status, source.lease_token) == ("ok", None)
        assert source.relied_until is not None

    async def test_a_replay_changes_nothing(self, scene: Scene) -> None:
        await scene.subscribed(1)
        body = rss(scene.site, 2)
        assert await scene.push(body) + await scene.push(body) == [202, 202]
        assert await scene.read_pushes() == 1, "it waits once"
        assert await scene.push(body) == [202]
        assert await scene.read_pushes() == 0, "it was the last one"
        await scene.push(rss(scene.site, 3))
        assert await scene.read_pushes() == 1
        await scene.push(body)
        assert await scene.read_pushes() == 1, "an older one: all that it holds is known"
        assert await count(scene.tools.db, "articles", "entries") == [3, 3]

    async def test_a_hub_that_floods_is_polled_instead(self, scene: Scene) -> None:
        await scene.subscribed(1)
        scene.tools.later(minutes=1)
        for number in range(MOST_WAITING + 5):
            assert await scene.push(rss(scene.site, 100 + number)) == [202]
        assert await scene.read_pushes() == MOST_WAITING + 1
        assert (await row(scene.tools.db, "sources")).pinged_at == scene.tools.now

    async def test_a_push_for_a_source_that_was_switched_off_meanwhile_is_dropped(self, scene: Scene) -> None:
        await scene.subscribed(1)
        await scene.push(rss(scene.site, 2))
        await switch(scene, enabled=False)
        assert await scene.read_pushes() == 1
        assert await count(scene.tools.db, "articles", "pushes") == [1, 0]

    async def test_a_push_whose_worker_died_is_read_by_another(self, scene: Scene) -> None:
        await scene.subscribed(1)
        await scene.push(rss(scene.site, 2))
        db, now = scene.tools.db, scene.tools.now
        assert len(await pushes.claim_due(db, limit=9, now=now, lease=lease(now))) == 1
        assert await scene.read_pushes() == 0
        scene.tools.later(minutes=5)
        assert await scene.read_pushes() == 1
        assert await count(db, "articles") == [2]

    async def test_what_cannot_be_read_for_a_day_is_left_to_polling(self, scene: Scene) -> None:
        await scene.subscribed(1)
        await scene.push(rss(scene.site, 2))
        scene.tools.later(days=1)
        assert await scene.read_pushes() == 0
        assert await pushes.forget_old(scene.tools.db, now=scene.tools.now) == 1


class TestThinPushes:
    @pytest.mark.parametrize(
        ("body", "kind"),
        [
            (b"", "application/rss+xml"),
            (b" \n", "text/plain"),
            (b"there is news", "text/plain"),
            (b'{"news": true}', "application/json"),
            (b"<html><title>Hello</title></html>", "text/html"),
        ],
    )
    async def test_what_is_no_feed_is_a_hint_to_poll_at_once(self, scene: Scene, body: bytes, kind: str) -> None:
        await scene.subscribed(1)
        scene.publish(2, 1)
        scene.tools.later(minutes=1)
        assert await scene.poll() == 0
        assert await scene.push(body, kind=kind) == [202]
        assert await scene.read_pushes() == 1
        assert await scene.poll() == 1
        assert await count(scene.tools.db, "articles") == [2]

    async def test_a_hint_during_a_poll_is_not_lost(self, scene: Scene) -> None:
        """The feed may have been sent before the item was in it."""
        await scene.subscribed(1)
        scene.tools.later(minutes=5)
        db, now = scene.tools.db, scene.tools.now
        (claimed,) = await sources.claim_due(db, limit=1, now=now, lease=lease(now))
        await scene.push(b"")
        await scene.read_pushes()
        await scene.tools.poll_step(scene.new_secret)(claimed)
        scene.publish(2, 1)
        scene.tools.later(seconds=10)
        assert await scene.poll() == 1
        assert await count(db, "articles") == [2]
        assert (await row(db, "sources")).next_poll_at > scene.tools.now + timedelta(minutes=4), "once"

    async def test_polls_are_rare_while_hints_come_and_as_before_when_one_is_missed(self, scene: Scene) -> None:
        await scene.subscribed(1)
        for numbers in ((2, 1), (3, 2, 1)):
            scene.publish(*numbers)
            scene.tools.later(minutes=10)
            await scene.push(b"")
            await scene.read_pushes()
            assert await scene.poll() == 1
            source = await row(scene.tools.db, "sources")
            assert source.relied_until is not None, "the poll that was called for misses nothing"
            assert source.next_poll_at > scene.tools.now + timedelta(minutes=40)
        scene.publish(4, 3, 2, 1)  # and nobody says so
        scene.tools.later(hours=6)
        assert await scene.poll() == 1
        assert (await row(scene.tools.db, "sources")).relied_until is None

    async def test_hints_make_no_hot_loop(self, scene: Scene) -> None:
        await scene.subscribed(1)
        polls = 0
        for _ in range(30):
            scene.tools.later(seconds=1)
            await scene.push(b"")
            await scene.read_pushes()
            polls += await scene.poll()
        assert polls == 3

    async def test_a_source_that_asked_us_to_wait_is_not_polled_because_of_a_hint(self, scene: Scene) -> None:
        await scene.subscribed(1)
        scene.site.says("/feed", "busy", 503, Retry_After="3600")
        scene.tools.later(minutes=5)
        await scene.poll()
        scene.tools.later(minutes=5)
        await scene.push(b"")
        assert await scene.read_pushes() == 1
        assert await scene.poll() == 0
