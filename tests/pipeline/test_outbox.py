"""The outbox under trouble: order, fair shares, channels that are switched off and come back, and who is told."""

import asyncio
import json
from datetime import timedelta

import pytest

from service.bootstrap import Settings, delivery_lane
from service.domain.alerting import AlertDraft
from service.domain.health import PATIENCE
from service.domain.retry import WAITS
from service.domain.sending import Attempt
from service.pipeline.deliver import Deliver
from service.pipeline.recorder import Recorder
from service.search import one, watch_list
from service.store import alerts, deliveries, outbox, turns, watchlist
from service.store.claims import Lease
from service.store.tables import DeliveryRow, StoryRow
from tests.pipeline.site import Site
from tests.pipeline.tools import Tools
from tests.store.steps import NOW, add_channel, add_rule, lease, row, rows

GENEROUS = 20
"""Seconds. Ends a hang, decides nothing."""


async def add_story(tools: Tools) -> int:
    async with tools.db.write() as session:
        story = StoryRow(title="A deal", created_at=NOW)
        session.add(story)
        await session.flush()
        return story.id


async def raise_alert(tools: Tools, key: str, *channels: str, story: int | None = None) -> str:
    about = {"id": story, "title": "A deal", "url": "https://n.example"} if story else None
    draft = AlertDraft("rule", "mention", channels, key, key, "https://n.example", "why", ("HPE",), about, ())
    async with tools.db.write() as session:
        raised = await alerts.raise_alert(session, draft, [], now=tools.now, new_id=tools.new_id)
    assert raised is not None
    return raised


def titles(site: Site, path: str) -> list[str]:
    return [json.loads(body)["data"]["title"] for at, body, _ in site.received if at == path]


# Order


async def test_an_alert_does_not_overtake_an_earlier_one_of_its_story(tools: Tools, site: Site) -> None:
    await add_channel(tools.db, "hook", url=site.says("/hook", "busy", 503))
    await add_channel(tools.db, "other", url=site.says("/other"))
    story, another = await add_story(tools), await add_story(tools)
    await raise_alert(tools, "first", "hook", story=story)
    await tools.deliver()
    tools.later(seconds=1)
    await raise_alert(tools, "second", "hook", "other", story=story)
    await raise_alert(tools, "third", "hook", story=story)
    await raise_alert(tools, "elsewhere", "hook", story=another)
    await raise_alert(tools, "alone", "hook")
    await tools.deliver()
    assert titles(site, "/other") == ["second"], "another channel does not wait"
    assert sorted(titles(site, "/hook")) == ["alone", "elsewhere", "first"], "nor do other stories"
    site.says("/hook")
    site.received.clear()
    for _ in range(4):
        tools.later(minutes=10)
        await tools.deliver()
    assert [title for title in titles(site, "/hook") if title in {"first", "second", "third"}] == [
        "first",
        "second",
        "third",
    ]
    assert {delivery.status for delivery in await rows(tools.db, "deliveries")} == {"sent"}


async def test_a_dead_letter_lets_the_next_one_pass(tools: Tools, site: Site) -> None:
    await add_channel(tools.db, "hook", url=site.says("/hook", "", 301))
    story = await add_story(tools)
    await raise_alert(tools, "first", "hook", story=story)
    await raise_alert(tools, "second", "hook", story=story)
    shown = await one(tools.db, "delivery", (await rows(tools.db, "deliveries"))[1].id)
    assert shown is not None
    assert shown["waits_behind"] == (await rows(tools.db, "deliveries"))[0].id
    assert await tools.deliver() == 1
    site.says("/hook")
    assert await tools.deliver() == 1
    assert titles(site, "/hook") == ["first", "second"]
    assert [delivery.status for delivery in await rows(tools.db, "deliveries")] == ["dead", "sent"]


async def test_nobody_waits_for_ever_behind_one_that_is_gone(tools: Tools, site: Site) -> None:
    """On PostgreSQL one may end, or be deleted, while the next lines up behind it."""
    await add_channel(tools.db, "hook", url=site.says("/hook"))
    await raise_alert(tools, "first", "hook")
    async with tools.db.write() as session:
        delivery = await session.get(DeliveryRow, (await row(tools.db, "deliveries")).id)
        assert delivery is not None
        delivery.behind = "dlv_that_is_gone"
    assert await tools.deliver() == 0
    async with tools.db.write() as session:
        assert await turns.catch_up(session) == 1
        assert await turns.catch_up(session) == 0
    assert await tools.deliver() == 1


