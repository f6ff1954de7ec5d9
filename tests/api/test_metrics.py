"""/metrics: read as a Prometheus server reads it, true after real polls, and nothing from the web is a label."""

import json
import re
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from service.bootstrap import App, now, open_app
from service.demo.receivers import MailReceiver, WebhookReceiver
from service.demo.server import WorldServer
from service.demo.show import demo_settings, demo_watchlist
from service.dispatch import Pulse, Works
from service.domain.access import Scope, fingerprint
from service.store import access, sources
from service.web.app import create_app
from tests.web.desk import START
from tests.web.serving import Site, on_loopback

ROOT = Path(__file__).resolve().parents[2]
SECRET = "whsec_bmV3c3ZhbmUtZGVtbw=="


class Scraped:
    """The samples of one answer: name and labels -> value."""

    def __init__(self, answer: httpx.Response) -> None:
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
        self.families = list(text_string_to_metric_families(answer.text))
        self.samples = {
            (sample.name, frozenset(sample.labels.items())): sample.value
            for family in self.families
            for sample in family.samples
        }

    def __call__(self, name: str, **labels: str) -> float:
        return self.samples[f"newsvane_{name}", frozenset(labels.items())]

    def by(self, name: str, label: str) -> dict[str, float]:
        return {dict(labels)[label]: value for (found, labels), value in self.samples.items() if found == name}

    @property
    def names(self) -> set[str]:
        return {name for name, _ in self.samples}

    @property
    def label_values(self) -> set[str]:
        return {value for _, labels in self.samples for _, value in labels}


async def scrape(site: Site) -> Scraped:
    return Scraped(await site.get("/metrics"))


class TestGauges:
    """Read from the database, on each engine."""

    async def test_what_is_due_is_counted_with_its_age(self, site: Site) -> None:
        await site.desk.publish()
        await site.desk.subscribe("Late", "https://late.example.org/feed")
        site.desk.time += timedelta(minutes=10)
        seen = await scrape(site)
        assert seen("due_jobs", lane="poll") == 1
        assert seen("due_oldest_seconds", lane="poll") == 600
        assert seen("due_jobs", lane="read") == 0
        assert seen("due_oldest_seconds", lane="read") == 0
        assert seen("sources", state="well") == 2

    async def test_failing_and_disabled_sources(self, site: Site) -> None:
        for name in ("one", "two"):
            await site.desk.subscribe(name, f"https://{name}.example.org/feed", enabled=name == "one")
        await site.desk.poll_fails("https://one.example.org/feed", "The server did not answer.")
        seen = await scrape(site)
        assert seen.by("newsvane_sources", "state") == {"well": 0, "failing": 1, "off": 1}

    async def test_deliveries_that_wait_or_failed_for_good(self, site: Site) -> None:
        await site.desk.add_channel("hook", url="https://hooks.example/1")
        await site.desk.add_channel("dead", url="https://hooks.example/2")
        for channel, outcome, again in (("dead", "dead", None), ("hook", "retrying", timedelta(hours=1))):
            saved = await site.desk.publish(f"HPE wins for {channel}", names={"HPE": ["HPE"]})
            await site.desk.alert(f"rule of {channel}", saved, channel)
            await site.desk.attempt(outcome, "503", again_in=again)
        seen = await scrape(site)
        assert seen("deliveries", channel="dead", state="dead") == 1
        assert seen("deliveries", channel="hook", state="retrying") == 1
        assert seen("stored_rows", table="alerts") == 2
        assert seen("stored_rows", table="mentions") == 2

    async def test_what_was_just_read_is_kept_for_some_seconds(self, site: Site) -> None:
        assert (await scrape(site))("sources", state="well") == 0
        await site.desk.subscribe()
        assert (await scrape(site))("sources", state="well") == 0
        site.desk.time += timedelta(seconds=5)
        assert (await scrape(site))("sources", state="well") == 1

    async def test_build_and_database_are_told(self, site: Site) -> None:
        seen = await scrape(site)
        assert seen.by("newsvane_build_info", "database") == {"sqlite" if site.db.is_sqlite else "postgresql": 1}
        assert seen("database_up") == 1
        assert seen("database_size_bytes") > 100_000

    async def test_a_statement_that_is_not_understood_is_a_bug_and_no_database_that_is_gone(self, site: Site) -> None:
        await rename(site, "sources", "lost")
        answer = await site.get("/metrics")
        assert (answer.status_code, "an error in newsvane" in answer.json()["detail"]) == (500, True)
        await rename(site, "lost", "sources")
        assert (await scrape(site))("database_up") == 1
        await rename(site, "tokens", "lost")
        answer = await site.get("/metrics", headers={"Authorization": "Bearer nv_any"})
        assert (answer.status_code, "an error in newsvane" in answer.json()["detail"]) == (500, True)

    async def test_a_database_that_cannot_be_read_costs_only_its_gauges(self, site: Site) -> None:
        if site.db.file is None:
            pytest.skip("tests/e2e/test_told.py ends a server")
        assert (await scrape(site))("database_up") == 1
        site.db.file.unlink()
        seen = await scrape(site)
        assert seen("database_up") == 0
        assert "newsvane_sources" not in seen.names
        assert "process_resident_memory_bytes" in seen.names


