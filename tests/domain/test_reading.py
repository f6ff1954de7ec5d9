"""What becomes of a page that was read, or could not be."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.types import ArticleText
from service.domain.reading import (
    PageFailed,
    PageRead,
    Reading,
    ReadJob,
    TryAgain,
    decide_read,
    same_title,
)

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
THEN = NOW - timedelta(days=1)
JOB = ReadJob(
    id=1,
    url="https://news.example/1",
    title="The feed's title",
    feed_text="The feed's text.",
    author="Feed Author",
    language="de",
    published_at=THEN,
    discovered_at=NOW,
    source_id=1,
    source="News",
    source_url="https://news.example/feed",
    tags=(),
    baseline=False,
    attempts=0,
    lease_token="t",
)
PAGE = ArticleText(
    title="The page's title",
    text="The page's text, which is the whole article.",
    author="Page Author",
    published_at=NOW,
    language="en",
    canonical_url="https://news.example/c/1",
    image_url="https://news.example/1.jpg",
)


def read(job: ReadJob = JOB, page: ArticleText = PAGE) -> Reading:
    decision = decide_read(job, PageRead("https://news.example/final", page), now=NOW)
    assert isinstance(decision, Reading)
    return decision


def test_a_page_gives_the_text_and_the_feed_the_facts() -> None:
    assert read() == Reading(
        url="https://news.example/final",
        title="The feed's title",
        text=PAGE.text,
        origin="page",
        note=None,
        author="Feed Author",
        language="en",  # as found in the text, not as the feed claims
        published_at=THEN,
        canonical_url=PAGE.canonical_url,
        image_url=PAGE.image_url,
    )


def test_the_page_fills_what_the_feed_left_out() -> None:
    reading = read(replace(JOB, title="", author=None, published_at=None, language=None))
    assert (reading.title, reading.author, reading.published_at) == ("The page's title", "Page Author", NOW)


def test_a_page_that_shows_less_than_the_feed_is_not_used() -> None:
    reading = read(replace(JOB, feed_text=PAGE.text * 3))
    assert (reading.origin, reading.text) == ("feed", PAGE.text * 3)
    assert reading.note == "the page shows less of the article than its feed does"
    assert (reading.url, reading.canonical_url) == ("https://news.example/final", PAGE.canonical_url)


@pytest.mark.parametrize(
    ("attempts", "failure", "wait"),
    [
        (0, PageFailed("busy", transient=True), 10),
        (1, PageFailed("busy", transient=True), 30),
        # twice tried again is enough: the feed's text is at hand
        (2, PageFailed("busy", transient=True), None),
        (0, PageFailed("gone", transient=False), None),
        # the server's wish lengthens a wait, up to a minute; for longer, news does not wait
        (0, PageFailed("busy", transient=True, retry_after=NOW + timedelta(seconds=45)), 45),
        (0, PageFailed("busy", transient=True, retry_after=NOW + timedelta(seconds=1)), 10),
        (0, PageFailed("busy", transient=True, retry_after=NOW - timedelta(days=1)), 10),
        (0, PageFailed("busy", transient=True, retry_after=NOW + timedelta(seconds=61)), None),
    ],
)
def test_trouble_is_waited_out_briefly(attempts: int, failure: PageFailed, wait: int | None) -> None:
    decision = decide_read(replace(JOB, attempts=attempts), failure, now=NOW)
    if wait is not None:
        assert decision == TryAgain(NOW + timedelta(seconds=wait), failure.reason)
        return
    assert isinstance(decision, Reading)
    assert (decision.text, decision.origin, decision.note) == (JOB.feed_text, "feed", failure.reason)
    assert (decision.url, decision.author, decision.language) == (JOB.url, "Feed Author", "de")


@given(st.integers(0, 50), st.booleans(), st.none() | st.timedeltas(timedelta(days=-9), timedelta(days=9)))
def test_no_article_is_put_off_for_ever(attempts: int, transient: bool, wish: timedelta | None) -> None:
    failure = PageFailed("no", transient, None if wish is None else NOW + wish)
    decision = decide_read(replace(JOB, attempts=attempts), failure, now=NOW)
    if isinstance(decision, TryAgain):
        assert attempts < 2
        assert NOW < decision.at <= NOW + timedelta(minutes=1)
    else:
        assert decision.text == JOB.feed_text


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("HPE wins!", "hpe  wins", True),
        ("“HPE” wins – again", "HPE wins: again", True),
        ("HPE wins", "HPE wins again", False),
        ("Straße", "STRASSE", True),
    ],
)
def test_titles_are_compared_by_their_words(one: str, other: str, same: bool) -> None:
    assert same_title(one, other) == same
