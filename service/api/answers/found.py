"""What was found: mentions, articles, deals, stories."""

from typing import Any

from service.api.answers.base import Answer, Time

__all__ = [
    "Arranged",
    "Article",
    "ArticleProof",
    "DealFact",
    "Explanation",
    "Fact",
    "Marked",
    "Mention",
    "Quantity",
    "Rejection",
    "Revision",
    "Role",
    "Span",
    "Story",
    "StoryPage",
]


class Span(Answer):
    """Where a name stands. Offsets count Unicode code points."""

    field: str
    """`title` or `text`."""
    start: int
    end: int
    text: str
    alias: str


class Rejection(Answer):
    """A look-alike that was judged to be something else."""

    entity: str
    span: Span
    reason: str


class Role(Answer):
    """The part that a party plays, where the sentence says it."""

    party: str
    role: str
    """`buyer`, `seller`, `supplier`, `losing bidder`, `lender`, `borrower`, `investor`, `target`, `lessor`, `lessee`,
    `plaintiff` or `defendant`."""


class Quantity(Answer):
    """A quantity that the sentence names."""

    number: float
    unit: str
    """`GPU`, `MW`, `share`, or a part of the price: `USD debt`, `USD equity`, `USD cash`, `USD stock`."""
    bound: str


class DealFact(Answer):
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


class Mention(Answer):
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


class Article(Answer):
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


class Revision(Answer):
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
    not_told: list[dict[str, Any]]
    """Mentions that a rule met and did not tell: `mention`, `entity`, `rule`, `why`, `at`, and as `alert` the one that
    had told the story."""
    revisions: list[Revision]
    """The earliest first; the article itself holds the words of today."""


class Story(Answer):
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
    not_told: list[dict[str, Any]]
    """The newest mentions that rules met and did not tell, as an article has them; at most 100."""
    merged: list[int]
    """Stories that became part of it."""
    arranged_at: Time | None
    """When a person last merged or split it."""


class Explanation(ArticleProof):
    """An article with today's rules, and what came of it."""

    rules: list[dict[str, Any]]
    """Each rule: whether it is `met`, or `missed` at which part, and what came of that."""
    same_story: list[dict[str, Any]]
    duplicates: list[dict[str, Any]]
    duplicate_of: dict[str, Any] | None


class Marked(Answer):
    """A mention and what was said of it."""

    id: int
    entity: str
    verdict: str


class Arranged(Answer):
    """A story after it was merged, or that an article was given."""

    story: int
    gone: int | None
    """The story that is now part of it."""
