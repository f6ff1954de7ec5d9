"""A WebSub hub on loopback that behaves as the specification says, and misbehaves where it is told to.

POST / (subscribe, unsubscribe) -> 202 -> verifies the intent with a GET on the callback -> subscribed
push(topic, body) -> POST to every callback, signed with its secret
"""

import asyncio
import hashlib
import hmac
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import aiohttp
from aiohttp import web


@dataclass
class Subscriber:
    topic: str
    callback: str
    secret: str | None
    lease: int


@dataclass
class Hub:
    """``lease``: seconds granted, whatever was asked for. ``status``: of the answer to a request; 202 leads to a
    verification. ``verifies``: False leaves it out. ``inline``: it comes before the answer to the request."""

    url: str = ""
    lease: int = 864_000
    status: int = 202
    headers: dict[str, str] = field(default_factory=dict)
    denies: str | None = None
    verifies: bool = True
    inline: bool = False
    method: str = "sha256"
    via: tuple[str, str] | None = None
    """Callbacks that begin with the first address are reached at the second, as behind a proxy."""
    subscribers: dict[tuple[str, str], Subscriber] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    verdicts: list[tuple[str, int, bool]] = field(default_factory=list)
    """Mode, status and whether the challenge came back, of each verification."""
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    """Verifications wait for it: callbacks can be reached."""
    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    client: Any = None

    async def take(self, request: web.Request) -> web.StreamResponse:
        fields = {name: str(value) for name, value in (await request.post()).items()}
        self.asked.append(fields)
        if self.status == 0:  # it hangs up
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        if self.status == 202:
            if self.inline:
                await self._decide(fields)
            else:
                task = asyncio.create_task(self._decide(fields))
                self.tasks.add(task)
                task.add_done_callback(self.tasks.discard)
        return web.Response(status=self.status, headers=self.headers, text="" if self.status == 202 else "No, thanks.")

    async def settled(self) -> None:
        """Every verification so far is over."""
        if self.tasks:
            await asyncio.wait(self.tasks, timeout=30)

    async def _decide(self, fields: dict[str, str]) -> None:
        mode, topic, callback = (fields[f"hub.{name}"] for name in ("mode", "topic", "callback"))
        await self.reached.wait()
        if self.denies is not None:
            await self.ask(callback, {"hub.mode": "denied", "hub.topic": topic, "hub.reason": self.denies})
            return
        if not self.verifies:
            return
        challenge = secrets.token_urlsafe(20)
        query = {"hub.mode": mode, "hub.topic": topic, "hub.challenge": challenge}
        if mode == "subscribe":
            query["hub.lease_seconds"] = str(self.lease)
        status, body = await self.ask(callback, query)
        agreed = 200 <= status < 300 and body == challenge
        self.verdicts.append((mode, status, agreed))
        if agreed and mode == "subscribe":
            self.subscribers[topic, callback] = Subscriber(topic, callback, fields.get("hub.secret"), self.lease)
        elif agreed:
            self.subscribers.pop((topic, callback), None)

    async def ask(self, callback: str, query: dict[str, str]) -> tuple[int, str]:
        url, headers = self._reached(callback)
        async with self.client.get(f"{url}?{urlencode(query)}", headers=headers) as answer:
            return answer.status, await answer.text()

    async def push(self, topic: str, body: bytes, *, kind: str = "application/rss+xml", **headers: str) -> list[int]:
        """What each subscriber answered. A subscriber that says 410 is dropped."""
        answers = []
        for key, subscriber in list(self.subscribers.items()):
            if subscriber.topic == topic:
                status = await self.send(subscriber, body, kind=kind, **headers)
                answers.append(status)
                if status == 410:
                    del self.subscribers[key]
        return answers

    async def send(self, subscriber: Subscriber, body: bytes, *, kind: str = "", signature: str = "") -> int:
        url, headers = self._reached(subscriber.callback)
        headers |= {"Content-Type": kind or "text/plain"}
        headers |= {"Link": f'<{self.url}>; rel="hub", <{subscriber.topic}>; rel="self"'}
        if subscriber.secret is not None:
            digest = hmac.new(subscriber.secret.encode(), body, getattr(hashlib, self.method)).hexdigest()
            headers["X-Hub-Signature"] = signature or f"{self.method}={digest}"
        async with self.client.post(url, data=body, headers=headers) as answer:
            return int(answer.status)

    def _reached(self, callback: str) -> tuple[str, dict[str, str]]:
        if self.via is None or not callback.startswith(self.via[0]):
            return callback, {}
        return self.via[1] + callback.removeprefix(self.via[0]), {"Host": self.via[0].partition("://")[2]}


@asynccontextmanager
async def open_hub() -> AsyncIterator[Hub]:
    hub = Hub()
    hub.reached.set()
    application = web.Application()
    application.router.add_post("/", hub.take)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    hub.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    timeout = aiohttp.ClientTimeout(total=30)
    try:
        async with aiohttp.ClientSession(timeout=timeout) as hub.client:
            yield hub
            for task in list(hub.tasks):
                task.cancel()
            await asyncio.gather(*hub.tasks, return_exceptions=True)
    finally:
        await runner.cleanup()
