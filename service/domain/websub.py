"""When a hub is asked to push, what its answers mean, and how far its pushes are relied on. Decides only.

    new --asked--> asked --verified--> active --renewed before its lease ends--> active
                     |--- denied, and asked again later ---|
    active or asked --source switched off, removed, or with another hub--> leaving --verified, or tried enough--> gone

A hub that fails is asked again with growing pauses, never given up; polling goes on whatever it does.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from scrapers.types import Feed, Hub, Intent
from service.domain.rhythm import Cadence, remember, slowed
from service.domain.schedule import SourceState, usual_pause

__all__ = [
    "CALLBACK_PATH",
    "HUB_PAUSE",
    "WANTED_LEASE",
    "Answered",
    "Confirmed",
    "Denied",
    "Ended",
    "IntentDecision",
    "PushDecision",
    "Refused",
    "Subscription",
    "decide_ask",
    "decide_intent",
    "decide_push",
    "describe",
    "ping_at",
    "relied",
    "was_missed",
]

CALLBACK_PATH = "/websub/"
"""Under our public address; a subscription's own path follows."""
WANTED_LEASE = timedelta(days=7)
HUB_PAUSE = timedelta(minutes=1)
"""After trouble with a hub everything else that it is to be asked waits so long: one dead hub of thousands of feeds."""
_LONGEST_LEASE = timedelta(days=30)
_SOONEST_RENEWAL = timedelta(minutes=5)
_UNCONFIRMED = timedelta(minutes=10)
_TRANSIENT, _TRANSIENT_MAX = timedelta(minutes=1), timedelta(days=1)
_HARD, _HARD_MAX = timedelta(hours=1), timedelta(days=30)
_DENIED = timedelta(days=1)
_FAREWELLS = 3
_RELIED = timedelta(days=1)
_PING_SPACING = timedelta(seconds=10)
_MOST_HASHES = 1000
_MOST_DOUBLINGS = 20
_JITTER = 0.1


@dataclass(frozen=True, slots=True)
class Subscription:
    """What is kept of one, as far as decisions need it.

    ``failures``: requests since the hub last confirmed. ``good_until``: the end of the lease that it gave.
    ``awaiting``: the mode (``subscribe``, ``unsubscribe``) that it was asked for and has not confirmed yet.
    """

    id: int
    hub: Hub
    path: str
    secret: str
    state: str
    failures: int = 0
    good_until: datetime | None = None
    awaiting: str | None = None
    base: str = ""
    """Of our callbacks, as the hub was told; ``path`` follows."""
    lease_token: str = ""

    @property
    def mode(self) -> str:
        """What its hub is to be asked for next."""
        return "unsubscribe" if self.state == "leaving" else "subscribe"


