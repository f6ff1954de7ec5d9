"""When a source is polled next, and what its state is called. Decides only: ``now`` and ``jitter`` are arguments.

SourceState + PollResult -> PollDecision
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from scrapers.errors import HOST_CLOSED
from scrapers.types import HASH_BYTES, Feed, Hub, Validators
from service.domain import reasons
from service.domain.faults import LASTING, Weight, weigh
from service.domain.rhythm import Cadence, natural_pause, remember, slowed

__all__ = [
    "Cadence",
    "Failed",
    "Fresh",
    "PollDecision",
    "PollResult",
    "Same",
    "SourceState",
    "Wishes",
    "decide_poll",
    "first_poll",
    "usual_pause",
]

_JITTER = 0.1
_MOVES_BEFORE_BELIEVED = 3
_LONGEST_ADDRESS = 2000
_LONGEST_FRESH = timedelta(hours=1)
_HOUR = timedelta(hours=1)
_DAY_IN_HOURS = 24


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a publisher asks of its readers in the feed; see Feed."""

    ttl: timedelta | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()


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
    backoff: timedelta = timedelta()
    """The pause after the last failure; none while all is well."""
    rhythm: timedelta | None = None
    """The pause that fitted the source's own rhythm at the last poll."""
    moments: tuple[datetime, ...] = ()
    """When its last items came out, newest first."""
    wishes: Wishes = Wishes()
    item_hashes: bytes = field(default=b"", repr=False)
    """Of the items of the last feed that was read (``Feed.item_hashes``), one behind the other: few polls ask."""
    last_polled_at: datetime | None = None
    relied_until: datetime | None = None
    """Its publisher pushes, and is counted on until then (websub.py)."""
    pinged_at: datetime | None = None
    """When its publisher last said that there is news without saying what."""

    @property
    def known(self) -> frozenset[bytes]:
        """The hashes, each by itself."""
        hashes = self.item_hashes
        return frozenset(hashes[start : start + HASH_BYTES] for start in range(0, len(hashes), HASH_BYTES))


@dataclass(frozen=True, slots=True)
class Fresh:
    """The feed was read. ``validators`` and ``body_hash`` belong to this very answer.

    ``fresh_for``: how long the answer says that it stays good (Cache-Control, Expires). ``hub``: where it can be
    subscribed to. ``redirects``: the statuses of the answers that led to this one.
    """

    feed: Feed
    validators: Validators
    body_hash: str
    size: int
    permanent_url: str | None
    fresh_for: timedelta = timedelta()
    hub: Hub | None = None
    status: int = 200
    redirects: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Same:
    """Nothing changed: a 304 (``validators`` None: keep the old ones), or the same bytes again."""

    validators: Validators | None
    size: int
    permanent_url: str | None
    fresh_for: timedelta = timedelta()
    status: int = 304
    redirects: tuple[int, ...] = ()


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
    """``ok``, ``retrying`` (trouble that often passes by itself) or ``failing`` (the publisher must act, or we)."""
    failures: int
    error: str | None
    moved_to: str | None
    moved_seen: int
    new_url: str | None
    """The address to keep from now on: a permanent redirect was seen often enough."""
    backoff: timedelta
    rhythm: timedelta | None
    moments: tuple[datetime, ...]
    wishes: Wishes
    because: str
    """Why ``next_poll_at``, in words (reasons.py)."""
    fault: str | None = None
    """The name of the failure's weight (faults.py)."""
    alone_at: datetime | None = None
    """The next poll where this one brought an article that no push had brought; None: pushes are not counted on."""
    alone_because: str = ""


def first_poll(now: datetime, position: float, spread: timedelta) -> datetime:
    """First polls are spread out. ``position`` in [0, 1)."""
    return now + spread * position


def decide_poll(
    source: SourceState, result: PollResult, cadence: Cadence, *, now: datetime, jitter: float
) -> PollDecision:
    """``jitter`` in [0, 1) lengthens the pause by up to a tenth, so that sources do not march in step.

    The pause is the user's own interval; else the one that fits the source's rhythm (rhythm.py), or what the publisher
    asks for where that is longer: ``ttl`` or ``sy:updatePeriod`` up to the longest pause, the answer's freshness up to
    an hour; then put off, by a day at most, out of the hours and days that the feed wants skipped (UTC). All but the
    user's own interval is longer while the publisher pushes (``slowed``).
    """
    if isinstance(result, Failed):
        return _after_failure(source, result, cadence, now=now, jitter=jitter)
    wishes, moments = source.wishes, source.moments
    if isinstance(result, Fresh):
        feed = result.feed
        wishes = Wishes(feed.ttl, feed.skip_hours, feed.skip_days)
        moments = remember(moments, feed.entries, now)
    rhythm, known = natural_pause(moments, cadence, previous=source.rhythm, now=now)
    plans = _plans(source, result, wishes, rhythm, cadence, known=known, now=now)
    (at, because), (alone_at, alone_because) = (
        _in_time(source, wishes, now + pause * (1 + _JITTER * jitter), why, jitter) for pause, why in plans
    )
    moved_to, moved_seen = _follow_move(source, result.permanent_url)
    new_url = moved_to if moved_seen >= _MOVES_BEFORE_BELIEVED else None
    if new_url:
        moved_to, moved_seen = None, 0
    return PollDecision(
        next_poll_at=at,
        status="ok",
        failures=0,
        error=None,
        moved_to=moved_to,
        moved_seen=moved_seen,
        new_url=new_url,
        backoff=timedelta(),
        rhythm=rhythm,
        moments=moments,
        wishes=wishes,
        because=because,
        alone_at=alone_at if source.relied_until else None,
        alone_because=alone_because,
    )


