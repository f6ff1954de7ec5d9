"""Subscription lists: read as a whole, or refused with the reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.errors import ParseError
from scrapers.opml import MAX_BYTES, MAX_OUTLINES, OpmlItem, read_opml, write_opml

FEED = '<outline type="rss" text="A" xmlUrl="https://a.example/f"/>'


def test_opml_with_folders() -> None:
    items = read_opml(
        b"""<opml version="1.0"><body><outline text="Tech"><outline type="rss" text="A &amp; B"
        xmlUrl="https://a.example/f"/><outline type="rss" xmlUrl="https://a.example/f"/>
        <outline type="rss" xmlUrl="file:///etc/passwd"/></outline></body></opml>"""
    )
    assert items == (OpmlItem("https://a.example/f", "A & B", ("Tech",)),)


def test_a_source_without_a_title_comes_back_without_one() -> None:
    """Else its address would be its title for good, whatever its feed says."""
    items = (OpmlItem("https://a.example/f", "", ("Tech",)),)
    assert read_opml(write_opml(items)) == items


@pytest.mark.parametrize("data", [b"", b"hello", b"<html><title>x</title></html>", b"<opml><body/></opml>"])
def test_what_is_no_opml(data: bytes) -> None:
    with pytest.raises(ParseError, match="No subscriptions"):
        read_opml(data)


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=20)


@given(st.lists(st.tuples(WORDS, st.lists(WORDS, max_size=4, unique=True)), max_size=5, min_size=1))
def test_what_is_written_is_read_back(pairs: list[tuple[str, list[str]]]) -> None:
    items = tuple(OpmlItem(f"https://a.example/{n}", title, tuple(tags)) for n, (title, tags) in enumerate(pairs))
    assert sorted(read_opml(write_opml(items)), key=str) == sorted(items, key=str)


@pytest.mark.parametrize(
    "tags",
    [("AI/ML",), ("a", "b/c", "d,e"), ("/", ","), ("R&D / labs", "<x>"), ("//a//",), ("a/b", "a"), ("a", "a/b")],
)
def test_tags_with_slashes_and_commas_survive_a_round_trip(tags: tuple[str, ...]) -> None:
    """Also beside items that share their folders."""
    items = (OpmlItem("https://a.example/f", "A", tags), OpmlItem("https://b.example/f", "B", (*tags, "more/")))
    assert set(read_opml(write_opml(items))) == set(items)


def test_more_tags_than_folders_may_be_nested_are_kept_without_their_slashes() -> None:
    tags = tuple(f"{number}/x" for number in range(40))
    (item,) = read_opml(write_opml([OpmlItem("https://a.example/f", "A", tags)]))
    assert item.tags == tuple(f"{number} x" for number in range(40))


def test_a_subscription_in_two_folders_has_both_tags() -> None:
    folders = f"<outline text='Tech'>{FEED}</outline><outline text='Daily'>{FEED}</outline>"
    items = read_opml(f"<opml version='2.0'><body>{folders}</body></opml>".encode())
    assert items == (OpmlItem("https://a.example/f", "A", ("Tech", "Daily")),)


def test_nested_folders_become_tags_and_survive_a_round_trip() -> None:
    items = read_opml(
        f'<opml version="2.0"><body><outline text="World"><outline text="Trade press">{FEED}</outline></outline>'
        "</body></opml>".encode()
    )
    assert items == (OpmlItem("https://a.example/f", "A", ("World", "Trade press")),)
    assert read_opml(write_opml(items)) == items


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (FEED + "<outline", "broken near line 1"),
        (FEED + "<outline text='a & b'/>", "broken near line 1"),
        ("<outline text='x'>" * 100_000, "more than 30 deep"),
        ("<outline/>" * (MAX_OUTLINES + 1), "more than 50,000 subscriptions"),
        ("<!--" + "x" * MAX_BYTES + "-->", "larger than 20,000,000 bytes"),
    ],
)
def test_what_is_broken_or_hostile_is_refused_as_a_whole(body: str, reason: str) -> None:
    with pytest.raises(ParseError, match=reason):
        read_opml(f"<opml version='2.0'><body>{body}</body></opml>".encode())


def test_entities_of_a_list_are_never_expanded() -> None:
    subset = '<!ENTITY a "AAAA"><!ENTITY b "&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">'
    with pytest.raises(ParseError, match="undefined entity"):
        read_opml(f"<!DOCTYPE opml [{subset}]><opml><body>{FEED}<outline text='&b;&c;'/></body></opml>".encode())
