"""The shapes of what is answered. docs/formats.md describes them; more fields may follow in any of them.

The lines themselves are made in one place, ``service.store.lines``. These models document them and hold them to it.
"""

from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, WithJsonSchema

__all__ = [
    "Alert",
    "Article",
    "ArticleProof",
    "Channel",
    "Delivery",
    "DeliveryHistory",
    "Entity",
    "Fact",
    "Items",
    "Mention",
    "Rescan",
    "Revision",
    "Rule",
    "Source",
    "SourceHistory",
    "Stats",
    "Story",
    "StoryPage",
]

Item = TypeVar("Item")
Time = Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]


class _Answer(BaseModel):
    model_config = ConfigDict(extra="allow", use_attribute_docstrings=True)


class Items(BaseModel, Generic[Item]):
    """One page of a listing, newest first; the watch list comes whole."""

    model_config = ConfigDict(use_attribute_docstrings=True, json_schema_extra={"description": "A page of a listing."})

    items: list[Item]
    next: str | None
    """Give it as `cursor` to get the page behind this one; null on the last page."""


class Span(_Answer):
    """Where a name stands. Offsets count Unicode code points."""

    field: str
    """`title` or `text`."""
    start: int
    end: int
    text: str
    alias: str


class Rejection(_Answer):
    """A look-alike that was judged to be something else."""

    entity: str
    span: Span
    reason: str


class Role(_Answer):
    """The part that a party plays, where the sentence says it."""

    party: str
    role: str
    """`buyer`, `seller`, `supplier`, `losing bidder`, `lender`, `borrower`, `investor`, `target`, `lessor`, `lessee`,
    `plaintiff` or `defendant`."""


class Quantity(_Answer):
    """A quantity that the sentence names."""

    number: float
    unit: str
    """`GPU`, `MW`, `share`, or a part of the price: `USD debt`, `USD equity`, `USD cash`, `USD stock`."""
    bound: str


class DealFact(_Answer):
    """A deal that an article tells of."""

    kind: str
    """`contract`, `funding`, `acquisition`, `lawsuit`, `lease`, `investment` or `deal`."""
    status: str
    """`rumoured`, `talks`, `announced`, `agreed`, `completed`, `ended`, `won`, `lost` or `denied`."""
    parties: list[str]
    """An entity by its own name, others as the article writes them."""
    roles: list[Role]
    tracked: list[str]
    """Those of the parties that are tracked entities."""
    amount: float | None
    """In units of its currency; nothing is converted."""
    currency: str | None
    """ISO 4217."""
    bound: str | None
    """`exact`, `min`, `max`, `about` or `range`."""
    upper: float | None
    """The end of a range."""
    quantities: list[Quantity]
    reported_by: str | None
    """Whose report the sentence cites."""
    sentence: str
    """The proof."""


class Fact(DealFact):
    """A deal with the article that tells of it."""

    id: int
    url: str
    title: str
    source: str
    published_at: Time | None
    discovered_at: Time
    story: int | None
    article: int
    """The id of the article."""


class Mention(_Answer):
    """An entity named in an article, with the proof."""

    id: int
    entity: str
    confidence: float
    """0 to 1."""
    salience: str
    """`main`, `secondary` or `passing`."""
    url: str
    canonical_url: str
    title: str
    source: str
    language: str | None
    published_at: Time | None
    discovered_at: Time
    story: int | None
    snippet: str
    """Plain text around the most telling name."""
    backfilled: bool
    """Found in an article that had been read before."""
    article: int
    """The id of the article."""
    count: int
    """How often it is named."""
    evidence: list[str]
    """Why this is a mention, in words."""
    names: list[str]
    """The words that stand for the entity."""
    spans: list[Span]
    withdrawn_at: Time | None
    """When an edit of the article, or a rescan, took it out; listings leave such mentions out unless asked for them."""
    withdrawn_reason: str | None
    updated_at: Time | None
    """When an edit of the article said something new of it, which ``update_note`` tells."""
    update_note: str | None
    facts: list[DealFact]
    """The article's deals in which the entity takes part."""


class Article(_Answer):
    """A page that was read."""

    id: int
    url: str
    canonical_url: str
    title: str
    text: str
    source: str
    tags: list[str]
    author: str | None
    language: str | None
    published_at: Time | None
    updated_at: Time | None
    """As its feed states it."""
    date_note: str | None
    """Why `published_at` is when it was first seen, and not what the publisher states."""
    discovered_at: Time
    """When it was first seen."""
    read_at: Time | None
    state: str
    origin: str | None
    """`page`, or `feed` where the page could not be had."""
    origin_note: str | None
    """Why the feed's own text had to do."""
    cut_note: str | None
    """What was left out of a text that is too long."""
    story: int | None
    entities: list[str]
    """The entities mentioned."""
    facts: list[DealFact]
    """The deals that it tells of."""
    rejected: list[Rejection]


class Revision(_Answer):
    """What an article said until it was edited."""

    at: Time
    """When other words were read."""
    read_at: Time | None
    """When these were."""
    title: str
    text: str
    origin: str | None


class ArticleProof(Article):
    """An article with its mentions."""

    mentions: list[Mention]
    waiting: list[dict[str, Any]]
    """Mentions that a rule tells later: `mention`, `rule`, `due_at`, `why`."""
    revisions: list[Revision]
    """The earliest first; the article itself holds the words of today."""