async def test_who_lined_up_behind_one_that_was_ending_is_let_go(tools: Tools, site: Site) -> None:
    """On PostgreSQL the second sees the first as it was before its end was committed. On SQLite it comes afterwards."""
    await add_channel(tools.db, "hook", url=site.says("/hook"))
    story = await add_story(tools)
    await raise_alert(tools, "first", "hook", story=story)
    [job] = await deliveries.claim_due(tools.db, limit=1, now=tools.now, lease=lease(tools.now))
    sent = Attempt("sent", tools.now, 204, "", 1)
    tools.later(seconds=1)
    async with tools.db.write() as ending:
        await deliveries.record_attempts(ending, [(job, sent)], new_id=tools.new_id)
        if not tools.db.is_sqlite:
            await raise_alert(tools, "second", "hook", story=story)
    if tools.db.is_sqlite:
        await raise_alert(tools, "second", "hook", story=story)
    stuck = 0 if tools.db.is_sqlite else 1
    async with tools.db.write() as session:
        assert await turns.catch_up(session, since=tools.now + timedelta(seconds=1)) == 0
        assert await turns.catch_up(session, since=tools.now) == stuck
    assert await tools.deliver() == 1
    assert titles(site, "/hook") == ["second"]


async def test_who_waits_rightly_goes_on_waiting(tools: Tools, site: Site) -> None:
    await add_channel(tools.db, "hook", url=site.says("/hook"))
    story = await add_story(tools)
    await raise_alert(tools, "first", "hook", story=story)
    await raise_alert(tools, "second", "hook", story=story)
    async with tools.db.write() as session:
        assert await turns.catch_up(session) == 0
        assert await turns.catch_up(session, since=NOW) == 0
    assert await tools.deliver() == 1


# Fair shares


async def test_a_slow_receiver_takes_no_place_from_another(tools: Tools, site: Site) -> None:
    """Both slow ones fill all places there are; what is due over the third channel is sent all the same."""
    for name in ("slow", "sleepy", "fast"):
        await add_channel(tools.db, name, url=site.says(f"/{name}"))
    site.silent |= {"/slow", "/sleepy"}
    for number in range(6):
        await raise_alert(tools, f"{number}", "slow", "sleepy")
    settings = Settings(delivery_concurrency=4, channel_concurrency=3)
    lane = delivery_lane(settings, tools.db, tools.open_channel, tools.clock)
    lane.kick()
    try:
        await asyncio.wait_for(site.reached.wait(), GENEROUS)
        for number in range(6):
            await raise_alert(tools, f"news {number}", "fast")
        for _ in range(2000):
            lane.kick()
            await asyncio.sleep(0.01)
            under_way = sorted(job.channel_name for job in lane.jobs)
            if len(site.received) == 6 and "fast" not in under_way:
                break
        assert [path for path, _, _ in site.received] == ["/fast"] * 6
        assert under_way == ["sleepy", "sleepy", "slow", "slow"], "all places are theirs, and no more than those"
    finally:
        await lane.drain(0)


async def test_a_claim_gives_every_channel_its_turn(tools: Tools) -> None:
    for name in ("big", "small"):
        await add_channel(tools.db, name)
    for number in range(8):
        await raise_alert(tools, f"{number}", "big")
    tools.later(minutes=1)
    await raise_alert(tools, "late", "small")

    async def claim(limit: int, each: int, **running: int) -> list[str]:
        token = Lease(tools.new_id(), tools.now + timedelta(minutes=5))
        jobs = await deliveries.claim_due(tools.db, limit=limit, now=tools.now, lease=token, each=each, running=running)
        for job in jobs:
            await deliveries.release_claim(tools.db, job)
        return sorted(job.channel_name for job in jobs)

    assert await claim(4, 10) == ["big", "big", "big", "small"]
    assert await claim(9, 3) == ["big", "big", "big", "small"]
    assert await claim(9, 3, big=2) == ["big", "small"]
    assert await claim(9, 3, big=3) == ["small"]
    assert await claim(0, 3, big=3) == ["small"], "the first of a channel comes beyond the limit"
    assert await claim(0, 3, big=3, small=1) == []


# What is under way is left alone


