"""A JSON Feed without the items that are known reads as the whole one does."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrapers.errors import ParseError
from scrapers.feed import parse_feed
from scrapers.types import Feed

URL = "https://json.example/feed"


def document(*items: Any, **head: Any) -> str:
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "J", "items": list(items)} | head)


def item(number: int, **changes: Any) -> dict[str, Any]:
    text = f"<p>Text {number}.</p>"
    return {"id": f"{number}", "url": f"/{number}", "title": f"Item {number}", "content_html": text} | changes


def read(text: str, known: frozenset[bytes] = frozenset(), *, url: str = URL, max_entries: int = 500) -> Feed:
    body = text.encode("utf-8", "replace")
    return parse_feed(body, url=url, content_type="application/feed+json", known=known, max_entries=max_entries)


def test_only_what_is_new_comes_as_an_entry() -> None:
    before = read(document(item(1), item(2)))
    after = read(document(item(3), item(1), item(2)), frozenset(before.item_hashes))
    assert [entry.title for entry in after.entries] == ["Item 3"]
    assert (after.known, after.dropped, len(after.item_hashes)) == (2, 0, 3)
    assert (after.title, after.notes) == ("J", ())


def test_an_edited_item_comes_again() -> None:
    before = read(document(item(1), item(2)))
    after = read(document(item(1, title="Corrected"), item(2)), frozenset(before.item_hashes))
    assert [entry.title for entry in after.entries] == ["Corrected"]


def test_the_way_it_is_written_does_not_count() -> None:
    known = frozenset(read(document(item(1))).item_hashes)
    fields = ", ".join(f"{json.dumps(name)} : {json.dumps(value)}" for name, value in reversed(item(1).items()))
    again = read(f'{{"version": "https://jsonfeed.org/version/1", "items": [\n{{ {fields} }}]}}', known)
    assert (again.entries, again.known) == ((), 1)


def test_its_address_is_part_of_an_item() -> None:
    """Relative links are resolved against it."""
    known = frozenset(read(document(item(1))).item_hashes)
    assert len(read(document(item(1)), known, url="https://moved.example/feed").entries) == 1


def test_items_beyond_the_wanted_are_not_known_later() -> None:
    text = document(*(item(number) for number in range(4)))
    first = read(text, max_entries=2)
    assert (len(first.entries), len(first.item_hashes), first.dropped) == (2, 2, 2)
    again = read(text, frozenset(first.item_hashes), max_entries=3)
    assert [entry.title for entry in again.entries] == ["Item 2"]
    assert (again.known, again.dropped, again.notes) == (2, 1, ("1 items were left out.",))


@pytest.mark.parametrize("depth", range(900, 1000, 7))
def test_deep_values_are_a_reason_and_no_fault(depth: int) -> None:
    deep = "[" * depth + "]" * depth
    text = f'{{"version": "https://jsonfeed.org/version/1.1", "items": [{{"id": "1", "title": "T", "x": {deep}}}]}}'
    with suppress(ParseError):
        assert len(read(text).entries) == 1


texts = st.text(max_size=20)
values = st.one_of(texts, st.integers(), st.floats(), st.booleans(), st.none(), st.lists(texts, max_size=3))
fields = st.sampled_from(
    ("id", "url", "title", "content_html", "content_text", "date_published", "authors", "tags", "x")
)
items = st.lists(st.one_of(st.dictionaries(fields, values, max_size=5), values), max_size=6)


@settings(max_examples=150, deadline=None)
@given(items, st.data())
def test_any_feed_reads_alike_without_what_is_known(given_items: list[Any], data: st.DataObject) -> None:
    text = document(*given_items)
    whole = read(text)
    known = data.draw(st.frozensets(st.sampled_from(whole.item_hashes))) if whole.item_hashes else frozenset[bytes]()
    rest = read(text, known)
    assert rest.item_hashes == whole.item_hashes
    assert rest.known == sum(digest in known for digest in whole.item_hashes)
    kept = [value for value in given_items if isinstance(value, dict)]
    left = [value for value, digest in zip(kept, whole.item_hashes, strict=True) if digest not in known]
    assert rest.entries == read(document(*left)).entries
