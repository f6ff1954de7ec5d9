import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.discovery import FeedLink, OpmlItem, find_feeds, read_opml, write_opml
from scrapers.errors import ParseError

PAGE = b"""<html><head><base href="https://cdn.example/"><link rel="alternate" type="application/rss+xml" title="News"
href="/rss"><link rel="alternate" hreflang="de" href="/de"><link rel="stylesheet" href="feed.css"></head>
<a href="/blog/feed/">Feed</a><a href="/feedback.html">Feedback</a><a href="javascript:feed">x</a></html>"""


def test_feeds_of_a_page_in_order_of_promise() -> None:
    found = find_feeds(PAGE, "https://news.example/blog")
    assert found[:2] == (
        FeedLink("https://cdn.example/rss", "News", "declared"),
        FeedLink("https://cdn.example/blog/feed/", "", "linked"),
    )
    assert {link.origin for link in found[2:]} == {"guessed"}
    assert found[2].url.startswith("https://news.example/")
    assert len({link.url for link in found}) == len(found)


@pytest.mark.parametrize("body", [b"", b"\x00\xff", b"<link rel=alternate href='http://['>" * 1000])
def test_pages_without_feeds_leave_only_guesses(body: bytes) -> None:
    assert {link.origin for link in find_feeds(body, "https://a.example/")} == {"guessed"}


def test_opml_with_folders() -> None:
    items = read_opml(
        b"""<opml version="1.0"><body><outline text="Tech"><outline type="rss" text="A &amp; B"
        xmlUrl="https://a.example/f"/><outline type="rss" xmlUrl="https://a.example/f"/>
        <outline type="rss" xmlUrl="file:///etc/passwd"/></outline></body></opml>"""
    )
    assert items == (OpmlItem("https://a.example/f", "A & B", ("Tech",)),)


@pytest.mark.parametrize("data", [b"", b"hello", b"<html><title>x</title></html>", b"<opml><body/></opml>"])
def test_what_is_no_opml(data: bytes) -> None:
    with pytest.raises(ParseError, match="No subscriptions"):
        read_opml(data)


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=20)


@given(st.lists(st.tuples(WORDS, WORDS.filter(lambda tag: not {"/", ","} & set(tag))), max_size=5, min_size=1))
def test_what_is_written_is_read_back(pairs: list[tuple[str, str]]) -> None:
    items = tuple(OpmlItem(f"https://a.example/{n}", title, (tag,)) for n, (title, tag) in enumerate(pairs))
    assert read_opml(write_opml(items)) == items
