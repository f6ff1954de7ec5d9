"""An httpx transport over aiohttp's connector: one request, one connection, no redirects, no cookies, no proxies.

    httpx.Request -> connect (guard asked for every address) -> httpx.Response with the raw, undecoded body stream
                                                             -> FetchError with the one code that names the fault

Why not httpx's own pool: a cancelled request can cost it a place for good. Why connections are closed after use
(``force_close``): requests to an origin are spaced, so a kept connection would mostly be found closed by the server
just as it is used again, which looks like a fault of the source.
"""

import socket
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import TracebackType
from typing import Any

import aiohttp
import httpx
import yarl
from aiohttp.abc import AbstractResolver

from scrapers.errors import FetchError
from scrapers.guard import AddressGuard
from scrapers.proxy import refuse_private

__all__ = ["AiohttpTransport", "raw_url"]

_CHUNK = 64 * 1024
_MAX_HEADER_LINE = 64 * 1024
_MAX_HEADERS = 256
_MAX_HEADER_BYTES = 256 * 1024
"""All header fields of an answer together, names and values."""
_PROXY_WANTS_A_PASSWORD = 407
_OVER_A_CAP = ("Got more than", "Too many")
"""How aiohttp's messages begin when a header line is longer, or the fields are more, than it was told to take."""
_CONNECT_SECONDS = 10.0

_refused: ContextVar[list[str]] = ContextVar("refused")
"""Addresses the guard refused for the request under way; tasks that the connector starts share the list."""


class AiohttpTransport(httpx.AsyncBaseTransport):
    """``guard`` judges every address before a socket to it exists, literals and redirect targets included.

    ``verify``: an SSL context, or None for the system's trusted authorities. ``connections``: open at a time, over all
    hosts; 0 for any number, which is for whoever asks to bound (a request that waits here spends its deadline).
    ``proxy``: makes every connection in our place; what the guard can then see tells proxy.py. ``resolver``: turns
    names into addresses in place of the system's; whoever hands it in closes it. Needs a running event loop when the
    first request is made. Raises FetchError and nothing else for what the network does, also while the body is read.
    """

    def __init__(
        self,
        guard: AddressGuard,
        *,
        verify: ssl.SSLContext | None = None,
        connections: int = 0,
        proxy: str | None = None,
        resolver: AbstractResolver | None = None,
    ) -> None:
        self._guard = guard
        self._proxy = proxy
        self._resolver = resolver
        self._verify = verify
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        refused: list[str] = []
        if self._proxy is not None:
            await refuse_private(self._guard, request.url.host)
        token = _refused.set(refused)
        try:
            with _errors_named(request.url, refused, self._guard):
                response = await self._open_session().request(
                    request.method,
                    yarl.URL(raw_url(request.url), encoded=True),
                    headers=[
                        (name.decode("ascii"), value.decode("ascii"))
                        for name, value in request.headers.raw
                        if name != b"Host"  # the connector's own is the same
                    ],
                    data=None if request.method == "GET" else await request.aread() or None,
                    allow_redirects=False,
                    proxy=self._proxy,
                )
        finally:
            _refused.reset(token)
        if sum(len(name) + len(value) for name, value in response.raw_headers) > _MAX_HEADER_BYTES:
            response.close()
            raise _too_long_a_head(request.url.host)
        if self._proxy is not None and response.status == _PROXY_WANTS_A_PASSWORD:
            response.close()
            raise _proxy_refusal(response.status)
        return httpx.Response(
            response.status,
            headers=list(response.raw_headers),
            stream=_Body(response, request.url),
            request=request,
        )

    async def aclose(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        await self.aclose()

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(
                ssl=self._verify if self._verify is not None else True,
                limit=self._connections,
                resolver=self._resolver,
                force_close=True,
                socket_factory=self._guarded_socket,
            )
            self._session = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                # The caller sets one deadline over everything; only the try of one address needs its own bound.
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT_SECONDS),
                auto_decompress=False,
                trust_env=False,
                skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
                max_line_size=_MAX_HEADER_LINE,
                max_field_size=_MAX_HEADER_LINE,
                max_headers=_MAX_HEADERS,
            )
        return self._session

    def _guarded_socket(self, address: tuple[Any, ...]) -> socket.socket:
        family, kind, protocol, _, target = address
        # With a proxy every socket leads to it: the operator named it, so it may stand in a private network.
        if self._proxy is None and not self._guard.permits(str(target[0])):
            _refused.get([]).append(str(target[0]))
            raise PermissionError("address refused")
        return socket.socket(family, kind, protocol)


