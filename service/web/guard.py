"""Which requests are looked at at all, and which headers every answer carries. Who may what: ``service.api.access``."""

import re
from collections.abc import Awaitable, Callable
from ipaddress import IPv4Address, IPv6Address, ip_address

from fastapi import HTTPException, Request
from fastapi.responses import Response
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.lock import Lock

__all__ = ["HEADERS", "Guard", "comes_from_here", "is_loopback", "is_ours"]

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # not no-referrer: forms would be sent with the origin "null"
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache, private",
}

# RFC 9110 section 7.2: a host, as an address in brackets or a name, and perhaps a port.
_HOST = re.compile(r"(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<name>[^\s:/?#@\[\]]+))(?::\d{0,5})?")

_HARMLESS = frozenset({"GET", "HEAD", "OPTIONS"})
_LARGEST_BODY = 20_000_000

Refuse = Callable[[Request, Exception], Awaitable[Response]]


class Guard:
    """Answers only requests that were meant for this newsvane.

    A page on the web can point its own host name at 127.0.0.1 and then read what a server there answers (DNS
    rebinding). Its requests still carry that name in ``Host``. As long as nothing is locked, the name must be ours;
    afterwards such a page gets no further than anybody without a token.

    Nor may another site's page change anything here with the cookies of who looks at it: a request that changes must
    come from our own pages, or from what is no browser (OWASP's cross-site request forgery cheat sheet, by origin).

    ``open_host`` and ``open_path``: that one host name may ask for what lies under that path (or paths), no more.
    What lies there must not trust its caller: a hub on the internet, or a page that was rebound to us.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        listen: str,
        refuse: Refuse,
        lock: Lock,
        open_host: str | None = None,
        open_path: str | tuple[str, ...] = "/",
    ) -> None:
        self._app, self._listen, self._refuse, self._lock = app, listen, refuse, lock
        self._open_host, self._open_path = open_host, open_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        protected = _with_headers(send)
        error = await self._fault(scope)
        if error is None:
            # RFC 9110 section 9.3.2: HEAD is GET without the body, which the server leaves out.
            asked = {**scope, "method": "GET"} if scope["method"] == "HEAD" else scope
            await self._app(asked, receive, protected)
            return
        response = await self._refuse(Request(scope), error)
        await response(scope, receive, protected)

    async def _fault(self, scope: Scope) -> HTTPException | None:
        headers = Headers(scope=scope)
        hosts = headers.getlist("host")
        if len(hosts) != 1:
            return HTTPException(400, "a request names its host exactly once")
        to_open_path = scope["path"].startswith(self._open_path)
        if not (is_ours(hosts[0], self._listen) or (to_open_path and self._is_open(hosts[0]))) and not (
            host_name(hosts[0]) and await self._lock.holds()
        ):
            return HTTPException(421, f"newsvane does not answer to that name: open {_own_address(self._listen)}")
        if scope["method"] not in _HARMLESS and not to_open_path and not comes_from_here(headers):
            return HTTPException(403, "this request came from another site's page: open newsvane's own and do it there")
        if scope["method"] not in _HARMLESS and not to_open_path and _length(headers) > _LARGEST_BODY:
            return HTTPException(
                413, f"that is too large: send at most {_LARGEST_BODY // 1_000_000} MB, with its length"
            )
        return None

    def _is_open(self, host: str) -> bool:
        return self._open_host is not None and host_name(host) == self._open_host


def comes_from_here(headers: Headers) -> bool:
    """Whether a request that changes something was sent by one of our own pages, or by no page at all.

    Browsers say where a request comes from in ``Sec-Fetch-Site`` (W3C Fetch Metadata; over TLS and to this machine)
    and, with every POST, in ``Origin`` (RFC 6454); pages cannot set either. What sends neither is no browser, and has
    no cookies that somebody else could ride on.
    """
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None:
        return site in {"same-origin", "none"}
    return origin is None or origin.partition("://")[2].lower() == headers["host"].lower()


def host_name(host: str) -> str | None:
    """The name or address in a ``Host`` header, in lower case, without port and brackets; None when it is none."""
    found = _HOST.fullmatch(host)
    return (found["six"] or found["name"]).lower() if found else None


def is_ours(host: str, listen: str) -> bool:
    """Whether a ``Host`` header names loopback or the address that newsvane listens on (``address:port``).

    The port may differ: it may have been mapped. Where newsvane listens on all addresses of the machine, any address
    is one of them as far as we can tell; a name never is, and rebinding needs a name.
    """
    name = host_name(host)
    if name is None:
        return False
    own = listen.rpartition(":")[0].strip("[]").lower()
    if name in {"localhost", own}:
        return True
    address, listening = _address(name), _address(own)
    if address is None:
        return False
    return address.is_loopback or (listening is not None and (listening.is_unspecified or address == listening))


def is_loopback(listen: str) -> bool:
    """Whether only this machine can reach ``address:port``."""
    host = listen.rpartition(":")[0].strip("[]").lower()
    address = _address(host)
    return host == "localhost" if address is None else address.is_loopback


def _own_address(listen: str) -> str:
    host, _, port = listen.rpartition(":")
    address = _address(host.strip("[]"))
    return f"http://127.0.0.1:{port}/" if address is not None and address.is_unspecified else f"http://{listen}/"


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None


def _length(headers: Headers) -> int:
    """Of the body. One without a stated length may have any: forms and JSON always state it."""
    length = headers.get("content-length", "")
    if length.isdecimal():
        return int(length)
    return _LARGEST_BODY + 1 if "transfer-encoding" in headers else 0


def _with_headers(send: Send) -> Send:
    async def protected(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return protected