class Story(_Answer):
    """Articles that tell the same news; title, address and source are those of its original (the head)."""

    id: int
    title: str
    url: str
    source: str
    article: int | None
    """The head's id; null for a story whose articles tell others since they were edited."""
    copies: int
    outlets: list[str]
    """The earliest first."""
    entities: list[str]
    first_seen: Time
    last_seen: Time
    discovered_at: Time
    published_at: Time | None
    updated_at: Time | None
    """When an edit of one of its articles said something new."""
    update_note: str | None
    articles: list[int]


class StoryPage(Story):
    """A story with all that is known of it."""

    timeline: list[dict[str, Any]]
    """Its articles, the earliest first, at most 100, each with its `differences` from the head."""
    by_outlet: list[dict[str, Any]]
    """`outlet`, `articles`, `first_at`."""
    spread: list[dict[str, Any]]
    """`at`, `copies`, `outlets`: how many there were then."""
    facts: list[dict[str, Any]]
    """The deals that its articles tell of, each once, with the ids of those `articles`."""
    mentions: list[dict[str, Any]]
    """`entity`, `articles`: how many name it, `main`: in how many it is the main matter."""
    alerts: list[dict[str, Any]]
    """`id`, `rule`, `created_at`, `title`."""
    merged: list[int]
    """Stories that became part of it."""
    arranged_at: Time | None
    """When a person last merged or split it."""


class Delivery(_Answer):
    """One alert to one channel."""

    id: str
    alert: str
    channel: str
    status: str
    """`pending`, `sent`, `retrying`, `dead` or `suppressed`."""
    attempts: int
    next_attempt_at: Time | None
    waits_behind: str | None
    """An earlier delivery of the same story over this channel that has to end first."""
    last_error: str | None
    message_id: str
    """The same on every attempt."""
    created_at: Time
    sent_at: Time | None


class Attempt(_Answer):
    """One try of a delivery."""

    at: Time
    outcome: str
    status_code: int | None
    excerpt: str
    """What the receiver said."""
    milliseconds: int


class DeliveryHistory(Delivery):
    """A delivery with its attempts, the first one first."""

    attempts_made: list[Attempt]


class Alert(_Answer):
    """What a rule raised."""

    id: str
    rule: str
    kind: str
    """`mention`, `summary`, `digest`, `group`, `spike`, `quiet`, `blind`, `watch` or `notice`."""
    story: int | None
    entities: list[str]
    url: str
    title: str
    created_at: Time
    reason: str
    mentions: list[dict[str, Any]]
    """As they were when the alert was raised; at most 20."""
    mention_count: int
    """All of them."""
    facts: list[dict[str, Any]]
    """Deals that the article tells of, as they were when the alert was raised; at most 20."""
    deliveries: list[Delivery]
    how: dict[str, Any]
    """How it came to be told when it was: grouping, digest, throttle, quiet hours, silences."""
    state: str
    """`open`, `acknowledged`, `snoozed` or `resolved`."""
    watch: dict[str, Any] | None
    """What is wrong with newsvane itself, of kind `watch`: each with since when, the proof and the mend."""
    digest: dict[str, Any] | None
    """What waited, grouped."""
    silenced_by: str | None
    inhibited_by: str | None
    """The alert that stood and held this one back."""
    volume: dict[str, Any] | None
    """What a rule on volume counted."""
    acknowledged_at: Time | None
    acknowledged_by: str | None
    snoozed_until: Time | None
    resolved_at: Time | None


class Source(_Answer):
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


class Poll(_Answer):
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


class Subscription(_Answer):
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


class Entity(_Answer):
    """What is tracked, as the watch list writes it."""

    name: str
    enabled: bool


class Rule(_Answer):
    """Which mentions raise an alert, and where it goes."""

    name: str
    query: str
    channels: list[str]
    enabled: bool
    how: dict[str, Any]
    """Digest, grouping, throttle, quiet hours: the keys of the watch list (docs/rules.md)."""
    watch: dict[str, Any] | None
    """What of newsvane itself it watches; then there is no query."""


class Channel(_Answer):
    """Where alerts go; secrets are masked."""

    name: str
    type: str
    enabled: bool
    disabled_reason: str | None
    failing_since: Time | None
    """The first failed attempt since the last one that went well."""
    rests_until: Time | None
    """The receiver asked for a pause."""


class Rescan(_Answer):
    """Today's watch list over stored articles."""

    id: int
    state: str
    """`working`, `stopped` (it goes on when somebody asks), `done` or `cancelled`."""
    entity: str | None
    """The only one that is looked for; null for all."""
    since: Time | None
    until: Time | None
    summary: bool
    """Whether it ends with a summary alert."""
    total: int
    done: int
    """Articles."""
    rate: float | None
    """Articles a second of work."""
    seconds_left: int | None
    """While it works, as far as its rate tells."""
    added: int
    restored: int
    withdrawn: int
    changed: int
    """Mentions."""
    alerts: int
    """Summaries that were raised."""
    created_at: Time
    updated_at: Time | None
    finished_at: Time | None


class Stats(_Answer):
    """How much of everything there is, and how much work is due."""

    sources: int
    sources_enabled: int
    sources_in_trouble: int
    polls_due: int
    entities_enabled: int
    articles: int
    articles_due: int
    mentions: int
    alerts: int
    deliveries_waiting: int
    deliveries_dead: int
