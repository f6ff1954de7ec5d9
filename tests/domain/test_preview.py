"""Figures of a preview: periods, stories, alerts a day and by their ways, what is gained and lost."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from service.domain.alerting import Hit
from service.domain.alerting_policy import Policy, policy_of
from service.domain.alerting_silence import mute
from service.domain.forecast import Arrival, Met, Outlook, foresee
from service.domain.preview import Preview, Trial, tally
from service.domain.query import ArticleView

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
HIT = {"HPE": "its own name"}
NOTHING: Mapping[str, str] = {}
VIEW = ArticleView("", "", "", "", "", (), None, None, ())


def trial(number: int, days: float = 1, new: Mapping[str, str] = HIT, old: Mapping[str, str] = NOTHING) -> Trial:
    at = NOW - timedelta(days=days)
    return Trial(number, number, at, f"https://news.example/{number}", f"Title {number}", "News", new, old)


def arrival(number: int, *rules: str, days: float = 1, story: int | None = None, **changes: object) -> Arrival:
    at = NOW - timedelta(days=days)
    hits = tuple(Met(hit, mute(hit, (), VIEW, at)) for hit in (Hit(rule, (), ("HPE",)) for rule in rules))
    plain = Arrival(number, at, story or number, 1, "News", False, f"Title {number}", "https://news.example/", (), hits)
    return replace(plain, **changes)  # type: ignore[arg-type]


def outlook(*arrivals: Arrival, **policies: Policy) -> Outlook:
    return foresee(arrivals, {"all": Policy(), "hpe": Policy(), **policies}, now=NOW)


def counted(trials: list[Trial], new: Outlook, old: Outlook | None = None, days: tuple[int, ...] = (30,)) -> Preview:
    return tally(trials, new, old or Outlook(), now=NOW, days=days, compared=old is not None)


def test_a_period_counts_what_was_found_and_told_within_it() -> None:
    told = outlook(arrival(1, "all", days=29), arrival(2, "all", days=31), arrival(3))
    preview = counted([trial(1, 29), trial(2, 31), trial(3, 1, NOTHING)], told, days=(30, 90))
    assert [(p.days, p.articles, p.new.mentions, p.new.alerts, p.old) for p in preview.periods] == [
        (30, 1, 1, 1, None),
        (90, 2, 2, 2, None),
    ]
    assert preview.periods[0].new.mentions_a_day == 0.03
    assert preview.periods[1].new.by_day == {"2026-10-22": 1, "2026-10-24": 1}


def test_one_alert_a_rule_and_story() -> None:
    told = outlook(arrival(1, "all", story=7), arrival(2, "all", story=7), arrival(3, "all"), arrival(4, "all", "hpe"))
    figures = counted([trial(1)], told).periods[0].new
    assert (figures.alerts, figures.most_alerts, figures.not_told_again) == (4, 4, 1)


def test_a_first_poll_makes_one_summary_a_source_and_rule() -> None:
    told = outlook(*(arrival(n, "all", baseline=True, source_id=n % 2) for n in range(1, 7)))
    assert counted([trial(1)], told).periods[0].new.how == {"first poll": 2}


def test_what_still_waits_is_said_and_is_no_alert() -> None:
    told = outlook(arrival(1, "all", days=2), arrival(2, "all", days=0.1), all=policy_of({"digest": "daily 09:00"}))
    preview = counted([trial(1)], told)
    assert (preview.periods[0].new.how, preview.waiting) == ({"digest": 1}, 1)
    assert [one["mentions"] for one in preview.alerts] == [1]


def test_the_difference_between_two_definitions() -> None:
    trials = [trial(1, new=HIT, old=NOTHING), trial(2, new=HIT, old=HIT), trial(3, new=NOTHING, old=HIT)]
    new, old = outlook(arrival(1, "all"), arrival(2, "all")), outlook(arrival(2, "all"), arrival(3, "all"))
    preview = counted(trials, new, old)
    period = preview.periods[0]
    assert (period.gained, period.lost, period.more_alerts, period.old and period.old.mentions) == (1, 1, 0, 2)
    assert [one["title"] for one in preview.gained] == [one["title"] for one in preview.alerts_gained] == ["Title 1"]
    assert [one["title"] for one in preview.lost] == [one["title"] for one in preview.alerts_lost] == ["Title 3"]


def test_samples_are_few_and_the_newest() -> None:
    told = outlook(*(arrival(number, "all", days=20 - number / 2) for number in range(20)))
    preview = counted([trial(number) for number in range(20)], told)
    newest = [f"Title {number}" for number in (19, 18, 17, 16, 15)]
    assert [one["title"] for one in preview.samples] == [one["title"] for one in preview.alerts] == newest
