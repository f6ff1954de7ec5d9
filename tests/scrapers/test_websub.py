"""WebSub as it is spoken: where the hub is, what it is asked, what it says, and whether it was the hub that pushed."""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.errors import FetchError
from scrapers.feed import parse_feed
from scrapers.http import WebClient
from scrapers.types import Feed, Hub, Intent
from scrapers.websub import LONGEST_CHALLENGE, ask, find_hub, is_signed, read_intent
from tests.scrapers.hazards import Hazards, answer, redirect

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
URL = "https://news.example/feed"
HUB, TOPIC = "https://hub.example/", "https://news.example/topic"
PLAIN = Feed("News", None, ())
IN_FEED = Feed("News", None, (), hub_url="https://other.example/hub", self_url="https://news.example/self")


@pytest.mark.parametrize(
    ("link", "hub", "topic"),
    [
        # as the specification writes it, in one field
        (f'<{HUB}>; rel="hub", <{TOPIC}>; rel="self"', HUB, TOPIC),
        # without quotes, several relations, capitals
        (f"<{HUB}>;rel=HUB, <{TOPIC}>; type=x; rel='self'; rel=y", HUB, URL),
        (f'<{TOPIC}>; REL="alternate Self", <{HUB}>; title="a, b; <c>"; rel="hub"', HUB, TOPIC),
        # the first of several hubs
        (f'<{HUB}>; rel=hub, <https://second.example/>; rel=hub, <{TOPIC}>; rel="self"', HUB, TOPIC),
        # relative addresses
        ('</hub>; rel=hub, <topic?x=1,2>; rel="self"', "https://news.example/hub", "https://news.example/topic?x=1,2"),
        # a hub without a name for the feed there: its own address
        (f'<{HUB}>; rel="hub"', HUB, URL),
    ],
)
def test_the_hub_in_the_answers_fields(link: str, hub: str, topic: str) -> None:
    assert find_hub({"link": link}, URL, PLAIN) == Hub(hub, topic)


@pytest.mark.parametrize(
    "link",
    [
        "",
        f'<{TOPIC}>; rel="self"',
        f'<{HUB}>; rel="shub"',
        # about another page
        f'<{HUB}>; rel="hub"; anchor="https://else.example/"',
        # not to be fetched
        '<javascript:alert(1)>; rel="hub"',
        '<https://user:password@hub.example/>; rel="hub"',
        "<" * 8000,
        '<https://hub.example/>; rel="hub',
        f'<https://hub.example/{"a" * 3000}>; rel="hub"',
    ],
)
def test_fields_that_name_no_hub(link: str) -> None:
    assert find_hub({"link": link}, URL, PLAIN) is None


def test_fields_go_before_the_feed_and_the_feed_fills_in() -> None:
    assert find_hub({}, URL, IN_FEED) == Hub("https://other.example/hub", "https://news.example/self")
    assert find_hub({"link": f"<{HUB}>; rel=hub"}, URL, IN_FEED) == Hub(HUB, "https://news.example/self")
    assert find_hub({"link": f"<{TOPIC}>; rel=self"}, URL, IN_FEED) == Hub("https://other.example/hub", TOPIC)


ATOM_LINKS = f'<atom:link rel="hub" href="{HUB}"/><atom:link rel="self" href="{TOPIC}"/>'


@pytest.mark.parametrize(
    ("document", "kind"),
    [
        (
            f'<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>N</title>{ATOM_LINKS}'
            "<item><title>One</title><guid>1</guid></item></channel></rss>",
            "application/rss+xml",
        ),
        (
            f'<feed xmlns="http://www.w3.org/2005/Atom"><title>N</title>{ATOM_LINKS.replace("atom:", "")}'
            "<entry><id>1</id><title>One</title></entry></feed>",
            "application/atom+xml",
        ),
        (
            f'{{"version": "https://jsonfeed.org/version/1.1", "title": "N", "feed_url": "{TOPIC}", "items": [],'
            f' "hubs": [{{"type": "WebSub", "url": "{HUB}"}}]}}',
            "application/feed+json",
        ),
    ],
)
def test_the_hub_in_each_kind_of_feed(document: str, kind: str) -> None:
    feed = parse_feed(document.encode(), url=URL, content_type=kind)
    assert find_hub({}, URL, feed) == Hub(HUB, TOPIC)


