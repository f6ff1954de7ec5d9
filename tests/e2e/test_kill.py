"""``kill -9`` at random moments loses no mention, makes no second one, and sends no alert under two names.

``NEWSVANE_KILLS`` says how many kills there are on each database. Each round is a fresh database over a fresh sample
world: the daemon is killed again and again while it works on yesterday's items, then on today's, and is then left to
finish. What is in the database and at the receivers must be what an undisturbed run brings.
"""

import asyncio
import json
import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from service.bootstrap import now
from tests.e2e.daemon import Scene, scene, until
from tests.e2e.ledger import Ledger, complaints, read_ledger
from tests.e2e.nursery import Nursery

KILLS_A_PHASE = 5
ROUNDS = -(-int(os.environ.get("NEWSVANE_KILLS", "20")) // (2 * KILLS_A_PHASE))
OPENED_AT = now()
"""The same for all, so that the worlds differ in their ports only."""
SLOW = {"READ_CONCURRENCY": "2", "POLL_CONCURRENCY": "4", "DELIVERY_CONCURRENCY": "1"}
"""Little at once, so that the work lasts for several lives."""


async def killed(at: Scene, moments: random.Random) -> None:
    """Let daemons begin the work and kill each at a random moment."""
    for _ in range(KILLS_A_PHASE):
        daemon = at.start()
        await a_moment(at, moments)
        assert daemon.running, daemon.log.read_text("utf-8")
        assert await daemon.kill() == [], "processes outlived the daemon that started them"
        assert complaints(at) == []
        at.leases_end()


async def a_moment(at: Scene, moments: random.Random) -> None:
    """Some time while it starts, while it polls and reads, or while it sends."""
    begun, requests, sent = now(), at.requests, at.received
    kind = moments.choice(["starts", "works", "works", "sends", "sends"])
    if kind == "starts":
        await asyncio.sleep(moments.uniform(0.1, 1.2))
    elif kind == "works":
        await until(lambda: at.requests > requests, "it polls")
        await asyncio.sleep(moments.uniform(0.3, 1.6))
    else:
        await until(lambda: at.received > sent or at.settled(begun), "it sends, or has nothing left to send")
        await asyncio.sleep(moments.uniform(0.0, 0.3))


async def finished(at: Scene) -> None:
    daemon = at.start()
    await at.done(now())
    assert await daemon.stop() == 0
    assert complaints(at) == []


async def both_phases(at: Scene, moments: random.Random | None) -> Ledger:
    """The whole run, with kills where moments are given."""
    for phase in (1, 2):
        if phase == 2:
            at.world.advance()
        if moments is not None:
            await killed(at, moments)
        await finished(at)
    assert_each_alert_went_out_under_one_name(at)
    return read_ledger(at)


def assert_each_alert_went_out_under_one_name(at: Scene) -> None:
    rows = at.sql("SELECT alert_id, channel, message_id FROM deliveries WHERE status = 'sent'")
    assert len(rows) == at.sql("SELECT 2 * count(*) FROM alerts")[0][0]
    by_channel = {
        name: {(alert, message) for alert, channel, message in rows if channel == name} for name in ("hook", "desk")
    }
    at_hook = {(json.loads(record.body)["data"]["id"], record.webhook_id) for record in at.hook.accepted}
    assert at_hook == by_channel["hook"]
    assert all(record.verified for record in at.hook.records)
    at_desk = {record.message["Message-ID"].strip("<>").partition(".")[0] for record in at.mail.records}
    assert at_desk == {message for _, message in by_channel["desk"]}


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    with Nursery() as made:
        yield made


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, nursery: Nursery) -> Ledger:
    """What one daemon without any trouble brings."""

    async def run() -> Ledger:
        folder = tmp_path_factory.mktemp("undisturbed")
        async with scene(folder, OPENED_AT, url=None, nursery=nursery, **SLOW) as at:
            return await both_phases(at, None)

    return asyncio.run(run())


def test_an_undisturbed_run_finds_what_the_world_holds(undisturbed: Ledger) -> None:
    assert len(undisturbed.articles) > 60
    assert len(undisturbed.mentions) > 60
    assert len(undisturbed.alerts) > 10
    assert undisturbed.received == undisturbed.alerts
    assert set(undisturbed.mentions.values()) == set(undisturbed.summaries.values()) == {1}


@pytest.mark.parametrize("seed", range(ROUNDS))
async def test_killed_at_random_moments(
    undisturbed: Ledger, nursery: Nursery, empty_url: URL, tmp_path: Path, seed: int
) -> None:
    async with scene(tmp_path, OPENED_AT, url=empty_url, nursery=nursery, **SLOW) as at:
        ledger = await both_phases(at, random.Random(seed))
    assert ledger.articles == undisturbed.articles
    assert ledger.mentions == undisturbed.mentions
    assert ledger.topics == undisturbed.topics
    assert ledger.summaries == undisturbed.summaries
    assert ledger.received == ledger.alerts
