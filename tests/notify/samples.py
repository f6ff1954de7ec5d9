"""Alerts to render and send: a plain one, hostile texts, and a strategy that mixes both."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from service.notify.channel import Outgoing

CREATED = datetime(2026, 11, 22, 1, 2, 3, tzinfo=UTC)
MESSAGE_ID = "msg_0123456789abcdef0123456789abcdef"

HOSTILE_TEXTS = (
    "Deal closes\r\nBcc: victim@example.org",
    "Deal\nX-Evil: 1\n\nbody",
    "Deal\rX-Evil: 1",
    "Deal\u2028X-Evil: 1\u0085X-Evil: 2\x0bX-Evil: 3",
    "=?utf-8?q?Deal=0D=0ABcc=3A_victim=40example=2Eorg?=",
    "=?utf-8?b?RGVhbA0KQmNjOiB2aWN0aW1AZXhhbXBsZS5vcmc=?=",
    "<script>alert(1)</script><img src=https://evil.example/x.png onerror=alert(1)>",
    "\"><a href='javascript:alert(1)'>x</a>",
    "</title></style><style>@import url(https://evil.example/x.css)</style>",
    "{{ 7*7 }}{% for x in range(9) %}z{% endfor %}{{ page.__class__ }}",
    "invoice\u202efdp.exe \u2066\u2069\u200f",
    "nul\x00bell\x07esc\x1b[31m",
    "lone \ud800 surrogate",
    "\U000e0041\U000e0042 tags",
    "<!channel> @everyone @channel [x](https://evil.example) ![y](https://evil.example/y.png)",
    "",
    " ",
    "w" * 5000,
    "ü" * 300 + ', (comma) "quote"; <angle@example.org>',
)

HOSTILE_LINKS = (
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    " javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "file:///etc/passwd",
    "//evil.example/x",
    "https:evil.example",
    "https://",
    "https://bank.example@evil.example/",
    "https://example.org/\r\nX-Evil: 1",
    "https://example.org/\u202egpj.exe",
    "https://[::1",
    "http://example.org/" + "a" * 4000,
    "",
)


def mention(**changes: Any) -> dict[str, Any]:
    """A mention as the alert object carries it."""
    return {
        "id": "men_1",
        "entity": "HPE",
        "confidence": 0.97,
        "salience": "main",
        "url": "https://news.example/hpe?utm=1&b=2",
        "canonical_url": "https://news.example/hpe",
        "title": "HPE wins a server deal",
        "source": "Example Wire",
        "language": "en",
        "published_at": "2026-11-22T00:59:00Z",
        "discovered_at": "2026-11-22T01:02:00Z",
        "story": "sto_1",
        "snippet": "Servers from HPE go to xAI, and hpelike words stay plain.",
        "evidence": ["the strong alias HPE stands in the title"],
        "backfilled": False,
    } | changes


def alert(**changes: Any) -> dict[str, Any]:
    """A plain alert with one mention and one fact."""
    return {
        "id": "alt_1f",
        "rule": "server deals",
        "kind": "mention",
        "title": "HPE wins a server deal",
        "url": "https://news.example/hpe",
        "reason": "HPE and xAI are named in one article of Example Wire.",
        "created_at": "2026-11-22T01:02:03Z",
        "story": {"id": "sto_1", "title": "A server deal", "url": "https://news.example/hpe"},
        "entities": ["HPE", "xAI"],
        "mentions": [mention()],
        "facts": [
            {
                "kind": "deal",
                "parties": ["HPE", "X"],
                "amount": 1_000_000_000,
                "currency": "USD",
                "bound": "more_than",
                "status": "won",
                "sentence": "The deal is worth more than $1 billion.",
            }
        ],
        "mention_count": 1,
    } | changes


def outgoing(content: dict[str, Any] | None = None) -> Outgoing:
    return Outgoing(MESSAGE_ID, alert() if content is None else content, CREATED)


def infested(text: str, url: str) -> dict[str, Any]:
    """An alert with one hostile text and one hostile address wherever the web had a say."""
    fact = {"kind": text, "parties": [text], "amount": text, "currency": text, "bound": text, "status": text}
    return alert(
        rule=text,
        title=text,
        url=url,
        reason=text,
        story={"id": text, "title": text, "url": url},
        entities=[text],
        mentions=[
            mention(
                entity=text, title=text, url=url, canonical_url=url, source=text, snippet=text, evidence=[text], id=text
            )
        ],
        facts=[{**fact, "sentence": text}],
    )


_CHARACTERS = (
    st.characters() | st.characters(categories=["Cs"]) | st.sampled_from('\r\n\x00"\\<&=?:@,;()[]\u202e\u2028')
)
texts = st.text(_CHARACTERS, max_size=60) | st.sampled_from(HOSTILE_TEXTS)
links = st.sampled_from((*HOSTILE_LINKS, "https://news.example/a", "http://bücher.example/ä")) | texts
_scores = st.floats(0, 1) | st.sampled_from([float("nan"), 1])


@st.composite
def alerts(draw: st.DrawFn) -> dict[str, Any]:
    """Alert objects of the documented shape, from tiny to far too large, with anything in their texts."""
    few = [
        mention(
            entity=draw(texts),
            title=draw(texts),
            url=draw(links),
            canonical_url=draw(st.none() | links),
            snippet=draw(texts),
            source=draw(texts),
            confidence=draw(_scores),
            evidence=draw(st.lists(texts, max_size=3)),
        )
        for _ in range(draw(st.integers(0, 3)))
    ]
    mentions = few * draw(st.sampled_from([1, 1, 30]))
    names = draw(st.lists(texts, max_size=4)) * draw(st.sampled_from([1, 50]))
    fact = {"kind": draw(texts), "parties": names[:3], "amount": draw(st.none() | st.floats() | texts)}
    fact |= {"currency": draw(texts), "bound": draw(texts), "status": draw(texts), "sentence": draw(texts)}
    return alert(
        kind=draw(st.sampled_from(["mention", "summary", "notice"])),
        rule=draw(texts),
        title=draw(texts),
        url=draw(links),
        reason=draw(texts),
        story=draw(st.none() | st.fixed_dictionaries({"id": texts, "title": texts, "url": links})),
        entities=names,
        mentions=mentions,
        facts=[fact] * draw(st.sampled_from([0, 1, 40])),
        mention_count=len(mentions) + draw(st.sampled_from([0, 500])),
    )
