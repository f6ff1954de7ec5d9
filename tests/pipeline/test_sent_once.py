"""What a receiver has taken is not sent to it once more: not when the database takes nothing for a while, not when the
clock leaps, not when sending ends in a bug of ours."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from service.bootstrap import Settings, delivery_lane
from service.domain.model import ChannelSpec
from service.notify import Channel, Outgoing
from service.notify.channel import Receipt
from service.pipeline.deliver import Deliver
from service.pipeline.recorder import Recorder
from service.store import deliveries
from tests.pipeline.site import Site
from tests.pipeline.test_outbox import GENEROUS, raise_alert
from tests.pipeline.tools import Tools
from tests.store.refusing import takes_nothing
from tests.store.steps import add_channel, lease, row, rows

HOUR = timedelta(hours=1)


async def until(holds: Callable[[], bool]) -> None:
    for _ in range(2000):
        if holds():
            return
        await asyncio.sleep(0.01)
    pytest.fail("it does not come")


async def test_outcomes_wait_for_a_database_that_takes_nothing(tools: Tools, site: Site) -> None:
    await add_channel(tools.db, "hook", url=site.says("/hook"))
    for number in range(3):
        await raise_alert(tools, f"{number}", "hook")
    jobs = await deliveries.claim_due(tools.db, limit=9, now=tools.now, lease=lease(tools.now))
    step = Deliver(Recorder(tools.db, tools.new_id), tools.open_channel, tools.clock, lambda: 0.0)
    async with takes_nothing(tools.db):
        sending = asyncio.gather(*(step(job) for job in jobs))
        await until(lambda: len(site.received) == 3)
        await asyncio.sleep(0.5)  # some tries to write it down
        assert {delivery.status for delivery in await rows(tools.db, "deliveries")} == {"pending"}
    await asyncio.wait_for(sending, GENEROUS)
    assert [(one.status, one.attempts) for one in await rows(tools.db, "deliveries")] == [("sent", 1)] * 3
    assert len(site.received) == 3


async def test_who_stops_does_not_wait_for_such_a_database_without_end(tools: Tools, site: Site) -> None:
    await add_channel(tools.db, "hook", url=site.says("/hook"))
    await raise_alert(tools, "first", "hook")
    (job,) = await deliveries.claim_due(tools.db, limit=1, now=tools.now, lease=lease(tools.now))
    step = Deliver(Recorder(tools.db, tools.new_id), tools.open_channel, tools.clock, lambda: 0.0)
    async with takes_nothing(tools.db):
        task = asyncio.create_task(step(job))
        await until(lambda: len(site.received) == 1)
        await asyncio.sleep(0.5)
        task.cancel()
        async with asyncio.timeout(GENEROUS):
            with pytest.raises(asyncio.CancelledError):
                await task


@pytest.mark.parametrize("leap", [HOUR, -HOUR], ids=["forward", "back"])
async def test_a_clock_that_leaps_while_something_is_sent_sends_it_once(
    tools: Tools, site: Site, leap: timedelta
) -> None:
    """Seen from an hour later, the lease of what is being sent has ended."""
    await add_channel(tools.db, "hook", url=site.says("/hook"))
    site.silent.add("/hook")
    await raise_alert(tools, "first", "hook")
    lane = delivery_lane(Settings(), tools.db, tools.open_channel, tools.clock)
    lane.kick()
    try:
        await asyncio.wait_for(site.reached.wait(), GENEROUS)
        tools.now += leap
        for _ in range(5):
            looks = lane.looks
            lane.kick()
            await until(lambda seen=looks: lane.looks > seen)  # type: ignore[misc]
        assert len(lane.jobs) == 1
    finally:
        await lane.drain(0)


class Broken:
    """A channel with a bug, which shows only when the message is out."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    def preview(self, message: Outgoing) -> str:
        return message.message_id

    async def send(self, message: Outgoing, *, now: datetime) -> Receipt:
        self.sent.append(message.message_id)
        raise KeyError("a bug")


async def test_a_bug_in_sending_is_an_attempt_with_its_pause_and_its_end(tools: Tools) -> None:
    """Were it none, it would be sent again whenever its lease ends, for ever, and nobody would be told."""
    await add_channel(tools.db, "hook")
    await raise_alert(tools, "first", "hook")
    broken = Broken()

    def opened(_spec: ChannelSpec) -> Channel:
        return broken

    step = Deliver(Recorder(tools.db, tools.new_id), opened, tools.clock, lambda: 0.0)
    for _ in range(20):
        for job in await deliveries.claim_due(tools.db, limit=1, now=tools.now, lease=lease(tools.now)):
            await step(job)
        tools.later(hours=25)
    delivery = await row(tools.db, "deliveries")
    assert delivery.status == "dead"
    assert delivery.last_error == "an error in newsvane, of which its log says more (KeyError)"
    assert len(broken.sent) == delivery.attempts == 10
    assert set(broken.sent) == {delivery.message_id}