async def test_what_is_being_sent_is_not_sent_a_second_time(tools: Tools, site: Site) -> None:
    await add_channel(tools.db, "hook", url=site.says("/hook"))
    alert = await raise_alert(tools, "first", "hook")
    (job,) = await deliveries.claim_due(tools.db, limit=1, now=tools.now, lease=lease(tools.now))
    async with tools.db.write() as session:
        assert await outbox.retry(session, job.id, now=tools.now) == "under way"
        assert await outbox.retry_channel(session, "hook", ["dead"], now=tools.now) == 0
        again = await outbox.resend(session, alert, now=tools.now, new_id=tools.new_id)
        assert again == outbox.Resent(due=0, under_way=1)
    await Deliver(Recorder(tools.db, tools.new_id), tools.open_channel, tools.clock, lambda: 0.0)(job)
    assert await tools.deliver() == 0
    assert len(site.received) == 1
    assert (await row(tools.db, "deliveries")).status == "sent"


async def test_a_retry_of_what_has_not_ended_keeps_its_id(tools: Tools, site: Site) -> None:
    """Its receiver may have taken it although the answer got lost."""
    await add_channel(tools.db, "hook", url=site.says("/hook", "", 500))
    alert = await raise_alert(tools, "first", "hook")
    await tools.deliver()
    before = (await row(tools.db, "deliveries")).message_id
    async with tools.db.write() as session:
        await outbox.resend(session, alert, now=tools.now, new_id=tools.new_id)
    site.says("/hook")
    assert await tools.deliver() == 1
    assert {headers["webhook-id"] for _, _, headers in site.received} == {before}


async def test_what_was_sent_is_marked_even_if_the_sender_is_stopped_meanwhile(tools: Tools, site: Site) -> None:
    await add_channel(tools.db, "hook", url=site.says("/hook"))
    await raise_alert(tools, "first", "hook")
    (job,) = await deliveries.claim_due(tools.db, limit=1, now=tools.now, lease=lease(tools.now))
    recorder = Recorder(tools.db, tools.new_id)
    attempt = Attempt("sent", tools.now, 200, "thanks", 1)
    task = asyncio.create_task(recorder.write(job, attempt))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await row(tools.db, "deliveries")).status == "sent"


async def test_one_outcome_that_cannot_be_written_does_not_take_the_others_along(tools: Tools) -> None:
    await add_channel(tools.db, "hook")
    for number in range(3):
        await raise_alert(tools, f"{number}", "hook")
    jobs = await deliveries.claim_due(tools.db, limit=9, now=tools.now, lease=lease(tools.now))
    recorder = Recorder(tools.db, tools.new_id)
    texts = ["fine", "not \ud800 storable", "fine"]
    made = [Attempt("sent", tools.now, 200, text, 1) for text in texts]
    outcomes = await asyncio.gather(
        *(recorder.write(job, attempt) for job, attempt in zip(jobs, made, strict=True)), return_exceptions=True
    )
    assert [outcome is True for outcome in outcomes] == [True, False, True]
    assert sorted(delivery.status for delivery in await rows(tools.db, "deliveries")) == ["pending", "sent", "sent"]


# Channels that are switched off, and come back


async def test_five_days_of_failures_switch_a_channel_off_and_another_one_says_so(tools: Tools, site: Site) -> None:
    await add_channel(tools.db, "hook", url=site.says("/hook", "", 500))
    await add_channel(tools.db, "mail", url=site.says("/mail"))
    await add_rule(tools.db, "all", "entity:*", "hook", "mail")
    for number in range(20):
        await raise_alert(tools, f"{number}", "hook")
        await tools.deliver()
        tools.later(hours=7)
        (hook, _) = await watch_list(tools.db, "channels")
        if not hook["enabled"]:
            break
    failing_for = tools.now - NOW
    assert PATIENCE <= failing_for < PATIENCE + timedelta(hours=15)
    assert hook["disabled_reason"].startswith("nothing got through for 5 days")
    await tools.deliver()
    (notice,) = titles(site, "/mail")
    assert notice == "Channel “hook” was switched off"
    tools.later(days=2)
    await tools.deliver()
    found = {delivery.status for delivery in await rows(tools.db, "deliveries") if delivery.channel == "hook"}
    assert found == {"dead", "suppressed"}, "nothing waits for a channel that is off"


async def test_where_no_other_channel_is_left_the_ledger_says_so(tools: Tools, site: Site) -> None:
    await add_channel(tools.db, "hook", url=site.says("/hook", "", 410))
    await raise_alert(tools, "1", "hook")
    await tools.deliver()
    (notice,) = [alert for alert in await rows(tools.db, "alerts") if alert.kind == "notice"]
    assert notice.title == "Channel “hook” was switched off"
    assert {delivery.alert_id for delivery in await rows(tools.db, "deliveries")} != {notice.id}


