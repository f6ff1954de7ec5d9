"""The one choke point for the web: conditional GET for feeds and pages, POST for webhooks. Never logs.

    fetch(url) -> slot at the origin -> GET -> 2xx -> bounded body -> Fetched
                        ^    |              -> 304 -> Unchanged
                        |__ next hop, checked __ 3xx
                             |              -> anything else -> FetchError
                             origin asked for a pause ------> FetchError, nothing is sent (refusals.py)

httpx carries the requests over a transport of our own (transport.py). Its redirect rule is not used, since every hop is
checked here; it is given no place to keep cookies; and its log line a request, which would show addresses with their
secrets, is kept quiet.
"""

import asyncio
import base64
import logging
import re
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

import httpx

from scrapers.decoding import ACCEPT_ENCODING, BodyDecoder
from scrapers.errors import HOST_CLOSED, FetchError
from scrapers.guard import AddressGuard
from scrapers.hosts import HostLimits, origin_of
from scrapers.overhearing import Hop, overheard
from scrapers.refusals import Refusals
from scrapers.transport import AiohttpTransport, raw_url
from scrapers.types import Fetched, Unchanged, Validators
from scrapers.waiting import parse_retry_after

__all__ = ["Answer", "WebClient"]

_ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.8"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# Labels of 1 to 63 octets (RFC 1035 section 2.3.4), or an IPv6 address.
_HOST = re.compile(rb"(?:[A-Za-z0-9_-]{1,63}\.)*[A-Za-z0-9_-]{1,63}\.?|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")
_LONGEST_HOST = 254
"""With the dot at the end."""
_PERMANENT = frozenset({301, 308})
_TRANSIENT = frozenset({408, 425, 429})
_REFUSALS = frozenset({429, 503})
# Fields that hold one value: of a repeated one the first counts. All others are lists (RFC 9110 section 5.3).
_SINGLE = frozenset({"content-length", "content-type", "date", "etag", "last-modified", "location", "retry-after"})
_NO_AUTH = httpx.Auth()
_NO_STREAM = httpx.ByteStream(b"")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a receiver said to a POST. ``headers``: names in lower case. ``excerpt``: the start of the body, raw."""

    status: int
    headers: Mapping[str, str]
    excerpt: bytes


class _NoCookies(httpx.Cookies):
    """Takes no cookie, so it has none to send; the usual jar works for each answer even when it is to refuse all."""

    def extract_cookies(self, response: httpx.Response) -> None:
        """Leave them where they are."""


class _Client(httpx.AsyncClient):
    _none = _NoCookies()

    @property  # type: ignore[misc] # nobody is to set them
    def cookies(self) -> httpx.Cookies:
        return self._none


@dataclass(slots=True)
class _Journey:
    """One exchange on its way: where it is, what it may show there, how it came there, and what time is left."""

    url: httpx.URL
    """Without user name and password."""
    address: str
    """The same as text, without a fragment."""
    seconds: float
    credentials: Mapping[str, str]
    redirects: tuple[int, ...] = ()
    """Their statuses, so far."""

    @property
    def permanent_url(self) -> str | None:
        return self.address if self.redirects and _PERMANENT.issuperset(self.redirects) else None

    def go_on(self, target: httpx.URL, address: str, status: int) -> None:
        if origin_of(address) != origin_of(self.address):
            self.credentials = {}
        self.url, self.address = target, address
        self.redirects += (status,)


class WebClient:
    """Fetches within bounds. An async context manager; closing it closes every connection.

    ``max_bytes``: cap on a body, before and after decompression. ``max_redirects``: hops followed. ``deadline``:
    seconds for the whole fetch with its redirects, not counting the wait for a slot. ``verify``: an SSL context in
    place of the system's. ``proxy``: address of an HTTP proxy, see proxy.py. ``hosts``: spacing and concurrency for
    each origin. ``overheard_in``: takes a note of every hop. Attribute ``refusals``: the origins that asked for a
    pause, and ``hosts``.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        guard: AddressGuard,
        hosts: HostLimits,
        max_bytes: int = 10_000_000,
        max_redirects: int = 5,
        deadline: float = 30.0,
        verify: ssl.SSLContext | None = None,
        proxy: str | None = None,
        overheard_in: list[Hop] | None = None,
    ) -> None:
        self.user_agent = user_agent
        self.refusals = Refusals()
        self.hosts = hosts
        self._max_bytes = max_bytes
        self._max_redirects = max_redirects
        self._deadline = deadline
        logging.getLogger("httpx").setLevel(logging.WARNING)
        self._client = _Client(
            transport=overheard(AiohttpTransport(guard, verify=verify, proxy=proxy), overheard_in),
            follow_redirects=False,
            timeout=httpx.Timeout(None),  # one deadline covers everything, see _exchange
            trust_env=False,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        await self._client.aclose()

    async def fetch(
        self,
        url: str,
        *,
        now: datetime,
        validators: Validators = Validators(),  # noqa: B008 (frozen)
        accept: str = _ACCEPT,
        max_bytes: int | None = None,
    ) -> Fetched | Unchanged:
        """GET an http(s) address. ``now`` (aware) turns a relative Retry-After into a time.

        A user name and password in ``url`` are sent as Basic authentication to that origin only, and appear in no
        result. Raises FetchError.
        """
        journey = _set_out(url, self._deadline)
        current = _going_on(now)
        conditions = _conditions(validators)
        conditional = bool(conditions)
        headers = {
            "User-Agent": self.user_agent,
            "Accept": accept,
            "Accept-Encoding": ACCEPT_ENCODING,
            **conditions,
        }
        cap = self._max_bytes if max_bytes is None else max_bytes
        while True:
            # Without a body of its own httpx would make the header fields twice.
            request = httpx.Request("GET", journey.url, headers={**headers, **journey.credentials}, stream=_NO_STREAM)
            async with self._exchange(request, journey, current) as response:
                fields = _fields(response)
                if response.status_code in _REDIRECTS and "location" in fields:
                    self._follow(journey, response.status_code, fields["location"])
                    continue
                try:
                    return await _conclude(
                        url, journey, response, fields, conditional=conditional, cap=cap, now=current()
                    )
                except FetchError as error:
                    error.status = response.status_code
                    if error.status in _REFUSALS:
                        self.refusals.note(journey.address, error.retry_after, current())
                    raise

    async def post(
        self, url: str, *, body: bytes, headers: Mapping[str, str], deadline: float, max_answer: int
    ) -> Answer:
        """POST ``body`` once. Redirects are not followed and every status is returned; once a status came, trouble
        with the rest of the answer only shortens ``excerpt`` (at most ``max_answer`` bytes).

        ``deadline``: seconds, not counting the wait for a slot. Raises FetchError when no answer came.
        """
        journey = _set_out(url, deadline)
        plain = {"User-Agent": self.user_agent, "Accept": "*/*", "Accept-Encoding": "identity", **journey.credentials}
        answer: Answer | None = None
        excerpt = bytearray()
        try:
            request = httpx.Request("POST", journey.url, headers={**plain, **headers}, content=body)
            async with self._exchange(request, journey) as response:
                answer = Answer(response.status_code, _fields(response), b"")
                async for chunk in response.stream:  # type: ignore[union-attr]
                    excerpt += chunk
                    if len(excerpt) >= max_answer:
                        break
        except FetchError:
            if answer is None:
                raise
        assert answer is not None  # noqa: S101
        return Answer(answer.status, answer.headers, bytes(excerpt[:max_answer]))

    @asynccontextmanager
    async def _exchange(
        self, request: httpx.Request, journey: _Journey, now: Callable[[], datetime] | None = None
    ) -> AsyncIterator[httpx.Response]:
        """One request and the reading of its answer, in a slot of its origin, on the journey's time.

        ``now``: none for a request that is made although the origin asked for a pause.
        """
        clock = asyncio.get_running_loop().time
        if now is not None:
            self._refuse_if_closed(journey, now)
        async with self.hosts.slot(journey.address):
            if now is not None:  # it may have been closed while this request waited
                self._refuse_if_closed(journey, now)
            started, status = clock(), None
            try:
                async with asyncio.timeout(journey.seconds):
                    response = await self._send(request)
                    status = response.status_code
                    try:
                        yield response
                    finally:
                        await response.aclose()
                        response.stream = _NO_STREAM  # httpx's refers to the response, which is work for the collector
            except TimeoutError as error:
                message = f"{request.url.host} took longer than the time given to it."
                raise FetchError(message, code="timeout", transient=True, status=status) from error
            finally:
                journey.seconds -= clock() - started

    async def _send(self, request: httpx.Request) -> httpx.Response:
        try:
            return await self._client.send(request, stream=True, auth=_NO_AUTH)
        except (httpx.RemoteProtocolError, httpx.InvalidURL, UnicodeError) as error:
            # The client looks at redirects even if it follows none, and at some with an error of a library of its own.
            message = "The address redirects to one that cannot be fetched."
            raise FetchError(message, code="bad-url", transient=False) from error

    def _follow(self, journey: _Journey, status: int, location: str) -> None:
        """Move the journey to the redirect's target, if that may be followed."""
        if len(journey.redirects) >= self._max_redirects:
            message = f"The address redirects more than {self._max_redirects} times."
            raise FetchError(message, code="too-many-redirects", transient=False, status=status)
        target, address = _parse_url(location, base=journey.url)
        if target.userinfo:
            message = "The address redirects to one that carries a user name or password."
            raise FetchError(message, code="bad-url", transient=False, status=status)
        journey.go_on(target, address, status)

    def _refuse_if_closed(self, journey: _Journey, now: Callable[[], datetime]) -> None:
        until = self.refusals.closed_until(journey.address, now()) if self.refusals else None
        if until is not None:
            message = (
                f"{journey.url.host} refused several addresses and asked for a pause until {until:%Y-%m-%d %H:%M} UTC."
            )
            raise FetchError(message, code=HOST_CLOSED, transient=True, retry_after=until)


def _going_on(now: datetime) -> Callable[[], datetime]:
    """A clock that shows ``now`` at this moment, to the second: the wait for a slot may be long."""
    clock = asyncio.get_running_loop().time
    begun = clock()
    return lambda: now + timedelta(seconds=round(clock() - begun))


async def _conclude(
    requested_url: str,
    journey: _Journey,
    response: httpx.Response,
    fields: Mapping[str, str],
    *,
    conditional: bool,
    cap: int,
    now: datetime,
) -> Fetched | Unchanged:
    """Make the last answer of a journey into a value or an error."""
    status = response.status_code
    if status == 304:
        if not conditional:
            message = "The server says that nothing changed, but was not asked whether."
            raise FetchError(message, code="protocol", transient=True, status=status)
        return Unchanged(requested_url, fields, journey.permanent_url, journey.redirects)
    if not 200 <= status < 300 or status == 206:
        raise _status_error(status, fields, now)
    announced = fields.get("content-length", "")
    if announced.isascii() and announced.isdecimal() and int(announced[:18]) > cap:
        message = f"The answer is larger than {cap:,} bytes."
        raise FetchError(message, code="too-large", transient=False, status=status)
    decoder = BodyDecoder([fields.get("content-encoding", "")], cap)
    async for chunk in response.stream:  # type: ignore[union-attr]
        decoder.feed(chunk)
    body = decoder.finish()
    return Fetched(requested_url, journey.address, status, fields, body, journey.permanent_url, journey.redirects)


def _status_error(status: int, fields: Mapping[str, str], now: datetime) -> FetchError:
    retry_after = parse_retry_after(fields.get("retry-after"), now)
    if 200 <= status < 400:  # 206, 3xx without a target
        message = f"The server answered {status}, which does not fit the request."
    else:
        message = f"The server answered {status}{_meaning(status)}."
    transient = status in _TRANSIENT or status >= 500
    return FetchError(message, code=f"http-{status}", transient=transient, status=status, retry_after=retry_after)


def _meaning(status: int) -> str:
    phrase = httpx.codes.get_reason_phrase(status)
    return f" ({phrase})" if phrase else ""


def _set_out(text: str, seconds: float) -> _Journey:
    url, address = _parse_url(text)
    if not url.userinfo:
        return _Journey(url, address, seconds, {})
    pair = f"{url.username}:{url.password}".encode()
    basic = "Basic " + base64.b64encode(pair).decode("ascii")
    return _Journey(url.copy_with(userinfo=b""), address, seconds, {"Authorization": basic})


def _parse_url(text: str, base: httpx.URL | None = None) -> tuple[httpx.URL, str]:
    """An absolute http(s) address with a host, also as ``raw_url`` has it; or FetchError ``bad-url``."""
    try:
        url = httpx.URL(text.strip()) if base is None else base.join(text.strip())
        if len(url.raw_host) > _LONGEST_HOST or not _HOST.fullmatch(url.raw_host):
            raise ValueError("no host name")
        if b"xn--" in url.raw_host:
            _ = url.host  # raises UnicodeError, a ValueError, for what stands for no characters
        address = raw_url(url)
        origin_of(address)
    except (httpx.InvalidURL, ValueError, TypeError) as error:
        message = "This is not an http(s) address that can be fetched."
        raise FetchError(message, code="bad-url", transient=False) from error
    return url, address


def _conditions(validators: Validators) -> dict[str, str]:
    """The conditional request fields; a validator that cannot be sent back unchanged is left out."""
    candidates = {"If-None-Match": validators.etag, "If-Modified-Since": validators.last_modified}
    return {name: value for name, value in candidates.items() if value and value.isascii() and value.isprintable()}


def _fields(response: httpx.Response) -> dict[str, str]:
    """The answer's fields as text without control characters. Cookies are not passed on."""
    fields: dict[str, str] = {}
    for raw_name, raw_value in response.headers.raw:
        name = raw_name.decode("ascii", "replace").lower()
        try:
            value = raw_value.decode("utf-8")
        except UnicodeDecodeError:
            value = raw_value.decode("latin-1")
        if not value.isprintable():
            value = "".join(char for char in value if char.isprintable())
        value = value.strip()
        if name in fields and name not in _SINGLE:
            fields[name] = f"{fields[name]}, {value}"
        elif name not in ("set-cookie", "set-cookie2"):
            fields.setdefault(name, value)
    return fields
