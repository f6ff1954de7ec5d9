"""Every table, a file a noun. Rows never leave ``service.store``.

    sources --< polls
       |-----< entries >-- articles --< article_addresses
                              |--< mentions >--< alert_mentions >-- alerts --< deliveries --< attempts
                              |>-- stories     |--- marks
                              |--< facts --< fact_parties
                              |--< revisions  what it said before it was edited
                              |--- story_signatures, story_posts: by which stories are found
    hosts: who asked for a pause. host_memory: which lines recur on its pages.
    sources ---- subscriptions --< pushes: hubs that push a source's items, and what they pushed until it is read.
    triage: which articles a reader has read, starred, done with. jobs --< job_parts: other
    long work than rescans, and what is left of it.
    rescans --< rescan_hits: today's watch list over stored articles, and the mentions that a summary will tell.
    unsubscribed, unsubscribed_rules: mail addresses that want nothing more from a channel, or of one rule over it.
    batches --< waiting >-- mentions: what a rule tells later. silences: what is muted, and until when.
    inhibitions: which alerts hold back others. rhythms, episodes: when rules on volume count, and what they found.
    troubles: what watch-keeping rules found wrong with newsvane itself. work_readings: how late work was.
    tokens, users --< sessions: who may ask over HTTP. once: answers to requests that may come again.
    searches: queries with a name, and who may read their feeds.
    events: new mentions and alerts in the order of their commits, for a week.
    entities, rules, channels: the watch list. What happened keeps their *names*, so history outlives them.

Uniqueness that the product relies on is a constraint here, never a look-up in code.
"""

from service.store.tables.access import SessionRow, TokenRow, UserRow
from service.store.tables.alerts import (
    AlertMentionRow,
    AlertRow,
    AttemptRow,
    BatchRow,
    CopyRow,
    DeliveryRow,
    NotToldRow,
    SilenceRow,
    WaitingRow,
)
from service.store.tables.api import EventRow, OnceRow
from service.store.tables.articles import ArticleAddressRow, ArticleRow, EntryRow, RevisionRow
from service.store.tables.columns import defaults, metadata, table_of
from service.store.tables.jobs import JobPartRow, JobRow
from service.store.tables.keeping import TroubleRow, WorkReadingRow
from service.store.tables.mentions import FactPartyRow, FactRow, MarkRow, MentionRow
from service.store.tables.reading import TriageRow
from service.store.tables.rescans import RescanHitRow, RescanRow
from service.store.tables.sources import HostMemoryRow, HostRow, PollRow, PushRow, SourceRow, SubscriptionRow
from service.store.tables.stories import StoryPostRow, StoryRow, StorySignatureRow, StorySplitRow
from service.store.tables.volume import EpisodeRow, RhythmRow
from service.store.tables.watchlist import (
    ChannelRow,
    EntityRow,
    InhibitionRow,
    MetaRow,
    RuleRow,
    SearchRow,
    UnsubscribedRow,
    UnsubscribedRuleRow,
)

__all__ = [
    "AlertMentionRow",
    "AlertRow",
    "ArticleAddressRow",
    "ArticleRow",
    "AttemptRow",
    "BatchRow",
    "ChannelRow",
    "CopyRow",
    "DeliveryRow",
    "EntityRow",
    "EntryRow",
    "EpisodeRow",
    "EventRow",
    "FactPartyRow",
    "FactRow",
    "HostMemoryRow",
    "HostRow",
    "InhibitionRow",
    "JobPartRow",
    "JobRow",
    "MarkRow",
    "MentionRow",
    "MetaRow",
    "NotToldRow",
    "OnceRow",
    "PollRow",
    "PushRow",
    "RescanHitRow",
    "RescanRow",
    "RevisionRow",
    "RhythmRow",
    "RuleRow",
    "SearchRow",
    "SessionRow",
    "SilenceRow",
    "SourceRow",
    "StoryPostRow",
    "StoryRow",
    "StorySignatureRow",
    "StorySplitRow",
    "SubscriptionRow",
    "TokenRow",
    "TriageRow",
    "TroubleRow",
    "UnsubscribedRow",
    "UnsubscribedRuleRow",
    "UserRow",
    "WaitingRow",
    "WorkReadingRow",
    "defaults",
    "metadata",
    "table_of",
]
