"""Who is answered, and which headers every answer carries."""

import re
from collections.abc import Awaitable, Callable
from ipaddress import IPv4Address, IPv6Address, ip_address

from fastapi import HTTPException, Request
from fastapi.responses import Response
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["HEADERS", "Guard", "is_ours"]

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache, private",
}

# RFC 9110 section 7.2: a host, as an address in brackets or a name, and perhaps a port.
_HOST = re.compile(r"(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<name>[^\s:/?#@\[\]]+))(?::\d{0,5})?")

Refuse = Callable[[Request, Exception], Awaitable[Response]]


class Guard:
    """Answers only requests that were meant for this machine.

    A page on the web can point its own host name at 127.0.0.1 and then read what a server there answers (DNS
    rebinding). Its requests still carry that name in ``Host``. There are no tokens yet, so the name must be ours.

    ``open_host`` and ``open_path``: that one host name may ask for what lies under that path (or paths), no more.
    What lies there must not trust its caller: a hub on the internet, or a page that was rebound to us.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        listen: str,
        refuse: Refuse,
        open_host: str | None = None,
        open_path: str | tuple[str, ...] = "/",
    ) -> None:
        self._app, self._listen, self._refuse = app, listen, refuse
        self._open_host, self._open_path = open_host, open_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        protected = _with_headers(send)
        hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        if len(hosts) != 1:
            error = HTTPException(400, "a request names its host exactly once")
        elif not (is_ours(hosts[0], self._listen) or self._is_open(hosts[0], scope["path"])):
            error = HTTPException(421, f"newsvane does not answer to that name: open {_own_address(self._listen)}")
        else:
            # RFC 9110 section 9.3.2: HEAD is GET without the body, which the server leaves out.
            asked = {**scope, "method": "GET"} if scope["method"] == "HEAD" else scope
            await self._app(asked, receive, protected)
            return
        response = await self._refuse(Request(scope), error)
        await response(scope, receive, protected)

    def _is_open(self, host: str, path: str) -> bool:
        return self._open_host is not None and path.startswith(self._open_path) and host_name(host) == self._open_host


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


def _own_address(listen: str) -> str:
    host, _, port = listen.rpartition(":")
    address = _address(host.strip("[]"))
    return f"http://127.0.0.1:{port}/" if address is not None and address.is_unspecified else f"http://{listen}/"


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None


def _with_headers(send: Send) -> Send:
    async def protected(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return protected
