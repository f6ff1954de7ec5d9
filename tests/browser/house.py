"""A whole newsvane at work: the daemon's own parts on a loopback port, over the sample world and a hostile publisher.

async with open_house(folder) as house:      polled twice, read, matched, alerts sent; lanes tick, pages are served
    house.base                               where the pages are
    house.hook, house.mail                   what was sent
    house.press                              a site whose feeds and pages a test writes
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import yaml
from sqlalchemy import update

from service.bootstrap import App, now, open_app
from service.daemon import listen, serving, ticking
from service.demo.receivers import MailReceiver, WebhookReceiver
from service.demo.server import WorldServer
from service.demo.show import demo_settings, demo_watchlist
from service.desk import watch
from service.store import sources
from service.store.tables import EntityRow
from tests.browser import planted
from tests.pipeline.site import Site, open_site
from tests.web.desk import WIRE, Desk

__all__ = ["SECRET", "House", "open_copy", "open_empty", "open_house"]

_FILE, _ANY_PORT = "demo.db", "127.0.0.1:0"
_OFTEN = {
    "HPE": (2, 3, 3, 2, 2, 0, 0),
    "Oracle": (3, 4, 4, 4, 3, 1, 1),
    "Supermicro": (2, 2, 3, 3, 2, 0, 1),
    "xAI": (3, 3, 4, 5, 4, 2, 2),
}
"""Articles on a Monday, a Tuesday, and so on."""
SECRET = "whsec_bmV3c3ZhbmUtZGVtbw=="


@dataclass(frozen=True)
class House:
    base: str
    """``http://127.0.0.1:port``, without a slash."""
    app: App
    hook: WebhookReceiver
    mail: MailReceiver
    press: Site
    folder: Path


@asynccontextmanager
async def open_copy(house: House, folder: Path) -> AsyncIterator[House]:
    """A second newsvane over a copy of the first one's database, for a test that would disturb the others.

    It polls and sends nothing by itself.
    """
    await asyncio.to_thread(_copy, house.folder / _FILE, folder / _FILE)
    async with AsyncExitStack() as stack:
        (folder / "watchlist.yaml").touch()
        settings = demo_settings(folder, house.mail, listen=_ANY_PORT, workers=1)
        app = await stack.enter_async_context(open_app(settings))
        base = await _open_pages(stack, app)
        yield House(base, app, house.hook, house.mail, house.press, folder)


@asynccontextmanager
async def open_house(folder: Path, *, hostile: bool = True, weeks: int = 0) -> AsyncIterator[House]:
    """``hostile``: one more source, whose feed and pages attack whoever reads them (``planted``). ``weeks``: of news
    before, so that it is known what is usual."""
    async with AsyncExitStack() as stack:
        world = await stack.enter_async_context(WorldServer(now()))
        hook = await stack.enter_async_context(WebhookReceiver(SECRET))
        mail = await stack.enter_async_context(MailReceiver())
        press = await stack.enter_async_context(open_site())
        watchlist = yaml.safe_load(demo_watchlist(world, hook))
        if hostile:
            watchlist["sources"].append(planted.source(press))
            watchlist["rules"].append(planted.rule())
        await asyncio.to_thread((folder / "watchlist.yaml").write_text, yaml.safe_dump(watchlist), "utf-8")
        settings = demo_settings(folder, mail, listen=_ANY_PORT, workers=1, first_poll_spread="0s")
        app = await stack.enter_async_context(open_app(settings))
        if weeks:
            await _past(app, weeks)
        await _day(app)
        world.advance()
        if hostile:
            planted.publish(press)
        await _day(app)
        stack.push_async_callback(app.drain)
        await stack.enter_async_context(ticking(app))
        base = await _open_pages(stack, app)
        yield House(base, app, hook, mail, press, folder)


@asynccontextmanager
async def open_empty(house: House, folder: Path) -> AsyncIterator[House]:
    """A newsvane that nobody has used yet, at work; what it watches and where it sends must be told to it."""
    async with AsyncExitStack() as stack:
        (folder / "watchlist.yaml").touch()
        settings = demo_settings(folder, house.mail, listen=_ANY_PORT, workers=1, first_poll_spread="0s")
        app = await stack.enter_async_context(open_app(settings))
        stack.push_async_callback(app.drain)
        await stack.enter_async_context(ticking(app))
        base = await _open_pages(stack, app)
        yield House(base, app, house.hook, house.mail, house.press, folder)


async def _open_pages(stack: AsyncExitStack, app: App) -> str:
    bound = stack.enter_context(listen(app.settings.listen))
    await stack.enter_async_context(serving(app, bound))
    return f"http://127.0.0.1:{bound.getsockname()[1]}"


async def _past(app: App, weeks: int) -> None:
    """Companies were tracked, and a source told of each as often as on such a weekday, with a little more or less."""
    desk, today = Desk(app.db), now()
    for day in range(weeks * 7, 0, -1):
        desk.time = today - timedelta(days=day, hours=3)
        for place, (entity, weekdays) in enumerate(_OFTEN.items()):
            for number in range(weekdays[desk.time.weekday()] + (day * 7 + place * 3) % 5 // 2):
                title = f"{entity}: notes of {desk.time:%-d %B}, part {number + 1}"
                await desk.publish(title, f"{entity} was in the papers.", names={entity: [entity]})
    async with app.db.write() as session:
        await watch.remove(session, "source", [WIRE])
        await session.execute(update(EntityRow).values(created_at=today - timedelta(weeks=weeks)))


async def _day(app: App) -> None:
    async with app.db.write() as session:
        await sources.make_due(session, now())
    await app.one_pass()


def _copy(original: Path, copy: Path) -> None:
    """As SQLite copies a database that is in use."""
    with closing(sqlite3.connect(original)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
