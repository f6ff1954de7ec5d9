"""What can go wrong while reading the web. Expected trouble, told in words a person understands.

ScraperError
├── FetchError       no usable answer came from the network
└── ParseError       an answer came, but nothing could be made of it
"""

from datetime import datetime

__all__ = ["FAULTS", "HOST_CLOSED", "FetchError", "ParseError", "ScraperError"]

HOST_CLOSED = "host-closed"
"""Code of a request that was not made: its origin refused several addresses and asked for a pause."""

FAULTS = frozenset(
    {
        *("timeout", "connect", "dns", "tls", "proxy", "blocked-address", "bad-url", "too-large", "headers-too-large"),
        *("too-many-redirects", "bad-encoding", "protocol", HOST_CLOSED, "not-recorded"),
        *("not-a-feed", "no-text", "overran-time", "overran-memory", "crashed"),
    }
)
"""Every code but ``http-<status>``."""


class ScraperError(Exception):
    """Root of this package's errors. ``str()`` is one plain sentence for a person; ``code`` one word for a log."""

    code: str

    def __init__(self, message: str, *, code: str) -> None:
        super().__init__(message)
        self.code = code


class FetchError(ScraperError):
    """No usable answer.

    ``transient``: the same request may work later without anyone changing anything (time-out, 5xx, 429).
    ``retry_after``: the server's own wish (RFC 9110 section 10.2.3), as an aware UTC time.
    ``status``: the HTTP status if an answer came.
    ``code``: ``timeout``, ``connect``, ``dns``, ``tls``, ``proxy``, ``blocked-address``, ``bad-url``, ``too-large``,
    ``headers-too-large``, ``too-many-redirects``, ``bad-encoding``, ``protocol``, ``host-closed``, ``not-recorded``
    (replay.py) or ``http-<status>``.
    """

    def __init__(
        self,
        message: str,
        *,
        code: str,
        transient: bool,
        status: int | None = None,
        retry_after: datetime | None = None,
    ) -> None:
        super().__init__(message, code=code)
        self.transient = transient
        self.status = status
        self.retry_after = retry_after


class ParseError(ScraperError):
    """The bytes could not be turned into a feed or an article.

    ``code``: ``not-a-feed``, ``no-text``, ``overran-time``, ``overran-memory``, ``crashed``.
    """
