"""When a hub is asked, what its answers mean, and how polling makes room for pushes and takes over again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.types import Feed, FeedEntry, Hub, Intent, Validators
from service.domain.rhythm import slowed
from service.domain.schedule import Cadence, Failed, Fresh, Same, SourceState, decide_poll
from service.domain.websub import (
    WANTED_LEASE,
    Answered,
    Confirmed,
    Denied,
    Ended,
    Refused,
    Subscription,
    decide_ask,
    decide_intent,
    decide_push,
    describe,
    ping_at,
    was_missed,
)

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
CADENCE = Cadence(default=5 * MINUTE, shortest=MINUTE, longest=6 * HOUR)
HUB = Hub("https://hub.example/", "https://news.example/feed")
NEW = Subscription(1, HUB, "path", "secret", "new", awaiting="subscribe")
ACTIVE = replace(NEW, state="active", good_until=NOW + DAY)
LEAVING = replace(NEW, state="leaving", awaiting="unsubscribe")
SOURCE = SourceState(
    1, "https://news.example/feed", "", (), Validators(), None, None, 0, False, None, 0, "t", rhythm=6 * MINUTE
)
TROUBLE, NEVER = Refused("It is down.", transient=True), Refused("It says no.", transient=False)


def ask(known: Subscription, refused: Refused | None = None) -> Answered:
    return decide_ask(known, refused, now=NOW, jitter=0.0)


def intent(known: Subscription, mode: str = "subscribe", **more: object) -> object:
    plain = Intent(mode, HUB.topic, "" if mode == "denied" else "challenge")
    return decide_intent(known, replace(plain, **more), now=NOW, jitter=0.0)  # type: ignore[arg-type]


class TestAsking:
    def test_a_request_that_was_taken_waits_for_its_verification(self) -> None:
        assert ask(NEW) == Answered("asked", 1, NOW + 10 * MINUTE, None)
        # it never came, again and again
        assert ask(replace(NEW, state="asked", failures=6)) == Answered("asked", 7, NOW + 64 * MINUTE, None)

    def test_trouble_doubles_the_pause_up_to_a_day(self) -> None:
        pauses = [ask(replace(NEW, failures=failures), TROUBLE).next_try_at for failures in (0, 1, 2, 20, 9999)]
        assert pauses == [NOW + MINUTE, NOW + 2 * MINUTE, NOW + 4 * MINUTE, NOW + DAY, NOW + DAY]

    def test_a_refusal_doubles_it_up_to_thirty_days(self) -> None:
        pauses = [ask(replace(NEW, failures=failures), NEVER).next_try_at for failures in (0, 1, 9999)]
        assert pauses == [NOW + HOUR, NOW + 2 * HOUR, NOW + 30 * DAY]

    def test_the_hubs_own_wish_is_kept(self) -> None:
        assert ask(NEW, replace(TROUBLE, retry_after=NOW + 3 * HOUR)).next_try_at == NOW + 3 * HOUR

    def test_a_lease_that_still_runs_outlives_a_failed_renewal(self) -> None:
        assert ask(ACTIVE, TROUBLE) == Answered("active", 1, NOW + MINUTE, "It is down.")
        assert ask(ACTIVE).state == "active"
        assert ask(replace(ACTIVE, good_until=NOW), TROUBLE).state == "new"
        assert ask(replace(ACTIVE, good_until=NOW)).state == "asked"

    def test_a_farewell_is_tried_three_times_at_most(self) -> None:
        assert ask(LEAVING).next_try_at == NOW + 10 * MINUTE
        assert ask(LEAVING, TROUBLE).next_try_at == NOW + MINUTE
        assert ask(replace(LEAVING, failures=2), TROUBLE).next_try_at is None
        assert ask(replace(LEAVING, failures=2)).next_try_at is None
        assert ask(LEAVING, NEVER).next_try_at is None

    @given(
        st.sampled_from(["new", "asked", "active", "denied"]),
        st.integers(0, 10_000),
        st.sampled_from([None, TROUBLE, NEVER]),
        st.floats(0, 1, exclude_max=True),
    )
    def test_a_hub_is_never_given_up_and_never_asked_in_a_hot_loop(
        self, state: str, failures: int, refused: Refused | None, jitter: float
    ) -> None:
        known = replace(NEW, state=state, failures=failures, good_until=NOW + DAY if state == "active" else None)
        answered = decide_ask(known, refused, now=NOW, jitter=jitter)
        assert answered.next_try_at is not None
        assert MINUTE <= answered.next_try_at - NOW <= 33 * DAY


class TestIntent:
    def test_what_we_asked_for_is_confirmed(self) -> None:
        assert intent(NEW, lease=10 * DAY) == Confirmed(NOW + 10 * DAY, NOW + 8 * DAY)
        assert intent(ACTIVE, lease=10 * DAY) == Confirmed(NOW + 10 * DAY, NOW + 8 * DAY)
        assert intent(LEAVING, "unsubscribe") == Ended()

    def test_a_lease_is_what_the_hub_says_within_reason(self) -> None:
        assert intent(NEW) == Confirmed(NOW + WANTED_LEASE, NOW + WANTED_LEASE * 0.8)
        assert intent(NEW, lease=timedelta(days=100_000)) == Confirmed(NOW + 30 * DAY, NOW + 24 * DAY)
        # a hub that grants a second is not asked every second
        assert intent(NEW, lease=timedelta(seconds=1)) == Confirmed(NOW + timedelta(seconds=1), NOW + 5 * MINUTE)

    @pytest.mark.parametrize(
        ("known", "mode"),
        [
            # nobody asked
            (replace(NEW, awaiting=None), "subscribe"),
            (replace(ACTIVE, awaiting=None), "subscribe"),
            # we asked for the other
            (NEW, "unsubscribe"),
            (ACTIVE, "unsubscribe"),
            (LEAVING, "subscribe"),
            # it was switched off after we had asked
            (replace(LEAVING, awaiting="subscribe"), "subscribe"),
            (replace(LEAVING, awaiting=None), "unsubscribe"),
        ],
    )
    def test_what_we_did_not_ask_for_is_not(self, known: Subscription, mode: str) -> None:
        assert intent(known, mode) is None

    @pytest.mark.parametrize("mode", ["subscribe", "denied"])
    def test_another_topic_is_not_ours(self, mode: str) -> None:
        assert intent(NEW, mode, topic=HUB.topic + "/") is None

    def test_a_denial_may_come_at_any_time(self) -> None:
        assert intent(replace(ACTIVE, awaiting=None), "denied", reason="No.") == Denied("No.", NOW + DAY)
        assert intent(replace(NEW, failures=2), "denied") == Denied("it gave no reason", NOW + 2 * DAY)
        assert intent(replace(NEW, failures=999), "denied") == Denied("it gave no reason", NOW + 30 * DAY)
        assert intent(LEAVING, "denied") == Ended()


class TestPolling:
    """The source's own pause is six minutes: it publishes every hour."""

    RELYING = replace(SOURCE, relied_until=NOW + DAY)

    @pytest.mark.parametrize(
        ("pause", "left", "slower"),
        [
            # ten times, which is the usual gap
            (6 * MINUTE, DAY, 60 * MINUTE),
            # never beyond the longest pause
            (90 * MINUTE, DAY, 6 * HOUR),
            # not beyond the end of the lease
            (6 * MINUTE, 20 * MINUTE, 20 * MINUTE),
            # never shorter than without pushes
            (6 * MINUTE, MINUTE, 6 * MINUTE),
            (6 * MINUTE, -DAY, 6 * MINUTE),
            (7 * HOUR, DAY, 7 * HOUR),
        ],
    )
    def test_a_pause_is_longer_while_pushes_are_relied_on(
        self, pause: timedelta, left: timedelta, slower: timedelta
    ) -> None:
        assert slowed(pause, NOW + left, CADENCE, now=NOW) == slower
        assert slowed(pause, None, CADENCE, now=NOW) == pause

    def test_polling_slows_and_knows_when_it_would_come_alone(self) -> None:
        usual = decide_poll(SOURCE, Same(None, 0, None), CADENCE, now=NOW, jitter=0.0)
        slow = decide_poll(self.RELYING, Same(None, 0, None), CADENCE, now=NOW, jitter=0.0)
        assert usual.alone_at is None
        assert slow.alone_at == usual.next_poll_at
        assert slow.next_poll_at - NOW == 10 * (usual.next_poll_at - NOW)
        assert slow.rhythm == usual.rhythm, "the rhythm is the source's own"

    def test_when_pushes_stop_the_pause_is_the_sources_own(self) -> None:
        stale = replace(SOURCE, relied_until=NOW - MINUTE)
        assert (
            decide_poll(stale, Same(None, 0, None), CADENCE, now=NOW, jitter=0.0).next_poll_at
            == decide_poll(SOURCE, Same(None, 0, None), CADENCE, now=NOW, jitter=0.0).next_poll_at
        )

    def test_the_users_own_interval_stays(self) -> None:
        source = replace(self.RELYING, interval=7 * MINUTE)
        assert decide_poll(source, Same(None, 0, None), CADENCE, now=NOW, jitter=0.0).next_poll_at == NOW + 7 * MINUTE
        decision = decide_push(source, Feed("", None, ()), NOW + DAY, CADENCE, now=NOW, jitter=0.0)
        assert decision.not_before is None

    def test_a_failing_source_is_tried_as_before(self) -> None:
        failed = Failed("Down.", "http-503", True, 503, None)
        assert decide_poll(self.RELYING, failed, CADENCE, now=NOW, jitter=0.0).next_poll_at == NOW + 6 * MINUTE

    @given(st.floats(0, 1, exclude_max=True), st.integers(-DAY.days * 86400, 40 * 86400))
    def test_a_poll_comes_never_sooner_than_alone_and_never_later_than_the_longest_pause(
        self, jitter: float, seconds: int
    ) -> None:
        source = replace(SOURCE, relied_until=NOW + timedelta(seconds=seconds))
        decision = decide_poll(source, Same(None, 0, None), CADENCE, now=NOW, jitter=jitter)
        assert decision.alone_at is not None
        assert decision.alone_at <= decision.next_poll_at <= NOW + CADENCE.longest * 1.1


