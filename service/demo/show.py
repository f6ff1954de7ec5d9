"""The main job in front of your eyes: the daemon's own code over a sample world, with real receivers.

yesterday's items -> the first poll: articles and mentions, one summary alert a source, no flood
today's items     -> articles -> mentions -> alerts -> a webhook and an email, caught on loopback
"""

import asyncio
import json
import tempfile
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console
from rich.table import Table
from rich.text import Text

from service import watchlist
from service.bootstrap import App, Settings, load_settings, now, open_app
from service.demo.receivers import MailReceiver, WebhookReceiver
from service.demo.server import WorldServer
from service.dispatch import Lane
from service.search import Ask, page, watch_list
from service.store import sources

__all__ = ["demo_settings", "demo_watchlist", "show"]

_SECRET = "whsec_bmV3c3ZhbmUtZGVtbw=="  # noqa: S105 - known to everyone, for receivers that the demo itself starts
_LOOPBACK = ("127.0.0.0/8",)


def demo_watchlist(world: WorldServer, hook: WebhookReceiver) -> str:
    """The bundled entities over the sample world's sources; every mention goes to a webhook and by email."""
    entities = yaml.safe_load(watchlist.bundled())["entities"]
    return yaml.safe_dump(
        {
            "sources": [dict(source) for source in world.sources],
            "entities": entities,
            "rules": [{"name": "every mention", "query": "entity:*", "channels": ["hook", "desk"]}],
            "channels": [
                {"name": "hook", "type": "webhook", "url": hook.url, "secret": _SECRET},
                {"name": "desk", "type": "email", "to": ["desk@example.org"]},
            ],
        },
        allow_unicode=True,
        sort_keys=False,
    )


def demo_settings(folder: Path, mail: MailReceiver, **overrides: object) -> Settings:
    """Settings of the demo: everything in ``folder``, loopback allowed, publishers that need no sparing."""
    return load_settings(
        {},
        env_file=None,
        **{
            "database_url": f"sqlite:///{folder / 'demo.db'}",
            "watchlist": folder / "watchlist.yaml",
            "allowed_networks": _LOOPBACK,
            "allowed_alert_networks": _LOOPBACK,
            "host_spacing": 0,
            "smtp_url": f"smtp://{mail.host}:{mail.port}?starttls=never",
            "email_from": "Newsvane <newsvane@example.org>",
        }
        | overrides,
    )


async def show(*, stay: int = 0) -> bool:
    """Run the demo and print what came of it; True when every article named what the world says it names.

    ``stay``: seconds for which the pages are served afterwards.
    """
    console = Console(width=None if Console().is_terminal else 120)
    with tempfile.TemporaryDirectory(prefix="newsvane-demo-") as name:
        folder = Path(name)
        async with WorldServer(now()) as world, WebhookReceiver(_SECRET) as hook, MailReceiver() as mail:
            await asyncio.to_thread((folder / "watchlist.yaml").write_text, demo_watchlist(world, hook), "utf-8")
            settings = demo_settings(folder, mail)
            async with open_app(settings) as app:
                await _day(app, console, f"Yesterday: the first poll of {len(world.sources)} sources")
                world.advance()
                await _day(app, console, "Today: new items appear in the feeds")
                right = await _report(app, console, world)
                _received(console, hook, mail)
                if stay:
                    await _stay(app, console, stay)
    return right


async def _day(app: App, console: Console, title: str) -> None:
    told: tuple[Lane[Any], ...] = (app.polls, app.reads, app.deliveries)
    before = [lane.done for lane in told]
    async with app.db.write() as session:
        await sources.make_due(session, now())
    await app.one_pass()
    polled, read, sent = (lane.done - done for lane, done in zip(told, before, strict=True))
    console.print(Text(f"\n{title}", style="bold"))
    console.print(f"  {polled} feeds polled, {read} articles read, {sent} deliveries sent")


async def _report(app: App, console: Console, world: WorldServer) -> bool:
    mentions = await _all(app, "mentions")
    alerts = await _all(app, "alerts")
    articles = await _all(app, "articles")
    _mentions(console, mentions)
    _stories(console, await _all(app, "stories"))
    _alerts(console, alerts)
    await _troubles(app, console)
    wrong = _compare(world, articles)
    console.print(Text("\nAgainst the sample world's own list of what each article names", style="bold"))
    console.print(f"  {len(articles) - len(wrong)} of {len(articles)} articles exactly right")
    for line in wrong:
        console.print(Text(f"  WRONG {line}", style="red"))
    return not wrong


