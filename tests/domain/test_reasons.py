"""The reason told for the next poll is the rule that set it: decided first, explained from what is kept."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.errors import HOST_CLOSED
from scrapers.types import Feed, Validators
from service.domain.faults import LASTING, NO_FEED, OFFLINE, PASSING, UNKNOWN_NAME, WEIGHTS, weigh
from service.domain.reasons import Standing, fault_of, in_words, why_then
from service.domain.schedule import Failed, Fresh, PollResult, Same, SourceState, Wishes, decide_poll
from tests.domain.test_schedule import CADENCE, DAY, HOUR, MINUTE, NOW, SAME, SOURCE


def standing(source: SourceState, result: PollResult, *, now: datetime = NOW, jitter: float = 0.0) -> Standing:
    """What is kept of the source after this poll."""
    decision = decide_poll(source, result, CADENCE, now=now, jitter=jitter)
    failed = isinstance(result, Failed)
    return Standing(
        next_poll_at=decision.next_poll_at,
        last_polled_at=now,
        failures=decision.failures,
        last_code=result.code if isinstance(result, Failed) else "read",
        transient=decision.status == "retrying" if failed else True,
        interval=source.interval,
        rhythm=decision.rhythm,
        moments=len(decision.moments),
        wishes=decision.wishes,
        backoff=decision.backoff,
        relied_until=source.relied_until,
    )


def read(ttl: timedelta | None = None, hours: set[int] | None = None, fresh_for: timedelta = timedelta()) -> Fresh:
    feed = Feed("News", None, (), ttl=ttl, skip_hours=frozenset(hours or ()))
    return Fresh(feed, Validators(), "hash", 10, None, fresh_for)


def failed(code: str, *, transient: bool = True, retry_after: timedelta | None = None, offline: bool = False) -> Failed:
    return Failed("It is down.", code, transient, None, NOW + retry_after if retry_after else None, offline)


PUSHED = replace(SOURCE, relied_until=NOW + DAY)


@pytest.mark.parametrize("jitter", [0.0, 0.99])
@pytest.mark.parametrize(
    ("source", "result", "words"),
    [
        (SOURCE, SAME, "5 min: too few times of its items are known"),
        (replace(SOURCE, interval=HOUR), read(ttl=DAY), "the interval that you set, 1 h"),
        (SOURCE, read(ttl=HOUR), "the feed asks for 1 h between polls (ttl or sy:updatePeriod)"),
        (SOURCE, read(ttl=3 * DAY), "the feed asks for 3 d between polls (ttl or sy:updatePeriod); NEWSVANE_MAX_POLL"),
        (SOURCE, replace(SAME, fresh_for=40 * MINUTE), "(Cache-Control or Expires)"),
        (SOURCE, read(ttl=HOUR / 2, fresh_for=HOUR), "(Cache-Control or Expires)"),
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
    assert words in why_then(standing(source, result, jitter=jitter))


def test_a_ping_goes_before_all_other_reasons() -> None:
    pinged = replace(standing(PUSHED, read(ttl=HOUR)), pinged_at=NOW + MINUTE)
    assert why_then(pinged) == "its hub said that there is news (WebSub)"
    earlier = replace(pinged, pinged_at=NOW - MINUTE)
    assert why_then(earlier) != why_then(pinged)


def test_a_source_that_is_off_or_new_says_so() -> None:
    assert why_then(Standing(NOW)).startswith("the first poll")
    assert why_then(Standing(NOW, enabled=False)) == "it is switched off, so there is none"


@given(
    ttl=st.none() | st.timedeltas(MINUTE, 10 * DAY),
    fresh_for=st.timedeltas(timedelta(), DAY),
    rhythm=st.none() | st.timedeltas(MINUTE, 6 * HOUR),
    start=st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
    jitter=st.floats(0, 1, exclude_max=True),
)
def test_a_wish_is_named_only_where_it_lengthened_the_pause(
    ttl: timedelta | None, fresh_for: timedelta, rhythm: timedelta | None, start: datetime, jitter: float
) -> None:
    """And where it lengthened it by more than jitter can, it is named."""
    source = replace(SOURCE, rhythm=rhythm)
    result = read(ttl=ttl, fresh_for=fresh_for)
    kept = standing(source, result, now=start, jitter=jitter)
    reason = why_then(replace(kept, rhythm=seconds(kept.rhythm), wishes=replace(kept.wishes, ttl=seconds(ttl))))
    pause, own = min(fresh_for, HOUR), min(max(kept.rhythm or MINUTE, ttl or MINUTE), 6 * HOUR)
    if "Cache-Control" in reason:
        assert pause > own - timedelta(seconds=2)
    elif pause > own * 1.11 + timedelta(seconds=4):
        raise AssertionError(reason)
    if "(ttl" in reason:
        assert ttl is not None
        assert ttl > (kept.rhythm or timedelta()) - timedelta(seconds=1)


def seconds(span: timedelta | None) -> timedelta | None:
    """As the store keeps it."""
    return None if span is None else timedelta(seconds=round(span.total_seconds()))


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


def test_no_fault_while_all_is_well() -> None:
    assert fault_of(standing(SOURCE, Same(None, 0, None))) is None


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
