"""One run over a site full of hazards, recorded once, with the database that it worked on."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic import SecretStr

from service.bootstrap import now, open_database
from service.recording import Outcome, read_outcome, record
from service.search import one, watch_list
from service.settings import Settings, load_settings
from service.store.engine import Database
from service.store.lines import Line
from tests.pipeline.site import Site, open_site

LONGEST_SECONDS = 90
STORY = (
    "{name} has won a contract for servers that is worth more than a billion dollars, people who know of it said.\n"
    "The machines, {number} of them, are to be delivered before the summer, and the buyer asked three makers.\n"
    "Neither company wanted to comment on the price, which was settled last week after a long negotiation."
)
CREDENTIALS = ("annabel", "hunter2", "a1b2c3d4", "whsec_bmV3c3ZhbmUtZGVtbw==", "T000SECRETHOOK")


@dataclass(frozen=True)
class Made:
    """``sources``: what the run's database says of each, by path; ``polls``: what came of each poll, oldest first."""

    settings: Settings
    folder: Path
    original: Outcome
    sources: dict[str, Line]
    polls: dict[str, list[tuple[str, int]]]
    fetches: int
    requests: int


def settings_for(folder: Path, watchlist: Path | None) -> Settings:
    return load_settings(
        {},
        env_file=None,
        database_url=SecretStr(f"sqlite:///{folder / 'main.db'}"),
        watchlist=watchlist,
        allowed_networks=("127.0.0.1/32",),
        host_spacing=0.0,
        min_poll_interval="1s",
        first_poll_spread="0s",
        workers=1,
    )


def story(name: str, number: int) -> str:
    return STORY.format(name=name, number=number)


async def sources_in(db: Database) -> tuple[dict[str, Line], dict[str, list[tuple[str, int]]]]:
    lines = {line["url"].rpartition("/")[2]: line for line in await watch_list(db, "sources")}
    shown = {path: await one(db, "source", str(line["id"])) or {} for path, line in lines.items()}
    polls = {path: [(poll["outcome"], poll["new_articles"]) for poll in line["polls"]] for path, line in shown.items()}
    kept = ("title", "status", "failures", "last_error", "site_url", "language")
    return {path: {key: line[key] for key in kept} for path, line in lines.items()}, polls


def set_up(site: Site, folder: Path) -> Path:
    site.says("/robots.txt", "User-agent: *\nDisallow: /members/\n", type="text/plain")
    site.page("/one/here", "HPE wins a deal", story("HPE", 1))
    site.says("/one", status=302, Location="/one/here", Set_Cookie="session=1; Path=/")
    site.says("/two", status=503)
    items = [("/one", "HPE wins a deal", "A summary."), ("/two", "xAI is late", "xAI, in short.")]
    items += [("/gone", "HPE is gone", "HPE said so."), ("/members/4", "HPE for members", "HPE, closed.")]
    site.feed("/a", *items, ETag='"1"')
    site.says("/old-b", status=301, Location="/b")
    site.feed("/b", ("/b/1", "Chips", "Nothing to see."))
    site.page("/b/1", "Chips", story("A maker", 2))
    site.says("/html", "<html><head><title>No feed</title></head></html>")
    site.says("/broken", status=500)
    file = folder / "watch.yaml"
    file.write_text(
        f"""
sources:
  - {{url: "{site.url("/a").replace("//", "//annabel:hunter2@")}", title: A, interval: 1s}}
  - {{url: "{site.url("/old-b")}", title: B, interval: 1s}}
  - {{url: "{site.url("/html")}?token=a1b2c3d4", title: C, interval: 1s, tags: [odd]}}
  - {{url: "{site.url("/broken")}", title: D, interval: 1s}}
entities: [{{name: HPE, aliases: [HPE]}}, {{name: xAI, aliases: [xAI]}}]
rules: [{{name: all, query: "entity:*", channels: [hook]}}]
channels:
  - {{name: hook, type: webhook, url: "{site.url("/T000SECRETHOOK")}", secret: "whsec_bmV3c3ZhbmUtZGVtbw=="}}
""",
        encoding="utf-8",
    )
    return file


async def goes_on(site: Site) -> None:
    """What happens on the site while it is recorded: a page recovers, news appears, then another outlet's copy."""
    await until(lambda: "/two" in site.asked)
    seen = site.asked.count("/a")
    await until(lambda: site.asked.count("/a") > seen)  # by then /two was answered as well
    site.page("/two", "xAI is late", story("xAI", 3))
    await until(lambda: site.asked.count("/a") > 2)
    site.feed("/a", ("/five", "HPE wins again", "More."), ETag='"2"')
    site.page("/five", "HPE wins again", story("HPE", 5))
    await until(lambda: "/five" in site.asked)
    await until(lambda: site.asked.count("/b") > 2)
    site.feed("/b", ("/b/5", "HPE wins again", "The same."))
    site.page("/b/5", "HPE wins again", story("HPE", 5))
    await until(lambda: "/b/5" in site.asked and site.asked.count("/two") > 1)
    seen = site.asked.count("/a")
    await until(lambda: site.asked.count("/a") > seen + 1)


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(LONGEST_SECONDS):
        while not holds():  # noqa: ASYNC110 - the site knows no event for it
            await asyncio.sleep(0.02)


async def _make(folder: Path) -> Made:
    async with open_site() as site:
        settings = settings_for(folder, set_up(site, folder))
        stop, database = asyncio.Event(), f"sqlite:///{folder / 'original.db'}"
        events = asyncio.create_task(goes_on(site))
        events.add_done_callback(lambda _: stop.set())
        done = await record(settings, folder / "rec", database=database, most_bytes=10**7, stop=stop)
        await events
        requests = len(site.asked)
    async with open_database(settings.model_copy(update={"database_url": SecretStr(database)})) as db:
        sources, polls = await sources_in(db)
        return Made(settings, folder / "rec", await read_outcome(db, now()), sources, polls, done.fetches, requests)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return asyncio.run(_make(tmp_path_factory.mktemp("recorded")))


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with open_site() as server:
        yield server
