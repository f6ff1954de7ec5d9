"""How long an answer says that it stays good."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.waiting import parse_fresh_for

NOW = datetime(2024, 5, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
NOTHING = timedelta()


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, NOTHING),
        ({"cache-control": "max-age=600"}, 10 * MINUTE),
        ({"cache-control": 'public, Max-Age="600", must-revalidate'}, 10 * MINUTE),
        # what it lay in caches is gone already
        ({"cache-control": "max-age=600", "age": "240"}, 6 * MINUTE),
        ({"cache-control": "max-age=600", "age": "900"}, NOTHING),
        # for shared caches, which this is not
        ({"cache-control": "s-maxage=600"}, NOTHING),
        ({"cache-control": "max-age=0"}, NOTHING),
        ({"cache-control": "no-cache, max-age=600"}, NOTHING),
        ({"cache-control": "max-age=600, no-store"}, NOTHING),
        # the first of two counts
        ({"cache-control": "max-age=600, max-age=60"}, 10 * MINUTE),
        # goes before Expires, also when it cannot be read
        ({"cache-control": "max-age=60", "expires": "Wed, 01 May 2024 13:00:00 GMT"}, MINUTE),
        ({"cache-control": "max-age=soon", "expires": "Wed, 01 May 2024 13:00:00 GMT"}, NOTHING),
        # Expires is told by the server's own clock
        ({"expires": "Wed, 01 May 2024 12:30:00 GMT"}, 30 * MINUTE),
        ({"expires": "Wed, 01 May 2024 12:30:00 GMT", "date": "Wed, 01 May 2024 12:20:00 GMT"}, 10 * MINUTE),
        ({"expires": "Wed, 01 May 2024 11:30:00 GMT"}, NOTHING),
        ({"expires": "0"}, NOTHING),
        ({"cache-control": "private", "expires": "Wed, 01 May 2024 12:30:00 GMT"}, 30 * MINUTE),
        # no server silences a source for long
        ({"cache-control": "max-age=" + "9" * 400}, timedelta(days=1)),
        ({"expires": "Fri, 31 Dec 9999 23:59:59 GMT"}, timedelta(days=1)),
    ],
)
def test_how_long_an_answer_stays_good(headers: dict[str, str], expected: timedelta) -> None:
    assert parse_fresh_for(headers, NOW) == expected


@given(st.dictionaries(st.sampled_from(["cache-control", "expires", "date", "age"]), st.text(max_size=60)))
def test_no_header_breaks_it(headers: dict[str, str]) -> None:
    assert NOTHING <= parse_fresh_for(headers, NOW) <= timedelta(days=1)
