"""``newsvane record`` over the sample world, ended as a service manager ends it, and ``newsvane replay`` without it."""

import asyncio
import json
import signal
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from service.bootstrap import now
from tests.e2e.daemon import LONGEST_SECONDS, Scene, environment, scene, until


def told(done: subprocess.CompletedProcess[str], folder: Path) -> tuple[str, list[Any]]:
    """What a replay said and alerted, ids included."""
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout, [json.loads(line) for line in (folder / "out.jsonl").read_text("utf-8").splitlines()]


def run(at: Scene, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "service", *arguments],
        cwd=at.folder,
        env=environment(at.folder, DATABASE_URL=f"sqlite:///{at.folder / 'other.db'}"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def news(at: Scene, alerts: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Which rule told which news. Of pages read in the same moment either may be first, and which of two versions in
    different words came first may decide whether they are known as one story."""
    told = [(rule, at.world.story_at(url)) for rule, url in alerts]
    return {(rule, story.news or story.title) for rule, story in told if story is not None}


async def finished(process: subprocess.Popen[str]) -> subprocess.CompletedProcess[str]:
    out, err = await asyncio.to_thread(process.communicate, None, LONGEST_SECONDS)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


async def test_a_recorded_night_is_replayed_without_the_world(tmp_path: Path) -> None:
    async with scene(tmp_path, now()) as at:
        recorder = run(at, "record", "rec", "--database", f"sqlite:///{tmp_path / 'news.db'}")
        try:
            await until(lambda: at.settled(now().replace(year=2000)), "yesterday's items are read")
            at.world.advance()
            moment = now()
            await until(lambda: at.settled(moment), "today's items are read")
            recorder.send_signal(signal.SIGTERM)
            recorded = await finished(recorder)
        finally:
            recorder.kill()
        assert recorded.returncode == 0, recorded.stderr
        [(articles, mentions)] = at.sql(
            "SELECT (SELECT count(*) FROM articles WHERE state = 'read'), (SELECT count(*) FROM mentions)"
        )
        raised = at.sql("SELECT rule, url FROM alerts WHERE kind = 'mention'")
        assert len(raised) > 10
        assert at.received == 0, "a recording sends nothing"
    replays = [told(await finished(run(at, "replay", "rec")), tmp_path / "rec") for _ in range(2)]
    assert replays[0] == replays[1]
    said, alerts = replays[0]
    assert f" {articles} articles, {mentions} mentions, " in said
    again = [(alert["rule"], alert["url"]) for alert in alerts if alert["kind"] == "mention"]
    assert news(at, again) == news(at, raised)