class _Body(httpx.AsyncByteStream):
    """The body as it comes over the wire, in pieces of at most 64 KB."""

    def __init__(self, response: aiohttp.ClientResponse, url: httpx.URL) -> None:
        self._response = response
        self._url = url

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        with _errors_named(self._url, []):
            chunk = await self._response.content.read(_CHUNK)
        if not chunk:
            raise StopAsyncIteration
        return chunk

    async def aclose(self) -> None:
        self._response.close()


def raw_url(url: httpx.URL) -> str:
    """The address without user name, password and fragment, its escapes untouched (``%2F`` stays ``%2F``)."""
    host = url.raw_host.decode("ascii")
    if ":" in host:
        host = f"[{host}]"
    port = f":{url.port}" if url.port is not None else ""
    return f"{url.scheme}://{host}{port}{url.raw_path.decode('ascii')}"


@contextmanager
def _errors_named(url: httpx.URL, refused: list[str], guard: AddressGuard | None = None) -> Iterator[None]:
    """Translate aiohttp's errors, most special first. The one place that does."""
    host = url.host
    try:
        yield
    except (aiohttp.ClientConnectorCertificateError, aiohttp.ClientConnectorSSLError) as error:
        raise _fault(f"{host} could not prove who it is: {_reason(error)}", "tls") from error
    except (aiohttp.ClientProxyConnectionError, aiohttp.ClientHttpProxyError) as error:
        raise _proxy_fault(error) from None  # aiohttp's own text shows the proxy's password
    except aiohttp.ClientConnectorDNSError as error:
        raise _fault(f"The name {host} could not be looked up.", "dns") from error
    except aiohttp.ClientConnectorError as error:
        if refused and guard is not None:
            raise FetchError(guard.refusal(host, refused[0]), code="blocked-address", transient=False) from error
        raise _fault(f"No connection to {host}: {_reason(error)}", "connect") from error
    except TimeoutError as error:
        raise _fault(f"{host} did not answer in time.", "timeout") from error
    except aiohttp.InvalidURL as error:
        raise FetchError("This is not an address that can be fetched.", code="bad-url", transient=False) from error
    except aiohttp.ClientPayloadError as error:
        raise _fault(f"{host} broke off its answer or framed it wrongly.", "protocol") from error
    except aiohttp.ClientResponseError as error:
        raise _unreadable(error, host) from error
    except aiohttp.ServerDisconnectedError as error:
        raise _fault(f"{host} closed the connection without an answer.", "connect") from error
    except (aiohttp.ClientError, OSError) as error:
        raise _fault(f"The connection to {host} broke: {_reason(error)}", "connect") from error


def _fault(message: str, code: str) -> FetchError:
    return FetchError(message, code=code, transient=True)


def _too_long_a_head(host: str) -> FetchError:
    message = (
        f"{host} sent more than the caps on header fields take: {_MAX_HEADERS} of them, "
        f"{_MAX_HEADER_LINE // 1024} KB each, {_MAX_HEADER_BYTES // 1024} KB together."
    )
    return FetchError(message, code="headers-too-large", transient=False)


def _unreadable(error: aiohttp.ClientResponseError, host: str) -> FetchError:
    if error.message.startswith(_OVER_A_CAP):
        return _too_long_a_head(host)
    fault = error.message.partition("\n")[0].rstrip(": ")[:200]  # what follows quotes the bytes
    return _fault(f"{host} sent an answer that is not HTTP: {fault!r}", "protocol")


def _proxy_fault(error: aiohttp.ClientProxyConnectionError | aiohttp.ClientHttpProxyError) -> FetchError:
    if isinstance(error, aiohttp.ClientHttpProxyError):
        return _proxy_refusal(error.status)
    return _fault(f"No connection to the proxy (NEWSVANE_PROXY): {_reason(error)}", "proxy")


def _proxy_refusal(status: int) -> FetchError:
    """Not the source's fault: it was not even asked."""
    return _fault(f"The proxy (NEWSVANE_PROXY) did not let us through: it answered {status}.", "proxy")


def _reason(error: Exception) -> str:
    cause = getattr(error, "os_error", None) or error
    return (getattr(cause, "strerror", None) or str(cause) or type(cause).__name__)[:200] + "."
