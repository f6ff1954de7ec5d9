"""Feeds are whole and harmless whatever the web wrote."""

import json
import xml.etree.ElementTree as ET
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from service.syndication import Heading, atom_feed, changed_at, json_feed

ATOM = "{http://www.w3.org/2005/Atom}"
TIME = "2026-11-22T08:00:00.000Z"
HERE, THERE = UUID(int=1), UUID(int=2)
STEERING = {chr(code) for code in (*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A))}
addresses = st.text() | st.sampled_from(
    ["https://a.example/", "javascript:alert(1)", "https://a@b.example/", "data:text/html,x", "//a.example", "http://"]
)


def mention(number: int = 1, **given: Any) -> dict[str, Any]:
    line = {"id": number, "entity": "HPE", "title": "HPE wins", "url": "https://a.example/", "source": "Wire"}
    return line | {"snippet": "HPE wins.", "published_at": None, "discovered_at": TIME, "updated_at": None} | given


@given(st.text(), st.text(), st.text(), addresses)
def test_any_text_gives_a_whole_and_harmless_feed(title: str, source: str, entity: str, url: str) -> None:
    line = mention(title=title, source=source, entity=entity, url=url, snippet=title)
    heading = Heading("mentions", title, HERE)
    feed = ET.fromstring(atom_feed([line], heading))  # noqa: S314 - our own output
    told = json.loads(json_feed([line], heading))
    (item,) = told["items"]
    texts = [element.text or "" for element in feed.iter() if len(element) == 0]
    for text in (*texts, told["title"], item["title"], item["content_text"], *item["tags"]):
        assert not {char for char in text if char in STEERING} - {"\n"}
    links = [element.get("href", "") for element in feed.iter(f"{ATOM}link")] + [
        item[key] for key in item if key == "url"
    ]
    assert all(link.startswith(("http://", "https://")) and "@" not in link.split("/")[2] for link in links)
    entry = feed.find(f"{ATOM}entry")
    assert entry is not None
    # RFC 4287, section 4.1.2: what leads nowhere must have content
    assert (entry.find(f"{ATOM}link") is None) == (entry.find(f"{ATOM}content") is not None)
    for needed in ("id", "title", "updated", "author"):
        assert entry.find(f"{ATOM}{needed}") is not None


def test_ids_differ_by_installation_noun_and_number() -> None:
    ids = {
        Heading(noun, "", installation).entry_id(mention(number))
        for installation in (HERE, THERE)
        for noun in ("mentions", "articles")
        for number in (1, 2)
    }
    assert len(ids) == 8
    assert len({Heading("mentions", name, HERE).id for name in ("", "deals")}) == 2


def test_a_feed_changed_when_the_newest_change_was() -> None:
    edited = mention(2, updated_at="2026-11-22T09:00:00.000Z")
    assert changed_at("mentions", [mention(), edited]) == "2026-11-22T09:00:00.000Z"
    # an article's updated_at is its publisher's word
    told = mention(read_at="2026-11-22T08:05:00.000Z", updated_at="2099-01-01T00:00:00.000Z")
    assert changed_at("articles", [told]) == "2026-11-22T08:05:00.000Z"
    assert changed_at("mentions", []) == "1970-01-01T00:00:00.000Z"
