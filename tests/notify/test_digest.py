"""A digest as a message: groups in the place of mentions, the usual beside the counts, all of it under the bounds."""

import json
from typing import Any

import pytest

from service.notify.body import MAX_BODY, webhook_body
from service.notify.formats import READY_FORMATS, ready_body
from service.notify.message import html_part, page, subject, text_part
from tests.notify.samples import HOSTILE_LINKS, HOSTILE_TEXTS, alert, mention, outgoing
from tests.notify.test_message import Reader, assert_harmless


def story(**changes: Any) -> dict[str, Any]:
    return {
        "id": 7,
        "title": "HPE wins a deal",
        "url": "https://news.example/7",
        "mentions": 2,
        "sources": ["Wire", "Times"],
        "source_count": 5,
    } | changes


def digest(groups: int = 1, stories: int = 1, **changes: Any) -> dict[str, Any]:
    """Each entity with so many stories."""
    told = [
        {
            "name": f"HPE {number}",
            "mentions": 3,
            "named": 9,
            "usual": 4.0,
            "story_count": stories + 2,
            "stories": [story(**changes)] * stories,
        }
        for number in range(groups)
    ]
    whole = {"from": "2026-11-21T07:00:00Z", "to": "2026-11-22T07:00:00Z", "group_by": "entity"}
    return alert(kind="digest", title="Digest “r”: 3 mentions", digest={**whole, "group_count": groups, "groups": told})


def test_a_mail_tells_stories_by_entity_with_the_usual() -> None:
    shown = page(digest())
    text, reader = text_part(shown), Reader(html_part(shown))
    for told in (text, reader.words):
        assert "HPE 0" in told
        assert "3 mentions, named 9 times in all, usually 4" in told
        assert "HPE wins a deal" in told
        assert "Wire, Times and 3 more" in told
        assert "and 2 more stories" in told
    assert "https://news.example/7" in reader.links
    assert "Mentions:" not in text
    assert "Mentions:" not in reader.words
    assert subject(digest()) == "Digest “r”: 3 mentions"
    assert_harmless(reader)


def test_without_a_usual_none_is_told() -> None:
    content = digest()
    content["digest"]["groups"][0]["usual"] = None
    assert "usually" not in text_part(page(content))


@pytest.mark.parametrize("hostile", HOSTILE_TEXTS)
def test_hostile_titles_stay_text(hostile: str) -> None:
    content = digest(title=hostile, sources=[hostile])
    content["digest"]["groups"][0]["name"] = hostile
    assert_harmless(Reader(html_part(page(content))))
    assert "\r" not in text_part(page(content))


@pytest.mark.parametrize("address", HOSTILE_LINKS)
def test_hostile_addresses_are_no_links(address: str) -> None:
    assert_harmless(Reader(html_part(page(digest(url=address)))))
    carried = json.loads(webhook_body(outgoing(digest(url=address))))["data"]["digest"]["groups"][0]
    assert carried["stories"][0]["url"].startswith(("http://", "https://")) or carried["stories"][0]["url"] == ""


def test_a_large_digest_gives_up_mentions_before_groups() -> None:
    content = digest(groups=20, stories=5, title="t" * 90)
    content["mentions"], content["mention_count"] = [mention(snippet="s" * 200)] * 20, 300
    body = webhook_body(outgoing(content))
    assert len(body) < MAX_BODY
    carried = json.loads(body)["data"]
    assert len(carried["digest"]["groups"]) >= 10
    assert carried["mention_count"] == 300


@pytest.mark.parametrize("wide", ["𒈙" * 3000, "w" * 90_000])
def test_the_widest_digest_fits(wide: str) -> None:
    content = digest(groups=20, stories=5, title=wide, sources=[wide] * 5)
    assert len(webhook_body(outgoing(content))) < MAX_BODY


@pytest.mark.parametrize("name", READY_FORMATS)
def test_chats_get_it_too(name: str) -> None:
    assert "Digest" in ready_body(outgoing(digest()), name).decode()
