"""What was said on the wire, hop by hop, for a person who wants to know why a fetch ended as it did."""

from collections.abc import Mapping
from dataclasses import dataclass

import httpx

from scrapers.text import clean_line
from scrapers.transport import raw_url

__all__ = ["Hop", "overheard"]

_TELLING = (
    "location", "retry-after", "content-type", "content-encoding", "content-length", "etag", "last-modified",
    "cache-control", "expires", "age", "link",
)  # fmt: skip
_LONGEST = 200
_CONDITIONS = ("if-none-match", "if-modified-since")


@dataclass(frozen=True, slots=True)
class Hop:
    """One request and the head of its answer. ``url``: without user name and password. ``status``: None where no
    answer came. ``fields``: those that matter for a feed, each cut. ``conditional``: validators were sent."""

    url: str
    status: int | None
    fields: Mapping[str, str]
    conditional: bool = False


def overheard(transport: httpx.AsyncBaseTransport, hops: list[Hop] | None) -> httpx.AsyncBaseTransport:
    """The same transport, which notes in ``hops`` what it carries; the very same where nobody listens."""
    return transport if hops is None else _Overheard(transport, hops)


class _Overheard(httpx.AsyncBaseTransport):
    """Passes everything on unchanged. A request is noted before it is made: it may never be answered."""

    def __init__(self, inner: httpx.AsyncBaseTransport, hops: list[Hop]) -> None:
        self._inner = inner
        self._hops = hops

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = raw_url(request.url)
        conditional = any(name in request.headers for name in _CONDITIONS)
        place = len(self._hops)
        self._hops.append(Hop(url, None, {}, conditional))
        response = await self._inner.handle_async_request(request)
        told = {name: response.headers[name] for name in _TELLING if name in response.headers}
        fields = {name: clean_line(value, _LONGEST) for name, value in told.items()}
        self._hops[place] = Hop(url, response.status_code, fields, conditional)
        return response

    async def aclose(self) -> None:
        await self._inner.aclose()
