"""Keeps our own credentials out of what is written down: those that stand in the addresses of our sources.

    https://ann:hunter2@news.example/feed    -> https://news.example/feed
    https://news.example/feed?token=a1b2c3   -> https://news.example/feed?token=redacted-1

Only what we were given is a secret of ours. What a publisher puts into its own links is in its pages anyway.
"""

import json
import re
from collections.abc import Iterable
from urllib.parse import quote, unquote, urlsplit

__all__ = ["Redactor"]

_SECRET_NAME = re.compile(
    r"(?i)(?:.*[_.-])?(?:api-?key|apikey|key|token|accesstoken|secret|pass|passwd|password|pwd|auth|sig|signature|"
    r"session|sessionid|sid|jwt|bearer|hash|user|username|uid|code)"
)
"""Parameters whose value may let somebody in. Too many cost nothing: each value has one stand-in."""
_VALUE_CHARACTER = r"[\w%.~+-]"


class Redactor:
    """``addresses``: of the sources. The same secret becomes the same stand-in everywhere, so that what was recorded
    still fits together. A secret in an address's path is not known for one."""

    def __init__(self, addresses: Iterable[str] = ()) -> None:
        self._stands_for: dict[str, str] = {}
        for address in addresses:
            self._learn(address)
        # The longest first: one secret may be the beginning of another.
        found = sorted(self._stands_for, key=len, reverse=True)
        self._text = _pattern(found)
        self._bytes = re.compile(self._text.pattern.encode()) if self._text else None

    def text(self, text: str) -> str:
        """Without the secrets. An address keeps its shape."""
        return self._text.sub(lambda match: self._stands_for[match[0]], text) if self._text else text

    def data(self, data: bytes) -> bytes:
        """The same for a body."""
        if self._bytes is None:
            return data
        return self._bytes.sub(lambda match: self._stands_for[match[0].decode()].encode(), data)

    def _learn(self, address: str) -> None:
        parts = urlsplit(address)
        user = parts.netloc.rpartition("@")[0]
        if user:
            self._add(user + "@", "")
        for pair in parts.query.split("&"):
            name, equals, value = pair.partition("=")
            if value and _SECRET_NAME.fullmatch(name):
                number = len(set(self._stands_for.values()) - {""}) + 1
                self._add(name + equals + value, f"{name}=redacted-{number}")

    def _add(self, secret: str, stand_in: str) -> None:
        """As it was written, as it looks inside a parameter of another address, and each as JSON writes it."""
        for shape in (secret, unquote(secret), quote(secret, safe=""), quote(unquote(secret), safe="")):
            for shown in (shape, json.dumps(shape, ensure_ascii=False)[1:-1]):
                self._stands_for.setdefault(shown, stand_in)


def _pattern(secrets: list[str]) -> re.Pattern[str] | None:
    """Whole values only: ``token=a`` is not found in ``token=abc``, nor in ``mytoken=a``."""
    if not secrets:
        return None
    ends = f"(?!{_VALUE_CHARACTER})"
    shapes = [re.escape(secret) + ("" if secret.endswith(("@", "%40")) else ends) for secret in secrets]
    return re.compile(r"(?<!\w)(?:" + "|".join(shapes) + ")")
