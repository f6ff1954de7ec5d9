"""When an article was published: what its publisher states, unless that cannot be.

A date without a zone is taken as UTC where it is read (``scrapers``). Here, a date before 1990 or more than a day after
the article was first seen is not believed: the moment when it was first seen counts instead, and a note says so.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

__all__ = ["Dated", "settle_date"]

_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_AHEAD = timedelta(days=1)
"""Zones reach 14 hours ahead of UTC, and clocks are wrong."""


@dataclass(frozen=True, slots=True)
class Dated:
    """``note``: why the date is not the publisher's; None where it is, or where there is none."""

    published_at: datetime | None
    note: str | None = None


def settle_date(stated: datetime | None, *, first_seen: datetime, absurd: str | None = None) -> Dated:
    """The date that counts. ``absurd``: a note of one that the publisher states besides, and that cannot be."""
    if stated is None:
        return Dated(first_seen, absurd) if absurd else Dated(None)
    if stated < _EARLIEST:
        return Dated(first_seen, f"dated {stated:%Y-%m-%d}, long before the web had news; first seen counts")
    if stated > first_seen + _AHEAD:
        return Dated(first_seen, f"dated {stated:%Y-%m-%d}, which is to come; first seen counts")
    return Dated(stated)