async def test_a_success_between_forgives_everything(tools: Tools, site: Site) -> None:
    await add_channel(tools.db, "hook", url=site.says("/hook", "", 301))
    for day in range(14):
        site.says("/hook", "", 200 if day == 4 else 301)
        for number in range(3):
            await raise_alert(tools, f"{day} {number}", "hook")
            await tools.deliver()
        tools.later(days=1)
        channel = await row(tools.db, "channels")
        assert channel.enabled == (day < 10), day
        if day == 4:
            assert (channel.failing_since, channel.failures) == (None, None)


async def test_a_channel_switched_off_is_told_once_and_never_over_itself(tools: Tools, site: Site) -> None:
    """Two channels that are gone tell about each other as long as one is left, and then it is quiet."""
    for name in ("a", "b"):
        await add_channel(tools.db, name, url=site.says(f"/{name}", "", 410))
    await raise_alert(tools, "first", "a", "b")
    for _ in range(5):
        await tools.deliver()
        tools.later(hours=1)
    notices = [alert for alert in await rows(tools.db, "alerts") if alert.kind == "notice"]
    sent_on = {delivery.alert_id for delivery in await rows(tools.db, "deliveries")}
    assert [notice.id in sent_on for notice in sorted(notices, key=lambda notice: notice.dedupe_key)] == [True, False]
    assert [channel.enabled for channel in await rows(tools.db, "channels")] == [False, False]
    assert len(site.received) == 2


async def test_a_channel_that_is_mended_gets_what_was_kept_back(tools: Tools, site: Site) -> None:
    await add_channel(tools.db, "hook", url=site.says("/hook", "", 410))
    for number in range(3):
        await raise_alert(tools, f"{number}", "hook")
        await tools.deliver()
        tools.later(minutes=1)
    assert [delivery.status for delivery in await rows(tools.db, "deliveries")] == ["dead", "suppressed", "suppressed"]
    site.says("/hook")
    async with tools.db.write() as session:
        assert await watchlist.set_enabled(session, "channel", "hook", enabled=True)
        assert await outbox.kept_back(session, "hook") == 2
        assert await outbox.retry_channel(session, "hook", ["suppressed"], now=tools.now, since=tools.now) == 0
        assert await outbox.retry_channel(session, "other", ["suppressed"], now=tools.now) == 0
        assert await outbox.retry_channel(session, "hook", ["dead", "suppressed"], now=tools.now) == 3
    channel = await row(tools.db, "channels")
    assert (channel.disabled_reason, channel.failing_since, channel.failures) == (None, None, None)
    assert await tools.deliver() == 3
    assert {delivery.status for delivery in await rows(tools.db, "deliveries")} == {"sent"}


async def test_a_wish_for_a_pause_holds_for_all_that_goes_to_a_channel(tools: Tools, site: Site) -> None:
    await add_channel(tools.db, "hook", url=site.says("/hook", "", 429, Retry_After="3600"))
    await add_channel(tools.db, "other", url=site.says("/other"))
    await raise_alert(tools, "first", "hook")
    await tools.deliver()
    site.says("/hook")
    await raise_alert(tools, "second", "hook", "other")
    tools.later(minutes=59)
    await tools.deliver()
    assert titles(site, "/hook") == ["first"]
    assert titles(site, "/other") == ["second"]
    tools.later(minutes=2)
    await tools.deliver()
    assert sorted(titles(site, "/hook")) == ["first", "first", "second"]


async def test_an_alert_tells_its_whole_ledger(tools: Tools, site: Site) -> None:
    await add_channel(tools.db, "hook", url=site.says("/hook", "busy", 503))
    alert = await raise_alert(tools, "first", "hook")
    await tools.deliver()
    site.says("/hook", "thanks")
    tools.now += WAITS[0]
    await tools.deliver()
    told = await one(tools.db, "alert", alert)
    assert told is not None
    assert (told["rule"], told["reason"], told["dedupe_key"]) == ("rule", "why", "first")
    (delivery,) = told["deliveries"]
    assert [(made["outcome"], made["status_code"]) for made in delivery["attempts_made"]] == [
        ("retrying", 503),
        ("sent", 200),
    ]
    assert await one(tools.db, "alert", "alt_unknown") is None
