"""The reason that is kept for the next poll names the rule that set its time."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.errors import HOST_CLOSED
from scrapers.types import Feed, Validators
from service.domain.faults import LASTING, NO_FEED, OFFLINE, PASSING, UNKNOWN_NAME, WEIGHTS, Weight, weigh
from service.domain.reasons import in_words, why_then
from service.domain.schedule import Failed, Fresh, PollResult, Same, SourceState, Wishes, decide_poll
from tests.domain.test_schedule import CADENCE, DAY, HOUR, MINUTE, NOW, SAME, SOURCE


def read(ttl: timedelta | None = None, hours: set[int] | None = None, fresh_for: timedelta = timedelta()) -> Fresh:
    feed = Feed("News", None, (), ttl=ttl, skip_hours=frozenset(hours or ()))
    return Fresh(feed, Validators(), "hash", 10, None, fresh_for)


def failed(code: str, *, transient: bool = True, retry_after: timedelta | None = None, offline: bool = False) -> Failed:
    return Failed("It is down.", code, transient, None, NOW + retry_after if retry_after else None, offline)


HOURLY = tuple(NOW - number * HOUR - number * number * MINUTE for number in range(12))
PUSHED = replace(SOURCE, relied_until=NOW + DAY)


@pytest.mark.parametrize("jitter", [0.0, 0.99])
@pytest.mark.parametrize(
    ("source", "result", "words"),
    [
        (SOURCE, SAME, "5 min: too few times of its items are known"),
        (replace(SOURCE, interval=HOUR), read(ttl=DAY), "the interval that you set, 1 h"),
        (replace(SOURCE, interval=MINUTE / 2), SAME, "that you set, 30 s; NEWSVANE_MIN_POLL_INTERVAL makes that 1 min"),
        (replace(SOURCE, moments=HOURLY), SAME, "its own rhythm gives 6 min"),
        (SOURCE, read(ttl=HOUR), "the feed asks for 1 h between polls (ttl or sy:updatePeriod)"),
        (SOURCE, read(ttl=3 * DAY), "the feed asks for 3 d between polls (ttl or sy:updatePeriod); NEWSVANE_MAX_POLL"),
        (SOURCE, replace(SAME, fresh_for=40 * MINUTE), "stays good for 40 min (Cache-Control or Expires)"),
        (SOURCE, replace(SAME, fresh_for=DAY), "good for 1 d (Cache-Control or Expires), of which 1 h are waited"),
        (SOURCE, read(ttl=HOUR / 2, fresh_for=HOUR), "stays good for 1 h (Cache-Control or Expires)"),
        (SOURCE, read(ttl=HOUR, fresh_for=HOUR / 2), "the feed asks for 1 h between polls"),
        (SOURCE, read(hours={1, 2, 3}), "(skipHours or skipDays)"),  # NOW is 00:59
        (SOURCE, read(hours=set(range(24))), "(skipHours or skipDays)"),
        (PUSHED, SAME, "its hub pushes what is new (WebSub), so it is polled less; that is relied on until"),
        (SOURCE, failed("timeout"), 'one failure, the last one of the kind "passing": a pause of 5 min'),
        (SOURCE, failed("http-404", transient=False), 'of the kind "lasting": a pause of 1 h, which grows to 30 d'),
        (SOURCE, failed("dns"), 'of the kind "unknown name": a pause of 5 min, which grows to 30 d'),
        (SOURCE, failed("not-a-feed"), 'of the kind "no feed": a pause of 5 min, which grows to 1 d'),
        (replace(SOURCE, failures=6, backoff=HOUR), failed("timeout"), "7 failures in a row"),
        (
            replace(SOURCE, failures=6, backoff=HOUR),
            failed("connect", offline=True),
            "this machine seems to be offline",
        ),
        (SOURCE, failed("http-429", retry_after=3 * HOUR), "the server asked for a pause of 3 h"),
        (SOURCE, failed("http-503", retry_after=MINUTE), "a pause of 5 min"),  # shorter than ours
        (SOURCE, failed(HOST_CLOSED, retry_after=HOUR), "its host refused several addresses"),
        (replace(SOURCE, wishes=Wishes(None, frozenset({1, 2}))), failed("timeout"), "asks not to be polled before"),
    ],
)
def test_the_reason_names_the_rule(source: SourceState, result: PollResult, words: str, jitter: float) -> None:
    assert words in decide_poll(source, result, CADENCE, now=NOW, jitter=jitter).because


def test_what_holds_without_pushes_has_a_reason_of_its_own() -> None:
    decision = decide_poll(PUSHED, read(ttl=HOUR), CADENCE, now=NOW, jitter=0.0)
    assert decision.alone_at == NOW + HOUR
    assert "its hub pushes" in decision.because
    assert decision.alone_because == "the feed asks for 1 h between polls (ttl or sy:updatePeriod)"


def test_a_source_that_is_off_or_new_says_so_and_an_old_one_that_nothing_was_kept() -> None:
    assert why_then(None, enabled=True, last_polled_at=None).startswith("the first poll")
    assert why_then("its turn", enabled=True, last_polled_at=None) == "its turn"
    assert why_then("its turn", enabled=False, last_polled_at=NOW) == "it is switched off, so there is none"
    assert "earlier version" in why_then(None, enabled=True, last_polled_at=NOW)


@given(
    ttl=st.none() | st.timedeltas(MINUTE, 10 * DAY),
    fresh_for=st.timedeltas(timedelta(), DAY),
    rhythm=st.none() | st.timedeltas(MINUTE, 6 * HOUR),
    start=st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
    jitter=st.floats(0, 1, exclude_max=True),
)
def test_the_longest_wish_is_the_one_that_is_named(
    ttl: timedelta | None, fresh_for: timedelta, rhythm: timedelta | None, start: datetime, jitter: float
) -> None:
    source = replace(SOURCE, rhythm=rhythm)
    decision = decide_poll(source, read(ttl=ttl, fresh_for=fresh_for), CADENCE, now=start, jitter=jitter)
    own, fresh = decision.rhythm or timedelta(), min(fresh_for, HOUR)
    asked = max(own, min(ttl or timedelta(), 6 * HOUR))
    if fresh > asked:
        named = "Cache-Control"
    else:
        named = "(ttl" if ttl and ttl > own else "rhythm"
    assert named in decision.because


@pytest.mark.parametrize(
    ("code", "transient", "weight"),
    [
        ("timeout", True, PASSING),
        ("http-503", True, PASSING),
        ("tls", True, PASSING),
        ("proxy", True, PASSING),
        ("dns", True, UNKNOWN_NAME),
        ("overran-time", True, NO_FEED),
        ("http-410", False, LASTING),
        ("headers-too-large", False, LASTING),
        ("blocked-address", False, LASTING),
    ],
)
def test_what_a_failure_weighs(code: str, transient: bool, weight: object) -> None:
    assert weigh(code, transient=transient) is weight
    assert weigh(code, transient=transient, offline=True) is OFFLINE


def test_every_weight_is_documented_with_its_bounds() -> None:
    text = (Path(__file__).parents[2] / "docs/polling.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    for weight in WEIGHTS:
        (row,) = [line for line in rows if line.startswith(f"| `{weight.name}` |")]
        assert row.endswith(f"| {in_words(weight.longest)} |"), row


def test_every_outcome_of_a_poll_is_documented() -> None:
    """The words with which scrapers name what went wrong; ``no-text`` is of pages."""
    root = Path(__file__).parents[2]
    sources = [file.read_text(encoding="utf-8") for file in (root / "scrapers").glob("*.py")]
    pattern = r'code="([a-z-]+)"|_fault\(.*"([a-z]+)"\)'
    words = {word for source in sources for found in re.findall(pattern, source) for word in found if word}
    words |= {HOST_CLOSED, "read", "unchanged", "pushed"}
    assert {"timeout", "headers-too-large", "proxy", "not-a-feed"} <= words
    documented = set(re.findall("`([a-z-]+)`", (root / "docs/polling.md").read_text(encoding="utf-8")))
    assert words - {"no-text"} <= documented


@pytest.mark.parametrize(
    ("result", "fault"),
    [
        (Same(None, 0, None), None),
        (failed("dns"), UNKNOWN_NAME),
        (failed("timeout", offline=True), OFFLINE),
        (failed(HOST_CLOSED, retry_after=HOUR), None),
    ],
)
def test_the_weight_of_a_failure_is_kept(result: PollResult, fault: Weight | None) -> None:
    assert decide_poll(SOURCE, result, CADENCE, now=NOW, jitter=0.0).fault == (fault.name if fault else None)


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(), "0 s"),
        (timedelta(seconds=59.6), "1 min"),
        (90 * MINUTE, "1 h 30 min"),
        (HOUR + timedelta(seconds=5), "1 h"),
        (3 * DAY + 4 * HOUR + MINUTE, "3 d 4 h"),
        (-DAY, "0 s"),
    ],
)
def test_spans_in_words(span: timedelta, words: str) -> None:
    assert in_words(span) == words
