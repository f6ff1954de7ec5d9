"""A long import whose daemon is killed: the next one goes on behind what is done, and adds each source once."""

from pathlib import Path

import httpx

from service.bootstrap import now
from tests.e2e.daemon import Daemon, Scene, scene, until

MANY = 3000


async def send(daemon: Daemon, at: Scene) -> int:
    """Ask a daemon for the import; the job."""
    lines = "".join(f'<outline xmlUrl="https://s{one}.invalid/feed"/>' for one in range(MANY))
    [running] = daemon.lines("running")
    async with httpx.AsyncClient(base_url=running["page"], trust_env=False, timeout=60) as client:
        body = f'<opml version="2.0"><body>{lines}</body></opml>'
        answer = await client.post("/api/v1/sources/opml", content=body)
    assert answer.status_code == 202, answer.text
    return int(answer.json()["id"])


async def test_it_is_gone_on_with_after_a_kill(tmp_path: Path) -> None:
    async with scene(tmp_path, now()) as at:
        first = at.start()
        await first.started()
        job = await send(first, at)
        await until(lambda: at.sql("SELECT 1 FROM jobs WHERE done > 0"), "a part is done")
        await first.kill()
        [(state, done)] = at.sql("SELECT state, done FROM jobs")
        assert (state, 0 < done < MANY) == ("open", True), "it was killed at work, not after it"
        assert added(at) == done
        at.sql("DELETE FROM sources WHERE url = 'https://s0.invalid/feed'")
        at.sql("UPDATE jobs SET lease_until = created_at")  # rather than wait for its end
        second = at.start()
        await until(lambda: at.sql("SELECT 1 FROM jobs WHERE state = 'done'"), "the next one has done the rest")
        assert [line["work"] for line in second.lines("going on with work that was left")] == [f"job {job}"]
        assert added(at) == MANY - 1, "what was done is not done again"
        assert at.sql("SELECT count(*) FROM job_parts") == [(0,)]
        assert await second.stop() == 0


def added(at: Scene) -> int:
    return int(at.sql("SELECT count(*) FROM sources WHERE url LIKE 'https://s%.invalid/feed'")[0][0])
