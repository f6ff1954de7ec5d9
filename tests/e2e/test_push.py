"""What a hub pushes to a running daemon becomes an alert, also when the daemon is killed in between."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path

from tests.e2e.daemon import environment, until
from tests.e2e.pushing import Newsroom, newsroom


async def told(at: Newsroom) -> list[str]:
    """The titles of the articles behind the webhooks, once there are as many as were published. A message that a
    killed daemon had sent may come again, under the same id."""
    messages: dict[str, str] = {}

    def all_came() -> bool:
        for record in at.hook.accepted:
            assert record.verified
            messages[record.webhook_id] = json.loads(record.body)["data"]["title"]
        return len(messages) >= at.published

    await until(all_came, "every item led to an alert")
    return list(messages.values())


async def test_a_fat_push_becomes_an_alert_without_a_poll(tmp_path: Path) -> None:
    async with newsroom(tmp_path) as at:
        daemon = await at.start()
        await at.subscribed()
        assert await at.hub.push(at.topic, at.write()) == [202]
        assert await at.hub.push(at.topic, at.write()) == [202]
        assert len(set(await told(at))) == 2
        assert at.site.asked.count("/feed") == 1
        assert await daemon.stop() == 0
        assert daemon.lines("a bug stopped a job") == []


async def test_a_thin_push_leads_to_a_poll_and_an_alert(tmp_path: Path) -> None:
    async with newsroom(tmp_path) as at:
        await at.start()
        await at.subscribed()
        at.site.says("/feed", at.write().decode(), type="application/rss+xml")
        assert await at.hub.push(at.topic, b"") == [202]
        assert len(await told(at)) == 1
        assert at.site.asked.count("/feed") == 2


async def test_what_was_acknowledged_survives_a_kill(tmp_path: Path) -> None:
    """The items stand in no feed: only what was kept before the answer can bring them back."""
    async with newsroom(tmp_path) as at:
        daemon = await at.start()
        await at.subscribed()
        for _ in range(2):
            assert await at.hub.push(at.topic, at.write()) == [202]
            assert await daemon.kill() == []
            daemon = await at.start()
        titles = await told(at)
        assert len(set(titles)) == 2
        assert daemon.lines("a bug stopped a job") == []


async def test_a_single_pass_asks_no_hub(tmp_path: Path) -> None:
    """Nobody would be there when it verifies."""
    async with newsroom(tmp_path) as at:
        variables = environment(tmp_path, PUBLIC_URL="https://news.example.org")
        run = await asyncio.to_thread(
            subprocess.run, [sys.executable, "-m", "service", "run", "--once"], env=variables, cwd=tmp_path, timeout=90
        )
        assert run.returncode == 0
        assert at.site.asked.count("/feed") == 1
        assert at.hub.asked == []
