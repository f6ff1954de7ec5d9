"""When an article is read again, and what counts as an edit."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from scrapers.types import FeedEntry
from service.domain.alerting import Hit
from service.domain.reading import Reading, Stored
from service.domain.revisions import FOREIGN, MOST_REREADS, entry_digest, hits_of_edit, is_edit, reread_at, settle

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
TEXT = "HPE has won a contract for servers, people who know of it said on Monday. The price is not known."
RETRACTED = "This report was wrong and is withdrawn; we regret it."
STORED = Stored("https://news.example/1", "HPE wins", TEXT, "page", None, "en", None, None, NOW)
READING = Reading(
    "https://news.example/1", "HPE wins", TEXT, "page", None, None, "en", None, canonical_url=None, image_url=None
)
ENTRY = FeedEntry("1", "https://news.example/1", "HPE wins", "HPE won.")


@pytest.mark.parametrize(
    ("entry", "changed"),
    [
        (replace(ENTRY, title=" HPE  wins", text="HPE\nwon. "), False),
        (replace(ENTRY, url="https://news.example/1?utm_source=x", tags=("a",)), False),
        (replace(ENTRY, title="HPE loses"), True),
        (replace(ENTRY, text="HPE won. More soon."), True),
        (replace(ENTRY, updated_at=NOW), True),
        (replace(ENTRY, title="HPE wins HPE", text="won."), True),  # the same words, elsewhere
    ],
)
def test_an_item_changes_with_its_words_and_its_update_time(entry: FeedEntry, changed: bool) -> None:
    assert (entry_digest(entry) != entry_digest(ENTRY)) == changed


def test_an_item_that_changes_for_ever_is_read_ever_more_seldom_and_then_no_more() -> None:
    now, waits = NOW, []
    for rereads in range(MOST_REREADS + 10):
        due = reread_at(rereads=rereads, read_at=now, now=now)
        if due is None:
            break
        waits.append(due - now)
        now = due
    assert len(waits) == MOST_REREADS
    assert waits[:3] == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(days=1)


def test_an_article_that_was_read_long_ago_is_due_at_once() -> None:
    assert reread_at(rereads=3, read_at=NOW - timedelta(days=9), now=NOW) == NOW


@pytest.mark.parametrize(
    ("changes", "edit"),
    [
        ({"text": TEXT.replace(" ", "  ").replace(".", " …")}, False),
        ({"title": "HPE wins!", "author": "Somebody", "image_url": "https://news.example/2.jpg"}, False),
        ({"title": "HPE loses"}, True),
        ({"text": f"{TEXT} xAI did not bid."}, True),
        ({"text": TEXT.replace("HPE", "hpe")}, True),  # capitals tell names
    ],
)
def test_other_words_are_an_edit(changes: dict[str, str], edit: bool) -> None:
    assert is_edit(STORED, replace(READING, **changes)) == edit  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        # the page is gone, and only the feed's summary is left
        ({"origin": "feed", "text": "HPE won."}, TEXT),
        # it was closed to readers
        ({"text": "HPE has won a contract for servers. Subscribe!"}, TEXT),
        # it was taken back
        ({"text": RETRACTED}, RETRACTED),
        ({"text": f"{TEXT} More."}, f"{TEXT} More."),
    ],
)  # fmt: skip
def test_what_was_read_is_not_given_up_for_less(changes: dict[str, str], text: str) -> None:
    settled = settle(STORED, replace(READING, title="New title", **changes))  # type: ignore[arg-type]
    assert (settled.text, settled.title) == (text, "New title")


def test_another_pages_text_is_given_up_for_anything() -> None:
    settled = settle(replace(STORED, note=FOREIGN), replace(READING, origin="feed", text="HPE won."))
    assert settled.text == "HPE won."


def test_an_edit_brings_only_what_the_old_words_did_not() -> None:
    before = [Hit("all", ("hook",), ("HPE",)), Hit("gone", (), ("HPE",))]
    after = [Hit("all", ("hook",), ("HPE", "xAI")), Hit("new", (), ("HPE",)), Hit("gone", (), ("HPE",))]
    assert hits_of_edit(before, after) == [Hit("all", ("hook",), ("xAI",)), Hit("new", (), ("HPE",))]
    assert hits_of_edit(after, after) == []
