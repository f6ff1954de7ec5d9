"""The application on a real loopback port over a real database."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI

from service.api.context import Running
from service.bootstrap import load_settings, outside_of
from service.desk.outside import Outside
from service.store.engine import Database
from service.web.app import create_app
from tests.web.desk import Desk


class _Server(uvicorn.Server):
    """Leaves signals alone, and stops at once where uvicorn would look ten times a second whether it should."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._stop = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def main_loop(self) -> None:
        await self._stop.wait()

    def stop(self) -> None:
        self.should_exit = True
        self._stop.set()


class Site:
    """``get`` asks as a browser on this machine would. ``desk`` fills the database. ``running``: what goes on beside
    requests."""

    def __init__(self, desk: Desk, client: httpx.AsyncClient, running: Running, outside: Outside) -> None:
        self.desk, self.db, self.client, self.running = desk, desk.db, client, running
        self.outside = outside

    async def get(self, path: str, **options: object) -> httpx.Response:
        return await self.client.get(path, **options)  # type: ignore[arg-type]

    async def page(self, path: str = "/", status: int = 200) -> str:
        answer = await self.get(path)
        assert answer.status_code == status, answer.text
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        return answer.text

    async def send(self, path: str, **fields: object) -> httpx.Response:
        """A form of one of our pages; lists are fields of one name. Redirects are not followed."""
        return await self.client.post(path, data={name: value for name, value in fields.items() if value is not None})

    async def act(self, path: str, **fields: object) -> str:
        """A form that does what it is for; the page that it leads to."""
        answer = await self.send(path, **fields)
        assert answer.status_code == 303, answer.text
        return await self.page(answer.headers["location"])


@asynccontextmanager
async def on_loopback(app: FastAPI) -> AsyncIterator[int]:
    """Serves an application on a real port, which is told."""
    server = _Server(uvicorn.Config(app, port=0, log_config=None, lifespan="off", access_log=False))
    task = asyncio.create_task(server.serve())
    try:
        for _ in range(1000):
            if server.started or task.done():
                break
            await asyncio.sleep(0.01)
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.stop()
        await task


@asynccontextmanager
async def open_site(
    db: Database, *, listen: str = "127.0.0.1:8780", backups: Path | None = None, **more: Any
) -> AsyncIterator[Site]:
    """``db`` is migrated, and stays open. Feeds, pages and receivers on loopback may be asked. ``more``: settings."""
    desk = Desk(db)
    loopback = ("127.0.0.1/32",)
    settings = load_settings(
        {},
        contact="desk@example.org",
        host_spacing=0,
        allowed_networks=loopback,
        allowed_alert_networks=loopback,
        backups=backups,
        **more,
    )
    outside = outside_of(settings)
    app = create_app(db, listen=listen, now=desk.now, outside=outside)
    async with (
        on_loopback(app) as port,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=30) as client,
    ):
        try:
            yield Site(desk, client, app.state.context.running, outside)
        finally:
            await app.state.context.running.stop()
