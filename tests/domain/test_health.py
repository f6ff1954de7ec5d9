"""When a channel that only fails is switched off, and over which other channel people hear of it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.health import ENOUGH_FAILURES, GONE, PATIENCE, Health, after_failure, companions, switched_off
from service.domain.model import ChannelSpec, Rule
from service.domain.retry import MAX_RETRY_AFTER

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)


@given(st.lists(st.timedeltas(timedelta(0), timedelta(days=2)), min_size=1, max_size=60))
def test_a_channel_is_switched_off_after_five_days_and_ten_failures_and_no_sooner(waits: list[timedelta]) -> None:
    health, at = Health(), NOW
    for number, wait in enumerate(waits, start=1):
        at += wait
        health, why = after_failure(health, at=at, gone=False)
        assert health.failures == number
        assert health.failing_since == NOW + waits[0]
        long_enough = at - health.failing_since >= PATIENCE and number >= ENOUGH_FAILURES
        assert (why is not None) == long_enough


def test_a_receiver_that_is_gone_is_believed_at_once() -> None:
    assert after_failure(Health(), at=NOW, gone=True)[1] == GONE


def test_the_reason_says_how_long_and_how_often() -> None:
    health = Health(failing_since=NOW - timedelta(days=6), failures=40)
    assert after_failure(health, at=NOW, gone=False)[1] == "nothing got through for 6 days (41 attempts failed)"


@pytest.mark.parametrize(
    ("rests_until", "wish", "after"),
    [
        # no wish, no pause
        (None, None, None),
        # a wish that has passed already
        (None, NOW - timedelta(minutes=1), None),
        (None, NOW + timedelta(hours=1), NOW + timedelta(hours=1)),
        # a longer pause that another answer asked for stands
        (NOW + timedelta(hours=3), NOW + timedelta(hours=1), NOW + timedelta(hours=3)),
        # nobody is given more than a day
        (None, NOW + timedelta(days=900), NOW + MAX_RETRY_AFTER),
    ],
)
def test_a_wish_for_a_pause_holds_for_the_channel(
    rests_until: datetime | None, wish: datetime | None, after: datetime | None
) -> None:
    health, why = after_failure(Health(rests_until=rests_until), at=NOW, gone=False, retry_after=wish)
    assert (health.rests_until, why) == (after, None)


def channel(name: str, *, enabled: bool = True) -> ChannelSpec:
    return ChannelSpec(name, "webhook", {}, enabled)


@pytest.mark.parametrize(
    ("channels", "rules", "told"),
    [
        # those beside it in a rule hear of it
        ([channel("x"), channel("a"), channel("b")], [Rule("r", "", ("x", "b"))], ("b",)),
        # one that is off cannot tell anybody; then the first other one does
        ([channel("x"), channel("a"), channel("b", enabled=False)], [Rule("r", "", ("x", "b"))], ("a",)),
        # never over the channel itself, and not at all where there is no other
        ([channel("x")], [Rule("r", "", ("x",))], ()),
    ],
)
def test_who_hears_of_it(channels: list[ChannelSpec], rules: list[Rule], told: tuple[str, ...]) -> None:
    assert companions("x", channels, rules) == told


def test_the_alert_says_why_and_what_to_do() -> None:
    draft = switched_off("hook", GONE, ("mail",), at=NOW)
    assert (draft.kind, draft.channels) == ("notice", ("mail",))
    assert GONE in draft.reason
    assert "`newsvane channels enable hook`" in draft.reason
    assert draft.dedupe_key != switched_off("hook", GONE, ("mail",), at=NOW + timedelta(days=1)).dedupe_key
