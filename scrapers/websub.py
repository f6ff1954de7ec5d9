"""WebSub as a subscriber speaks it (W3C Recommendation, 23 January 2018); knows nothing of what is kept.

    answer's fields, feed -> find_hub  -> Hub
    Hub                   -> ask       -> the hub took the request, or FetchError
    query of the callback -> read_intent -> Intent | None
    pushed body           -> is_signed -> whether the hub sent it

Requests go through ``WebClient``, so that a hub's address is guarded like any other.
"""

import hashlib
import hmac
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from urllib.parse import urlencode

from scrapers.errors import FetchError
from scrapers.text import absolute_url, clean_line
from scrapers.types import Feed, Hub, Intent
from scrapers.waiting import parse_retry_after
from scrapers.web import Web

__all__ = ["LONGEST_CHALLENGE", "SUBSCRIBE", "UNSUBSCRIBE", "ask", "find_hub", "is_signed", "read_intent"]

SUBSCRIBE, UNSUBSCRIBE, _DENIED = "subscribe", "unsubscribe", "denied"
LONGEST_CHALLENGE = 4000
_LONGEST_HEADER = 8000
_LONGEST_TOPIC = 2000
_MOST_REDIRECTS = 3
_REDIRECTS = frozenset({307, 308})
_SECONDS = 15.0
_EXCERPT = 300
_METHODS = frozenset({"sha1", "sha256", "sha384", "sha512"})
# RFC 8288 section 3: an address in angle brackets, then parameters whose values may be quoted.
_LINK = re.compile(r"""<([^<>]*)>((?:[^,"<]|"[^"]*")*)""")
_PARAMETER = re.compile(r""";\s*(\w+)\s*=\s*(?:"([^"]*)"|([^\s;,"]+))""")


def find_hub(headers: Mapping[str, str], url: str, feed: Feed) -> Hub | None:
    """The feed's first hub: of the ``Link`` fields, else of the feed itself (section 4).

    ``headers``: names in lower case. ``url``: where the answer came from; it stands in for a missing rel=self. A feed
    that says where its hub is but not what it is called there breaks the specification, and is common.
    """
    links = list(_links(headers.get("link", ""), url))
    hub_url = _first(links, "hub") or feed.hub_url
    topic = _first(links, "self") or feed.self_url or url
    if hub_url is None or len(hub_url) > _LONGEST_TOPIC or len(topic) > _LONGEST_TOPIC:
        return None
    return Hub(hub_url, topic)


async def ask(
    web: Web,
    hub: Hub,
    mode: str,
    *,
    callback: str,
    secret: str,
    lease: timedelta,
    now: datetime,
    seconds: float = _SECONDS,
) -> None:
    """Ask a hub to begin or to end pushing (section 5.1): it has taken the request, and will verify it on ``callback``.

    A 307 or 308 answer leads to another hub, three times at most. ``seconds``: for each request. Raises FetchError for
    everything but a 2xx answer; its message tells what the hub said.
    """
    fields = {"hub.mode": mode, "hub.topic": hub.topic, "hub.callback": callback}
    if mode == SUBSCRIBE:
        fields |= {"hub.secret": secret, "hub.lease_seconds": str(int(lease.total_seconds()))}
    body = urlencode(fields).encode("ascii")
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    url = hub.url
    for _ in range(_MOST_REDIRECTS + 1):
        answer = await web.post(url, body=body, headers=form, deadline=seconds, max_answer=_EXCERPT)
        if 200 <= answer.status < 300:
            return
        target = absolute_url(answer.headers.get("location"), url) if answer.status in _REDIRECTS else None
        if target is None:
            raise _refused(answer.status, answer.headers, answer.excerpt, now)
        url = target
    message = f"The hub redirects more than {_MOST_REDIRECTS} times."
    raise FetchError(message, code="too-many-redirects", transient=False, status=answer.status)


def read_intent(query: Mapping[str, str]) -> Intent | None:
    """A hub's verification of intent or denial; None for what is neither."""
    mode, topic = query.get("hub.mode", ""), query.get("hub.topic", "")
    challenge = query.get("hub.challenge", "")
    if not topic or len(topic) > _LONGEST_TOPIC:
        return None
    if mode == _DENIED:
        return Intent(mode, topic, reason=clean_line(query.get("hub.reason", ""), _EXCERPT))
    if mode not in (SUBSCRIBE, UNSUBSCRIBE) or not 0 < len(challenge) <= LONGEST_CHALLENGE:
        return None
    lease = query.get("hub.lease_seconds", "").strip()
    known = lease.isascii() and lease.isdecimal() and int(lease[:10]) > 0
    return Intent(mode, topic, challenge, timedelta(seconds=int(lease[:10])) if known else None)


def is_signed(signature: str | None, secret: str, body: bytes) -> bool:
    """Whether ``X-Hub-Signature`` is that of this body (section 7): ``method=hexadecimal``, compared in constant time.

    The method is the hub's choice among sha1, sha256, sha384 and sha512. SHA-1 is weak as a digest, but an HMAC with
    it has no known forgery, and most hubs use it.
    """
    method, _, given = (signature or "").strip().partition("=")
    method = method.strip().lower()
    if method not in _METHODS:
        return False
    wanted = hmac.new(secret.encode(), body, getattr(hashlib, method)).hexdigest()
    return hmac.compare_digest(wanted.encode(), given.strip().lower().encode("utf-8", "replace"))


def _links(field: str, base: str) -> Iterator[tuple[str, str]]:
    """(relation, absolute address); a link about another thing than this answer (``anchor``) is left out."""
    for match in _LINK.finditer(field[:_LONGEST_HEADER]):
        parameters: dict[str, str] = {}
        for name, quoted, plain in _PARAMETER.findall(match[2]):
            parameters.setdefault(name.lower(), quoted or plain)
        target = absolute_url(match[1], base)
        if target is not None and "anchor" not in parameters:
            yield from ((relation, target) for relation in parameters.get("rel", "").lower().split())


def _first(links: list[tuple[str, str]], relation: str) -> str | None:
    return next((target for name, target in links if name == relation), None)


def _refused(status: int, headers: Mapping[str, str], excerpt: bytes, now: datetime) -> FetchError:
    said = clean_line(excerpt.decode("utf-8", "replace"), 200)
    message = (
        f"The hub answered {status}: {said}" if said and not said.startswith("<") else f"The hub answered {status}."
    )
    transient = status in (408, 425, 429) or status >= 500
    retry_after = parse_retry_after(headers.get("retry-after"), now)
    return FetchError(message, code=f"http-{status}", transient=transient, status=status, retry_after=retry_after)