@dataclass(frozen=True, slots=True)
class Refused:
    """The hub did not take our request. ``reason`` is a sentence for a person."""

    reason: str
    transient: bool
    retry_after: datetime | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """What to write after a request. ``next_try_at`` None: forget the subscription."""

    state: str
    failures: int
    next_try_at: datetime | None
    error: str | None


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The hub pushes until ``good_until``; it is asked to go on at ``renew_at``."""

    good_until: datetime
    renew_at: datetime


@dataclass(frozen=True, slots=True)
class Denied:
    """The hub does not push, or no more. It is asked again at ``next_try_at``."""

    reason: str
    next_try_at: datetime


@dataclass(frozen=True, slots=True)
class Ended:
    """The hub has unsubscribed us, as it was asked to."""


IntentDecision = Confirmed | Denied | Ended | None


@dataclass(frozen=True, slots=True)
class PushDecision:
    """What a push changes on its source. ``not_before``: polls wait until then, if they do not wait longer anyway;
    None: pushes are not relied on, nothing changes."""

    relied_until: datetime | None
    not_before: datetime | None
    moments: tuple[datetime, ...]
    item_hashes: tuple[bytes, ...]


def decide_ask(known: Subscription, refused: Refused | None, *, now: datetime, jitter: float) -> Answered:
    """After a request to the hub. ``refused`` None: it took the request, and its verification is awaited.

    Pauses double from a minute to a day, or from an hour to thirty days where only a change elsewhere helps (4xx); a
    request that was taken but never verified counts as a failure ten minutes later. A lease that still runs stays.
    """
    failures = known.failures + 1
    if known.state == "leaving" and (failures >= _FAREWELLS or (refused is not None and not refused.transient)):
        return Answered("leaving", failures, None, refused.reason if refused else None)
    if refused is None or refused.transient:
        wait = min(_TRANSIENT * 2 ** min(known.failures, _MOST_DOUBLINGS), _TRANSIENT_MAX)
    else:
        wait = min(_HARD * 2 ** min(known.failures, _MOST_DOUBLINGS), _HARD_MAX)
    if refused is None:
        wait = max(wait, _UNCONFIRMED)
    at = now + wait * (1 + _JITTER * jitter)
    if refused is not None and refused.retry_after is not None:
        at = max(at, refused.retry_after)
    state = known.state
    if state != "leaving":
        pushed_to = known.good_until is not None and known.good_until > now
        state = "active" if pushed_to else "new" if refused else "asked"
    return Answered(state, failures, at, refused.reason if refused else None)


def decide_intent(known: Subscription, intent: Intent, *, now: datetime, jitter: float) -> IntentDecision:
    """What a hub's verification or denial on the callback means (section 5.3); None: it agrees with nothing we wish.

    A denial may come at any time, and the pause after it doubles with each request that was in vain. A confirmation is
    taken only while one is awaited, so that nobody can prolong, end or begin a subscription that we did not ask for.
    Renewal comes after four fifths of the lease or a little later, but not within five minutes, however short it is.
    """
    if intent.topic != known.hub.topic:
        return None
    if intent.mode == "denied":
        if known.state == "leaving":
            return Ended()
        wait = min(_DENIED * 2 ** min(max(known.failures - 1, 0), _MOST_DOUBLINGS), _HARD_MAX)
        return Denied(intent.reason or "it gave no reason", now + wait * (1 + _JITTER * jitter))
    if intent.mode != known.awaiting or intent.mode != known.mode:
        return None
    if intent.mode == "unsubscribe":
        return Ended()
    lease = min(intent.lease or WANTED_LEASE, _LONGEST_LEASE)
    return Confirmed(now + lease, now + max(lease * (0.8 + _JITTER * jitter), _SOONEST_RENEWAL))


def decide_push(
    source: SourceState, feed: Feed, good_until: datetime | None, cadence: Cadence, *, now: datetime, jitter: float
) -> PushDecision:
    """A push brought items: pushes are relied on for a day, or for as long as the lease runs if that is shorter.

    The next poll then comes a ``slowed`` pause after the last one: however often a hub pushes, it cannot keep us from
    looking for ourselves. A poll that finds an article which no push brought ends the reliance (``alone_at``).
    """
    relied_until = relied(good_until, now=now)
    not_before = None
    if relied_until is not None and source.interval is None:
        pause = slowed(usual_pause(source, cadence), relied_until, cadence, now=now)
        not_before = (source.last_polled_at or now) + pause * (1 + _JITTER * jitter)
    hashes = dict.fromkeys((*feed.item_hashes, *sorted(source.known)))
    return PushDecision(
        relied_until, not_before, remember(source.moments, feed.entries, now), tuple(hashes)[:_MOST_HASHES]
    )


def relied(good_until: datetime | None, *, now: datetime) -> datetime | None:
    """Until when a hub that has just pushed is relied on; None where its lease has ended, or was never confirmed."""
    return None if good_until is None or good_until <= now else min(now + _RELIED, good_until)


def was_missed(source: SourceState, pinged_at: datetime | None) -> bool:
    """Whether an article that a poll found should have been pushed: pushes are relied on, and nobody called for the
    poll. ``pinged_at``: the last hint by the end of the poll; ``source`` has that of its beginning."""
    if source.relied_until is None or pinged_at != source.pinged_at:
        return False
    return pinged_at is None or (source.last_polled_at is not None and pinged_at <= source.last_polled_at)


def ping_at(source: SourceState, *, now: datetime) -> datetime | None:
    """When to poll because the publisher said that there is news: now, but ten seconds after the last poll.

    None: the source is in trouble, and its own time stands. What asked us to wait is not overruled by a hub.
    """
    if source.failures:
        return None
    return max(now, source.last_polled_at + _PING_SPACING) if source.last_polled_at else now


def describe(
    known: Subscription, *, next_try_at: datetime | None, last_push_at: datetime | None, error: str | None
) -> str:
    """The state in words, for whoever looks at a source. Times in UTC."""
    host = urlsplit(known.hub.url).hostname or known.hub.url
    match known.state:
        case "active":
            pushed = f"the last push came at {_clock(last_push_at)}" if last_push_at else "nothing was pushed yet"
            said = [f"{host} pushes new items until {_clock(known.good_until)}; {pushed}."]
        case "asked":
            said = [f"{host} took the request to push new items and has yet to confirm it."]
        case "denied":
            said = [f"{host} does not push this feed: {error or 'it gave no reason'}."]
        case "leaving":
            said = [f"{host} is being asked to push no more."]
        case _:
            said = [f"{host} is to be asked to push new items."]
    if error and known.state != "denied":
        said.append(f"The last request failed ({known.failures} since it last confirmed): {error}")
    if next_try_at and known.state != "active":
        said.append(f"Next request at {_clock(next_try_at)}.")
    return " ".join(said)


def _clock(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else "an unknown time"
