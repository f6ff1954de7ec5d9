"""What is found wrong with sources, bodies, channels, work and disk, and what is not."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.keeping import Finding, Keeping, keeping_of
from service.domain.keeping.bodies import ReadSource, collapse
from service.domain.keeping.finding import finding_of
from service.domain.keeping.silence import PublishingSource, silent
from service.domain.keeping.sources import NETWORK, Answered, FailingSource, failing
from service.domain.keeping.work import Disk, FailingChannel, Reading, channel_fails, disk_low, growing

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)  # a Sunday
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
FAILING = keeping_of("source-failing")
SILENT = keeping_of("source-silent")
GB = 1000**3


def broken(number: int = 1, *, hours: float = 1, failures: int = 3, code: str = "http-503") -> FailingSource:
    since = NOW - hours * HOUR
    transient = code not in {"http-404", "http-410"}
    title, url = f"Source {number}", f"https://s{number}.example/feed"
    return FailingSource(
        number, title, url, failures, since, NOW - 5 * MINUTE, code, transient, "It is in trouble.", since - MINUTE
    )


def found(
    *sources: FailingSource, answered: int = 50, last: timedelta = MINUTE, outage_open: bool = False
) -> list[str]:
    wrong = failing(FAILING, sources, Answered(answered, NOW - last), now=NOW, outage_open=outage_open)
    return [finding.subject for finding in wrong]


class TestFailingSources:
    @pytest.mark.parametrize(
        ("source", "is_told"),
        [
            # a short trouble that mostly ends by itself
            (broken(failures=7), False),
            # the same for the eighth time
            (broken(failures=8), True),
            # few polls, but for half a day
            (broken(failures=2, hours=12), True),
            (broken(failures=2, hours=11.9), False),
            # one failure proves nothing, however long ago: the source is polled once a month
            (broken(failures=1, hours=700), False),
            # what the publisher must mend counts three times
            (broken(failures=3, code="http-404"), True),
            (broken(failures=2, code="http-404"), False),
            # a name that nobody knows counts twice
            (broken(failures=4, code="dns"), True),
        ],
    )
    def test_it_takes_enough_weighted_failures_or_enough_time(self, source: FailingSource, is_told: bool) -> None:
        assert found(source) == (["source:1"] if is_told else [])

    def test_the_finding_says_since_when_the_proof_and_the_mend(self) -> None:
        (finding,) = failing(
            FAILING, [broken(failures=3, code="http-404")], Answered(9, NOW), now=NOW, outage_open=False
        )
        assert finding.what == "Source “Source 1” fails"
        assert finding.since == NOW - HOUR
        assert "3 polls in a row failed" in finding.proof
        assert "It is in trouble." in finding.proof
        assert "2026-11-22 06:59 UTC" in finding.proof
        assert "newsvane sources check https://s1.example/feed" in finding.mend

    def test_an_outage_is_one_finding(self) -> None:
        down = [broken(number, failures=9, code=("timeout", "dns", "connect")[number % 3]) for number in range(500)]
        (finding,) = failing(FAILING, down, Answered(0, NOW - HOUR), now=NOW, outage_open=False)
        assert finding.subject == NETWORK
        assert finding.what == "500 of 500 sources cannot be reached"
        assert "own network" in finding.mend

    def test_a_source_that_is_answered_with_an_error_is_told_beside_an_outage(self) -> None:
        down = [broken(number, failures=9, code="timeout") for number in range(10)]
        assert found(*down, broken(99, failures=9), answered=0) == [NETWORK, "source:99"]

    def test_while_most_answer_there_is_no_outage(self) -> None:
        down = [broken(number, failures=9, code="timeout") for number in range(3)]
        assert found(*down, answered=40) == ["source:0", "source:1", "source:2"]

    def test_two_minutes_are_no_outage(self) -> None:
        down = [broken(number, failures=2, code="timeout", hours=0.03) for number in range(10)]
        assert found(*down, answered=0) == []

    def test_after_an_outage_the_sources_are_given_time_to_answer(self) -> None:
        late = [broken(number, failures=9, code="timeout") for number in range(3)]
        assert found(*late, answered=40, outage_open=True) == []

    def test_what_is_gone_for_weeks_does_not_date_an_outage(self) -> None:
        old = broken(0, failures=40, hours=900, code="dns")
        down = [broken(number, failures=9, code="timeout") for number in range(1, 10)]
        (finding,) = failing(FAILING, [old, *down], Answered(0, NOW - 2 * HOUR), now=NOW, outage_open=False)
        assert finding.since == NOW - HOUR


def publishing(moments: Sequence[datetime], *, known: timedelta = 29 * DAY, until: datetime = NOW) -> PublishingSource:
    came = [(at, 1) for at in sorted(moments)]
    return PublishingSource(1, "News", "https://news.example/feed", until, NOW - known, came)


def by_day(days: int, hours: Sequence[int], *, until: datetime, weekdays: Sequence[int] = range(7)) -> list[datetime]:
    """An item at each of these hours, on these weekdays."""
    start = until.replace(hour=0) - days * DAY
    every = [start + day * DAY + hour * HOUR for day in range(days + 1) for hour in hours]
    return [at for at in every if at <= until and at.weekday() in weekdays]


OFFICE = range(8, 18)
WORKDAYS = range(5)


class TestSilentSources:
    @pytest.mark.parametrize("hour", range(24))
    def test_a_source_that_keeps_its_hours_is_never_silent(self, hour: int) -> None:
        """It publishes in office hours on workdays; asked at any hour of a week."""
        for day in range(7):
            now = NOW.replace(hour=hour) - day * DAY
            source = publishing(by_day(29, OFFICE, until=now, weekdays=WORKDAYS), until=now)
            assert silent(SILENT, replace(source, known_since=now - 29 * DAY)) is None

    def test_a_source_that_misses_its_day_is_silent(self) -> None:
        thursday = NOW - 3 * DAY
        moments = by_day(26, OFFICE, until=thursday - DAY, weekdays=WORKDAYS)
        finding = silent(SILENT, publishing(moments, until=thursday.replace(hour=16)))
        assert finding is not None
        assert finding.since == max(moments)
        assert "new items or more were to be expected" in finding.proof

    def test_what_was_not_polled_is_not_judged(self) -> None:
        moments = by_day(26, OFFICE, until=NOW - 4 * DAY, weekdays=WORKDAYS)
        assert silent(SILENT, publishing(moments, until=max(moments) + 2 * HOUR)) is None

    def test_a_weekly_source_is_given_three_of_its_pauses(self) -> None:
        weekly = [NOW - number * 7 * DAY for number in range(3, 30)]
        assert silent(SILENT, publishing([], until=NOW)) is None
        known = replace(publishing([]), stated=weekly)
        assert silent(SILENT, known) is None
        assert silent(SILENT, replace(known, last_polled_at=NOW + DAY)) is not None

    def test_a_holiday_in_one_earlier_week_makes_it_careful(self) -> None:
        thursday = NOW - 3 * DAY
        moments = by_day(26, OFFICE, until=thursday - DAY, weekdays=WORKDAYS)
        holiday = (thursday - 14 * DAY).date()
        moments = [at for at in moments if at.date() not in {holiday, holiday - DAY}]
        assert silent(SILENT, publishing(moments, until=thursday.replace(hour=16))) is None

    def test_few_items_say_nothing(self) -> None:
        assert silent(SILENT, publishing([NOW - 20 * DAY, NOW - 19 * DAY, NOW - 18 * DAY])) is None


def bodies(*lengths: int, origin: str = "page") -> list[tuple[int, str, datetime]]:
    return [(length, origin, NOW - number * HOUR) for number, length in enumerate(lengths)]


class TestBodies:
    @pytest.mark.parametrize(
        ("last", "before", "is_told"),
        [
            # a pay wall: two paragraphs of twenty are left
            ([500] * 10, [4000] * 30, True),
            # as ever, with one short piece
            ([4100, 300, *[3900] * 8], [4000] * 30, False),
            # half of them are short: briefs beside long reads
            ([500, 4000] * 5, [500, 4000] * 15, False),
            # short as ever
            ([120] * 10, [400] * 30, False),
            # too few to tell
            ([500] * 10, [4000] * 5, False),
            ([500] * 9, [], False),
        ],
    )
    def test_only_most_of_the_last_being_short_is_a_collapse(
        self, last: list[int], before: list[int], is_told: bool
    ) -> None:
        source = ReadSource(1, "News", "https://news.example/", bodies(*last, *before))
        assert (collapse(keeping_of("body-collapse"), source) is not None) == is_told

    def test_the_proof_names_both_medians_and_where_the_text_comes_from(self) -> None:
        source = ReadSource(1, "News", "u", bodies(*[500] * 10, origin="feed") + bodies(*[4000] * 30))
        finding = collapse(keeping_of("body-collapse"), source)
        assert finding is not None
        assert (
            "500 characters (median); the 30 before had 4000; 10 of the last 10 have only the feed's" in finding.proof
        )


class TestChannels:
    @pytest.mark.parametrize(("failures", "minutes", "is_told"), [(3, 60, True), (2, 600, False), (9, 59, False)])
    def test_it_takes_several_failures_over_an_hour(self, failures: int, minutes: int, is_told: bool) -> None:
        channel = FailingChannel("team", NOW - minutes * MINUTE, failures, "no answer")
        assert (channel_fails(keeping_of("channel-failing"), channel, now=NOW) is not None) == is_told


def readings(*ages: float) -> list[Reading]:
    """In minutes, five minutes apart, the last one now."""
    count = len(ages)
    return [Reading("polls", NOW - (count - 1 - n) * 5 * MINUTE, age * MINUTE, 10) for n, age in enumerate(ages)]


class TestBacklog:
    @pytest.mark.parametrize(
        ("ages", "was_open", "is_told"),
        [
            # nothing is taken any more
            ((0, 5, 10, 15), False, True),
            # old, and getting younger: a daemon that catches up
            ((60, 45, 30, 15), False, False),
            # grows, but is young
            ((0, 1, 2, 9), False, False),
            # too few readings for a trend: just started
            ((55, 60), False, False),
            # one odd reading between
            ((2, 8, 30, 15, 20), False, True),
            # told before: it lasts until it is young again
            ((60, 45, 30, 15), True, True),
            ((60, 45, 30, 9), True, False),
        ],
    )
    def test_old_and_growing(self, ages: tuple[float, ...], was_open: bool, is_told: bool) -> None:
        finding = growing(keeping_of("backlog-growing"), readings(*ages), was_open=was_open)
        assert (finding is not None) == is_told


class TestDisk:
    @pytest.mark.parametrize(
        ("free", "total", "was_open", "is_told"),
        [
            (GB - 1, 50 * GB, False, True),
            (GB, 50 * GB, False, False),
            # a large disk: one per cent of it
            (30 * GB, 4000 * GB, False, True),
            # told before: it must be well again by a quarter
            (GB, 50 * GB, True, True),
            (2 * GB, 50 * GB, True, False),
            # full
            (0, 50 * GB, False, True),
        ],
    )
    def test_bytes_or_share(self, free: int, total: int, was_open: bool, is_told: bool) -> None:
        finding = disk_low(keeping_of("disk-low"), Disk("data", free, total), now=NOW, was_open=was_open)
        assert (finding is not None) == is_told

    def test_it_gets_worse_by_steps(self) -> None:
        levels = []
        for free in (900, 400, 100):
            finding = disk_low(keeping_of("disk-low"), Disk("data", free * 1000**2, 50 * GB), now=NOW, was_open=False)
            assert finding is not None
            levels.append(finding.level)
        assert levels == sorted(set(levels))


@given(
    st.builds(
        Finding,
        subject=st.text(max_size=30),
        what=st.text(max_size=30),
        since=st.datetimes(timezones=st.just(UTC)),
        proof=st.text(max_size=30),
        mend=st.text(max_size=30),
        url=st.text(max_size=30),
        level=st.integers(0, 9),
    )
)
def test_a_finding_is_kept_and_read_back(finding: Finding) -> None:
    assert finding_of(finding.as_object()) == finding


def test_a_plain_kind_has_its_defaults() -> None:
    assert keeping_of("disk-low") == Keeping("disk-low", free=GB, share=0.01)
    assert keeping_of({"kind": "disk-low", "free": "500MB", "again": "1d"}) == Keeping(
        "disk-low", free=500 * 1000**2, share=0.01, again=DAY
    )
