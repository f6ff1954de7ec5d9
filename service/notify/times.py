"""Times as receivers and readers see them. All arguments are aware datetimes of any zone."""

from datetime import UTC, datetime

__all__ = ["readable", "utc_text"]


def utc_text(moment: datetime) -> str:
    """RFC 3339 in UTC with a ``Z``; fractions of a second only where there are any."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def readable(value: object) -> str:
    """``2026-11-22 01:02 UTC`` for an RFC 3339 string, the empty string for anything else."""
    if not isinstance(value, str):
        return ""
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return ""
    if moment.tzinfo is None:
        return ""
    try:
        return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
    except OverflowError:
        return ""
