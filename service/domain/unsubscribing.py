"""Links by which a mail's reader leaves a channel without a log-in. Pure.

    channel, address + key -> token -> channel, address      (None when the key did not sign it)

The token tells whom it is for and is signed (HMAC with SHA-256), so nothing is stored until somebody leaves, links work
as long as the key does, and nobody can make one for another address.
"""

import base64
import binascii
import hashlib
import hmac
import json
from typing import Final

__all__ = ["UNSUBSCRIBE_PATH", "read_token", "sign_token"]

UNSUBSCRIBE_PATH: Final = "/unsubscribe/"
_LONGEST: Final = 2000


def sign_token(channel: str, address: str, key: bytes) -> str:
    """A token for one address on one channel, of characters that an address may carry."""
    content = json.dumps([channel, address], ensure_ascii=False, separators=(",", ":")).encode()
    return f"{_text(content)}.{_text(_signature(content, key))}"


def read_token(token: str, key: bytes) -> tuple[str, str] | None:
    """Channel and address of a token; None when it is none of ours."""
    content, _, signature = token.partition(".")
    if len(token) > _LONGEST or not token.isascii():
        return None
    try:
        raw = _bytes(content)
        if not hmac.compare_digest(_signature(raw, key), _bytes(signature)):
            return None
        channel, address = json.loads(raw)
    except (binascii.Error, ValueError):
        return None
    return str(channel), str(address)


def _signature(content: bytes, key: bytes) -> bytes:
    return hmac.new(key, b"unsubscribe:" + content, hashlib.sha256).digest()


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