async def rename(site: Site, table: str, other: str) -> None:
    async with site.db.write() as session:
        await session.execute(text(f"ALTER TABLE {table} RENAME TO {other}"))


async def test_a_locked_newsvane_wants_a_token_to_read(site: Site) -> None:
    key = "nv_" + "m" * 43
    async with site.db.write() as session:
        await access.add_token(
            session, name="prom", hashed=fingerprint(key), shown=key[:7], scope=Scope.READ, expires=None, now=START
        )
    site.desk.time += timedelta(seconds=10)
    refused = await site.get("/metrics")
    assert refused.status_code == 401
    assert refused.headers["content-type"] == "application/problem+json"
    assert (await site.get("/metrics", headers={"Authorization": f"Bearer {key}"})).status_code == 200


@asynccontextmanager
async def world_at_work(folder: Path) -> AsyncIterator[App]:
    """An application that has polled, read and delivered what the sample world published until yesterday and today."""
    async with WorldServer(now()) as world, WebhookReceiver(SECRET) as hook, MailReceiver() as mail:
        (folder / "watchlist.yaml").write_text(demo_watchlist(world, hook), encoding="utf-8")
        async with open_app(demo_settings(folder, mail, workers=1)) as app:
            async with app.db.write() as session:
                await sources.make_due(session, now())
            await app.one_pass()
            yield app


async def database_says(app: App, statement: str) -> dict[str, float]:
    async with app.db.read() as session:
        return {str(name): float(count) for name, count in await session.execute(text(statement))}


def numbers(found: Mapping[str, float]) -> dict[str, float]:
    return {name: value for name, value in found.items() if value}


async def test_counters_are_true_after_a_real_pass_and_the_web_says_no_label(tmp_path: Path) -> None:
    async with world_at_work(tmp_path) as app:
        pulse = Pulse(app.lanes, lambda: 0.0)
        works = Works(app.lanes, pulse, app.parser, app.counters)
        site = create_app(app.db, listen="127.0.0.1:0", now=now, works=works)
        async with on_loopback(site) as port, httpx.AsyncClient(trust_env=False) as client:
            seen = Scraped(await client.get(f"http://127.0.0.1:{port}/metrics"))
        polls = await database_says(
            app,
            "SELECT CASE WHEN outcome IN ('read', 'unchanged') THEN outcome ELSE 'failed' END, count(*) "
            "FROM polls GROUP BY 1",
        )
        assert polls["failed"] > 0
        assert seen.by("newsvane_polls_total", "outcome") == polls
        faults = await database_says(
            app, "SELECT outcome, count(*) FROM polls WHERE outcome NOT IN ('read', 'unchanged') GROUP BY 1"
        )
        assert seen.by("newsvane_poll_errors_total", "fault") == faults
        mentions = await database_says(app, "SELECT entity, count(*) FROM mentions GROUP BY 1")
        assert mentions
        assert seen.by("newsvane_mentions_total", "entity") == mentions
        sent = await database_says(app, "SELECT channel, count(*) FROM attempts a JOIN deliveries d ON d.id = "
                                        "a.delivery_id WHERE outcome = 'sent' GROUP BY 1")  # fmt: skip
        assert sent
        for channel, count in sent.items():
            assert seen("delivery_attempts_total", channel=channel, outcome="sent") == count
        assert seen("delivery_delay_seconds_count") == sum(sent.values())
        [found] = (await database_says(app, "SELECT 'all', count(*) FROM articles")).values()
        assert seen("articles_found_total") == found
        assert seen("lane_jobs_total", lane="poll") == sum(polls.values())
        assert seen("lane_places", lane="poll") == app.settings.poll_concurrency
        assert seen("lane_bugs_total", lane="read") == 0
        assert seen("worker_kills_total", reason="overran-time") == 0
        assert seen("last_tick_age_seconds") == 0
        async with app.db.read() as session:
            titles = set((await session.execute(text("SELECT title FROM articles"))).scalars())
        for value in seen.label_values:
            assert value not in titles
            assert "127.0.0.1" not in value
        assert_the_dashboard_asks_for_what_is_there(seen)
        assert_the_page_lists(seen)


