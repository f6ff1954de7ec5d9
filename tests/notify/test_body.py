"""The webhook's body: its bound, its sameness, its cleanliness."""

import json
import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings

from service.notify.body import MAX_BODY, webhook_body
from tests.notify.samples import HOSTILE_LINKS, HOSTILE_TEXTS, alert, alerts, infested, mention, outgoing


def data(content: dict[str, Any]) -> dict[str, Any]:
    body = json.loads(webhook_body(outgoing(content)))
    return dict(body["data"])


def test_an_alert_that_fits_is_carried_whole() -> None:
    body = json.loads(webhook_body(outgoing()))
    assert body == {"type": "alert.created", "timestamp": "2026-11-22T01:02:03Z", "data": alert()}


def test_a_key_that_came_later_is_carried_too() -> None:
    assert data(alert(priority="high"))["priority"] == "high"


@settings(max_examples=150, deadline=None)
@given(content=alerts())
def test_a_body_never_reaches_the_limit(content: dict[str, Any]) -> None:
    body = webhook_body(outgoing(content))
    assert len(body) < MAX_BODY
    carried = json.loads(body)["data"]
    assert carried["mention_count"] == content["mention_count"]
    assert len(carried["mentions"]) <= len(content["mentions"])


@settings(max_examples=60, deadline=None)
@given(content=alerts())
def test_a_body_is_the_same_whatever_order_a_database_keeps(content: dict[str, Any]) -> None:
    turned = {key: content[key] for key in reversed(content)}
    turned["mentions"] = [dict(reversed(found.items())) for found in content["mentions"]]
    assert webhook_body(outgoing(content)) == webhook_body(outgoing(turned))


def test_what_is_too_much_is_cut_from_the_end() -> None:
    many = [mention(id=f"men_{number}", snippet="s" * 240) for number in range(143)]
    carried = data(alert(kind="summary", mentions=many, mention_count=143))
    ids = [found["id"] for found in carried["mentions"]]
    assert 5 < len(ids) < 143
    assert ids == [f"men_{number}" for number in range(len(ids))]
    assert carried["mention_count"] == 143


def test_the_widest_characters_everywhere_still_fit() -> None:
    wide = "𒈙" * 3000
    address = "https://news.example/" + "𒈙" * 1900
    content = infested(wide, address) | {"entities": [wide] * 500, "created_at": wide, "id": wide}
    content["facts"] *= 500
    content["mentions"] *= 500
    assert len(webhook_body(outgoing(content))) < MAX_BODY


def test_a_count_that_is_too_small_is_set_right() -> None:
    assert data(alert(mentions=[mention(), mention()], mention_count=0))["mention_count"] == 2


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_no_control_character_or_override_is_passed_on(text: str) -> None:
    body = webhook_body(outgoing(infested(text, "https://news.example/"))).decode()
    unseen = {char for char in body if unicodedata.category(char) in {"Cc", "Cf", "Cs"}}
    assert not unseen
    title = json.loads(body)["data"]["title"]
    assert not {char for char in title if char != "\n" and unicodedata.category(char) in {"Cc", "Cf", "Cs"}}


@pytest.mark.parametrize("url", HOSTILE_LINKS)
def test_an_address_that_is_no_web_link_is_left_empty(url: str) -> None:
    carried = data(infested("text", url))
    assert carried["url"] == ""
    assert carried["story"]["url"] == ""
    assert carried["mentions"][0]["url"] == ""
    assert carried["mentions"][0]["canonical_url"] == ""
