"""Since when a person has not looked: two times in a cookie, so that it needs no account. Pure.

cookie, now -> visited() -> Visit(since, cookie to set)
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

__all__ = ["COOKIE", "KEPT", "Visit", "visited"]

COOKIE = "newsvane_visit"
KEPT = timedelta(days=365)
_OVER = timedelta(minutes=30)
"""Without a look: whoever comes back then comes anew. Reloading within it keeps what was new on the page."""
_WRITTEN = re.compile(r"(\d{1,11})-(\d{1,11})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Visit:
    """``since``: the end of the visit before this one; None on the first. ``cookie``: what to keep."""

    since: datetime | None
    cookie: str


def visited(cookie: str | None, now: datetime) -> Visit:
    """``cookie``: as it came from the browser, whatever that is; one that is not ours means a first visit."""
    before, last = _read(cookie, now)
    if last is None or now - last > _OVER:
        before = last
    return Visit(before, f"{int(before.timestamp()) if before else 0}-{int(now.timestamp())}")


def _read(cookie: str | None, now: datetime) -> tuple[datetime | None, datetime | None]:
    found = _WRITTEN.fullmatch(cookie or "")
    if not found:
        return None, None
    before, last = (datetime.fromtimestamp(int(seconds), UTC) if int(seconds) else None for seconds in found.groups())
    if last is None or last > now or (before is not None and before > last):
        return None, None
    return before, last
