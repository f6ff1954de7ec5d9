"""When a source is polled next, and what its state is called. Decides only: ``now`` and ``jitter`` are arguments.

SourceState + PollResult -> PollDecision
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from scrapers.types import Feed, Validators

__all__ = [
    "Cadence",
    "Failed",
    "Fresh",
    "PollDecision",
    "PollResult",
    "Same",
    "SourceState",
    "decide_poll",
    "first_poll",
]

_HARD_BASE = timedelta(hours=1)
_TRANSIENT_MAX = timedelta(days=1)
_HARD_MAX = timedelta(days=30)
_OFFLINE_MAX = timedelta(minutes=15)
_JITTER = 0.1
_MOVES_BEFORE_BELIEVED = 3
_LONGEST_ADDRESS = 2000


@dataclass(frozen=True, slots=True)
class Cadence:
    """Bounds of the time between two polls."""

    default: timedelta
    shortest: timedelta
    longest: timedelta


@dataclass(frozen=True, slots=True)
class SourceState:
    """What we knew of a source before this poll."""

    id: int
    url: str
    title: str
    tags: tuple[str, ...]
    validators: Validators
    body_hash: str | None
    interval: timedelta | None
    failures: int
    first: bool
    """No poll has succeeded yet: the items now in the feed are its past, not news."""
    moved_to: str | None
    moved_seen: int
    lease_token: str
    item_hashes: frozenset[bytes] = frozenset()
    """Of the items of the last feed that was read (``Feed.item_hashes``)."""


@dataclass(frozen=True, slots=True)
class Fresh:
    """The feed was read. ``validators`` and ``body_hash`` belong to this very answer."""

    feed: Feed
    validators: Validators
    body_hash: str
    size: int
    permanent_url: str | None


@dataclass(frozen=True, slots=True)
class Same:
    """Nothing changed: a 304 (``validators`` None: keep the old ones), or the same bytes again."""

    validators: Validators | None
    size: int
    permanent_url: str | None


@dataclass(frozen=True, slots=True)
class Failed:
    """No feed. ``reason`` is a sentence for a person, ``code`` the error's code.

    ``offline``: nothing else answers either, so the fault is most likely on our side of the network.
    """

    reason: str
    code: str
    transient: bool
    status: int | None
    retry_after: datetime | None
    offline: bool = False


PollResult = Fresh | Same | Failed


@dataclass(frozen=True, slots=True)
class PollDecision:
    """What to write on the source."""

    next_poll_at: datetime
    status: str
    """``ok``, ``retrying`` (transient trouble) or ``failing`` (the publisher must act, or we)."""
    failures: int
    error: str | None
    moved_to: str | None
    moved_seen: int
    new_url: str | None
    """The address to keep from now on: a permanent redirect was seen often enough."""


def first_poll(now: datetime, position: float, spread: timedelta) -> datetime:
    """First polls are spread out. ``position`` in [0, 1)."""
    return now + spread * position


def decide_poll(
    source: SourceState, result: PollResult, cadence: Cadence, *, now: datetime, jitter: float
) -> PollDecision:
    """``jitter`` in [0, 1) lengthens the pause by up to a tenth, so that sources do not march in step."""
    if isinstance(result, Failed):
        failures = source.failures + 1
        wait = _back_off(source, result, cadence, failures) * (1 + _JITTER * jitter)
        next_poll_at = max(now + wait, result.retry_after or now)
        status = "retrying" if result.transient else "failing"
        return PollDecision(
            next_poll_at, status, failures, result.reason, source.moved_to, source.moved_seen, new_url=None
        )
    ttl = result.feed.ttl if isinstance(result, Fresh) else None
    wait = _pause(source, cadence, ttl) * (1 + _JITTER * jitter)
    moved_to, moved_seen = _follow_move(source, result.permanent_url)
    new_url = moved_to if moved_seen >= _MOVES_BEFORE_BELIEVED else None
    if new_url:
        moved_to, moved_seen = None, 0
    return PollDecision(now + wait, "ok", 0, None, moved_to, moved_seen, new_url)


def _pause(source: SourceState, cadence: Cadence, ttl: timedelta | None) -> timedelta:
    """The user's interval wins; else the publisher's wish where it is longer than our default."""
    wanted = source.interval or max(cadence.default, ttl or timedelta())
    return min(max(wanted, cadence.shortest), max(cadence.longest, source.interval or timedelta()))


def _back_off(source: SourceState, result: Failed, cadence: Cadence, failures: int) -> timedelta:
    """Doubles with every failure: up to a day for transient trouble, thirty days for hard; never for good.

    While this machine seems to be offline it stays short: a night without network must not cost a day of news.
    """
    factor = 1 << min(failures - 1, 20)  # beyond this both are at their bounds; time has an end, too
    if result.transient:
        longest = max(_OFFLINE_MAX, _pause(source, cadence, None)) if result.offline else _TRANSIENT_MAX
        return min(_pause(source, cadence, None) * factor, longest)
    return min(_HARD_BASE * factor, _HARD_MAX)


def _follow_move(source: SourceState, permanent_url: str | None) -> tuple[str | None, int]:
    """One permanent redirect may be an accident; the same one on several polls is a move."""
    if not permanent_url or permanent_url == source.url or len(permanent_url) > _LONGEST_ADDRESS:
        return None, 0
    return permanent_url, source.moved_seen + 1 if permanent_url == source.moved_to else 1
