"""One thing that is wrong, as a person reads it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

__all__ = ["Finding", "clipped", "minute"]

_LONGEST = 600


@dataclass(frozen=True, slots=True)
class Finding:
    """``subject`` names the thing for good (``source:12``, ``channel:team``, ``disk``); ``what`` is the sentence.

    ``level``: how bad; a higher one than was told before is a material change. ``url``: a page about it, or empty.
    """

    subject: str
    what: str
    since: datetime
    proof: str
    mend: str
    url: str = ""
    level: int = 0

    def as_object(self) -> dict[str, Any]:
        """JSON values; ``finding_of`` reads them back."""
        return {
            "subject": self.subject,
            "what": clipped(self.what),
            "since": self.since.astimezone(UTC).isoformat(),
            "proof": clipped(self.proof),
            "mend": clipped(self.mend),
            "url": self.url,
            "level": self.level,
        }


def finding_of(kept: Mapping[str, Any]) -> Finding:
    return Finding(**{**kept, "since": datetime.fromisoformat(kept["since"])})


def minute(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def clipped(text: str, limit: int = _LONGEST) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
