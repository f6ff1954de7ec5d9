"""What can still be checked of a target when a proxy makes the connection.

Behind a proxy no socket to the target is opened here, so the guard cannot see the address that is connected to. Before
each request a literal address is judged, and a name by every address that it has here. The proxy may look the name up
again and find another address (DNS rebinding), and a name that only the proxy can look up is left to it: a proxy that
must not reach a private network has to refuse it itself.
"""

import asyncio
import socket
from urllib.parse import urlsplit

from scrapers.errors import FetchError
from scrapers.guard import AddressGuard

__all__ = ["check_proxy", "refuse_private"]


def check_proxy(address: str) -> str:
    """The address of a proxy, ``http://[user:password@]host:port`` or https. Raises ValueError with the mend."""
    mend = "write the address of an HTTP proxy, such as http://proxy.example:3128"
    try:
        parts = urlsplit(address)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError as error:
        raise ValueError(mend) from error
    if not usable:
        raise ValueError(mend)
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ValueError("a proxy's address ends with its port; leave out what follows")
    return address


async def refuse_private(guard: AddressGuard, host: str) -> None:
    """Raises FetchError ``blocked-address`` when one of the host's addresses may not be reached."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:  # here; the proxy may know it
        return
    for *_, target in found:
        if not guard.permits(str(target[0])):
            raise FetchError(guard.refusal(host, str(target[0])), code="blocked-address", transient=False)
