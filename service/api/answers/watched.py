"""The watch list: sources, entities, rules, channels."""

from typing import Any

from service.api.answers.base import Answer, Time
from service.api.answers.told import Recipient

__all__ = [
    "Changed",
    "Channel",
    "Checked",
    "Discovered",
    "Entity",
    "FoundFeed",
    "Inhibition",
    "Poll",
    "Rule",
    "Search",
    "Shared",
    "Shown",
    "Source",
    "SourceHistory",
    "Subscription",
    "Tested",
    "Unsubscribed",
]


class Source(Answer):
    """A feed that is polled."""

    id: int
    url: str
    listed_url: str | None
    """Where it was before its publisher moved it; the watch list may go on to name it so."""
    title: str
    site_url: str | None
    tags: list[str]
    language: str | None
    enabled: bool
    interval: int | None
    """Seconds between polls, where the watch list says so."""
    rhythm: int | None
    """Seconds between polls that fit how often it publishes; docs/polling.md says how they are found."""
    status: str
    """`new`, `ok`, `retrying` or `failing`."""
    failures: int
    """In a row."""
    last_error: str | None
    fault: str | None
    """What the last failure weighs: `passing`, `no feed`, `unknown name`, `lasting` or `offline`; null without one."""
    last_polled_at: Time | None
    last_success_at: Time | None
    next_poll_at: Time
    next_try_because: str
    """The rule that set the time of the next poll, in words."""
    created_at: Time


class Poll(Answer):
    """One visit to a source."""

    at: Time
    outcome: str
    """`read`, `unchanged`, `pushed` (the hub brought it), or a word for what failed."""
    status_code: int | None
    """Of the answer, where one came."""
    redirects: list[int]
    """The statuses of the redirects that led to it."""
    bytes: int
    entries: int
    new_articles: int
    milliseconds: int
    detail: str


class Subscription(Answer):
    """What a source's hub was asked for, and whether it pushes (WebSub)."""

    hub: str
    topic: str
    """The feed's address at its hub."""
    state: str
    """`new`, `asked`, `active`, `denied` or `leaving`."""
    words: str
    """The state as a sentence."""
    good_until: Time | None
    """The hub pushes until then, and is asked to go on before."""
    last_push_at: Time | None
    next_try_at: Time
    """When the hub is asked next."""
    failures: int
    """Requests since it last confirmed."""
    last_error: str | None


class SourceHistory(Source):
    """A source with its subscription, if it has one, and its last polls, the newest first."""

    websub: Subscription | None
    polls: list[Poll]


class Entity(Answer):
    """What is tracked, as the watch list writes it."""

    name: str
    enabled: bool


class Rule(Answer):
    """Which mentions raise an alert, and where it goes."""

    name: str
    query: str
    channels: list[str]
    enabled: bool
    how: dict[str, Any]
    """Digest, grouping, throttle, quiet hours: the keys of the watch list (docs/rules.md)."""
    watch: dict[str, Any] | None
    """What of newsvane itself it watches; then there is no query."""


class Channel(Answer):
    """Where alerts go; secrets are masked."""

    name: str
    type: str
    enabled: bool
    disabled_reason: str | None
    failing_since: Time | None
    """The first failed attempt since the last one that went well."""
    rests_until: Time | None
    """The receiver asked for a pause."""


class Inhibition(Answer):
    """Which alerts hold back which others, as the watch list writes it."""

    name: str
    enabled: bool


class Search(Answer):
    """A query with a name."""

    name: str
    query: str
    lists: str
    """`mentions`, `articles` or `stories`: what its feeds hold."""
    created_at: Time
    shared_at: Time | None
    """Since when a key opens its feeds; null without one. The key itself is shown once, to who made it."""


class Shared(Answer):
    """Where the feeds of a search are read without a sign-in. The key is shown this once."""

    name: str
    atom: str
    """A path at this newsvane, with the key."""
    json_feed: str


class Changed(Answer):
    """What became of the watch list: `rule big news`, `source https://...`. All empty: it said so already."""

    added: list[str]
    changed: list[str]
    removed: list[str]


class Checked(Answer):
    """What a visit to a feed saw. Nothing was stored."""

    lines: list[str]
    """The conversation."""
    problem: str | None
    """Why it is no feed that can be polled now; null when it is."""
    known: bool
    """Whether it is a source already."""
    items: int
    new_items: int
    """Those that would be new."""
    new: list[str]
    """The titles of the first of them."""


class FoundFeed(Answer):
    """A feed of a site."""

    url: str
    title: str


class Discovered(Answer):
    """The feeds of a site."""

    feeds: list[FoundFeed]
    problem: str | None
    """Why there is none; null when there are some."""


class Tested(Answer):
    """What came of a test message."""

    sent: bool
    problem: str | None
    status: int | None
    """What the receiver answered, where that is a number."""
    said: str
    recipients: list[Recipient]
    """Of a mail: how it went with each."""
    conversation: list[str]
    """Line by line, without secrets."""


class Shown(Answer):
    """What would be sent."""

    text: str
    too_large: str | None
    """Why the largest alert there can be would not be sent; null where it would."""


class Unsubscribed(Answer):
    """Somebody who left."""

    address: str
    rule: str | None
    """Only of this rule; null: the whole channel."""
    since: Time