async def _all(app: App, noun: str) -> list[dict[str, Any]]:
    return (await page(app.db, noun, Ask(limit=10_000), now=now())).lines


def _mentions(console: Console, mentions: Sequence[dict[str, Any]]) -> None:
    by_entity: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for mention in mentions:
        by_entity[mention["entity"]].append(mention)
    console.print(Text(f"\nMentions by entity ({len(mentions)})", style="bold"))
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 2))
    for column in ("entity", "mentions", "main", "for instance", "because"):
        table.add_column(column)
    for entity, found in sorted(by_entity.items(), key=lambda item: -len(item[1])):
        example = max(found, key=lambda mention: (mention["salience"] == "main", mention["confidence"]))
        main = sum(mention["salience"] == "main" for mention in found)
        table.add_row(
            entity, str(len(found)), str(main), Text(example["title"]), Text(example["evidence"][0], style="dim")
        )
    console.print(table)


def _stories(console: Console, stories: Sequence[dict[str, Any]]) -> None:
    told_often = sorted((story for story in stories if story["copies"] > 1), key=lambda story: -story["copies"])
    console.print(
        Text(f"\nStories told by several ({len(told_often)} of {len(stories)}; each alerts once)", style="bold")
    )
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 2))
    for column in ("copies", "title", "outlets"):
        table.add_column(column)
    for story in told_often:
        table.add_row(str(story["copies"]), Text(story["title"]), Text(", ".join(story["outlets"])))
    console.print(table)


def _alerts(console: Console, alerts: Sequence[dict[str, Any]]) -> None:
    kinds = Counter(alert["kind"] for alert in alerts)
    counted = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
    console.print(Text(f"\nAlerts ({counted})", style="bold"))
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 2))
    for column in ("kind", "entities", "title", "deliveries"):
        table.add_column(column)
    for alert in alerts:
        states = ", ".join(f"{sent['channel']} {sent['status']}" for sent in alert["deliveries"])
        table.add_row(alert["kind"], ", ".join(alert["entities"]), Text(alert["title"]), states)
    console.print(table)


async def _troubles(app: App, console: Console) -> None:
    console.print(Text("\nSources in trouble", style="bold"))
    for source in await watch_list(app.db, "sources"):
        if source["failures"]:
            console.print(Text(f"  {source['title'] or source['url']}: {source['last_error']}"), soft_wrap=True)


def _compare(world: WorldServer, articles: Sequence[dict[str, Any]]) -> list[str]:
    wrong = []
    for article in articles:
        story = world.story_at(article["url"])
        if story is None:
            wrong.append(f"{article['url']} is no page of the sample world")
        elif set(story.entities) != set(article["entities"]):
            wrong.append(f"{story.id}: names {sorted(story.entities)}, found {sorted(article['entities'])}")
    return wrong


def _received(console: Console, hook: WebhookReceiver, mail: MailReceiver) -> None:
    console.print(
        Text(f"\nThe webhook's receiver took {len(hook.accepted)} requests, each signature valid", style="bold")
    )
    for request in list(hook.accepted)[-1:]:
        for name in ("webhook-id", "webhook-timestamp", "webhook-signature"):
            console.print(Text(f"  {name}: {request.headers.get(name)}"), soft_wrap=True)
        body = json.dumps(json.loads(request.body), ensure_ascii=False, indent=1)
        console.print(Text("  " + body[:900].replace("\n", "\n  ") + " ..."), soft_wrap=True)
    console.print(Text(f"\nThe mail receiver took {len(mail.records)} messages", style="bold"))
    for record in list(mail.records)[-1:]:
        for name in ("From", "To", "Subject", "Message-ID"):
            console.print(Text(f"  {name}: {record.message[name]}"), soft_wrap=True)
        part = record.message.get_body(("plain",))
        text = part.get_content() if part is not None else ""
        console.print(Text("  " + text[:900].replace("\n", "\n  ")), soft_wrap=True)


async def _stay(app: App, console: Console, seconds: int) -> None:
    """Serve the pages over what the demo found."""
    from service.daemon import listen, serving

    with listen("127.0.0.1:8780") as bound:
        async with serving(app, bound):
            console.print(f"\nThe pages: http://127.0.0.1:8780/ for {seconds} s; Ctrl-C ends it")
            await asyncio.sleep(seconds)
