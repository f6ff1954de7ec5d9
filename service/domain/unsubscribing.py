"""Links by which a mail's reader leaves a channel, or one rule of it, without a log-in. Pure.

    channel, address, rule + key -> token -> Ticket      (None when the key did not sign it)

The token tells whom it is for and is signed (HMAC with SHA-256), so nothing is stored until somebody leaves, links work
as long as the key does, and nobody can make one for another address.
"""

import base64
import binascii
import hashlib
import hmac
import json
from typing import Final, NamedTuple

__all__ = ["UNSUBSCRIBE_PATH", "Ticket", "read_token", "sign_token"]

UNSUBSCRIBE_PATH: Final = "/unsubscribe/"
_LONGEST: Final = 2000
_LONGEST_WITH_RULE: Final = 600
"""A header's line has 998 characters (RFC 5322 section 2.1.1), the rest of the address among them."""


class Ticket(NamedTuple):
    """Whose mails end, over which channel. ``rule``: whose mail it was; None: the token does not say."""

    channel: str
    address: str
    rule: str | None = None


def sign_token(channel: str, address: str, key: bytes, rule: str = "") -> str:
    """A token for one address on one channel, of characters that an address may carry. A long rule is left out."""
    token = _signed([channel, address, rule] if rule else [channel, address], key)
    return token if not rule or len(token) <= _LONGEST_WITH_RULE else _signed([channel, address], key)


def _signed(parts: list[str], key: bytes) -> str:
    content = json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode()
    return f"{_text(content)}.{_text(_signature(content, key))}"


def read_token(token: str, key: bytes) -> Ticket | None:
    """What a token says; None when it is none of ours."""
    content, _, signature = token.partition(".")
    if len(token) > _LONGEST or not token.isascii():
        return None
    try:
        raw = _bytes(content)
        if not hmac.compare_digest(_signature(raw, key), _bytes(signature)):
            return None
        channel, address, *rest = json.loads(raw)
    except (binascii.Error, ValueError):
        return None
    return Ticket(str(channel), str(address), str(rest[0]) if rest else None)


def _signature(content: bytes, key: bytes) -> bytes:
    return hmac.new(key, b"unsubscribe:" + content, hashlib.sha256).digest()


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
