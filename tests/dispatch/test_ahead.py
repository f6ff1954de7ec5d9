"""Looks ahead: each due time is seen soon after it, with few looks."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from service.dispatch.ahead import GUST_SECONDS, gusts

START = datetime(2026, 11, 22, 8, tzinfo=UTC)
_LITTLE = 1e-6


@given(st.lists(st.timedeltas(timedelta(0), timedelta(seconds=1)), max_size=200))
def test_each_moment_is_seen_soon_and_never_before_it(after: list[timedelta]) -> None:
    looks = gusts([START + one for one in after], START)
    assert len(looks) <= 1 / GUST_SECONDS + 1, "however many fall due"
    for one in after:
        assert any(-_LITTLE <= look - one.total_seconds() < GUST_SECONDS + _LITTLE for look in looks), one


def test_nothing_to_see_is_no_look() -> None:
    assert gusts([], START) == []
