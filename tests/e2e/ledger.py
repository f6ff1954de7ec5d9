"""What a database holds, told without what may differ between two runs: ids, ports, times, and who came first."""

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.e2e.daemon import Scene

__all__ = ["Ledger", "complaints", "read_ledger"]

_HALF_STORED = {
    "an article is neither due nor whole": """
        SELECT id FROM articles WHERE state NOT IN ('due', 'read', 'duplicate')
        OR (state = 'read' AND (read_at IS NULL OR origin IS NULL OR story_id IS NULL OR text = ''))
        OR (state = 'duplicate' AND duplicate_of IS NULL)""",
    "an article that is due has mentions": """
        SELECT articles.id FROM articles JOIN mentions ON article_id = articles.id WHERE state <> 'read'""",
    "an article is known under no address": """
        SELECT id FROM articles WHERE state <> 'duplicate' AND id NOT IN (SELECT article_id FROM article_addresses)""",
    "news with a mention raised no alert": """
        SELECT articles.id FROM articles JOIN mentions ON article_id = articles.id
        WHERE NOT baseline AND 'story:' || articles.story_id NOT IN (SELECT dedupe_key FROM alerts)""",
    "an alert does not go to both channels": """
        SELECT alerts.id FROM alerts LEFT JOIN deliveries ON alert_id = alerts.id
        GROUP BY alerts.id HAVING count(deliveries.id) <> 2""",
    "an alert names no mention": "SELECT id FROM alerts WHERE id NOT IN (SELECT alert_id FROM alert_mentions)",
    "a source was read but kept no validators or hash": """
        SELECT id FROM sources WHERE last_success_at IS NOT NULL AND (body_hash IS NULL OR baseline_at IS NULL)""",
}
_IN_A_FILE = {
    "an article that was read is not in the index": """
        SELECT id FROM articles WHERE state = 'read' AND id NOT IN (SELECT rowid FROM articles_fts)""",
    "the index knows an article that was not read": """
        SELECT rowid FROM articles_fts WHERE rowid NOT IN (SELECT id FROM articles WHERE state = 'read')""",
    "a reference leads nowhere": "SELECT * FROM pragma_foreign_key_check",
    "the file is damaged": "SELECT * FROM pragma_integrity_check WHERE integrity_check <> 'ok'",
}
_ON_A_SERVER = {
    "an article is in the index and not read, or the other way": """
        SELECT id FROM articles WHERE (state = 'read') <> (terms IS NOT NULL)""",
}


def complaints(scene: Scene) -> list[str]:
    """What is half stored: holds at any moment, also right after a kill."""
    found = []
    for complaint, statement in (_HALF_STORED | (_IN_A_FILE if scene.is_sqlite else _ON_A_SERVER)).items():
        rows = scene.sql(statement)
        if rows:
            found.append(f"{complaint}: {rows[:3]}")
    return found


@dataclass
class Ledger:
    """``articles``: story -> what was stored of it. The others count what there is, so that twice is not once."""

    articles: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    mentions: Counter[tuple[Any, ...]] = field(default_factory=Counter)
    alerts: Counter[tuple[Any, ...]] = field(default_factory=Counter)
    """Each by rule, title and entities. Which version of a story raised it depends on who came first."""
    topics: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Alerts by rule and news: the same in every run. News that is told in several texts counts as one: whether two
    versions in different words are known as one story may hang on which came first."""
    summaries: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(story, entity) of all first-poll summaries: of two feeds with the same article, either may have been first."""
    received: Counter[tuple[Any, ...]] = field(default_factory=Counter)
    """What the webhook's receiver got, each message id once, as ``alerts``."""


def read_ledger(scene: Scene) -> Ledger:
    ledger = Ledger()
    of_article: dict[int, str] = {}
    for row_id, url, title, text, origin, baseline in scene.sql(
        "SELECT id, url, title, text, origin, baseline FROM articles WHERE state = 'read'"
    ):
        story = scene.world.story_at(url)
        assert story is not None, url
        assert story.id not in ledger.articles, f"two articles of {story.id}"
        of_article[row_id] = story.id
        ledger.articles[story.id] = (title, _portless(scene, text), origin, baseline)
    for article_id, *rest in scene.sql("SELECT article_id, entity, confidence, salience, count, snippet FROM mentions"):
        ledger.mentions[(of_article[article_id], *rest)] += 1
    for rule, title, entities in scene.sql("SELECT rule, title, entities FROM alerts WHERE kind = 'mention'"):
        ledger.alerts[(rule, title, *sorted(_listed(entities)))] += 1
    for rule, url in scene.sql("SELECT rule, url FROM alerts WHERE kind = 'mention'"):
        told = scene.world.story_at(url)
        assert told is not None, url
        ledger.topics[(rule, told.news or told.title)] += 1
    ledger.topics.update({topic: 1 - count for topic, count in ledger.topics.items() if topic[1] in _news(scene)})
    for article_id, entity in scene.sql(
        "SELECT article_id, entity FROM alerts JOIN alert_mentions ON alert_id = alerts.id"
        " JOIN mentions ON mention_id = mentions.id WHERE kind = 'summary'"
    ):
        ledger.summaries[of_article[article_id], entity] += 1
    for body in {record.webhook_id: record.body for record in scene.hook.accepted}.values():
        alert = json.loads(body)["data"]
        if alert["kind"] == "mention":
            ledger.received[(alert["rule"], alert["title"], *sorted(alert["entities"]))] += 1
    return ledger


def _listed(value: Any) -> list[str]:
    """A column of JSON, which one driver reads and the other leaves as text."""
    found: list[str] = json.loads(value) if isinstance(value, str) else value
    return found


def _news(scene: Scene) -> set[str]:
    return {story.news for story in scene.world.published if story.news}


def _portless(scene: Scene, text: str) -> str:
    for outlet, origin in scene.world.origins.items():
        text = text.replace(origin, outlet)
    return text
