"""An alert as the body of a Standard Webhooks request: pure, and the same bytes on every attempt.

    {"type": "alert.created", "timestamp": ..., "data": {the alert}}

Standard Webhooks asks for payloads under 20 kB. An alert that is larger is written again with tighter limits, rung by
rung; ``mention_count`` always tells the true number of mentions. A digest gives up mentions before its groups.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from service.notify.channel import Outgoing
from service.notify.clean import cut, link, plain
from service.notify.times import utc_text

__all__ = ["EVENT_TYPE", "MAX_BODY", "webhook_body", "webhook_data"]

EVENT_TYPE: Final = "alert.created"
MAX_BODY: Final = 20_000
"""Bytes; every body is shorter."""

_ALERT_KEYS: Final = frozenset({"id", "rule", "kind", "title", "reason", "created_at"})
_STORY_KEYS: Final = frozenset({"id", "title", "url"})


@dataclass(frozen=True, slots=True)
class _Limits:
    """How much of an alert is kept. Texts in characters."""

    text: int
    snippet: int
    evidence: int
    entities: int
    facts: int
    address: int
    extras: bool
    """Keys that this module does not know."""
    groups: int = 0
    """Of a digest."""
    stories: int = 0
    """Of such a group."""


_RUNGS: Final = (
    _Limits(
        text=1000, snippet=1000, evidence=20, entities=100, facts=50, address=2000, extras=True, groups=20, stories=5
    ),
    _Limits(text=300, snippet=160, evidence=3, entities=50, facts=10, address=2000, extras=True, groups=10, stories=3),
    # The last rung fits by arithmetic, mentions aside: a character takes at most four bytes, so six texts, ten
    # entities, a story and two addresses take at most 17 kB.
    _Limits(text=160, snippet=120, evidence=1, entities=10, facts=0, address=600, extras=False),
)


def webhook_body(message: Outgoing) -> bytes:
    """The request's body: compact UTF-8 JSON with sorted keys, shorter than MAX_BODY.

    Texts are cleaned; an address that is no plain http(s) link becomes an empty string. Texts over 1,000 characters are
    cut. What does not fit then is brought down: texts, evidence and facts first, then mentions from the end.
    """
    alert = dict(message.alert)
    mentions = alert.get("mentions") or []
    alert["mention_count"] = max(_count(alert.get("mention_count")), len(mentions))
    created_at = utc_text(message.created_at)
    for limits in _RUNGS:
        data = _limited(alert, limits)
        body = _encode(created_at, data)
        if len(body) >= MAX_BODY and "digest" in data:
            body = _encode(created_at, _with_fewer_mentions(created_at, data))
        if len(body) < MAX_BODY:
            return body
    return _encode(created_at, _with_fewer_mentions(created_at, _limited(alert, _RUNGS[-1])))


def webhook_data(message: Outgoing) -> dict[str, Any]:
    """The body's ``data``: the alert cleaned and bounded."""
    data: dict[str, Any] = json.loads(webhook_body(message))["data"]
    return data


def _encode(created_at: str, data: dict[str, Any]) -> bytes:
    return _compact({"type": EVENT_TYPE, "timestamp": created_at, "data": data})


def _compact(value: object) -> bytes:
    # Sorted, because a database may hand the stored object back with its keys in another order.
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def _count(value: object) -> int:
    return value if isinstance(value, int) else 0


def _with_fewer_mentions(created_at: str, data: dict[str, Any]) -> dict[str, Any]:
    room = MAX_BODY - 1 - len(_encode(created_at, {**data, "mentions": []}))
    kept = []
    for mention in data["mentions"]:
        room -= len(_compact(mention)) + 1
        if room < 0:
            break
        kept.append(mention)
    return {**data, "mentions": kept}


def _limited(alert: Mapping[str, Any], limits: _Limits) -> dict[str, Any]:
    known = {
        "mentions": [_mention(mention, limits) for mention in alert.get("mentions") or []],
        "facts": [_shortened(fact, limits) for fact in (alert.get("facts") or [])[: limits.facts]],
        "entities": [_shortened(name, limits) for name in (alert.get("entities") or [])[: limits.entities]],
        "story": _only(alert.get("story"), _STORY_KEYS, limits),
        "url": _address(alert.get("url"), limits),
        "mention_count": alert["mention_count"],
    }
    rest = {key: value for key, value in alert.items() if key not in known}
    if isinstance(alert.get("watch"), Mapping):
        rest["watch"] = {**alert["watch"], "items": (alert["watch"].get("items") or [])[: limits.groups]}
    if isinstance(alert.get("digest"), Mapping):
        rest["digest"] = _digest(alert["digest"], limits)
    return {**_only(rest, _ALERT_KEYS, limits), **known}


def _digest(digest: Mapping[str, Any], limits: _Limits) -> dict[str, Any]:
    groups = [
        {**group, "stories": (group.get("stories") or [])[: limits.stories]}
        for group in (digest.get("groups") or [])[: limits.groups]
    ]
    return {**digest, "groups": groups}


def _only(value: Any, keys: frozenset[str], limits: _Limits) -> Any:  # noqa: ANN401 - an object or null
    """The object shortened; where the limits leave no room for extras, with these keys only."""
    if isinstance(value, Mapping) and not limits.extras:
        value = {key: inner for key, inner in value.items() if key in keys}
    return _shortened(value, limits)


def _mention(mention: Mapping[str, Any], limits: _Limits) -> dict[str, Any]:
    short: dict[str, Any] = _shortened(mention, limits)
    if isinstance(mention.get("snippet"), str):
        short["snippet"] = cut(plain(mention["snippet"]), limits.snippet)
    if isinstance(short.get("evidence"), list):
        short["evidence"] = short["evidence"][: limits.evidence]
    return short


def _shortened(value: Any, limits: _Limits) -> Any:  # noqa: ANN401 - any JSON value in, the same kind of value out
    """The value with its texts cleaned and cut, its addresses checked, and no number that JSON cannot write."""
    if isinstance(value, str):
        return cut(plain(value), limits.text)
    if isinstance(value, list | tuple):
        return [_shortened(inner, limits) for inner in value]
    if isinstance(value, Mapping):
        return {
            plain(key): _address(inner, limits) if key.endswith("url") else _shortened(inner, limits)
            for key, inner in value.items()
        }
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _address(url: object, limits: _Limits) -> str | None:
    if url is None:
        return None
    address = link(url)
    return address if len(address) <= limits.address else ""