def expressions(node: Any) -> Iterator[str]:
    """Every query of a dashboard, its variables' included."""
    if isinstance(node, dict):
        for name, value in node.items():
            if name in {"expr", "query"} and isinstance(value, str):
                yield value
            else:
                yield from expressions(value)
    elif isinstance(node, list):
        for value in node:
            yield from expressions(value)


_SERIES = re.compile(r"\b((?:newsvane|process)_\w+)(?:\{([^}]*)\})?")
_OF_PROMETHEUS = {"instance", "job"}
"""Labels that the scraping server adds."""
_EMPTY_HERE = {"newsvane_subscriptions": {"state"}, "newsvane_deliveries": {"channel", "state"}}
"""Families of which the sample world has no sample: docs/monitoring.md names their labels."""


def assert_the_dashboard_asks_for_what_is_there(seen: Scraped) -> None:
    """Each name is a series or a family without one, and has each label by which it is chosen or summed."""
    dashboard = json.loads((ROOT / "docs/grafana/newsvane.json").read_text(encoding="utf-8"))
    asked = [*expressions(dashboard), *(rule["expr"] for rule in alarms())]
    assert len(asked) > 30
    labels: dict[str, set[str]] = {family: set(of) for family, of in _EMPTY_HERE.items()}
    for family in seen.families:
        labels.setdefault(f"{family.name}_total" if family.type == "counter" else family.name, set())
    for name, pairs in seen.samples:
        labels.setdefault(name, set()).update(label for label, _ in pairs)
    for expression in asked:
        found = _SERIES.findall(expression)
        assert found or "up{" in expression, expression
        summed = {label.strip() for by in re.findall(r"by \(([^)]*)\)", expression) for label in by.split(",")}
        for name, chosen in found:
            assert name in labels, f"{name}: no such series, in {expression}"
            wanted = summed | set(re.findall(r"(\w+)\s*=", chosen))
            assert wanted <= labels[name] | _OF_PROMETHEUS, expression


def alarms() -> list[dict[str, Any]]:
    """The rules that docs/monitoring.md gives for Prometheus."""
    page = (ROOT / "docs/monitoring.md").read_text(encoding="utf-8")
    (given,) = [block for block in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL) if block.startswith("groups:")]
    return list(yaml.safe_load(given)["groups"][0]["rules"])


def test_prometheus_itself_reads_every_expression(tmp_path: Path) -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool (Debian: prometheus) is not installed")
    dashboard = json.loads((ROOT / "docs/grafana/newsvane.json").read_text(encoding="utf-8"))
    asked = [one.replace("$__rate_interval", "5m") for one in expressions(dashboard) if "label_values" not in one]
    recorded = [{"record": f"panel:{number}", "expr": one} for number, one in enumerate(asked)]
    groups = [{"name": "panels", "rules": recorded}, {"name": "alarms", "rules": alarms()}]
    file = tmp_path / "rules.yaml"
    file.write_text(yaml.safe_dump({"groups": groups}), encoding="utf-8")
    done = subprocess.run([promtool, "check", "rules", str(file)], capture_output=True, text=True, check=False)
    assert (done.returncode, f"{len(asked) + len(alarms())} rules found" in done.stdout) == (0, True), done.stderr


def assert_the_page_lists(seen: Scraped) -> None:
    page = (ROOT / "docs/monitoring.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"`(newsvane_\w+)", page))
    there = {
        f"{family.name}_total" if family.type == "counter" else family.name + "_info" * (family.type == "info")
        for family in seen.families
        if family.name.startswith("newsvane_")
    }
    there = {name.replace("_build_info_info", "_build_info") for name in there}
    assert listed == there
