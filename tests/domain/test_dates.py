"""Dates that cannot be do not count."""

from datetime import UTC, datetime, timedelta

import pytest

from service.domain.dates import settle_date

SEEN = datetime(2026, 11, 22, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    "stated",
    [
        SEEN,
        SEEN - timedelta(days=5000),
        SEEN + timedelta(hours=23),  # a zone that was left out
        datetime(1990, 1, 1, tzinfo=UTC),
    ],
)
def test_what_can_be_is_believed(stated: datetime) -> None:
    dated = settle_date(stated, first_seen=SEEN, absurd="another date that cannot be")
    assert (dated.published_at, dated.note) == (stated, None)


@pytest.mark.parametrize(
    "stated",
    [
        datetime(1970, 1, 1, tzinfo=UTC),  # nothing, in seconds
        datetime(1, 1, 1, tzinfo=UTC),
        SEEN + timedelta(days=1, seconds=1),
        datetime(9999, 12, 31, tzinfo=UTC),
    ],
)
def test_what_cannot_be_is_when_it_was_first_seen(stated: datetime) -> None:
    dated = settle_date(stated, first_seen=SEEN)
    assert dated.published_at == SEEN
    assert f"{stated:%Y-%m-%d}" in (dated.note or "")


def test_no_date_stays_none_unless_one_was_absurd() -> None:
    assert settle_date(None, first_seen=SEEN).published_at is None
    dated = settle_date(None, first_seen=SEEN, absurd="dated 1970-01-01")
    assert (dated.published_at, dated.note) == (SEEN, "dated 1970-01-01")
