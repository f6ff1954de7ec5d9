"""When a rule on volume speaks, and when what it spoke of is over."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from service.domain.alerting_policy import Volume
from service.domain.alerting_volume import Episode, Finding, Look, check_times, judge, step, windows_of

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
SPIKE, QUIET = Volume("spike", timedelta(hours=3)), Volume("quiet")
STEADY = tuple((30, 30, 30) for _ in range(8))
NOTHING = tuple((0, 0, 0) for _ in range(8))


def look(count: int, **more: object) -> Look:
    return Look((NOW - timedelta(hours=6), NOW), count, **{"past": STEADY, **more})  # type: ignore[arg-type]


def finding(kind: str) -> Finding:
    return Finding(kind, (NOW, NOW), 0, 0.0, 0, 0, 8)


def test_the_first_window_that_tells_something_counts() -> None:
    late = Look((NOW - timedelta(days=1), NOW), 0, STEADY)
    found = judge(QUIET, [look(29), late])
    assert found is not None
    assert found.window == late.window
    assert judge(QUIET, [look(0, past=STEADY[:2])]) is None, "two weeks are no rhythm"


def test_what_failing_sources_leave_unknown_is_no_quiet() -> None:
    kinds = [
        found.kind if (found := judge(QUIET, [look(0, alive=alive, failing=("News",))])) else None
        for alive in (STEADY, NOTHING, ())
    ]
    assert kinds == ["quiet", "blind", "blind"]
    assert judge(QUIET, [look(29, alive=NOTHING, failing=("News",))]) is None


def test_lengths() -> None:
    assert [(end - start).total_seconds() / 3600 for start, end in windows_of(QUIET, NOW)] == [6, 24, 48, 96]
    assert windows_of(SPIKE, NOW) == [(NOW - timedelta(hours=3), NOW)]
    assert check_times(NOW + timedelta(minutes=29)) == (NOW + timedelta(minutes=15), NOW + timedelta(minutes=30))


@given(st.lists(st.sampled_from(["spike", None]), max_size=60))
def test_a_spike_that_pauses_is_one(seen: list[str | None]) -> None:
    """It begins again only after it was not seen for the three hours over which is counted: twelve looks."""
    open_: Episode | None = None
    last: int | None = None
    for number, kind in enumerate(seen):
        now = NOW + number * timedelta(minutes=15)
        what = step(open_, finding(kind) if kind else None, SPIKE, now)
        if kind:
            assert what == ("lasts" if last is not None and number - last <= 12 else "begins")
            last = number
            open_ = Episode("e", kind, now, now)
        else:
            assert what == ("lasts" if open_ is not None and number - (last or 0) < 12 else "")
            open_ = open_ if what else None


def test_another_kind_is_another_episode() -> None:
    assert step(Episode("e", "blind", NOW, NOW), finding("quiet"), QUIET, NOW) == "begins"