class TestPushes:
    FEED = Feed(
        "News", None, (FeedEntry("1", None, "One", "", published_at=NOW - MINUTE),), item_hashes=(b"b" * 16, b"c" * 16)
    )

    def decide(self, source: SourceState, good_until: datetime | None, now: datetime = NOW) -> object:
        return decide_push(source, self.FEED, good_until, CADENCE, now=now, jitter=0.0)

    def test_a_push_is_relied_on_for_a_day_or_the_lease(self) -> None:
        assert self.decide(SOURCE, NOW + 9 * DAY).relied_until == NOW + DAY  # type: ignore[attr-defined]
        assert self.decide(SOURCE, NOW + HOUR).relied_until == NOW + HOUR  # type: ignore[attr-defined]
        for over in (None, NOW, NOW - DAY):
            decision = self.decide(SOURCE, over)
            assert (decision.relied_until, decision.not_before) == (None, None)  # type: ignore[attr-defined]

    def test_pushes_cannot_keep_polls_away_for_ever(self) -> None:
        """However many come, the next poll is a slowed pause after the last one."""
        source = replace(SOURCE, last_polled_at=NOW)
        for minutes in range(0, 120, 7):
            now = NOW + minutes * MINUTE
            assert self.decide(source, now + DAY, now).not_before == NOW + HOUR  # type: ignore[attr-defined]

    def test_its_items_are_known_from_now_on_and_those_of_before_stay_so(self) -> None:
        decision = self.decide(replace(SOURCE, item_hashes=b"a" * 16 + b"b" * 16), NOW + DAY)
        assert decision.item_hashes == (b"b" * 16, b"c" * 16, b"a" * 16)  # type: ignore[attr-defined]
        assert decision.moments == (NOW - MINUTE,)  # type: ignore[attr-defined]

    @pytest.mark.parametrize(
        ("pinged_at", "ended_with", "missed"),
        [
            # nobody ever called
            (None, None, True),
            # the last call was answered by an earlier poll
            (NOW - HOUR, NOW - HOUR, True),
            # this poll was called for
            (NOW - MINUTE, NOW - MINUTE, False),
            # the call came while it was under way
            (None, NOW, False),
            (NOW - HOUR, NOW, False),
        ],
    )
    def test_what_a_poll_finds_unasked_was_missed(
        self, pinged_at: datetime | None, ended_with: datetime | None, missed: bool
    ) -> None:
        source = replace(SOURCE, last_polled_at=NOW - 2 * MINUTE, relied_until=NOW + DAY, pinged_at=pinged_at)
        assert was_missed(source, ended_with) is missed
        assert not was_missed(replace(source, relied_until=None), ended_with), "nothing was expected"

    def test_a_hint_is_followed_at_once_but_not_in_a_hot_loop(self) -> None:
        assert ping_at(SOURCE, now=NOW) == NOW
        assert ping_at(replace(SOURCE, last_polled_at=NOW - HOUR), now=NOW) == NOW
        assert ping_at(replace(SOURCE, last_polled_at=NOW), now=NOW) == NOW + timedelta(seconds=10)
        # whoever asked us to wait is not overruled by a hub
        assert ping_at(replace(SOURCE, failures=1), now=NOW) is None

    def test_what_a_feed_holds_is_read_as_a_poll_reads_it(self) -> None:
        """The same moments, so that the same rhythm."""
        fresh = Fresh(self.FEED, Validators(), "h", 1, None)
        assert (
            decide_poll(SOURCE, fresh, CADENCE, now=NOW, jitter=0.0).moments == self.decide(SOURCE, NOW + DAY).moments  # type: ignore[attr-defined]
        )