def _plans(
    source: SourceState,
    result: Fresh | Same,
    wishes: Wishes,
    rhythm: timedelta,
    cadence: Cadence,
    *,
    known: bool,
    now: datetime,
) -> tuple[tuple[timedelta, str], tuple[timedelta, str]]:
    """The pause with its reason, and those that hold when the publisher's pushes are not counted on."""
    ttl = wishes.ttl or timedelta()
    pause = _pause(source.interval, max(rhythm, ttl), cadence)
    if source.interval is not None:
        plan = pause, reasons.by_interval(pause, source.interval)
        return plan, plan
    why = reasons.by_ttl(pause, ttl) if ttl > rhythm else reasons.by_rhythm(rhythm, known=known)
    fresh = min(result.fresh_for, _LONGEST_FRESH, cadence.longest)
    if fresh > pause:
        pause, why = fresh, reasons.by_freshness(fresh, result.fresh_for)
    rarer = slowed(pause, source.relied_until, cadence, now=now)
    if source.relied_until is not None and rarer > pause:
        return (rarer, reasons.pushed(source.relied_until)), (pause, why)
    return (pause, why), (pause, why)


def _in_time(source: SourceState, wishes: Wishes, at: datetime, because: str, jitter: float) -> tuple[datetime, str]:
    """The time, put off out of what the feed wants skipped, and then for that reason."""
    if source.interval is not None:
        return at, because
    later = _outside_skipped(at, wishes, jitter)
    return later, because if later == at else reasons.SKIPPED


def usual_pause(source: SourceState, cadence: Cadence) -> timedelta:
    """The pause while all is well, as far as it is known between two polls."""
    return _pause(source.interval, max(source.rhythm or cadence.default, source.wishes.ttl or timedelta()), cadence)


def _after_failure(
    source: SourceState, result: Failed, cadence: Cadence, *, now: datetime, jitter: float
) -> PollDecision:
    """A source whose host is closed was not asked at all: no failure of its own, and due when the host opens."""
    pause = usual_pause(source, cadence)
    asked = result.code != HOST_CLOSED
    weight = weigh(result.code, transient=result.transient, offline=result.offline)
    failures = source.failures + asked
    wait = _back_off(source, weight, pause) if asked else timedelta()
    at = now + wait * (1 + _JITTER * jitter)
    because = reasons.after_failure(failures, weight, wait) if asked else reasons.HOST_REFUSES
    if result.retry_after is not None and (wish := result.retry_after + pause * _JITTER * jitter) > at:
        at = wish
        because = reasons.asked_for(failures, weight, result.retry_after - now) if asked else because
    if not result.offline:
        at, because = _in_time(source, source.wishes, at, because, jitter)
    backoff = max(wait, source.backoff) if result.offline or not asked else wait
    return PollDecision(
        next_poll_at=at,
        status="retrying" if result.transient else "failing",
        failures=failures,
        error=result.reason,
        moved_to=source.moved_to,
        moved_seen=source.moved_seen,
        new_url=None,
        backoff=backoff,
        rhythm=source.rhythm,
        moments=source.moments,
        wishes=source.wishes,
        because=because,
        fault=weight.name if asked else None,
    )


def _pause(interval: timedelta | None, wanted: timedelta, cadence: Cadence) -> timedelta:
    """The user's interval wins, and may be longer than the longest pause."""
    return cadence.within(wanted) if interval is None else max(interval, cadence.shortest)


def _back_off(source: SourceState, weight: Weight, pause: timedelta) -> timedelta:
    """Twice the wait of the failure before, between the bounds that the weight of this failure gives (faults.py), and
    never less than when all is well.

    A failure of another weight takes over the wait, so that one 404 on a bad day does not cost a month.
    """
    doubled = min(source.backoff, LASTING.longest) * 2
    return min(max(doubled, weight.first, pause), max(weight.longest, pause))


def _outside_skipped(at: datetime, wishes: Wishes, jitter: float) -> datetime:
    """``at``, or the start of the next hour (UTC) that the feed does not want skipped; a day later at most.

    Readers that wait for the same hour do not all come at its start: ``jitter`` spreads them over its first tenth.
    """
    for hours in range(_DAY_IN_HOURS):
        hour = at.replace(minute=0, second=0, microsecond=0) + hours * _HOUR
        if hour.hour not in wishes.skip_hours and hour.weekday() not in wishes.skip_days:
            return at if hours == 0 else hour + _HOUR * _JITTER * jitter
    return at + _DAY_IN_HOURS * _HOUR


def _follow_move(source: SourceState, permanent_url: str | None) -> tuple[str | None, int]:
    """One permanent redirect may be an accident; the same one on several polls is a move."""
    if not permanent_url or permanent_url == source.url or len(permanent_url) > _LONGEST_ADDRESS:
        return None, 0
    return permanent_url, source.moved_seen + 1 if permanent_url == source.moved_to else 1
