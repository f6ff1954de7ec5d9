"""Which alerts an article raises, and what they say."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from service.domain.alerting import CompiledRule, alert_object, find_hits, mention_alert, rfc3339, summary_alert
from service.domain.model import Rule, Salience
from service.domain.query import ArticleView, MentionView, parse

NOW = datetime(2026, 11, 22, 8, 30, 15, 123456, tzinfo=UTC)
HPE = MentionView("HPE", Salience.MAIN, 0.95)
XAI = MentionView("xAI", Salience.PASSING, 0.6)
ARTICLE = ArticleView("HPE wins a deal", "xAI had asked for servers.", tags=("trade",), mentions=(HPE, XAI))


def rule(query: str, *channels: str, enabled: bool = True) -> CompiledRule:
    return CompiledRule(Rule("r", query, channels, enabled), parse(query))


@pytest.mark.parametrize(
    ("query", "entities"),
    [
        ("entity:*", ("HPE", "xAI")),
        ("entity:xai", ("xAI",)),
        ("entity:xAI OR entity:HPE", ("HPE", "xAI")),  # in the article's order
        ("entity:Oracle", None),
        ("confidence>=0.9", ("HPE",)),
        ("entity:xAI salience:main", None),
        # words alone hold for every mention
        ("servers", ("HPE", "xAI")),
        ("title:servers", None),
        ("tag:trade entity:HPE", ("HPE",)),
    ],
)
def test_a_rule_is_met_by_mentions(query: str, entities: tuple[str, ...] | None) -> None:
    hits = find_hits([rule(query, "hook")], ARTICLE)
    assert [hit.entities for hit in hits] == ([] if entities is None else [entities])
    assert all((hit.rule, hit.channels) == ("r", ("hook",)) for hit in hits)


def test_an_article_without_mentions_meets_no_rule() -> None:
    assert find_hits([rule("servers")], ArticleView("servers", "servers")) == []


def test_a_rule_that_is_off_is_met_by_nothing() -> None:
    assert find_hits([rule("entity:*", enabled=False)], ARTICLE) == []


def lines(*entities: str) -> list[dict[str, object]]:
    return [{"id": number, "entity": entity} for number, entity in enumerate(entities)]


def test_an_alert_holds_what_its_rule_was_met_by() -> None:
    (hit,) = find_hits([rule("entity:HPE", "hook", "mail")], ARTICLE)
    story = {"id": 7, "title": "HPE wins a deal", "url": "https://news.example/1"}
    draft = mention_alert(
        hit,
        story=story,
        title=ARTICLE.title,
        url="https://news.example/1",
        source="News",
        mentions=lines("HPE", "xAI"),
    )
    assert (draft.kind, draft.dedupe_key, draft.channels) == ("mention", "story:7", ("hook", "mail"))
    assert draft.reason == "Rule “r” met: HPE named by News."
    made = alert_object(draft, alert_id="alt_1", created_at=NOW)
    assert json.loads(json.dumps(made)) == {
        "id": "alt_1",
        "rule": "r",
        "kind": "mention",
        "title": "HPE wins a deal",
        "url": "https://news.example/1",
        "reason": "Rule “r” met: HPE named by News.",
        "created_at": "2026-11-22T08:30:15.123Z",
        "story": story,
        "entities": ["HPE"],
        "mentions": [{"id": 0, "entity": "HPE"}],
        "mention_count": 1,
        "facts": [],
        "how": {"delivery": "at once"},
    }


@pytest.mark.parametrize(("count", "title"), [(1, "1 mention already"), (25, "25 mentions already")])
def test_a_summary_tells_of_all_and_shows_some(count: int, title: str) -> None:
    draft = summary_alert(
        Rule("r", "entity:*", ("hook",)),
        source_id=3,
        source="News",
        source_url="https://news.example/feed",
        mentions=lines(*["HPE", "xAI"] * 13)[:count],
    )
    assert (draft.kind, draft.dedupe_key, draft.story) == ("summary", "first:3", None)
    assert title in draft.title
    made = alert_object(draft, alert_id="alt_1", created_at=NOW)
    assert (made["mention_count"], len(made["mentions"])) == (count, min(count, 20))
    assert made["entities"] == ["HPE", "xAI"][:count]
    assert made["story"] is None


def test_times_are_told_in_utc() -> None:
    there = timezone(timedelta(hours=5, minutes=30))
    assert rfc3339(NOW.astimezone(there)) == "2026-11-22T08:30:15.123Z"