@pytest.mark.parametrize(
    ("known", "words"),
    [
        (NEW, "hub.example is to be asked to push new items. Next request at 2026-11-22 08:01 UTC."),
        (
            replace(NEW, state="asked"),
            "hub.example took the request to push new items and has yet to confirm it. "
            "Next request at 2026-11-22 08:01 UTC.",
        ),
        (ACTIVE, "hub.example pushes new items until 2026-11-23 08:00 UTC; nothing was pushed yet."),
        (LEAVING, "hub.example is being asked to push no more. Next request at 2026-11-22 08:01 UTC."),
    ],
)
def test_the_state_in_words(known: Subscription, words: str) -> None:
    assert describe(known, next_try_at=NOW + MINUTE, last_push_at=None, error=None) == words


def test_trouble_in_words() -> None:
    denied = describe(replace(NEW, state="denied"), next_try_at=NOW, last_push_at=None, error="no such topic")
    assert denied == "hub.example does not push this feed: no such topic. Next request at 2026-11-22 08:00 UTC."
    failing = describe(replace(ACTIVE, failures=2), next_try_at=NOW, last_push_at=NOW, error="The hub answered 500.")
    assert failing == (
        "hub.example pushes new items until 2026-11-23 08:00 UTC; the last push came at 2026-11-22 08:00 UTC. "
        "The last request failed (2 since it last confirmed): The hub answered 500."
    )
