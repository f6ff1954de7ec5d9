"""A daemon as those see it who watch over it: systemd, a health check, a Prometheus server."""

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.e2e.daemon import LONGEST_SECONDS, Daemon, environment, until
from tests.test_systemd import Systemd, systemd

__all__ = ["systemd"]


@pytest.fixture
def daemon(tmp_path: Path, systemd: Systemd) -> Any:
    (tmp_path / "watchlist.yaml").write_text("entities: [{name: HPE}]", encoding="utf-8")
    asked = {"NOTIFY_SOCKET": systemd.path, "WATCHDOG_USEC": "2000000"}
    started = Daemon(tmp_path, environment(tmp_path) | asked, tmp_path / "log")
    yield started
    started.end()


async def doctor(folder: Path, listen: str) -> tuple[int, str]:
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "service", "doctor", "--quick"],
        env=environment(folder, LISTEN=listen),
        capture_output=True,
        timeout=LONGEST_SECONDS,
        check=False,
    )
    return done.returncode, done.stdout.decode()


async def test_all_who_watch_are_told_the_same(daemon: Daemon, systemd: Systemd, tmp_path: Path) -> None:
    await daemon.started()
    heard: list[str] = []

    def pinged_twice() -> bool:
        heard.extend(systemd.heard())
        return heard.count("WATCHDOG=1") >= 2

    await until(pinged_twice, "systemd was told twice that ticks run")
    assert heard.count("READY=1") == 1
    page = daemon.lines("running")[0]["page"]
    async with httpx.AsyncClient(base_url=page, trust_env=False, timeout=LONGEST_SECONDS) as client:
        ready = (await client.get("/readyz")).json()
        assert (ready["status"], ready["watchdog"]) == ("ready", "systemd")
        assert ready["last_tick_seconds"] < 60
        families = {
            family.name: family for family in text_string_to_metric_families((await client.get("/metrics")).text)
        }
        assert families["newsvane_ticks"].samples[0].value >= 2
        assert not any(sample.value for sample in families["newsvane_lane_stuck"].samples)
        lanes = {sample.labels["lane"] for sample in families["newsvane_lane_places"].samples}
        assert lanes == {"poll", "read", "measure", "compose", "deliver"}
    address = urlsplit(page).netloc
    status, said = await doctor(tmp_path, address)
    assert (status, "watchdog: systemd" in said) == (0, True), said
    assert await daemon.stop() == 0
    assert systemd.heard()[-1] == "STOPPING=1"
    status, said = await doctor(tmp_path, address)
    assert (status, "is `newsvane run` running?" in said) == (1, True), said
