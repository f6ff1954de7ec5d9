"""What an answer's fields say about when to come again: Retry-After, and Cache-Control, Expires and Age."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

__all__ = ["MAX_FRESH", "MAX_RETRY_AFTER", "parse_fresh_for", "parse_retry_after"]

MAX_RETRY_AFTER = timedelta(days=30)
MAX_FRESH = timedelta(days=1)


def parse_retry_after(value: str | None, now: datetime) -> datetime | None:
    """Retry-After as an aware UTC time between ``now`` and 30 days on; None when absent or unreadable.

    Seconds or an HTTP date (RFC 9110 section 10.2.3).
    """
    text = (value or "").strip()
    seconds = _seconds(text)
    now = now.astimezone(UTC)
    if seconds is not None:
        return now + min(seconds, MAX_RETRY_AFTER)
    when = _date(text)
    return None if when is None else min(max(when, now), now + MAX_RETRY_AFTER)


def parse_fresh_for(headers: Mapping[str, str], now: datetime) -> timedelta:
    """How long an answer stays good, between nothing and a day (RFC 9111 section 4.2).

    ``headers``: names in lower case. ``max-age`` goes before ``Expires``; ``Age``, the time that the answer lay in
    caches, is taken off. ``no-cache`` and ``no-store`` are no time at all, and so is what cannot be read.
    """
    directives = _directives(headers.get("cache-control", ""))
    if "no-cache" in directives or "no-store" in directives:
        return timedelta()
    if "max-age" in directives:
        good = _seconds(directives["max-age"])
    else:
        expires = _date(headers.get("expires", ""))
        good = expires - (_date(headers.get("date", "")) or now) if expires else None
    age = _seconds(headers.get("age", "").strip()) or timedelta()
    return min(max((good or timedelta()) - age, timedelta()), MAX_FRESH)


def _directives(value: str) -> dict[str, str]:
    """Cache-Control's directives in lower case; of a repeated one the first counts (RFC 9111 section 4.2.1)."""
    found: dict[str, str] = {}
    for part in value[:1000].split(","):
        name, _, argument = part.partition("=")
        found.setdefault(name.strip().lower(), argument.strip().strip('"'))
    return found


def _seconds(text: str) -> timedelta | None:
    return timedelta(seconds=int(text[:10])) if text.isascii() and text.isdecimal() else None


def _date(text: str) -> datetime | None:
    try:
        when = parsedate_to_datetime(text[:100])
        return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
