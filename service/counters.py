"""What this process has done since it started, counted for Prometheus in a registry of its own.

Steps count when their outcome stands in the database. Names and units follow Prometheus' conventions
(https://prometheus.io/docs/practices/naming/). A label is one of few words of ours, or a name that the operator gave:
what the web says never becomes one.
"""

from collections.abc import Collection
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram

from scrapers.errors import FAULTS

__all__ = ["OTHERS", "Counters"]

OTHERS: Final = "(others)"
"""Stands for every name beyond the first few hundred, and for a fault that has no word."""
_MOST_NAMES: Final = 300
_POLL_SECONDS: Final = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_DELIVERY_SECONDS: Final = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60)
_DELAY_SECONDS: Final = (0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600)


class Counters:
    """``registry``: for whoever writes them out. The methods are what steps call; none of them can fail."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._entities, self._channels = _Names(), _Names()
        self._polls = self._counter("polls", "Polls, by what they brought: read, unchanged or failed.", "outcome")
        self._poll_errors = self._counter(
            "poll_errors", "Failed polls, by what they weigh and by their fault (docs/polling.md).", "weight", "fault"
        )
        self._poll_seconds = self._histogram("poll_duration_seconds", "Time that a poll took.", _POLL_SECONDS)
        self._fetched = self._counter("poll_received_bytes", "Size of the feeds that polls brought, unpacked.")
        self._found = self._counter("articles_found", "New articles that polls and pushes found.")
        self._reads = self._counter("article_reads", "Articles read, by what became of it.", "outcome")
        self._mentions = self._counter("mentions", "Mentions found in new articles, by entity.", "entity")
        self._attempts = self._counter(
            "delivery_attempts",
            "Attempts to deliver, by channel and what became of the delivery.",
            "channel",
            "outcome",
        )
        self._delivery_seconds = self._histogram(
            "delivery_attempt_duration_seconds", "Time that an attempt to deliver took.", _DELIVERY_SECONDS
        )
        self._delay = self._histogram(
            "delivery_delay_seconds", "Time from an alert to its delivery, of those that were sent.", _DELAY_SECONDS
        )

    def polled(self, outcome: str, *, seconds: float, size: int = 0, new: int = 0) -> None:
        """``outcome``: read, unchanged or failed. ``size``: bytes. ``new``: articles."""
        self._polls.labels(outcome).inc()
        self._poll_seconds.observe(seconds)
        self._fetched.inc(size)
        self._found.inc(new)

    def poll_failed(self, weight: str, fault: str) -> None:
        """``weight``: a name of service/domain/faults.py. ``fault``: the error's code."""
        status = fault.removeprefix("http-")
        known = fault in FAULTS or (fault != status and len(status) == 3 and status.isdecimal())
        self._poll_errors.labels(weight, fault if known else OTHERS).inc()

    def found(self, new: int) -> None:
        """Articles that no poll brought."""
        self._found.inc(new)

    def was_read(self, outcome: str, *, entities: Collection[str] = ()) -> None:
        """``entities``: those that a new article names."""
        self._reads.labels(outcome).inc()
        for entity in entities:
            self._mentions.labels(self._entities.of(entity)).inc()

    def attempted(self, channel: str, outcome: str, *, seconds: float, delay: float) -> None:
        """``seconds``: of this attempt; ``delay``: since the alert, which counts when it was sent."""
        self._attempts.labels(self._channels.of(channel), outcome).inc()
        self._delivery_seconds.observe(seconds)
        if outcome == "sent":
            self._delay.observe(max(delay, 0.0))

    def _counter(self, name: str, help_text: str, *labels: str) -> Counter:
        return Counter(f"newsvane_{name}", help_text, labels, registry=self.registry)

    def _histogram(self, name: str, help_text: str, buckets: tuple[float, ...]) -> Histogram:
        return Histogram(f"newsvane_{name}", help_text, buckets=buckets, registry=self.registry)


class _Names:
    """The first names that come are labels; later ones share one."""

    def __init__(self) -> None:
        self._known: set[str] = set()

    def of(self, name: str) -> str:
        if name not in self._known and len(self._known) >= _MOST_NAMES:
            return OTHERS
        self._known.add(name)
        return name
