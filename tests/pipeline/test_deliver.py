"""Deliveries over real webhooks: sent, retried from the database, dead at the end, never to a channel that left."""

import json
from datetime import timedelta

from service.domain.alerting import AlertDraft
from service.domain.model import ChannelSpec
from service.domain.retry import WAITS
from service.search import Ask, one, page
from service.store import alerts, outbox, watchlist
from service.store.engine import Database
from service.store.outbox import Resent
from service.store.watchlist import Changes
from tests.pipeline.site import Site
from tests.pipeline.tools import Tools
from tests.store.steps import NOW, add_channel, count, counted_ids, row, rows


async def raise_alert(tools: Tools, *channels: str, key: str = "story:1") -> str:
    draft = AlertDraft("rule", "mention", channels, key, "HPE wins", "https://n.example", "why", ("HPE",), None, ())
    async with tools.db.write() as session:
        raised = await alerts.raise_alert(session, draft, [], now=tools.now, new_id=tools.new_id)
    assert raised is not None
    return raised


async def switch_off(db: Database, name: str) -> None:
    async with db.write() as session:
        assert await watchlist.set_enabled(session, "channel", name, enabled=False)


async def test_a_delivery_is_sent(tools: Tools, site: Site) -> None:
    await add_channel(tools.db, "hook", url=site.says("/hook", "thanks"))
    alert_id = await raise_alert(tools, "hook")
    assert await tools.deliver() == 1
    delivery = await row(tools.db, "deliveries")
    assert (delivery.status, delivery.attempts, delivery.sent_at) == ("sent", 1, NOW)
    assert (delivery.next_attempt_at, delivery.last_error, delivery.lease_token) == (None, None, None)
    ((path, body, headers),) = site.received
    assert path == "/hook"
    assert headers["webhook-id"] == delivery.message_id
    assert json.loads(body)["data"]["id"] == alert_id
    attempt = await row(tools.db, "attempts")
    assert (attempt.outcome, attempt.status_code, attempt.excerpt) == ("sent", 200, "thanks")
    assert await tools.deliver() == 0


async def test_a_failure_is_retried_with_the_same_message_id(tools: Tools, site: Site) -> None:
    await add_channel(tools.db, "hook", url=site.says("/hook", "busy", 503))
    await raise_alert(tools, "hook")
    await tools.deliver()
    delivery = await row(tools.db, "deliveries")
    assert (delivery.status, delivery.attempts, delivery.next_attempt_at) == ("retrying", 1, NOW + WAITS[0])
    assert "busy" in delivery.last_error
    assert await tools.deliver() == 0, "not before its time"
    tools.now = delivery.next_attempt_at
    await tools.deliver()
    site.says("/hook", "thanks")
    tools.later(minutes=5)
    await tools.deliver()
    delivery = await row(tools.db, "deliveries")
    assert (delivery.status, delivery.attempts, delivery.last_error) == ("sent", 3, None)
    assert {headers["webhook-id"] for _, _, headers in site.received} == {delivery.message_id}
    assert [attempt.outcome for attempt in await rows(tools.db, "attempts")] == ["retrying", "retrying", "sent"]


async def test_a_missing_setting_is_waited_for(tools: Tools, site: Site) -> None:
    """A daemon that was started without the variable must not turn every alert into a dead letter at once."""
    await add_channel(tools.db, "hook", url=site.says("/hook", "thanks"), secret_env="HOOK_SECRET")
    await raise_alert(tools, "hook")
    await tools.deliver()
    delivery = await row(tools.db, "deliveries")
    assert (delivery.status, delivery.next_attempt_at) == ("retrying", NOW + WAITS[0])
    assert "HOOK_SECRET" in delivery.last_error
    tools.environment["HOOK_SECRET"] = "told later"
    tools.now = delivery.next_attempt_at
    await tools.deliver()
    assert (await row(tools.db, "deliveries")).status == "sent"
    ((_, _, headers),) = site.received
    assert headers["webhook-signature"].startswith("v1,")


async def test_the_receivers_wish_is_kept(tools: Tools, site: Site) -> None:
    await add_channel(tools.db, "hook", url=site.says("/hook", "", 429, Retry_After="3600"))
    await raise_alert(tools, "hook")
    await tools.deliver()
    wait = (await row(tools.db, "deliveries")).next_attempt_at - NOW
    assert abs(wait - timedelta(hours=1)) < timedelta(minutes=1)


async def test_after_the_last_try_comes_the_dead_letter_which_can_be_retried(tools: Tools, site: Site) -> None:
    await add_channel(tools.db, "hook", url=site.says("/hook", "", 503))
    await raise_alert(tools, "hook")
    for number in range(1, len(WAITS) + 2):
        assert await tools.deliver() == 1
        delivery = await row(tools.db, "deliveries")
        assert delivery.attempts == number
        tools.now = delivery.next_attempt_at or tools.now
    assert (delivery.status, delivery.next_attempt_at) == ("dead", None)
    tools.later(days=30)
    assert await tools.deliver() == 0
    site.says("/hook")
    async with tools.db.write() as session:
        assert await outbox.retry(session, delivery.id, now=tools.now) == "due"
    await tools.deliver()
    again = await row(tools.db, "deliveries")
    assert (again.status, again.attempts, again.message_id) == ("sent", 1, delivery.message_id)
    async with tools.db.write() as session:
        assert await outbox.retry(session, delivery.id, now=tools.now) == "sent"
        assert await outbox.retry(session, "dlv_unknown", now=tools.now) == "unknown"
    shown = await one(tools.db, "delivery", delivery.id)
    assert shown is not None
    assert len(shown["attempts_made"]) == len(WAITS) + 2


