"""Addresses in a mail that lead back to newsvane, where it has a public address."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from service.domain.unsubscribing import UNSUBSCRIBE_PATH, sign_token

__all__ = ["Links"]

_ALERT = re.compile(r"alt_[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Links:
    """``public_url``: http(s), without a slash at its end. ``key`` signs. ``channel``: whose mails they are."""

    public_url: str
    key: bytes = field(repr=False)
    channel: str = ""

    def dashboard(self, alert: Mapping[str, Any]) -> str:
        """Of an alert that one article raised, the article's page with its mentions and their proof; of any other, such
        as a digest, the alert's own, which has all that it tells."""
        if alert.get("kind") == "mention":
            for mention in alert.get("mentions") or []:
                if isinstance(mention.get("article"), int):
                    return f"{self.public_url}/articles/{mention['article']}"
        identity = str(alert.get("id") or "")
        return f"{self.public_url}/alerts/{identity}" if _ALERT.fullmatch(identity) else f"{self.public_url}/"

    def unsubscribe(self, address: str, rule: str = "") -> str:
        """Leads that address, and nobody else, out of the channel, or out of this rule over it."""
        return self.public_url + UNSUBSCRIBE_PATH + sign_token(self.channel, address, self.key, rule)