@pytest.mark.parametrize(
    ("query", "intent"),
    [
        (
            {"hub.mode": "subscribe", "hub.topic": "t", "hub.challenge": "c", "hub.lease_seconds": "60"},
            Intent("subscribe", "t", "c", timedelta(seconds=60)),
        ),
        ({"hub.mode": "unsubscribe", "hub.topic": "t", "hub.challenge": "c"}, Intent("unsubscribe", "t", "c")),
        (
            {"hub.mode": "denied", "hub.topic": "t", "hub.reason": "a\nb\x1b[31m"},
            Intent("denied", "t", reason="a b[31m"),
        ),
        # a lease that is none
        *(
            (
                {"hub.mode": "subscribe", "hub.topic": "t", "hub.challenge": "c", "hub.lease_seconds": lease},
                Intent("subscribe", "t", "c"),
            )
            for lease in ("", "0", "-5", "1.5", "²", "forever")
        ),
        # longer than any number that is meant
        (
            {"hub.mode": "subscribe", "hub.topic": "t", "hub.challenge": "c", "hub.lease_seconds": "9" * 400},
            Intent("subscribe", "t", "c", timedelta(seconds=9_999_999_999)),
        ),
        # nothing to verify
        ({}, None),
        ({"hub.mode": "subscribe", "hub.challenge": "c"}, None),
        ({"hub.mode": "subscribe", "hub.topic": "t"}, None),
        ({"hub.mode": "publish", "hub.topic": "t", "hub.challenge": "c"}, None),
        ({"hub.mode": "subscribe", "hub.topic": "t", "hub.challenge": "c" * (LONGEST_CHALLENGE + 1)}, None),
        ({"hub.mode": "denied", "hub.topic": "t" * 3000}, None),
    ],
)
def test_what_a_hub_says_on_the_callback(query: dict[str, str], intent: Intent | None) -> None:
    assert read_intent(query) == intent


@given(st.sampled_from(["sha1", "sha256", "sha384", "sha512"]), st.text(min_size=1, max_size=50), st.binary())
def test_each_method_signs(method: str, secret: str, body: bytes) -> None:
    signature = hmac.new(secret.encode(), body, getattr(hashlib, method)).hexdigest()
    assert is_signed(f"{method}={signature}", secret, body)
    assert is_signed(f" {method.upper()} = {signature.upper()} ", secret, body)
    assert not is_signed(f"{method}={signature}", secret, body + b"x")
    assert not is_signed(f"{method}={signature}", secret + "x", body)
    assert not is_signed(f"{method}={signature[:-1]}", secret, body)


@pytest.mark.parametrize(
    "signature",
    [
        None,
        "",
        "sha256",
        "sha256=",
        "=",
        "md5=" + hmac.new(b"s", b"b", "md5").hexdigest(),
        "new=x",
        "sha256=é€",
        "shake_128=00",
    ],
)
def test_what_is_no_signature(signature: str | None) -> None:
    assert not is_signed(signature, "s", b"b")


async def subscribe(client: WebClient, url: str, mode: str = "subscribe") -> None:
    await ask(
        client,
        Hub(url, TOPIC),
        mode,
        callback="https://us.example/websub/p",
        secret="s",
        lease=timedelta(days=7),
        now=NOW,
    )


async def test_a_hub_is_asked_with_a_form(client: WebClient, hazards: Hazards) -> None:
    url = hazards.on("/hub", answer(202))
    await subscribe(client, url)
    await subscribe(client, url, "unsubscribe")
    first, second = hazards.seen
    assert (first.method, first.headers["content-type"]) == ("POST", "application/x-www-form-urlencoded")
    assert parse_qs(first.body.decode()) == {
        "hub.mode": ["subscribe"],
        "hub.topic": [TOPIC],
        "hub.callback": ["https://us.example/websub/p"],
        "hub.secret": ["s"],
        "hub.lease_seconds": ["604800"],
    }
    assert "hub.secret" not in parse_qs(second.body.decode())


@pytest.mark.parametrize("status", [307, 308])
async def test_a_redirect_that_keeps_the_method_is_followed(client: WebClient, hazards: Hazards, status: int) -> None:
    url = hazards.on("/hub", redirect(status, "/new"))
    hazards.on("/new", answer(202))
    await subscribe(client, url)
    assert [request.target for request in hazards.seen] == ["/hub", "/new"]
    assert hazards.seen[0].body == hazards.seen[1].body


@pytest.mark.parametrize(
    ("status", "fields", "transient"),
    [
        (302, ["Location: /new"], False),
        (307, ["Location: ftp://hub.example/"], False),
        (404, [], False),
        (410, [], False),
        (429, ["Retry-After: 600"], True),
        (500, [], True),
    ],
)
async def test_other_answers_are_refusals(
    client: WebClient, hazards: Hazards, status: int, fields: list[str], transient: bool
) -> None:
    url = hazards.on("/hub", answer(status, b"Not\x00 today.\n", *fields))
    with pytest.raises(FetchError) as caught:
        await subscribe(client, url)
    assert str(caught.value) == f"The hub answered {status}: Not today."
    assert caught.value.transient is transient
    assert caught.value.retry_after == (NOW + timedelta(minutes=10) if status == 429 else None)


async def test_redirects_in_a_circle_end(client: WebClient, hazards: Hazards) -> None:
    url = hazards.on("/hub", redirect(307, "/hub"))
    with pytest.raises(FetchError, match="redirects more than 3 times"):
        await subscribe(client, url)
    assert len(hazards.seen) == 4


@pytest.mark.parametrize("target", ["http://127.0.0.2:9/", "http://169.254.169.254/latest", "http://[::1]:9/"])
async def test_a_hub_inside_the_network_is_not_asked(client: WebClient, hazards: Hazards, target: str) -> None:
    with pytest.raises(FetchError) as caught:
        await subscribe(client, target)
    assert caught.value.code == "blocked-address"
    with pytest.raises(FetchError) as caught:
        await subscribe(client, hazards.on("/hub", redirect(307, target)))
    assert caught.value.code == "blocked-address"
