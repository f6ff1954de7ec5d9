"""Figures of a preview: periods, stories, alerts after dedupe, what is gained and lost."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from service.domain.preview import Found, Trial, tally

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
HIT = Found({"HPE": "its own name"}, ("all",))


def trial(number: int, days: float = 1, new: Found = HIT, old: Found = Found(), **changes: object) -> Trial:  # noqa: B008 - frozen
    at = NOW - timedelta(days=days)
    plain = Trial(number, number, 1, False, at, f"https://news.example/{number}", f"Title {number}", "News", new, old)
    return replace(plain, **changes)  # type: ignore[arg-type]


def test_a_period_counts_what_was_found_within_it() -> None:
    preview = tally([trial(1, 29), trial(2, 31), trial(3, 1, Found())], now=NOW, days=(30, 90), compared=False)
    assert [(p.days, p.articles, p.new.mentions, p.new.alerts, p.old) for p in preview.periods] == [
        (30, 1, 1, 1, None),
        (90, 2, 2, 2, None),
    ]
    assert preview.periods[0].new.mentions_a_day == 0.03


def test_one_alert_a_rule_and_story() -> None:
    two_rules = Found({"HPE": ""}, ("all", "hpe"))
    trials = [trial(1, story=7), trial(2, story=7), trial(3, story=None), trial(4, new=two_rules)]
    figures = tally(trials, now=NOW, days=(30,), compared=False).periods[0].new
    assert (figures.mentions, figures.stories, figures.alerts, figures.most_alerts) == (4, 3, 4, 4)


def test_a_first_poll_makes_one_summary_a_source_and_rule() -> None:
    trials = [trial(n, baseline=True, source_id=n % 2) for n in range(1, 7)]
    assert tally(trials, now=NOW, days=(30,), compared=False).periods[0].new.alerts == 2


def test_the_difference_between_two_definitions() -> None:
    trials = [trial(1, new=HIT, old=Found()), trial(2, new=HIT, old=HIT), trial(3, new=Found(), old=HIT)]
    preview = tally(trials, now=NOW, days=(30,), compared=True)
    period = preview.periods[0]
    assert (period.gained, period.lost, period.old and period.old.mentions) == (1, 1, 2)
    assert [one["title"] for one in preview.gained] == ["Title 1"]
    assert [one["title"] for one in preview.lost] == ["Title 3"]


def test_samples_are_few_and_the_newest() -> None:
    preview = tally([trial(number) for number in range(20)], now=NOW, days=(30,), compared=False)
    assert [one["title"] for one in preview.samples] == [f"Title {number}" for number in (19, 18, 17, 16, 15)]
