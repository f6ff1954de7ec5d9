"""The values that the outside world is turned into. Everything from the web is hostile until it is one of these.

    bytes on the wire -> Fetched | Unchanged -> Feed of FeedEntry     (feed.py)
                                             -> ArticleText           (article.py)

All texts are plain Unicode: no markup, no control characters (but ``\\n``), no bidirectional overrides, no lone
surrogates, no NUL. All addresses are absolute http(s). All times are aware and in UTC.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

__all__ = [
    "HASH_BYTES",
    "MAX_TEXT",
    "ArticleText",
    "Feed",
    "FeedEntry",
    "Fetched",
    "Hub",
    "Intent",
    "Unchanged",
    "Validators",
]


MAX_TEXT = 200_000
"""Characters kept of an article's text: fifty pages."""
HASH_BYTES = 16
"""Of an item's hash (``Feed.item_hashes``)."""


@dataclass(frozen=True, slots=True)
class Validators:
    """Opaque strings of the last full answer, sent back exactly as received (RFC 9110 section 13.1)."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """A full 2xx answer, its body decoded from gzip/deflate and within the byte cap."""

    requested_url: str
    url: str
    """Where the answer came from, after redirects."""
    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes
    permanent_url: str | None = None
    """Where the source lives now, when every redirect on the way was permanent (301, 308)."""
    redirects: tuple[int, ...] = ()
    """The statuses of the answers on the way."""

    @property
    def content_type(self) -> str | None:
        return self.headers.get("content-type")

    @property
    def validators(self) -> Validators:
        return Validators(self.headers.get("etag"), self.headers.get("last-modified"))


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A 304 answer."""

    requested_url: str
    headers: Mapping[str, str]
    permanent_url: str | None = None
    redirects: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One item of a feed."""

    guid: str
    """The item's id, or what stands in for it: its address, else a hash of its title and text."""
    url: str | None
    title: str
    text: str
    """The feed's own plain text of the item: full content where given, else the summary. May be empty."""
    author: str | None = None
    published_at: datetime | None = None
    updated_at: datetime | None = None
    tags: tuple[str, ...] = ()
    date_note: str | None = None
    """A stated publication date that cannot be, in words; ``published_at`` is None then."""


@dataclass(frozen=True, slots=True)
class Feed:
    """A parsed feed. ``dropped`` counts items that were left out, ``notes`` says why, in words.

    ``known`` counts items that are no ``entries`` because they were seen. ``item_hashes``: of all items wanted, known
    or new, in document order, ``HASH_BYTES`` each; empty when the feed cannot be cut, and then nothing of it is known.
    """

    title: str
    site_url: str | None
    entries: tuple[FeedEntry, ...]
    language: str | None = None
    """BCP 47, as the feed states it."""
    ttl: timedelta | None = None
    """How long the publisher asks us to wait between polls (``ttl``, ``sy:updatePeriod``)."""
    skip_hours: frozenset[int] = frozenset()
    """Hours of the day, UTC, 0 to 23, in which the publisher asks not to be polled (``skipHours``)."""
    skip_days: frozenset[int] = frozenset()
    """Days of the week, UTC, Monday is 0 (``skipDays``)."""
    hub_url: str | None = None
    self_url: str | None = None
    dropped: int = 0
    notes: tuple[str, ...] = field(default=())
    known: int = 0
    item_hashes: tuple[bytes, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Hub:
    """Where a feed's publisher lets others subscribe (WebSub section 4). ``topic``: the feed's address there."""

    url: str
    topic: str


@dataclass(frozen=True, slots=True)
class Intent:
    """What a hub says on our callback (WebSub sections 5.2 and 5.3), not checked against what we asked for.

    ``mode``: ``subscribe``, ``unsubscribe`` or ``denied``. ``challenge``: to be sent back unchanged; empty in a denial.
    ``lease``: how long the hub will push; None where it does not say. ``reason``: of a denial, one line.
    """

    mode: str
    topic: str
    challenge: str = ""
    lease: timedelta | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ArticleText:
    """What a reader would call the article on a page. Texts have paragraphs separated by ``\n``.

    ``text`` was read off the page, ``stated_text`` is the body that the page's own data (JSON-LD) states; one of the
    two may be empty, and which is the article is for the reader of both to decide (service/domain/body.py).
    """

    title: str
    text: str
    author: str | None = None
    published_at: datetime | None = None
    language: str | None = None
    """Two-letter ISO 639-1 code detected from the text, else as the page states it."""
    canonical_url: str | None = None
    image_url: str | None = None
    amp_url: str | None = None
    """The page's own AMP form (rel=amphtml)."""
    site_name: str | None = None
    modified_at: datetime | None = None
    stated_text: str = ""
    free: bool | None = None
    """What the page states of free access (``isAccessibleForFree``); False also when a part of it is not free."""
    only_asks: bool = False
    """Most of what the page shows is a dialog or a form with buttons or fields."""
    text_cut: bool = False
    stated_cut: bool = False
    """There is more of it than is kept."""
