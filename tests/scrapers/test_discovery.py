import pytest

from scrapers.discovery import FeedLink, find_feeds

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