async def test_gone_switches_the_channel_off(tools: Tools, site: Site) -> None:
    await add_channel(tools.db, "hook", url=site.says("/hook", "", 410))
    await raise_alert(tools, "hook")
    await tools.deliver()
    channel = await row(tools.db, "channels")
    assert (channel.enabled, channel.disabled_reason) == (False, "the receiver answered 410 Gone")
    await raise_alert(tools, "hook", key="story:2")
    assert await tools.deliver() == 0
    assert sorted(delivery.status for delivery in await rows(tools.db, "deliveries")) == ["dead", "suppressed"]
    assert len(site.received) == 1


async def test_a_channel_that_left_gets_nothing(tools: Tools, site: Site) -> None:
    """Switched off or taken away between the alert and its delivery."""
    for name in ("off", "removed", "on"):
        await add_channel(tools.db, name, url=site.says(f"/{name}"))
    await raise_alert(tools, "off", "removed", "on")
    await switch_off(tools.db, "off")
    async with tools.db.write() as session:
        await watchlist.remove(session, "channel", ["removed"])
    await tools.deliver()
    found = {
        delivery.channel: (delivery.status, delivery.last_error) for delivery in await rows(tools.db, "deliveries")
    }
    assert found == {
        "off": ("suppressed", "channel off is switched off"),
        "removed": ("suppressed", "channel removed was removed"),
        "on": ("sent", None),
    }
    assert [path for path, _, _ in site.received] == ["/on"]


async def test_a_suppressed_delivery_can_be_sent_later(tools: Tools, site: Site) -> None:
    await add_channel(tools.db, "hook", enabled=False, url=site.says("/hook"))
    await raise_alert(tools, "hook")
    assert await tools.deliver() == 0
    delivery = await row(tools.db, "deliveries")
    assert delivery.status == "suppressed"
    async with tools.db.write() as session:
        assert await watchlist.set_enabled(session, "channel", "hook", enabled=True)
        assert await outbox.retry(session, delivery.id, now=tools.now) == "due"
    await tools.deliver()
    assert (await row(tools.db, "deliveries")).status == "sent"


async def test_an_alert_can_be_sent_again_to_every_channel(tools: Tools, site: Site) -> None:
    await add_channel(tools.db, "a", url=site.says("/a"))
    await add_channel(tools.db, "b", url=site.says("/b", "", 301))
    alert_id = await raise_alert(tools, "a", "b")
    other = await raise_alert(tools, "a", key="story:2")
    await tools.deliver()
    before = {delivery.id: delivery.message_id for delivery in await rows(tools.db, "deliveries")}
    new_ids = counted_ids()
    async with tools.db.write() as session:
        again = await outbox.resend(session, alert_id, now=tools.now, new_id=lambda: new_ids().replace("0", "a", 1))
        assert again == Resent(due=2, under_way=0)
        assert await outbox.resend(session, "alt_unknown", now=tools.now, new_id=new_ids) is None
    assert await tools.deliver() == 2
    for delivery in await rows(tools.db, "deliveries"):
        changed = delivery.message_id != before[delivery.id]
        assert changed == (delivery.alert_id != other), "a repeat under the old id would be dropped by its receiver"
    assert [path for path, _, _ in site.received].count("/a") == 3


async def test_what_a_receiver_says_is_kept_whatever_it_says(tools: Tools, site: Site) -> None:
    """A NUL would be refused by PostgreSQL, a newline would break a line of the log."""
    await add_channel(tools.db, "hook", url=site.says("/hook", "a\0b\ud7ff\n\u202ec", 500))
    await raise_alert(tools, "hook")
    await tools.deliver()
    assert "\0" not in (await row(tools.db, "attempts")).excerpt
    assert (await row(tools.db, "deliveries")).status == "retrying"


async def test_a_channel_that_cannot_be_used_says_why_and_is_tried_again(tools: Tools) -> None:
    async with tools.db.write() as session:
        spec = ChannelSpec("mail", "email", {"to": ["someone@example.org"]})
        await watchlist.put_channel(session, spec, Changes(), now=NOW)
    await raise_alert(tools, "mail")
    await tools.deliver()
    delivery = await row(tools.db, "deliveries")
    assert delivery.status == "retrying"
    assert "NEWSVANE_SMTP_URL" in delivery.last_error
    tools.now = delivery.next_attempt_at
    await tools.deliver()
    assert (await row(tools.db, "deliveries")).next_attempt_at == tools.now + WAITS[1]
    async with tools.db.write() as session:
        assert await outbox.retry_channel(session, "mail", ["retrying"], now=tools.now) == 1
    assert await tools.deliver() == 1, "once it was mended, nobody waits for hours"


async def test_the_outbox_is_listed_with_its_state(tools: Tools, site: Site) -> None:
    await add_channel(tools.db, "good", url=site.says("/good"))
    await add_channel(tools.db, "bad", url=site.says("/bad", "", 301))
    alert_id = await raise_alert(tools, "good", "bad")
    await tools.deliver()
    dead = await page(tools.db, "deliveries", Ask(status="dead"), now=NOW)
    assert [(line["alert"], line["channel"]) for line in dead.lines] == [(alert_id, "bad")]
    (alert,) = (await page(tools.db, "alerts", Ask(rule="rule"), now=NOW)).lines
    assert [(line["channel"], line["status"]) for line in alert["deliveries"]] == [("bad", "dead"), ("good", "sent")]
    assert await count(tools.db, "attempts") == [2]
